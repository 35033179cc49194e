"""The desk, the admin's front page: the digest, what waits, how the ingest is, what was done last.

Each part is there for who may see its rows, and costs one query.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Q, Subquery
from django.http import HttpRequest, HttpResponse

from papers import harvest, overview, status
from papers.admin_site import page
from papers.models import Act, Digest, Quarantine, Report

SHOWN = 5
MOST = 100  # rows that are counted; what is more says so


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of a kind: some of it, the oldest first, and how much there is."""

    shown: Sequence[Any]
    count: int

    @classmethod
    def of(cls, rows: Iterable[Any]) -> "Waiting":
        found = list(rows)
        return cls(found[:SHOWN], len(found))


@page("", "index")
def desk(request: HttpRequest) -> HttpResponse:
    """Django's front page with the desk above its list of models."""
    may = request.user.has_perm
    parts: dict[str, Any] = {"most": MOST}
    if may("papers.view_digest"):
        parts |= _digests()
    if may("papers.view_report"):
        parts["reports"] = Waiting.of(_reported())
    if may("papers.view_quarantine"):
        parts["quarantine"] = Waiting.of(_quarantined())
    if may("papers.view_ingestrun"):
        parts["health"], failed = overview.health()
        parts["failed"] = Waiting.of(failed)
    if may("papers.view_act"):
        parts["acts"] = _last_acts()
    return admin.site.index(request, parts)


def _digests() -> dict[str, Any]:
    """The newest digest, the drafts beside it, and which day is built next."""
    newest = Subquery(Digest.objects.order_by("-date").values("date")[:1])
    wanted = Q(date=newest) | Q(state=Digest.State.DRAFT)
    found = list(Digest.objects.filter(wanted).select_related("edit").defer("head")[: MOST + 1])
    due_at = status.next_digest()
    return {
        "digest": found[0] if found else None,
        "drafts": Waiting.of(reversed(found[1:])),
        "next_day": harvest.day_of(due_at),
        "next_at": due_at,
    }


def _reported() -> list[tuple[Report, int]]:
    """Return what readers reported, a thing once: its first report, and how many there are."""
    rows = Report.objects.open().select_related("paper", "tweet").order_by("at", "pk")[:MOST]
    of_thing: dict[tuple[str, int], list[Report]] = {}
    for report in rows:
        thing = ("tweet", report.tweet_id) if report.tweet_id else ("paper", report.paper_id)
        of_thing.setdefault(thing, []).append(report)
    return [(alike[0], len(alike)) for alike in of_thing.values()]


def _quarantined() -> list[tuple[Quarantine, str]]:
    """Return the items, each with the name of its source; our own work has none."""
    names = {**status.NAMES, harvest.SITE: ""}
    rows = Quarantine.objects.filter(resolved_at=None).select_related("run").order_by("-seen_at")
    return [(item, names.get(item.run.source, item.run.source)) for item in rows[:MOST]]


def _last_acts() -> list[Act]:
    return list(Act.objects.select_related("by", "paper").defer("before", "after")[:10])
