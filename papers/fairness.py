"""How rare a paper's attention is in its own field. Explained in docs/ranking.md.

`ranking` notes which fields changed; a task places their papers anew a moment later, or whoever
needs it sooner. All of it may run twice.
"""

import math
import time
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, Min

from papers import ranking
from papers.bulk import chunks
from papers.models import Category, FieldChange, Paper, PaperCategory

PEERS = timedelta(days=90)  # a paper is compared with those listed in this time, to its own day


class Listed(NamedTuple):
    """A paper of a field, as far as its place among the others goes."""

    announced_on: date
    score: int
    paper_id: int
    fair: float  # as it is stored


# Arithmetic --------------------------------------------------------------------------------------


def rarity(rank: int, peers: int) -> float:
    """Return in how many halvings of its `peers`, itself among them, a paper's `rank` is reached.

    The first of 63 and the hundredth of 6,399 count 6 each.
    """
    return math.log2((peers + 1) / rank)


def places(papers: Iterable[Listed]) -> dict[int, float]:
    """Return `fair` of each of a field's papers: its rarity, and where its listing day starts.

    `papers` come by listing day. What stands level has the rank of the last of them; what nobody
    noticed is not rare.
    """
    found: dict[int, float] = {}
    scores: list[int] = []  # of the peers, in order
    held: list[Listed] = []  # the peers and those before them, by day
    first = 0  # the oldest peer
    for day, of_day in groupby(papers, key=lambda paper: paper.announced_on):
        listed = list(of_day)
        held += listed
        for paper in listed:
            insort(scores, paper.score)
        while held[first].announced_on <= day - PEERS:
            del scores[bisect_left(scores, held[first].score)]
            first += 1
        for paper in listed:
            rank = len(scores) - bisect_left(scores, paper.score)
            rare = rarity(rank, len(scores)) if paper.score else 0.0
            found[paper.paper_id] = rare + ranking.start_of(day)
    return found


def top_share(paper: Paper) -> float | None:
    """Return in which part of its field a paper stands, from 0 to 1, as `fair` was made.

    None for one that nobody noticed, and until it was placed.
    """
    if paper.announced_on is None or not paper.score:
        return None
    rare = paper.fair - ranking.start_of(paper.announced_on)
    return 2**-rare if rare > 0 else None


# Writing it to the rows --------------------------------------------------------------------------


def mark(day: date | None = None) -> None:
    """Note that every field changed on a listing day, or on each of its days."""
    primary = PaperCategory.objects.filter(position=0, announced_on__isnull=False)
    if day:
        primary = primary.filter(announced_on=day)
    days = primary.order_by("category").values_list("category")
    # The first and the last: what lies between them is placed anew too.
    for code, *both in days.annotate(first=Min("announced_on"), last=Max("announced_on")):
        FieldChange.objects.bulk_create(
            FieldChange(category_id=code, listed_on=listed_on) for listed_on in sorted(set(both))
        )


def refresh(seconds: float = math.inf) -> None:
    """Place the papers of the fields that changed, field after field, for about `seconds`."""
    until = time.monotonic() + seconds
    changed = FieldChange.objects.order_by("category").values_list("category", flat=True)
    for code in list(changed.distinct()):
        _place(code)
        if time.monotonic() > until:
            return


@transaction.atomic
def _place(code: str) -> None:
    # One at a time: of two, the one that read first might write last.
    Category.objects.select_for_update(no_key=True).get(pk=code)
    changes = list(FieldChange.objects.filter(category=code))
    if not changes:
        return
    days = [change.listed_on for change in changes]
    listed = PaperCategory.objects.filter(
        category=code,
        position=0,
        announced_on__gt=min(days) - PEERS,
        announced_on__lt=max(days) + PEERS,
    )
    rows = listed.order_by("announced_on").values_list(*Listed._fields)
    papers = [Listed._make(row) for row in rows]
    found = places(papers)
    _store(
        {
            paper.paper_id: found[paper.paper_id]
            for paper in papers
            if paper.announced_on >= min(days) and paper.fair != found[paper.paper_id]
        }
    )
    for some in chunks(change.pk for change in changes):
        FieldChange.objects.filter(pk__in=some).delete()


def _store(places: Mapping[int, float]) -> None:
    """Write what changed. The rows are locked in the order in which the ingest locks them."""
    names: list[tuple[str, int]] = []
    for some in chunks(places):
        names += Paper.objects.filter(pk__in=some).values_list("arxiv_id", "pk")
    for part in chunks(sorted(names)):
        rows = Paper.objects.select_for_update(no_key=True).order_by("arxiv_id")
        papers = list(rows.filter(pk__in=[pk for _, pk in part]).only("fair"))
        for paper in papers:
            paper.fair = places[paper.pk]
        ranking.write(papers, ["fair"])
        ranking.repeat_on_listings([paper.pk for paper in papers], ["fair"])
