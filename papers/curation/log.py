"""The log of what curators do: the rows an act changes, before and after, and how it is undone.

An act names the rows it may change as querysets. They are read before and after it, and what
differs is kept; so an undoing needs no code of its own for any kind of act, and gives back every
column, key and deleted row exactly. What is derived from those rows is made anew both times
(`derived`), and is not part of the log.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import F, Model, QuerySet

from papers import clock
from papers.curation import corrections, derived
from papers.models import Act, Paper

# By model ("papers.paper") and key: the columns of a row, None where there is none.
Rows = dict[str, dict[str, dict[str, Any] | None]]


# Columns that only grow, and so are not given back.
ONLY_GROW = {"papers.digest": {"edition"}}
# Columns that no two rows of a group share: kept of every row that changes, since all of them step
# aside first, this far.
PLACES = {"papers.digestentry": "rank"}
ASIDE = 10_000

# An account; papers knows no class of them.
Curator = Any


NOTHING = "Nothing would change."
CHANGED = "This was changed since. Undo the later change first."
GONE_ON = "The ingest has gone on since: there is nothing left to take back."
IN_USE = "What this made is in use by now. Undo what uses it first."
TAKEN = "What was changed since stands in its place: publish or undo that first."


class Refused(Exception):
    """What was asked cannot be done now; the message is for the curator."""


@contextmanager
def recorded(act: Act, *rows: QuerySet[Any]) -> Iterator[Act]:
    """Do something and log it, in one transaction: what of `rows` changes in the block is kept.

    `act` comes filled but for its rows, and is stored at the end; with nothing changed the act is
    refused, since a log of nothing helps nobody. Raises Refused.
    """
    with transaction.atomic():
        derived.lock(_read(rows))
        act.before = _read([queryset.select_for_update(of=("self",)) for queryset in rows])
        yield act
        act.before, act.after = _differences(act.before, _read(rows, also=act.before))
        if not act.after:
            raise Refused(NOTHING)
        derived.renew(act.before, act.after)
        act.save()


@transaction.atomic
def undo(act: Act, by: Curator, reason: str) -> Act:
    """Give back the rows as they were before `act`, and log that; raise Refused.

    An act whose rows were changed since is undone after what changed them.
    """
    act = Act.objects.select_for_update(of=("self",)).get(pk=act.pk)
    if act.undoes_id or Act.objects.filter(undoes=act).exists():
        raise Refused("This was undone already, or is an undoing itself.")
    derived.lock(act.before, act.after)
    now = _read_named(act.after)
    if _narrowed(now, act.after) != act.after:
        raise Refused(GONE_ON if act.kind in Act.OF_INGEST else CHANGED)
    try:
        with transaction.atomic():
            _write(act.before, act.after)
    except IntegrityError:
        raise Refused("Something else took its place since.") from None
    derived.renew(act.after, act.before)
    undoing = Act.objects.create(
        kind=act.kind,
        subject=act.subject,
        reason=reason,
        by=by,
        at=clock.now(),
        paper_id=act.paper_id,
        digest_id=act.digest_id,
        before=act.after,
        after=act.before,
        undoes=act,
    )
    derived.reprint(undoing)
    return undoing


# Reading rows ------------------------------------------------------------------------------------


def _read(querysets: Iterable[QuerySet[Any]], also: Rows | None = None) -> Rows:
    """Read all rows of the querysets, and those that `also` names, there or not."""
    found: Rows = _read_named(also or {})
    for queryset in querysets:
        of_model = found.setdefault(queryset.model._meta.label_lower, {})
        of_model |= {str(row.pk): _columns(row) for row in queryset.all()}
    return found


def _read_named(named: Mapping[str, Mapping[str, Any]]) -> Rows:
    found: Rows = {}
    for label, keys in named.items():
        rows = apps.get_model(label)._default_manager.select_for_update().in_bulk(list(keys))
        there = {str(key): _columns(row) for key, row in rows.items()}
        found[label] = {key: there.get(key) for key in keys}
    return found


def _columns(row: Model) -> dict[str, Any]:
    """Return every column but the key, as JSON can keep it: to the microsecond."""
    values = ((f.attname, getattr(row, f.attname)) for f in _fields(type(row)))
    columns = {name: corrections.as_json(value) for name, value in values}
    return corrections.marked(columns) if isinstance(row, Paper) else columns


def _fields(model: type[Model]) -> list[Any]:
    kept_apart = ONLY_GROW.get(model._meta.label_lower, set())
    fields = model._meta.concrete_fields
    return [field for field in fields if not field.primary_key and field.name not in kept_apart]


def _differences(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    """Keep of both what differs; of a row that came or went, all of it."""
    was: Rows = {}
    became: Rows = {}
    for label, rows in after.items():
        for key, new in rows.items():
            old = before.get(label, {}).get(key)
            if old == new:
                continue
            if old is not None and new is not None:
                names = [n for n in new if new[n] != old[n] or n == PLACES.get(label)]
                old, new = ({name: row[name] for name in names} for row in (old, new))
            was.setdefault(label, {})[key] = old
            became.setdefault(label, {})[key] = new
    return was, became


def _narrowed(rows: Rows, to: Rows) -> Rows:
    """Keep the columns that `to` names."""
    return {
        label: {
            key: row if row is None or other is None else {name: row[name] for name in other}
            for key, other in to[label].items()
            for row in [rows[label][key]]
        }
        for label in to
    }


# Writing rows ------------------------------------------------------------------------------------


def _write(wanted: Rows, there: Rows) -> None:
    """Make the rows what `wanted` says: what is to come first, what is to go last."""
    for label, rows in wanted.items():
        model = apps.get_model(label)
        new = [key for key in rows if there[label][key] is None]
        try:
            with transaction.atomic():
                model._default_manager.bulk_create(_row(model, key, rows[key] or {}) for key in new)
        except IntegrityError as error:
            raise Refused(TAKEN) from error
        if place := PLACES.get(label):
            changed = [key for key, values in rows.items() if values and place in values]
            model._default_manager.filter(pk__in=changed).update(**{place: F(place) + ASIDE})
    for label, rows in wanted.items():
        model = apps.get_model(label)
        for key, values in rows.items():
            if values is not None and there[label][key] is not None:
                found = model._default_manager.filter(pk=key)
                found.update(**_values(model, corrections.plain(found, values)))
    _delete(
        {label: [key for key, row in rows.items() if row is None] for label, rows in wanted.items()}
    )


def _delete(keys: Mapping[str, list[str]]) -> None:
    """Delete these rows, and nothing else: what others made to stand on them is not ours."""
    count = 0
    for label, gone in keys.items():
        count += apps.get_model(label)._default_manager.filter(pk__in=gone).delete()[0]
    if count != sum(map(len, keys.values())):
        raise Refused(IN_USE)


def _row(model: type[Model], key: str, values: Mapping[str, Any]) -> Model:
    return model(pk=model._meta.pk.to_python(key), **_values(model, values))


def _values(model: type[Model], values: Mapping[str, Any]) -> dict[str, Any]:
    fields = {field.attname: field for field in _fields(model)}
    return {name: fields[name].to_python(value) for name, value in values.items()}
