"""What may be sent, field by field. A field that is not here is refused, never passed on."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from accounts.forms import one_line
from accounts.models import ReaderTag, SavedPaper
from accounts.shelf import MOST_LISTS, MOST_TAGS_EACH
from papers import identifiers
from papers.readers import Kind
from papers.selection import MAX_QUERY

MOST_ORDERED = 5_000  # papers of a list that are put in order at once
STATES = "later, reading or done."


class Input(serializers.Serializer[Any]):
    """Refuses what it does not know, by name."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            raise ValidationError({name[:60]: ["There is no such field."] for name in unknown})
        return super().to_internal_value(data)


class ClosedInput(OpenApiSerializerExtension):
    """Says so in the schema. It is registered by being read."""

    target_class = Input
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return schema | {"additionalProperties": False}


class Name(serializers.CharField):
    """A name on one line, in NFC."""

    def to_internal_value(self, data: Any) -> str:
        name = one_line(super().to_internal_value(data))
        if not name:
            self.fail("blank")
        return name


class TagName(Name):
    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        if "," in name:
            raise ValidationError("A tag’s name holds no comma.")
        return name


class ArxivId(serializers.CharField):
    """A paper in any spelling of its id, or its address at arXiv."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=200, **options)

    def to_internal_value(self, data: Any) -> str:
        found = identifiers.canonical(super().to_internal_value(data))
        if found is None:
            raise ValidationError("This is no arXiv id.")
        return found


class Following(Input):
    kind = serializers.ChoiceField([kind.value for kind in Kind])
    target = serializers.CharField(
        max_length=MAX_QUERY, help_text="A category's code, an author's slug or name, or words."
    )


class Keeping(Input):
    """What a reader writes to a saved paper; what is left out stays as it is."""

    state = serializers.ChoiceField(SavedPaper.State.values, required=False, help_text=STATES)
    note = serializers.CharField(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        max_length=SavedPaper.NOTE_LENGTH,
        help_text="Markdown.",
    )
    tags = serializers.ListField(
        child=TagName(max_length=ReaderTag.NAME_LENGTH),
        required=False,
        max_length=MOST_TAGS_EACH,
        help_text="Names, in place of those it carries; new ones are made.",
    )
    lists = serializers.ListField(
        child=serializers.CharField(max_length=110),
        required=False,
        max_length=MOST_LISTS,
        help_text="Slugs of the lists it is to stand in, in place of those it stands in.",
    )


class Saving(Keeping):
    paper = ArxivId(help_text="Its arXiv id, or an address that holds it.")


class Naming(Input):
    name = Name(max_length=60)


class NamingTag(Input):
    name = TagName(max_length=ReaderTag.NAME_LENGTH)


class Ordering(Input):
    papers = serializers.ListField(
        child=ArxivId(), max_length=MOST_ORDERED, help_text="arXiv ids, in the order wanted."
    )


class Hiding(Input):
    paper = ArxivId(help_text="Its arXiv id, or an address that holds it.")
