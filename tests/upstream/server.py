"""All upstreams at once: real servers on this machine, pointed at by environment variables.

world = World(seed=7, start=date(2026, 11, 9), days=5)
with Upstream(world, now) as upstream:
    os.environ.update(upstream.environment)
    upstream.misbehave("/oai", status(503, retry_after="5"), cut())
    ...
    assert min(upstream.gaps("arxiv")) >= 3.0
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from random import Random
from threading import Thread
from types import TracebackType
from typing import Self

from tests.upstream import faults, x
from tests.upstream.arxiv_feeds import ArxivFeeds
from tests.upstream.arxiv_oai import ArxivOai
from tests.upstream.arxiv_query import ArxivQuery
from tests.upstream.bluesky import Bluesky, Jetstream
from tests.upstream.faults import Fault
from tests.upstream.hackernews import HackerNews
from tests.upstream.http_site import HttpSite, Shared
from tests.upstream.huggingface import HuggingFace
from tests.upstream.stream_site import StreamSite
from tests.upstream.world import World


class Upstream:
    """A context manager; `now` says which moment of the world every answer shows.

    In `log`, `gaps` and `offline` the upstreams are called arxiv (its three hosts are one), x,
    oembed, bluesky, jetstream, hackernews and huggingface.
    """

    def __init__(
        self, world: World, now: Callable[[], datetime], *, oai_page: int = 25, token: str = x.TOKEN
    ) -> None:
        self.world, self.token = world, token
        self._shared = Shared(now)
        self.log = self._shared.log
        self.errors = self._shared.errors
        self._sites: dict[str, HttpSite | StreamSite] = {
            "oai": HttpSite("arxiv", ArxivOai(world, oai_page), self._shared),
            "feeds": HttpSite("arxiv", ArxivFeeds(world), self._shared),
            "query": HttpSite("arxiv", ArxivQuery(world), self._shared),
            "x": HttpSite("x", x.XApi(world, token), self._shared),
            "oembed": HttpSite("oembed", x.XEmbed(world), self._shared),
            "bluesky": HttpSite("bluesky", Bluesky(world), self._shared),
            "jetstream": StreamSite("jetstream", Jetstream(world), self._shared),
            "hackernews": HttpSite("hackernews", HackerNews(world), self._shared),
            "huggingface": HttpSite("huggingface", HuggingFace(world), self._shared),
        }

    @property
    def environment(self) -> dict[str, str]:
        """Return what points the site at these servers."""
        at = {name: f"http://127.0.0.1:{site.port}" for name, site in self._sites.items()}
        return {
            "ARXIV_OAI_URL": f"{at['oai']}/oai",
            "ARXIV_RSS_URL": f"{at['feeds']}/rss",
            "ARXIV_API_URL": f"{at['query']}/api/query",
            "X_API_URL": at["x"],
            "X_OEMBED_URL": f"{at['oembed']}/oembed",
            "X_BEARER_TOKEN": self.token,
            "BLUESKY_JETSTREAM_URL": at["jetstream"].replace("http", "ws", 1),
            "BLUESKY_API_URL": at["bluesky"],
            "HACKERNEWS_API_URL": at["hackernews"],
            "HACKERNEWS_ITEM_URL": f"{at['hackernews']}/v0/item/{{id}}.json",
            "HUGGINGFACE_API_URL": at["huggingface"],
        }

    def __enter__(self) -> Self:
        for site in self._sites.values():
            site.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._shared.closing.set()
        _stop(list(self._sites.values()))
        if self.errors and error is None:
            raise RuntimeError("a played upstream made a mistake of its own") from self.errors[0]

    def misbehave(self, path_prefix: str, *those: Fault, always: bool = False) -> None:
        """Queue faults for requests whose path with query begins so, one a request; then honest.

        `always`: the faults come round and round until `calm`.
        """
        self._shared.rules.add(path_prefix, *those, always=always)

    def weather(
        self, seed: int, rate: float = 0.3, draw: Callable[[Random], Fault] = faults.passing
    ) -> None:
        """Let each request meet a fault drawn by chance; the same seed draws the same ones."""
        self._shared.rules.weather(seed, rate, draw)

    def calm(self) -> None:
        """Be honest again."""
        self._shared.rules.clear()

    @property
    def faults_waiting(self) -> int:
        """Return how many queued faults no request has met; a judge wants none."""
        return self._shared.rules.waiting()

    @contextmanager
    def offline(self, name: str) -> Iterator[None]:
        """Refuse every connection to an upstream for a while; its address stays."""
        gone = [site for site in self._sites.values() if site.name == name]
        if not gone:
            raise ValueError(f"no upstream is called {name}")
        _stop(gone)
        try:
            yield
        finally:
            for site in gone:
                site.restart()

    def gaps(self, name: str) -> list[float]:
        """Return the seconds between the starts of each request and the one before it."""
        return self.log.gaps(name)

    def pauses(self, name: str) -> list[float]:
        """Return the seconds from the end of each request to the start of the next."""
        return self.log.pauses(name)

    def overlaps(self, name: str) -> int:
        """Return how many requests began before an earlier one had ended."""
        return self.log.overlaps(name)


def _stop(sites: list[HttpSite | StreamSite]) -> None:
    """Stop all at once: each waits for a turn of its own loop."""
    stopping = [Thread(target=site.stop) for site in sites]
    for thread in stopping:
        thread.start()
    for thread in stopping:
        thread.join()
