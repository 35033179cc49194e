"""What an act changed, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils import formats
from taggit.models import Tag, TaggedItem

from papers.curation.corrections import CORRECTED, TOLD
from papers.models import Act, IngestRun, Paper, Sample, Verdict

NAMES = {"category_codes": "categories", "tag_id": "topic tag"}
Known = Mapping[tuple[str, str], Model]  # by label and key
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
    known = _that_came_or_went(act)
    for label, key in rows[:SHOWN]:
        found += _of_row(label, key, act.before[label][key], act.after[label][key], known)
    return found, max(0, len(rows) - SHOWN)


def _that_came_or_went(act: Act) -> Known:
    """Return the rows that an act made or took away: the database need not hold them."""
    found = {}
    for label, rows in act.after.items():
        model = apps.get_model(label)
        fields = {field.attname: field for field in model._meta.concrete_fields}
        for key, new in rows.items():
            old = act.before[label][key]
            if old is None or new is None:
                values = (old or new or {}).items()
                plain = {name: fields[name].to_python(value) for name, value in values}
                found[label, key] = model(pk=key, **plain)
    return found


def _of_row(
    label: str,
    key: str,
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
    known: Known,
) -> list[Change]:
    model = apps.get_model(label)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    if old is None or new is None:
        name, what, gist = _told(known[label, key], known)
        return [Change(name, what, gist if new is None else "–", gist if old is None else "–")]
    row = model._default_manager.filter(pk=key).first()
    name = _name(row) if row else f"{model._meta.verbose_name} {key}, gone since"
    return [
        Change(
            name,
            NAMES.get(column, str(field.verbose_name)),
            *(_value(field, v, known) for v in both),
        )
        for column, *both in ((column, old[column], new[column]) for column in new)
        for field in [fields[column]]
    ]


def _name(row: Model) -> str:
    if isinstance(row, Paper):
        return f"paper {row.arxiv_id}"
    if isinstance(row, Verdict):
        return f"account {row}"
    if isinstance(row, TaggedItem):
        return _of_paper(row.object_id)
    return f"{row._meta.verbose_name} {row}"


def _of_paper(pk: Any) -> str:
    found = Paper.objects.filter(pk=pk).values_list("arxiv_id", flat=True).first()
    return f"paper {found or 'that is gone'}"


def _told(row: Model, known: Known) -> tuple[str, str, str]:
    """Say of a row that came or went whose it is, what it is, and how it reads."""
    if isinstance(row, Sample):
        totals = f"{row.retweets:,} retweets, {row.favorites:,} favorites"
        what = f"totals on {row.get_network_display()}"
        return _of_paper(row.paper_id), what, f"{totals}, {row.get_kind_display()}"
    if isinstance(row, TaggedItem):
        return _name(row), "topic tag", _related(row._meta.get_field("tag"), row.tag_id, known)
    if isinstance(row, Tag):
        return f"topic tag {row}", "", "there"
    if isinstance(row, Verdict):
        return _name(row), "", str(row.get_kind_display())
    return _name(row), "", str(row.state) if isinstance(row, IngestRun) else "there"


def _related(field: Any, key: Any, known: Known) -> str:
    model = field.related_model
    found = model._default_manager.filter(pk=key).first()
    found = found or known.get((model._meta.label_lower, str(key)))
    return str(found) if found else f"a {model._meta.verbose_name} that is gone"


def _value(field: Any, value: Any, known: Known) -> str:
    if isinstance(value, dict) and len(value) == 1 and value.keys() <= {TOLD, CORRECTED}:
        ((whose, plain),) = value.items()
        source = "as sources say" if whose == TOLD else "corrected by a curator"
        return f"{_value(field, plain, known)} ({source})"
    if field.is_relation and value is not None:
        return _related(field, value, known)
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
