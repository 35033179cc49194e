"""What the entries of feeds say: plain data, read in few queries and put into words when written.

Of a post, on whatever network, that is who posted it where and how it was counted: never its text.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.conf import settings
from django.db.models import Max, Prefetch, Q
from django.template.loader import render_to_string
from django.urls import reverse

from papers import latex, markdown
from papers.models import Digest, DigestEntry, Paper
from papers.views import rows, standing
from papers.views.rows import TweetView
from papers.views.standing import NOWHERE

POSTS_NAMED = 3  # under a paper, the highest score first
DIGESTS_HELD = 20  # days, of the feed of digests
_OF_ENTRY = ("rank", "title", "retweets", "favorites", "note")  # what a day's entry reads
_CATEGORIES = "http://arxiv.org/schemas/atom"  # the scheme that arXiv's own feeds name


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    title: str
    kind: str  # its media type


@dataclass(frozen=True, slots=True)
class Counts:
    network: str
    retweets: int
    favorites: int

    @property
    def score(self) -> int:
        return self.retweets + self.favorites


@dataclass(frozen=True, slots=True)
class Post:
    """A post that links a paper; a score that nobody told is None."""

    url: str
    handle: str
    network: str
    score: int | None


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """A paper as it is now. Its counts change all day and are no reason to call it updated."""

    arxiv_id: str
    title: str
    names: Sequence[str]
    codes: Sequence[str]
    abstract: str  # TeX
    abstract_is_summary: bool
    is_withdrawn: bool
    code_url: str
    published: datetime
    updated: datetime
    score: int
    counts: tuple[Counts, ...]
    posts: tuple[Post, ...]

    scheme = _CATEGORIES

    @property
    def url(self) -> str:
        return settings.SITE_URL + reverse("papers:paper", args=[self.arxiv_id])

    @property
    def related(self) -> list[Link]:
        found = [
            Link(f"https://arxiv.org/abs/{self.arxiv_id}", "arXiv", "text/html"),
            Link(f"https://arxiv.org/pdf/{self.arxiv_id}", "PDF", "application/pdf"),
        ]
        return found + [Link(self.code_url, "Code", "text/html")] * bool(self.code_url)

    @property
    def paragraphs(self) -> list[str]:
        """Return the abstract as plain text, formulas in Unicode."""
        return [
            text for part in re.split(r"\n\s*\n", self.abstract) if (text := latex.to_text(part))
        ]

    def content(self) -> str:
        return render_to_string("feeds/paper.html", {"entry": self})


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper as a day printed it; title in TeX, note in Markdown."""

    rank: int
    arxiv_id: str
    tex: str
    score: int
    is_withdrawn: bool
    note: str

    @property
    def title(self) -> str:
        return latex.to_text(self.tex)

    @property
    def url(self) -> str:
        return settings.SITE_URL + reverse("papers:paper", args=[self.arxiv_id])

    @property
    def note_html(self) -> str:
        return markdown.to_html(self.note)


@dataclass(frozen=True, slots=True)
class DayEntry:
    """A digest as it is printed; a new revision is an update."""

    date: date
    introduction: str  # Markdown
    published: datetime
    updated: datetime
    papers: tuple[Printed, ...]

    scheme = ""
    names: Sequence[str] = ()
    codes: Sequence[str] = ()
    related: Sequence[Link] = ()

    @property
    def title(self) -> str:
        day = f"{self.date:%A} {self.date.day} {self.date:%B %Y}"
        count = len(self.papers)
        return f"{day}: {count} hot paper{'s' * (count != 1)}"

    @property
    def url(self) -> str:
        return settings.SITE_URL + reverse("papers:digest", args=[self.date])

    def content(self) -> str:
        note_html = markdown.to_html(self.introduction)
        return render_to_string(
            "feeds/digest.html", {"entry": self, "introduction_note_html": note_html}
        )


Entry = PaperEntry | DayEntry


def of_papers(
    paper_ids: Collection[int], came: Mapping[int, datetime] | None = None
) -> tuple[PaperEntry, ...]:
    """Return the entries of papers in this order; three queries, five where totals are imported.

    `came` says when papers came into this feed, where that is not when arXiv listed them.
    """
    held = Paper.objects.visible().in_bulk(paper_ids)
    papers = [held[key] for key in paper_ids if key in held]
    tweets = rows.best_tweets(papers)
    standings = standing.of_papers(held)
    return tuple(
        PaperEntry(
            arxiv_id=paper.arxiv_id,
            title=paper.title_text,
            names=paper.author_names,
            codes=paper.category_codes,
            abstract=paper.abstract,
            abstract_is_summary=paper.abstract_is_summary,
            is_withdrawn=paper.withdrawn,
            code_url=paper.code_url,
            published=(published := (came or {}).get(paper.pk) or _listed(paper)),
            updated=max(published, paper.revised_at or published),
            score=paper.score,
            counts=tuple(
                Counts(sample.get_network_display(), sample.retweets, sample.favorites)
                for sample in standings.get(paper.pk, NOWHERE).networks
            ),
            posts=tuple(map(_post, tweets[paper.pk][:POSTS_NAMED])),
        )
        for paper in papers
    )


def midnight(day: date) -> datetime:
    """Return when a listing day begins: arXiv announces it within hours of that."""
    return datetime.combine(day, time.min, UTC)


def _listed(paper: Paper) -> datetime:
    if paper.announced_on:
        return midnight(paper.announced_on)
    return paper.submitted_at or paper.created_at


def _post(view: TweetView) -> Post:
    tweet = view.tweet
    url = tweet.url if tweet.url.startswith(("https://", "http://")) else ""
    return Post(url, tweet.handle, tweet.get_network_display(), tweet.score)


def of_days() -> tuple[DayEntry, ...]:
    """Return the entries of the latest digests, without papers that were hidden; two queries.

    What was imported first is of the day it was published, not of its import.
    """
    printed = DigestEntry.objects.printed().filter(paper__hidden=False).select_related("paper")
    printed = printed.only(*_OF_ENTRY, "digest", "paper__arxiv_id", "paper__withdrawn")
    corrected = Max("revisions__created_at", filter=Q(revisions__number__gt=1))
    days = Digest.objects.published().annotate(corrected_at=corrected)
    days = days.prefetch_related(Prefetch("entries", printed)).order_by("-date")[:DIGESTS_HELD]
    return tuple(
        DayEntry(
            date=day.date,
            introduction=day.introduction,
            published=(published := day.published_at or day.stamp),
            updated=max(published, day.corrected_at or published),
            papers=tuple(map(_printed, day.entries.all())),
        )
        for day in days
    )


def _printed(entry: DigestEntry) -> Printed:
    return Printed(
        rank=entry.rank,
        arxiv_id=entry.paper.arxiv_id,
        tex=entry.title,
        score=entry.score,
        is_withdrawn=entry.paper.withdrawn,
        note=entry.note,
    )
