"""The world: made once from a seed, never from the clock, and asked about any moment.

The truth is all here, so a test can hold what the product stored against it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from tests.upstream import calendar, catalogue, prose
from tests.upstream.chatter import Chatter
from tests.upstream.model import EARLIEST, Counts, Event, Paper, State, Tweet


class World:
    """Papers listed in the `days` calendar days from `start` on, and the tweets about them.

    Ten older papers (`catalogue.CLASSICS`) exist from the beginning. Moments are aware datetimes.
    """

    def __init__(self, seed: int, start: date, days: int, papers_per_day: int = 40) -> None:
        rng = Random(seed)
        self.seed, self.start, self.days = seed, start, days
        self.begins = datetime.combine(start - calendar.DAY, time(12), UTC)
        self.listings = calendar.listing_days(start, days)
        self.communities = prose.communities(rng)
        self.papers = catalogue.papers(rng, self.communities, self.listings, papers_per_day)
        self.events = catalogue.events(rng, self.papers, self.listings)
        chatter = Chatter(rng)
        self.tweets = sorted(self._tweets(rng, chatter), key=_when)
        self.noise = sorted(self._noise(chatter), key=_when)
        self._index()

    def paper(self, arxiv_id: str) -> Paper | None:
        return self._papers.get(arxiv_id)

    def papers_announced(self, by: datetime) -> list[Paper]:
        """Return the papers of the listings announced (20:00 Eastern) by a moment."""
        return [paper for paper in self.papers if paper.listing and paper.announced_at <= by]

    def listing(self, day: date) -> list[Event]:
        """Return what stands in the listing of a day: new, then cross, then replaced."""
        order = ("new", "cross", "replace")
        return sorted(self._listings.get(day, ()), key=lambda event: order.index(event.kind))

    def state(self, paper: Paper, at: datetime) -> State | None:
        """Return a paper as harvested at a moment; None before its records are visible."""
        seen = [event for event in self._history[paper.arxiv_id] if event.visible_at <= at]
        if not seen:
            if paper.listing or paper.announced_at > at:
                return None
            stamp = max(paper.announced_at.date(), EARLIEST)
            return State(paper, paper.versions[0], paper.categories, stamp)
        version = max(event.version for event in seen)
        categories = paper.categories + tuple(code for event in seen for code in event.added)
        stamp = seen[-1].visible_at.date()
        return State(paper, paper.versions[version - 1], categories, stamp)

    def states(self, at: datetime) -> list[State]:
        """Return every paper visible at a moment, in the order of last change, then of id."""
        found = (self.state(paper, at) for paper in self.papers)
        seen = [state for state in found if state is not None]
        return sorted(seen, key=lambda state: (state.datestamp, state.paper.arxiv_id))

    def tweets_posted(self, by: datetime, network: str = "") -> list[Tweet]:
        """Return the tweets about papers posted by a moment, deleted ones too, oldest first."""
        until = bisect_right(self.tweets, by, key=_when)
        return [tweet for tweet in self.tweets[:until] if network in ("", tweet.network)]

    def tweets_alive(self, at: datetime, network: str = "") -> list[Tweet]:
        return [tweet for tweet in self.tweets_posted(at, network) if tweet.alive(at)]

    def posts(self, network: str, at: datetime) -> list[Tweet]:
        """Return all that stands on a network at a moment, noise too, oldest first."""
        return [tweet for tweet in self._posts[network] if tweet.alive(at)]

    def stream(self, network: str) -> list[Tweet]:
        """Return all that is ever posted on a network, noise too, oldest first."""
        return self._posts[network]

    def tweet(self, network: str, external_id: str) -> Tweet | None:
        return self._by_id.get((network, external_id))

    def tweets_about(self, arxiv_id: str, at: datetime, network: str = "") -> list[Tweet]:
        about = self._about.get(arxiv_id, ())
        return [tweet for tweet in about if tweet.alive(at) and network in ("", tweet.network)]

    def counts(self, tweet: Tweet, at: datetime) -> Counts:
        return tweet.counts(at)

    def totals(self, arxiv_id: str, at: datetime, network: str = "") -> Counts:
        """Return a paper's retweets and favorites at a moment, over the tweets alive then."""
        counts = [tweet.counts(at) for tweet in self.tweets_about(arxiv_id, at, network)]
        return Counts(sum(one.retweets for one in counts), sum(one.favorites for one in counts))

    def score(self, arxiv_id: str, at: datetime, network: str = "") -> int:
        return self.totals(arxiv_id, at, network).score

    def top(self, day: date, at: datetime) -> list[tuple[Paper, int]]:
        """Return the new papers of a listing with their scores at a moment, best first."""
        new = [event.paper for event in self.listing(day) if event.kind == "new"]
        scored = [(paper, self.score(paper.arxiv_id, at)) for paper in new]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0].arxiv_id))

    def _tweets(self, rng: Random, chatter: Chatter) -> Iterable[Tweet]:
        for paper in self.papers:
            begin = paper.announced_at
            if paper.listing is None:
                begin = self.begins + timedelta(hours=24 * rng.uniform(0, max(self.days, 1)))
            yield from chatter.about(paper, begin)

    def _noise(self, chatter: Chatter) -> Iterable[Tweet]:
        for number in range(self.days + 1):
            yield from chatter.noise(self.begins + timedelta(days=number), self.papers)

    def _index(self) -> None:
        self._papers = {paper.arxiv_id: paper for paper in self.papers}
        self._history: dict[str, list[Event]] = defaultdict(list)
        self._listings: dict[date, list[Event]] = defaultdict(list)
        for event in self.events:
            self._history[event.paper.arxiv_id].append(event)
            self._listings[event.listing].append(event)
        self._about: dict[str, list[Tweet]] = defaultdict(list)
        self._posts: dict[str, list[Tweet]] = defaultdict(list)
        for tweet in self.tweets:
            for arxiv_id in tweet.papers:
                self._about[arxiv_id].append(tweet)
        for tweet in sorted((*self.tweets, *self.noise), key=_when):
            self._posts[tweet.network].append(tweet)
        everything = (*self.tweets, *self.noise)
        self._by_id = {(tweet.network, tweet.external_id): tweet for tweet in everything}


def _when(tweet: Tweet) -> datetime:
    return tweet.posted_at
