"""What is asked for before something is done: a reason always, and what a kind of act needs."""

from collections.abc import Sequence
from typing import Any

from django import forms

from papers.models import Act

REASON_LENGTH = Act._meta.get_field("reason").max_length


class ReasonForm(forms.Form):
    """Why something is done. Subclasses ask for more, which `fields_of` gives to the act."""

    reason = forms.CharField(
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text="Why, for the log that all can read. Name no reader.",
    )

    def __init__(self, *args: Any, subjects: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subjects = subjects
        self.order_fields([name for name in self.fields if name != "reason"])

    @property
    def asks_more(self) -> bool:
        return len(self.fields) > 1

    def what(self) -> dict[str, Any]:
        """Return what the act is told but for the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}
