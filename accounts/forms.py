"""The forms of an account, in our words. What they check is django-allauth's."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.socialaccount import forms as social
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest

from accounts import feed, interests
from accounts.models import Mute, ReaderTag, SavedPaper, User
from accounts.shelf import MOST_TAGS_EACH
from papers import clock
from papers.models import Report
from papers.references import MOST_BYTES, TOO_BIG, Unreadable, read
from papers.selection import MAX_QUERY

PASSWORD = "At least 8 characters; no common password, and nothing like your name or address."
# Of the names of zones; all others are of old, or of no place.
REGIONS = {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia"}
REGIONS |= {"Europe", "Indian", "Pacific"}
ONE_USE = "The six digits that the app shows, or a recovery code."


class Worded(forms.BaseForm):
    """A form whose fields say what `labels` and `helps` say."""

    labels: dict[str, str] = {}
    helps: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignInForm(Worded, account.LoginForm):
    labels = {
        "login": "E-mail or user name",
        "password": "Password",
        "remember": "Keep me signed in",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["remember"].initial = True
        self.fields["remember"].widget.attrs["class"] = "tick"


class SignUpForm(Worded, account.SignupForm):
    labels = {"email": "E-mail", "password1": "Password", "password2": "The same password again"}
    helps = {"password1": PASSWORD}


class JoinForm(Worded, social.SignupForm):
    """An account for who comes from a provider, which may have filled in the address."""

    labels = {"email": "E-mail"}

    def save(self, request: HttpRequest) -> User:
        make_password("")  # an address that is known costs one too, and the time must not tell
        with transaction.atomic():
            user: User = super().save(request)
        return user


class ResetForm(Worded, account.ResetPasswordForm):
    labels = {"email": "E-mail"}


class NewPasswordForm(Worded, account.ResetPasswordKeyForm):
    labels = {"password1": "New password", "password2": "The same password again"}
    helps = {"password1": PASSWORD}


class SetPasswordForm(Worded, account.SetPasswordForm):
    labels = NewPasswordForm.labels
    helps = NewPasswordForm.helps


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    labels = NewPasswordForm.labels | {"oldpassword": "Present password"}
    helps = NewPasswordForm.helps


class EmailForm(Worded, account.AddEmailForm):
    labels = {"email": "New address"}


class ConfirmForm(Worded, account.ReauthenticateForm):
    labels = {"password": "Password"}


class CodeForm(Worded, mfa.AuthenticateForm):
    labels = {"code": "Code"}
    helps = {"code": ONE_USE}


class ConfirmByCodeForm(Worded, mfa.ReauthenticateForm):
    labels = CodeForm.labels
    helps = CodeForm.helps


class ActivateForm(Worded, totp.ActivateTOTPForm):
    labels = {"code": "Code"}
    helps = {"code": "The six digits that the app shows now."}


class ProfileForm(Worded, forms.ModelForm):
    labels = {"username": "User name"}
    helps = {"username": "For signing in. Up to 30 letters, digits and . _ -; nobody else sees it."}

    # No @: a name that looks like an address could pass for another reader's.
    username = forms.RegexField(
        r"^[\w.-]+$",
        max_length=30,
        error_messages={"invalid": "Letters, digits and . _ - only."},
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )

    class Meta:
        model = User
        fields = ["username"]

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if name.lower() == self.initial["username"].lower():
            return name
        return get_adapter().clean_username(name)


@cache
def time_zones() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """Return the zones of the world that this machine knows, by region, with UTC before them."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(available_timezones()):
        region, _, place = name.partition("/")
        if region in REGIONS:
            words = place.replace("_", " ").replace("/", ", ")
            regions.setdefault(region, []).append((name, words))
    return [("UTC", "UTC"), *regions.items()]


class TimeZoneForm(Worded, forms.ModelForm):
    labels = {"time_zone": "Time zone"}
    helps = {"time_zone": "Of what is yours. The times of digests and tweets are UTC for all."}

    time_zone = forms.ChoiceField(
        choices=time_zones,
        error_messages={"invalid_choice": "This site knows no such time zone."},
    )

    class Meta:
        model = User
        fields = ["time_zone"]


class KeysForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["keys_on"]
        labels = {"keys_on": "Keys of one letter"}
        widgets = {"keys_on": forms.CheckboxInput(attrs={"class": "tick"})}


class FeedForm(Worded, forms.ModelForm):
    """How a feed is shown unless its address says otherwise."""

    labels = {
        "feed_window": "How far it goes back",
        "feed_kinds": "Papers that are",
        "feed_is_fair": "Field-fair: each field has the same chance",
    }

    feed_window = forms.ChoiceField(
        choices=[(window.value, f"A {window}") for window in feed.WINDOWS]
    )
    feed_kinds = forms.MultipleChoiceField(
        choices=[
            ("new", "New in a field you follow"),
            ("cross", "Cross-listed in it"),
            ("replaced", "Replaced by a new version"),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "One of them has to be shown."},
    )

    class Meta:
        model = User
        fields = ["feed_window", "feed_kinds", "feed_is_fair"]
        widgets = {"feed_is_fair": forms.CheckboxInput({"class": "tick"})}


class Naming(Worded):
    """A form whose `target` is what a reader typed to name something of a `kind`."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        kind, typed = self.cleaned_data.get("kind"), self.cleaned_data.get("target")
        if kind and typed:
            try:
                self.cleaned_data["target"] = interests.named(kind, typed)
            except LookupError as error:
                self.add_error("target", str(error))
        return self.cleaned_data


class FollowForm(Naming, forms.Form):
    """A category, author or search that a reader wants in the feed."""

    labels = {"kind": "What", "target": "Code, name or words"}

    kind = forms.ChoiceField(
        choices=[("category", "Category"), ("author", "Author"), ("search", "Search")]
    )
    target = forms.CharField(max_length=MAX_QUERY)


class MuteForm(Naming, forms.ModelForm):
    """A word, author or category that a reader wants out of the feed."""

    labels = {"kind": "What", "target": "Word, name or code", "until": "Until, if not for good"}

    kind = forms.ChoiceField(choices=Mute.Kind.choices)
    target = forms.CharField(max_length=300)
    until = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "A date looks like 2026-12-31."},
    )

    class Meta:
        model = Mute
        fields = ["kind", "target", "until"]

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until and until < clock.now().date():
            raise forms.ValidationError("This day is past.")
        return until


def one_line(text: str) -> str:
    """Return a name in NFC, on one line."""
    return " ".join(unicodedata.normalize("NFC", text).split())


class ReportForm(Worded, forms.ModelForm):
    """What is wrong with a paper or a tweet, in a reader's words."""

    labels = {"kind": "What is wrong", "words": "In your words"}
    helps = {"words": "Where it is not plain to see."}

    kind = forms.ChoiceField(choices=[("", "Choose one"), *Report.Kind.choices])

    class Meta:
        model = Report
        fields = ["kind", "words"]
        widgets = {"words": forms.Textarea(attrs={"rows": 4})}


class StateForm(forms.Form):
    """What is changed of a saved paper in one tap."""

    state = forms.ChoiceField(choices=SavedPaper.State.choices)


class TagsField(forms.CharField):
    """Names between commas; its value is a list of them."""

    def clean(self, value: Any) -> Any:
        names = [one_line(name) for name in str(super().clean(value)).split(",")]
        found = [name for name in names if name]
        if len(found) > MOST_TAGS_EACH:
            raise forms.ValidationError(f"A paper carries {MOST_TAGS_EACH} tags at most.")
        longest = max(found, key=len, default="")
        if len(longest) > ReaderTag.NAME_LENGTH:
            text = f"A tag has {ReaderTag.NAME_LENGTH} characters at most: “{longest}”."
            raise forms.ValidationError(text)
        return found


class EditForm(forms.Form):
    """What a reader writes to a saved paper, and where it stands."""

    note = forms.CharField(
        label="Note",
        required=False,
        max_length=SavedPaper.NOTE_LENGTH,
        help_text="Markdown; only you see it.",
        widget=forms.Textarea({"rows": 5, "autofocus": True}),
    )
    tags = TagsField(
        required=False,
        max_length=2_000,
        help_text="With commas between them: distillation, reading group.",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    lists = forms.TypedMultipleChoiceField(
        required=False, coerce=int, widget=forms.CheckboxSelectMultiple({"class": "tick"})
    )

    def __init__(self, *args: Any, lists: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lists"].choices = lists  # type: ignore[attr-defined]


class NameForm(forms.Form):
    """The name of a tag or a list."""

    name = forms.CharField(max_length=60)

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Give it a name.")
        return name


class TagForm(NameForm):
    """The name of one tag: commas part tags from each other."""

    def clean_name(self) -> str:
        name = super().clean_name()
        if "," in name:
            raise forms.ValidationError("A tag’s name holds no comma.")
        return name


class SeveralForm(forms.Form):
    """What is done with several saved papers at once."""

    ACTS = (*SavedPaper.State.values, "tag", "list", "unlist", "remove")

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    tags = TagsField(required=False, max_length=2_000)
    list = forms.CharField(required=False, max_length=110)


class ImportForm(Worded, forms.Form):
    """A list of references: a file, or what was pasted."""

    labels = {"file": "A file", "text": "Or pasted"}
    helps = {
        "file": ".bib, .ris, .csv, or the .json of this page. Up to 2 MB and 5,000 papers.",
        "text": "arXiv ids, addresses or DOIs, one a line; or what such a file holds.",
    }

    file = forms.FileField(required=False, allow_empty_file=True)
    text = forms.CharField(
        required=False,
        strip=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs.pop("maxlength")  # of characters; a file counts bytes

    def clean(self) -> dict[str, Any]:
        """Read it: `references` is what was given, understood."""
        given: dict[str, Any] = super().clean() or {}
        file, text = given.get("file"), given.get("text", "")
        if self.errors:
            return given
        if file and text.strip():
            raise forms.ValidationError("Either a file or what is pasted: one at a time.")
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_BIG)
        try:
            given["references"] = read(file.read() if file else text.encode())
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from None
        return given
