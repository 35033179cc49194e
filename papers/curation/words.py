"""What an act changed, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils import formats

from papers.curation.corrections import CORRECTED, TOLD
from papers.models import Act, IngestRun, Paper, Sample, Verdict

SHOWN = 50  # rows; of an act that changes more, the rest is counted


@dataclass(frozen=True, slots=True)
class Change:
    """A column of a row before and after, or a row that came or went (`column` is "" then)."""

    row: str
    column: str
    before: str
    after: str


def changes(act: Act) -> tuple[list[Change], int]:
    """Return the changes of an act, and how many more rows it changed than those."""
    found: list[Change] = []
    rows = [(label, key) for label, keys in act.after.items() for key in keys]
    for label, key in rows[:SHOWN]:
        found += _of_row(label, key, act.before[label][key], act.after[label][key])
    return found, max(0, len(rows) - SHOWN)


def _of_row(
    label: str, key: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> list[Change]:
    model = apps.get_model(label)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    if old is None or new is None:
        values = {name: fields[name].to_python(value) for name, value in (old or new or {}).items()}
        row = model(pk=key, **values)
        gist = _gist(row)
        return [Change(_name(row), "", gist if new is None else "–", gist if old is None else "–")]
    row = model._default_manager.filter(pk=key).first()
    name = _name(row) if row else f"{model._meta.verbose_name} {key}, gone since"
    return [
        Change(
            name, str(field.verbose_name), _value(field, old[column]), _value(field, new[column])
        )
        for column in new
        for field in [fields[column]]
    ]


def _name(row: Model) -> str:
    if isinstance(row, Paper):
        return f"paper {row.arxiv_id}"
    if isinstance(row, Sample):
        return f"totals on {row.get_network_display()}"
    if isinstance(row, Verdict):
        return f"account {row}"
    if (tag_id := getattr(row, "tag_id", None)) and hasattr(row, "object_id"):
        paper = Paper.objects.filter(pk=row.object_id).values_list("arxiv_id", flat=True).first()
        return f"{_related(row, 'tag', tag_id)} on paper {paper}"
    return f"{row._meta.verbose_name} {row}"


def _gist(row: Model) -> str:
    """Say what a row is that came or went."""
    if isinstance(row, Sample):
        totals = f"{row.retweets:,} retweets, {row.favorites:,} favorites"
        return f"{totals}, {row.get_kind_display()}"
    if isinstance(row, Verdict | IngestRun):
        return str(row.get_kind_display() if isinstance(row, Verdict) else row.state)
    return "there"


def _related(row: Model, name: str, key: Any) -> str:
    model: Any = row._meta.get_field(name).related_model
    found = model._default_manager.filter(pk=key).first()
    return f"{model._meta.verbose_name} “{found}”" if found else f"a {model._meta.verbose_name}"


def _value(field: Any, value: Any) -> str:
    if isinstance(value, dict) and len(value) == 1 and value.keys() <= {TOLD, CORRECTED}:
        ((whose, plain),) = value.items()
        source = "as sources say" if whose == TOLD else "corrected by a curator"
        return f"{_value(field, plain)} ({source})"
    if field.is_relation and value is not None:
        found = field.related_model._default_manager.filter(pk=value).first()
        return str(found) if found else f"number {value}, gone since"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(field.to_python(value))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, datetime):
        return f"{formats.date_format(value.astimezone(UTC), 'j F Y, H:i')} UTC"
    return formats.date_format(value, "j F Y") if isinstance(value, date) else str(value)
