"""How papers are ranked: the arithmetic, and writing it to the rows. Explained in docs/ranking.md.

Everything written here is recomputed from samples and tweets, never incremented: it may run twice.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import Count, OuterRef, Subquery

from papers.models import (
    Digest,
    DigestTweet,
    FieldChange,
    Neighbour,
    Paper,
    PaperCategory,
    Sample,
    TweetPaper,
    is_visible,
)

BATCH = 500
SURGE = timedelta(days=1)  # what was gained in this time makes a paper rise
_DERIVED = ["retweets", "favorites", "score", "observed_at", "tweet_count", "hot", "rising"]

# What the day's order reads of a paper: `arxiv_id` and `score`; of a tweet: `score`, None while its
# counts are unknown. Rows have them as descriptors, which no Protocol describes.
P = TypeVar("P", bound=Any)
T = TypeVar("T", bound=Any)


@dataclass(frozen=True, slots=True)
class Choice(Generic[P]):
    """A paper a digest prints, and why it stands there when that is not plain."""

    paper: P
    late: bool = False  # listed on an earlier day, crossed the line since
    below: bool = False  # under the line, on a quiet day


# Arithmetic --------------------------------------------------------------------------------------


def listing_number(day: date) -> int:
    """Return the running number of a listing day: Monday to Friday count, weekends do not.

    Saturday and Sunday have the number of the Monday after them.
    """
    weeks, weekday = divmod(day.toordinal() - 1, 7)  # day 1 of the calendar was a Monday
    return weeks * 5 + min(weekday, 5)


def start_of(day: date) -> float:
    """Return where the papers of a listing day start: what is newer starts higher.

    It does not change as time passes, so what is built on it can be stored and indexed.
    """
    return listing_number(day) / float(settings.HEAT_HALF_LIFE)


def heat(score: int, announced_on: date | None) -> float:
    """Return `hot`: doublings of the score plus the listing day in half-lives.

    A paper without a listing day is as cold as can be.
    """
    return math.log2(1 + score) + (start_of(announced_on) if announced_on else 0)


def surge(gained: int, observed_at: datetime | None) -> float:
    """Return `rising`: doublings of what a paper gained in a day, plus that day in half-lives.

    It does not change as time passes either: a younger surge stands higher. Days are those of the
    calendar, attention knows no weekend. 0 for a paper that gained nothing.
    """
    if not gained or observed_at is None:
        return 0.0
    age = observed_at.timestamp() / SURGE.total_seconds()
    return math.log2(1 + gained) + age / float(settings.HEAT_HALF_LIFE)


def day_order(papers: Iterable[P]) -> list[P]:
    """Sort by score, the highest first; ties by arXiv id."""
    return sorted(papers, key=lambda paper: (-paper.score, paper.arxiv_id))


def choose_papers(listed: Iterable[P], late: Iterable[P] = ()) -> list[Choice[P]]:
    """Return what a digest prints, in order.

    `listed` are the papers of its listing day, `late` those of the LATE_DAYS listing days before
    that no digest has printed. A quiet day is followed by its best papers under the line.
    """
    line = settings.PAPER_THRESHOLD
    ranked = day_order(listed)
    hot = [paper for paper in ranked if paper.score >= line]
    crossed = day_order(paper for paper in late if paper.score >= line)[: settings.LATE_ENTRIES]
    is_late = {paper.arxiv_id for paper in crossed}
    choices = [Choice(paper, late=paper.arxiv_id in is_late) for paper in day_order(hot + crossed)]
    if len(choices) < settings.ENTRIES_AT_LEAST:
        below = [paper for paper in ranked if 0 < paper.score < line]
        choices += [Choice(paper, below=True) for paper in below[: settings.ENTRIES_AT_LEAST]]
    return choices


def choose_tweets(tweets: Sequence[T]) -> list[T]:
    """Return the tweets an entry shows, the best first.

    The best one always; others from TWEET_THRESHOLD up; TWEETS_SHOWN at most. Unknown counts
    rank last; ties keep the order given.
    """
    ranked = sorted(tweets, key=lambda tweet: 1 if tweet.score is None else -tweet.score)
    others = [t for t in ranked[1:] if (t.score or 0) >= settings.TWEET_THRESHOLD]
    return (ranked[:1] + others)[: settings.TWEETS_SHOWN]


# Writing it to the rows --------------------------------------------------------------------------


def rescore(paper_ids: Collection[int]) -> None:
    """Recompute totals, `hot` and what listings repeat of them, for these papers."""
    ids = sorted(set(paper_ids))
    for start in range(0, len(ids), BATCH):
        _rescore_batch(ids[start : start + BATCH])


def _rescore_batch(ids: list[int]) -> None:
    of_papers = stands(ids)
    tweet_counts = dict(
        TweetPaper.objects.filter(is_visible("tweet__"), paper__in=ids)
        .order_by()
        .values_list("paper")
        .annotate(Count("pk"))
    )
    papers = list(Paper.objects.filter(pk__in=ids).only("announced_on", "primary_category"))
    for paper in papers:
        of_paper = of_papers.get(paper.pk, [])
        valid = [stand.valid for stand in of_paper]
        paper.retweets = sum(sample.retweets for sample in valid)
        paper.favorites = sum(sample.favorites for sample in valid)
        paper.score = paper.retweets + paper.favorites
        paper.observed_at = max((sample.observed_at for sample in valid), default=None)
        paper.tweet_count = tweet_counts.get(paper.pk, 0)
        paper.hot = heat(paper.score, paper.announced_on)
        paper.rising = surge(sum(stand.gained for stand in of_paper), paper.observed_at)
    _note_changes(papers)
    write(papers, _DERIVED)
    repeat_on_listings(ids, ["announced_on", "score", "hot", "rising", "fair"])


def write(papers: Iterable[Paper], names: list[str]) -> None:
    """Update these columns of the papers, a prepared statement for all of them.

    bulk_update would build a CASE for each column with a branch for each row, which takes longer
    to write down than to run.
    """
    fields = [field for field in Paper._meta.concrete_fields if field.name in names]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    values = [
        [*(field.get_db_prep_save(getattr(paper, field.attname), connection) for field in fields)]
        + [paper.pk]
        for paper in papers
    ]
    with connection.cursor() as cursor:
        table = quote(Paper._meta.db_table)
        cursor.executemany(f"UPDATE {table} SET {columns} WHERE id = %s", values)  # noqa: S608


def repeat_on_listings(ids: Collection[int], names: Iterable[str]) -> None:
    """Copy columns that lists sort by from the papers to their rows in PaperCategory."""
    paper = Paper.objects.filter(pk=OuterRef("paper"))
    PaperCategory.objects.filter(paper__in=ids).update(
        **{name: Subquery(paper.values(name)[:1]) for name in names}
    )


# What `fairness` has to look at ------------------------------------------------------------------


def _note_changes(papers: Sequence[Paper]) -> None:
    """Note in which fields these papers stand otherwise than their listings still say."""
    ids = [paper.pk for paper in papers]
    primary = PaperCategory.objects.filter(paper__in=ids, position=0)
    before = {row[0]: row[1:] for row in primary.values_list("paper", "announced_on", "score")}
    changes = set()
    for paper in papers:
        listed_on, score = before.get(paper.pk, (None, 0))
        if paper.primary_category_id and (listed_on, score) != (paper.announced_on, paper.score):
            days = filter(None, {listed_on, paper.announced_on})
            changes |= {(paper.primary_category_id, day) for day in days}
    _add_changes(changes)
    _repeat_on_neighbours([p.pk for p in papers if before.get(p.pk, (None,))[0] != p.announced_on])
    # Who stands in no field has nobody to be compared with.
    placeless = [p.pk for p in papers if p.primary_category_id is None or p.announced_on is None]
    if placeless:
        Paper.objects.filter(pk__in=placeless).update(fair=0.0)


def _repeat_on_neighbours(ids: Collection[int]) -> None:
    """Copy the listing day of these papers to the pairs that they are the other of."""
    day = Paper.objects.filter(pk=OuterRef("other")).values("announced_on")[:1]
    Neighbour.objects.filter(other__in=ids).update(listed_on=Subquery(day))


def leave_fields(papers: Sequence[Paper]) -> None:
    """Note that these papers are about to leave the fields they stand in."""
    primary = PaperCategory.objects.filter(paper__in=papers, position=0)
    listed = primary.values_list("category", "announced_on")
    _add_changes({(code, day) for code, day in listed if day})


def _add_changes(changes: Iterable[tuple[str, date]]) -> None:
    FieldChange.objects.bulk_create(
        FieldChange(category_id=code, listed_on=day) for code, day in sorted(changes)
    )


@dataclass(slots=True)
class Stand:
    """How a paper stands on one network, from its samples there, of which there is one at least."""

    samples: list[Sample]  # the newest first
    before: Sample | None = None  # the newest that is a day older than the paper's newest
    is_partial: bool = False

    @property
    def imported(self) -> Sample | None:
        """The newest total that came with a post."""
        kind = Sample.Kind.IMPORTED
        return next((sample for sample in self.samples if sample.kind == kind), None)

    @property
    def fixed(self) -> Sample | None:
        """The total that a curator set last."""
        return next((s for s in self.samples if s.kind == Sample.Kind.FIXED), None)

    @property
    def history(self) -> list[Sample]:
        """The samples that count, each at its time; the newest first, and never none.

        What a curator set holds against all that is counted later. An imported total stays while
        counts are partial: one tweet that was counted must not wipe the total a post recorded for
        all of them.
        """
        holds = self.fixed or (self.imported if self.is_partial else None)
        return self.samples[self.samples.index(holds) :] if holds else self.samples

    @property
    def valid(self) -> Sample:
        """The sample that makes the score."""
        return self.history[0]

    @property
    def gained(self) -> int:
        """What the last day added. Of an imported total alone nobody knows when it came, and a
        correction adds nothing."""
        if self.fixed:
            return 0
        oldest = self.samples[-1]
        is_imported = oldest.kind == Sample.Kind.IMPORTED
        base = self.before or (oldest if is_imported else None)
        return max(0, self.valid.score - (base.score if base else 0))


def stands(paper_ids: Collection[int]) -> dict[int, list[Stand]]:
    """Return for each paper that was counted how it stands on each network."""
    found: dict[tuple[int, str], Stand] = {}
    newest_of: dict[int, datetime] = {}
    samples = Sample.objects.filter(paper__in=paper_ids).order_by("-observed_at")
    for sample in samples.iterator(chunk_size=2000):
        day_before = newest_of.setdefault(sample.paper_id, sample.observed_at) - SURGE
        stand = found.setdefault((sample.paper_id, sample.network), Stand([]))
        stand.samples.append(sample)
        if sample.observed_at <= day_before:
            stand.before = stand.before or sample
    _mark_partial(found, paper_ids)
    of_papers = defaultdict(list)
    for (paper_id, _), stand in found.items():
        of_papers[paper_id].append(stand)
    return of_papers


def _mark_partial(found: dict[tuple[int, str], Stand], paper_ids: Collection[int]) -> None:
    """Mark where counts do not stand for all of an imported total.

    While a tweet of the network has no counts, hidden or not: hiding one takes no such total away.
    And where the posts showed no tweet at all, until the counts reach what they printed: those
    tweets are not held and cannot be counted.
    """
    mixed = {
        key: stand.imported
        for key, stand in found.items()
        if stand.imported and stand.samples[0].kind == Sample.Kind.COUNTED
    }
    if not mixed:
        return
    links = TweetPaper.objects.filter(paper__in=paper_ids)
    unknown = links.filter(tweet__retweets=None, tweet__favorites=None)
    uncounted = set(unknown.values_list("paper", "tweet__network"))
    published = Digest.State.PUBLISHED  # drafts follow from scores
    printed = DigestTweet.objects.filter(
        entry__paper__in=paper_ids, entry__digest__state=published
    ).order_by()
    shown = set(printed.values_list("entry__paper", "tweet__network").distinct())
    for key, imported in mixed.items():
        is_less = found[key].samples[0].score < imported.score
        found[key].is_partial = key in uncounted or (key not in shown and is_less)
