"""arXiv as a source: what to ask for, in which order, and when to begin again.

Knows arXiv's three services: OAI-PMH for all that changed since a day, the feed of the day's
announcements, the query API for papers named by id. What they answer is read in `arxiv_pages`.
Must not know sockets or pace: every request goes through the Fetch it is given.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from papers import clock
from papers.identifiers import canonical
from papers.sources.arxiv_calendar import expected_listing, listing_day
from papers.sources.arxiv_pages import (
    ExpiredToken,
    OaiPage,
    parse_oai,
    parse_query,
    parse_rss,
)
from papers.sources.base import (
    AnnouncementRecord,
    AnnounceType,
    Batch,
    Fetch,
    PaperRecord,
    Reject,
    SourceError,
)

__all__ = [
    "ArXiv",
    "ExpiredToken",
    "LookUp",
    "OaiPage",
    "expected_listing",
    "listing_day",
    "parse_oai",
    "parse_query",
    "parse_rss",
]

EARLIEST = date(2005, 9, 16)  # arXiv's oldest datestamp; asking for an older one is an error
LOOK_UP_SIZE = 100  # ids in one query; larger pages come back short
FEED_LIMIT = 2000  # items; the feed leaves out what is beyond, new papers first
_RANK = {kind: rank for rank, kind in enumerate(AnnounceType)}


@dataclass(slots=True)
class LookUp(Batch):
    """An answer about papers named by id. `missing`: ids arXiv knows nothing of, which it leaves
    out without a word; an id it did answer, but not understandably, is among the rejects."""

    missing: list[str] = field(default_factory=list)


class ArXiv:
    """The three services as one source."""

    name = "arxiv"

    def __init__(
        self,
        fetch: Fetch,
        oai_url: str = "https://oaipmh.arxiv.org/oai",
        rss_url: str = "https://rss.arxiv.org/rss",
        api_url: str = "https://export.arxiv.org/api/query",
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self.fetch = fetch
        self.oai_url = oai_url
        self.rss_url = rss_url.rstrip("/")
        self.api_url = api_url
        self.now = now

    def harvest(
        self, since: date, token: str = "", metadata_format: str = "arXiv"
    ) -> Iterator[OaiPage]:
        """Yield all records changed since a day, page by page; `token` goes on within such a list.

        The overlap is the caller's: the next `since` is the day before the first page's
        `response_date`. Tokens expire daily, so a list may begin again once, and a page may repeat
        records; every record is the whole of what is known and may come twice.
        """
        seen: set[str] = set()
        restarted = False
        while True:
            try:
                page = self._list(since, token, metadata_format)
            except ExpiredToken:
                if restarted or not token:
                    raise
                restarted, token = True, ""
                seen.clear()
                continue
            if page.cursor in seen:
                raise SourceError("arXiv's OAI list led back to a page that was read before")
            yield page
            if not page.cursor:
                return
            token = page.cursor
            seen.add(token)

    def _list(self, since: date, token: str, metadata_format: str) -> OaiPage:
        if token:  # it holds the rest, and no other argument may stand beside it
            params = {"verb": "ListRecords", "resumptionToken": token}
        else:
            first = max(since, EARLIEST).isoformat()
            params = {"verb": "ListRecords", "metadataPrefix": metadata_format, "from": first}
        page = parse_oai(self.fetch(self.oai_url, params), self.now())
        if token and not page.has_token:
            # By the protocol the last page of a list says that it is the last, by an empty token.
            raise SourceError("arXiv's OAI list broke off without its end")
        return page

    def announced(self, categories: Sequence[str]) -> Batch:
        """Return what stands in today's feed of these categories or archives.

        A list that the feed cut at its limit is asked for again in two halves; a single category's
        that is cut says so in `stopped`.
        """
        if not categories:
            return Batch()
        batch = parse_rss(self.fetch(f"{self.rss_url}/{'+'.join(categories)}"), self.now())
        if len(batch.announcements) + len(batch.rejects) < FEED_LIMIT:
            return batch
        if len(categories) == 1:
            batch.stopped = f"arXiv's feed of {categories[0]} is cut at {FEED_LIMIT} items"
            return batch
        half = len(categories) // 2
        return _merged(self.announced(categories[:half]), self.announced(categories[half:]))

    def look_up(self, arxiv_ids: Sequence[str]) -> Iterator[LookUp]:
        """Yield what arXiv knows of the papers of these canonical ids, a hundred at a time."""
        wanted = list(dict.fromkeys(arxiv_ids))
        # One malformed id makes arXiv refuse all that are asked for with it.
        sound = [arxiv_id for arxiv_id in wanted if canonical(arxiv_id) == arxiv_id]
        unsound = [arxiv_id for arxiv_id in wanted if canonical(arxiv_id) != arxiv_id]
        if unsound:
            yield LookUp(missing=unsound)
        for start in range(0, len(sound), LOOK_UP_SIZE):
            yield self._look_up(sound[start : start + LOOK_UP_SIZE])

    def _look_up(self, asked: list[str]) -> LookUp:
        params = {"id_list": ",".join(asked), "start": "0", "max_results": str(len(asked))}
        found = parse_query(self.fetch(self.api_url, params), self.now())
        answer = LookUp(rejects=found.rejects)
        for paper in found.papers:
            if paper.arxiv_id in asked:
                answer.papers.append(paper)
            else:
                answer.rejects.append(Reject(paper.arxiv_id, "nobody asked for this paper"))
        answered = {paper.arxiv_id for paper in found.papers}
        answered |= {rejected.item for rejected in found.rejects}
        answer.missing = [arxiv_id for arxiv_id in asked if arxiv_id not in answered]
        return answer

    def expected_listing(self, now: datetime) -> date:
        """Return the newest listing day that arXiv should have announced by that moment."""
        return expected_listing(now)


def _merged(one: Batch, other: Batch) -> Batch:
    """Join two feeds of one day. A paper in both is what the feed of its primary category says."""
    by_id: dict[str, AnnouncementRecord] = {}
    for announcement in one.announcements + other.announcements:
        best = by_id.setdefault(announcement.arxiv_id, announcement)
        if _RANK[announcement.kind] < _RANK[best.kind]:
            by_id[announcement.arxiv_id] = announcement
    papers: dict[str, PaperRecord] = {}
    for paper in one.papers + other.papers:
        if paper.arxiv_id not in papers or paper.announced_by_arxiv:
            papers[paper.arxiv_id] = paper
    return Batch(
        papers=list(papers.values()),
        announcements=list(by_id.values()),
        rejects=one.rejects + other.rejects,
        stopped=one.stopped or other.stopped,
    )
