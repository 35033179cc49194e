"""Feeds as Atom documents, and what is answered to who holds one already. Knows no lists."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from papers import latex, markdown
from papers.atom_links import SITE, AtomLink
from papers.feeds.entries import Entry
from papers.selection import SelectionError
from papers.views.errors import bad_request

PUBLIC = {"Cache-Control": "public, max-age=300"}
# Whoever has the address reads it, and nobody else is to learn it. A feed reader may keep a copy
# but has to ask each time, so that one that is taken back ends at once.
SECRET = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
_BEGINNING = datetime(1991, 8, 14, tzinfo=UTC)  # of arXiv: when a feed without entries was updated
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0
_SOURCES = [*Path(__file__).parent.glob("*.py"), *(settings.BASE_DIR / "templates/feeds").iterdir()]
# Part of each ETag: what an earlier release wrote is not for ever taken for what is written now.
_RELEASE = b"".join(
    path.read_bytes() for path in sorted([*_SOURCES, Path(latex.__file__), Path(markdown.__file__)])
)


@dataclass(frozen=True, slots=True)
class Channel:
    """All that a feed says. Its id stays when its address does not."""

    title: str
    page_url: str  # of the page that shows the same
    id: str
    entries: tuple[Entry, ...]
    is_secret: bool = False

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=_BEGINNING)

    @property
    def etag(self) -> str:
        """Return what differs wherever the document would; nothing has to be written for it."""
        return f'"{hashlib.sha256(_RELEASE + repr(self).encode()).hexdigest()[:32]}"'


class Writer(SimplerXMLGenerator):
    """Leaves out what XML cannot hold, wherever it stands."""

    def characters(self, content: str) -> None:
        super().characters(_ILLEGAL.sub("", content))

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 — xml.sax's name
        usable: Any = {key: _ILLEGAL.sub("", attrs[key]) for key in attrs}
        super().startElement(name, usable)


class _Document(Atom1Feed):
    def write(self, outfile: Any, encoding: str) -> None:
        handler = Writer(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        handler.startElement("feed", self.root_attributes())
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def latest_post_date(self) -> datetime:
        updated: datetime = self.feed["updated"]
        return updated

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        entry: Entry = item["entry"]
        for name in entry.names:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        for code in entry.codes:
            handler.addQuickElement("category", "", {"term": code, "scheme": entry.scheme})
        for link in entry.related:
            attributes = {"rel": "related", "href": link.url, "type": link.kind}
            handler.addQuickElement("link", "", attributes | {"title": link.title})
        handler.addQuickElement("content", entry.content(), {"type": "html"})


if TYPE_CHECKING:
    _Feed = Feed[Entry, Channel]
else:
    _Feed = Feed


class AtomFeed(_Feed):
    """The view of a feed: of what a function says of a request and the parts of its address.

    The function raises SelectionError, for the reader, or Http404. `If-None-Match` is answered 304.
    `If-Modified-Since` alone is not: a paper that climbs into a list, or is taken out of it, makes
    no entry newer.
    """

    feed_type = _Document
    author_name = SITE

    def __init__(self, told: Callable[..., Channel]) -> None:
        self.told = told

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            channel = self.told(request, *args, **kwargs)
        except SelectionError as error:
            return bad_request(request, str(error))
        kept = get_conditional_response(request, etag=channel.etag)
        response = self._written(channel, request) if kept is None else kept
        for name, value in self._headers(channel).items():
            response[name] = value
        return response

    def _written(self, channel: Channel, request: HttpRequest) -> HttpResponse:
        document = self.get_feed(channel, request)
        response = HttpResponse(content_type=document.content_type)
        document.write(response, "utf-8")
        return response

    def _headers(self, channel: Channel) -> Mapping[str, str]:
        of_copy = {"ETag": channel.etag, "Last-Modified": http_date(channel.updated.timestamp())}
        return of_copy | (SECRET if channel.is_secret else PUBLIC)

    def get_feed(self, obj: Channel, request: HttpRequest) -> Any:
        found = super().get_feed(obj, request)
        if obj.is_secret:
            found.feed["feed_url"] = None  # whoever passes the document on passes on no address
        return found

    def title(self, channel: Channel) -> str:
        return channel.title

    def link(self, channel: Channel) -> str:
        return channel.page_url

    def feed_url(self, channel: Channel) -> str:
        return channel.id

    def feed_guid(self, channel: Channel) -> str:
        return channel.id

    def feed_extra_kwargs(self, channel: Channel) -> dict[str, Any]:
        return {"updated": channel.updated}

    def items(self, channel: Channel) -> tuple[Entry, ...]:
        return channel.entries

    def item_title(self, entry: Entry) -> str:
        return entry.title

    def item_description(self, entry: Entry) -> None:  # type: ignore[override]  # Atom needs none
        """Return nothing: there is the whole content instead of a summary."""

    def item_link(self, entry: Entry) -> str:
        return entry.url

    def item_guid(self, entry: Entry) -> str:
        return entry.url

    def item_pubdate(self, entry: Entry) -> datetime:
        return entry.published

    def item_updateddate(self, entry: Entry) -> datetime:
        return entry.updated

    def item_extra_kwargs(self, entry: Entry) -> dict[str, Any]:
        return {"entry": entry}


def public(link: AtomLink, page_path: str, entries: tuple[Entry, ...]) -> Channel:
    """Return what a public feed says; its address is its id."""
    return Channel(link.full_title, settings.SITE_URL + page_path, link.url, entries)


def atom_feed(told: Callable[..., Channel]) -> Callable[..., HttpResponse]:
    """Make the view of a feed of the function that says what it holds."""
    return require_safe(AtomFeed(told))
