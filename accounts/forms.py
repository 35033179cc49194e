"""The forms of an account, in our words. What they check is django-allauth's."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms

from accounts.models import SavedPaper, User

PASSWORD = "At least 8 characters; no common password, and nothing like your name or address."
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


class KeysForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["keys_on"]
        labels = {"keys_on": "Keys of one letter"}
        widgets = {"keys_on": forms.CheckboxInput(attrs={"class": "tick"})}


class SavedPaperForm(forms.Form):
    """What a reader changes of a saved paper."""

    state = forms.ChoiceField(choices=SavedPaper.State.choices)
    note = forms.CharField(required=False, max_length=SavedPaper.NOTE_LENGTH)
