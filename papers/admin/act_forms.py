"""What is asked for before something is done: a reason always, and what a kind of act needs."""

from collections.abc import Sequence
from typing import Any

from django import forms
from taggit.models import Tag

from papers import ranking
from papers.models import Act, Network

REASON_LENGTH = Act._meta.get_field("reason").max_length


class ReasonForm(forms.Form):
    """Why something is done. Subclasses ask for more, which `what` gives to the act."""

    reason = forms.CharField(
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text="Why, for the log that all can read. Name no reader.",
    )

    def __init__(self, *args: Any, subjects: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subjects = subjects
        self.initial.update(self.first() if subjects else {})
        self.order_fields([name for name in self.fields if name != "reason"])

    def first(self) -> dict[str, Any]:
        """Return what the form shows first: how it is now."""
        return {}

    @property
    def asks_more(self) -> bool:
        return len(self.fields) > 1

    def what(self) -> dict[str, Any]:
        """Return what the act is told but for the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


def words_of(text: str) -> list[str]:
    return text.replace(",", " ").split()


class CategoriesForm(ReasonForm):
    codes = forms.CharField(
        label="Categories",
        max_length=500,
        help_text="Codes in order, the primary one first: cs.LG stat.ML",
    )

    def first(self) -> dict[str, Any]:
        return {"codes": " ".join(self.subjects[0].category_codes)}

    def clean_codes(self) -> list[str]:
        return words_of(self.cleaned_data["codes"])


class ListingDayForm(ReasonForm):
    day = forms.DateField(
        label="Listing day",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The date that arXiv prints over the list, Monday to Friday.",
    )

    def first(self) -> dict[str, Any]:
        return {"day": self.subjects[0].announced_on and self.subjects[0].announced_on.isoformat()}


class TotalsForm(ReasonForm):
    network = forms.ChoiceField(choices=Network.choices)
    retweets = forms.IntegerField(min_value=0, help_text="Reposts and boosts.")
    favorites = forms.IntegerField(min_value=0, help_text="Likes, points and upvotes.")

    def first(self) -> dict[str, Any]:
        """Return what is valid where the paper is noticed most."""
        stands = ranking.stands([self.subjects[0].pk]).get(self.subjects[0].pk, [])
        best = max((stand.valid for stand in stands), key=lambda s: s.score, default=None)
        names = ("network", "retweets", "favorites")
        return {name: getattr(best, name) for name in names} if best else {}


class TagsForm(ReasonForm):
    names = forms.CharField(
        label="Topic tags",
        required=False,
        max_length=2000,
        help_text="With commas between them; one that is new is made. Empty: none.",
    )

    def first(self) -> dict[str, Any]:
        return {"names": ", ".join(sorted(self.subjects[0].tags.names()))}

    def clean_names(self) -> list[str]:
        return [name for name in self.cleaned_data["names"].split(",") if name.strip()]


class RenameForm(ReasonForm):
    name = forms.CharField(
        max_length=200, help_text="Where another topic tag has this name, the two are merged."
    )

    def first(self) -> dict[str, Any]:
        return {"name": self.subjects[0].name}


class MergeForm(ReasonForm):
    into = forms.ModelChoiceField(
        Tag.objects.order_by("name"),
        to_field_name="slug",
        help_text="The topic tag that stays, and that the papers have then.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others: Any = self.fields["into"]
        others.queryset = others.queryset.exclude(pk__in=[tag.pk for tag in self.subjects])
