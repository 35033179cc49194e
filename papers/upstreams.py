"""The sources as the settings configure them, each with the pace it is owed."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings

from papers import clock
from papers.gate import DatabaseGate
from papers.models import IngestRun, Network
from papers.sources.arxiv import ArXiv
from papers.sources.base import Source
from papers.sources.bluesky import Bluesky
from papers.sources.hackernews import HackerNews
from papers.sources.http import Http, Upstream, stream
from papers.sources.huggingface import HuggingFace
from papers.sources.x import X

ARXIV = "arxiv"
STREAM_SECONDS = 600.0  # of one run; the next one goes on from its cursor
ARXIV_INTERVAL = 3.0  # seconds: arXiv's terms, over all its services and all our machines


def _http(name: str, *urls: str, interval: float = 1.0) -> Http:
    hosts = frozenset(urlsplit(url).netloc for url in urls)
    if all(_is_local(host) for host in hosts):
        interval = settings.ARXIV_INTERVAL if name == ARXIV else 0.0
    elif name == ARXIV:
        interval = max(interval, ARXIV_INTERVAL)
    contact = settings.CONTACT or settings.SITE_URL
    return Http(Upstream(name, hosts, interval), DatabaseGate(), f"HotPapers/0.1 (+{contact})")


def _is_local(host: str) -> bool:
    return host.partition(":")[0] in {"127.0.0.1", "localhost"}


def arxiv() -> ArXiv:
    urls = (settings.ARXIV_OAI_URL, settings.ARXIV_RSS_URL, settings.ARXIV_API_URL)
    return ArXiv(_http(ARXIV, *urls, interval=settings.ARXIV_INTERVAL), *urls)


def x() -> X:
    urls = (settings.X_API_URL, settings.X_OEMBED_URL)
    return X(
        _http(Network.X, *urls, interval=0.5),
        base_url=settings.X_API_URL,
        oembed_url=settings.X_OEMBED_URL,
        bearer_token=settings.X_BEARER_TOKEN,
        budget=max(0, settings.X_DAILY_READS - _reads_today()),
    )


def _reads_today() -> int:
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    runs = IngestRun.objects.filter(source=Network.X, started_at__gte=midnight)
    return sum(counts.get("reads", 0) for counts in runs.values_list("counts", flat=True))


def _bluesky() -> Bluesky:
    host = frozenset([urlsplit(settings.BLUESKY_JETSTREAM_URL).netloc])
    jetstream = Upstream(Network.BLUESKY, host, 0.0)
    return Bluesky(
        _http(Network.BLUESKY, settings.BLUESKY_API_URL, interval=0.1),
        partial(stream, jetstream, seconds=STREAM_SECONDS),
        jetstream_url=settings.BLUESKY_JETSTREAM_URL,
        api_url=settings.BLUESKY_API_URL,
        max_seconds=STREAM_SECONDS,
    )


def _hackernews() -> HackerNews:
    urls = (settings.HACKERNEWS_API_URL, settings.HACKERNEWS_ITEM_URL)
    return HackerNews(_http(Network.HACKERNEWS, *urls), base_url=urls[0], item_url=urls[1])


def _huggingface() -> HuggingFace:
    url = settings.HUGGINGFACE_API_URL
    return HuggingFace(_http(Network.HUGGINGFACE, url), base_url=url)


# One line a network: its module, this line, its choice in Network, a test.
NETWORKS: dict[str, Callable[[], Source]] = {
    Network.X: x,
    Network.BLUESKY: _bluesky,
    Network.HACKERNEWS: _hackernews,
    Network.HUGGINGFACE: _huggingface,
}


def is_configured(source: str) -> bool:
    """Tell whether a source has what it needs; without it, it is off."""
    return source != Network.X or bool(settings.X_BEARER_TOKEN)
