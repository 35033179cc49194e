"""The papers and what becomes of them: announced, replaced, withdrawn, cross-listed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from tests.upstream import calendar, prose, words
from tests.upstream.model import Community, Event, Paper, Person, Topic, Version

# Announced long before the world begins, still talked about and sometimes replaced.
CLASSICS = (
    "hep-th/9901001",
    "math/0611800",
    "cond-mat/9512099",
    "cs/0102015",
    "astro-ph/0601001",
    "0704.0003",
    "1412.6980",
    "1501.00009",
    "1910.12345",
    "2106.05237",
)
_QUIET = 0.35  # of all papers nobody but the bots ever speaks
REPLACED, WITHDRAWN, CROSS_LISTED = 0.12, 0.02, 0.06


class Numbers:
    """Hands out arXiv ids of a month in their order; the gaps are papers the world leaves out."""

    def __init__(self, rng: Random, papers_per_day: int) -> None:
        self._rng = rng
        self._widest = 1 if papers_per_day > 700 else max(1, 1800 // max(papers_per_day, 1))
        self._last: dict[str, int] = {}

    def next(self, listing: date) -> str:
        # The evening counts: what is listed on the first of a month has the month before.
        evening = listing - calendar.DAY
        month = f"{evening:%y%m}"
        begun = (evening.day - 1) * 800 if self._widest > 1 else 0
        last = self._last.get(month, begun)
        self._last[month] = last + self._rng.randint(1, min(self._widest, 20))
        return f"{month}.{self._last[month]:05d}"


def papers(
    rng: Random, communities: list[Community], listings: list[date], papers_per_day: int
) -> list[Paper]:
    """Return the classics, then every listing's new papers, in the order of their ids."""
    numbers = Numbers(rng, papers_per_day)
    made = [_classic(rng, rng.choice(communities), arxiv_id) for arxiv_id in CLASSICS]
    for listing in listings:
        begin, end = calendar.submissions(listing)
        many = max(1, round(papers_per_day * rng.uniform(0.8, 1.2)))
        moments = sorted(begin + (end - begin) * rng.random() ** 0.7 for _ in range(many))
        for moment in moments:
            community = rng.choice(communities)
            arxiv_id = numbers.next(listing)
            made.append(_paper(rng, community, arxiv_id, whole(moment), listing, listings))
    return made


def events(rng: Random, made: list[Paper], listings: list[date]) -> list[Event]:
    """Return what stands in the listings, in order of time."""
    found: list[Event] = []
    for paper in made:
        if paper.listing is not None:
            found.append(Event(paper, "new", 1, paper.listing, calendar.visible_at(paper.listing)))
        replaced = list(_replacements(paper, listings))
        found += replaced
        later = [day for day in listings if paper.listing is None or day > paper.listing]
        taken = {event.listing for event in replaced}
        free = [day for day in later if day not in taken]
        if free and rng.random() < CROSS_LISTED:
            day = rng.choice(free)
            version = 1 + sum(event.listing < day for event in replaced)
            added = ("physics.soc-ph",) if paper.primary.startswith("cs.") else ("cs.CY",)
            found.append(Event(paper, "cross", version, day, calendar.visible_at(day), added))
    return sorted(found, key=lambda event: (event.visible_at, event.paper.arxiv_id))


def _replacements(paper: Paper, listings: list[date]) -> Iterator[Event]:
    for version in paper.versions[1:]:
        # Listed by the first announcement whose deadline it met.
        for day in listings:
            begin, end = calendar.submissions(day)
            if begin <= version.submitted_at < end:
                yield Event(paper, "replace", version.number, day, calendar.visible_at(day))


def _classic(rng: Random, community: Community, arxiv_id: str) -> Paper:
    month = arxiv_id.rpartition("/")[2][:4]
    year = int(month[:2])
    submitted = datetime(year + (1900 if year > 90 else 2000), int(month[2:]), 9, 12, tzinfo=UTC)
    archive = arxiv_id.partition("/")[0] if "/" in arxiv_id else ""
    primary = {"": community.categories[0], "math": "math.NT", "cs": "cs.LG"}.get(archive, archive)
    topic = prose.topic(rng, community.field)
    return Paper(
        arxiv_id=arxiv_id,
        community=community,
        topic=topic,
        authors=_authors(rng, community),
        categories=(primary,),
        versions=(_first_version(rng, community, topic, submitted),),
        announced_at=submitted + timedelta(days=1),
        listing=None,
        popularity=rng.uniform(20, 200),
        licence="",
    )


def _paper(
    rng: Random,
    community: Community,
    arxiv_id: str,
    submitted: datetime,
    listing: date,
    listings: list[date],
) -> Paper:
    quiet = rng.random() < _QUIET
    popularity = 0.0 if quiet else min(community.warmth * 14 * rng.paretovariate(0.9), 20_000)
    tail = community.categories[1:]
    terms = ("68T05", "11M06") if rng.random() < 0.5 else ("I.2.6", "68T05")
    topic = prose.topic(rng, community.field)
    return Paper(
        arxiv_id=arxiv_id,
        community=community,
        topic=topic,
        authors=_authors(rng, community),
        categories=(community.categories[0], *tail[: rng.randint(0, len(tail))]),
        versions=_versions(rng, community, topic, submitted, listing, listings),
        announced_at=calendar.announced_at(listing),
        listing=listing,
        popularity=popularity,
        licence=rng.choice(words.LICENCES),
        doi=f"10.5555/seed.{arxiv_id}" if rng.random() < 0.1 else "",
        journal_ref=prose.fill(rng, community.field, rng.choice(words.JOURNALS), topic)
        if rng.random() < 0.08
        else "",
        classes=terms if rng.random() < 0.1 else (),
    )


def _authors(rng: Random, community: Community) -> tuple[Person, ...]:
    many = rng.choice((1, 2, 2, 3, 3, 4, 5, 7, len(community.people)))
    if many > 7 and rng.random() < 0.7:  # most crowds are small
        many = rng.randint(2, 12)
    chosen = rng.sample(community.people, many)
    if rng.random() < 0.02:
        chosen.append(Person("", f"{rng.choice(words.COLLABORATIONS)} Collaboration", "en"))
    return tuple(chosen)


def _first_version(rng: Random, community: Community, topic: Topic, submitted: datetime) -> Version:
    return Version(
        1,
        submitted,
        prose.title(rng, community.field, topic),
        prose.abstract(rng, community.field, topic),
        rng.choice(words.COMMENTS),
    )


def _versions(
    rng: Random,
    community: Community,
    topic: Topic,
    submitted: datetime,
    listing: date,
    listings: list[date],
) -> tuple[Version, ...]:
    first = _first_version(rng, community, topic, submitted)
    later = [day for day in listings if listing < day <= listing + timedelta(days=14)]
    drawn = rng.random()
    if not later or drawn >= REPLACED + WITHDRAWN:
        return (first,)
    begin, end = calendar.submissions(rng.choice(later))
    moment = whole(begin + (end - begin) * rng.random())
    if drawn < WITHDRAWN:
        comment = prose.fill(rng, community.field, rng.choice(words.WITHDRAWN), topic)
        return (first, Version(2, moment, first.title, first.abstract, comment, withdrawn=True))
    title = f"{first.title}, revisited" if rng.random() < 0.4 else first.title
    abstract = f"{first.abstract} {words.CORRECTED}"
    return (first, Version(2, moment, title, abstract, "v2: corrected constants in Section 3"))


def whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
