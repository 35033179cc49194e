"""arXiv's daily feeds, RSS and Atom: one listing, from midnight to midnight US Eastern."""

import hashlib
from datetime import UTC, datetime, time
from email.utils import format_datetime
from xml.sax.saxutils import escape

from tests.upstream import arxiv, calendar
from tests.upstream.arxiv import element
from tests.upstream.model import Event, Person
from tests.upstream.wire import Answer, Request, as_xml
from tests.upstream.world import World

_MOST = 2000
_NAMESPACES = (
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


class ArxivFeeds:
    def __init__(self, world: World) -> None:
        self.world = world

    def answer(self, request: Request) -> Answer:
        form, _, wanted = request.path.strip("/").partition("/")
        wanted = wanted.replace("%2B", "+").removesuffix("/")
        if form not in {"rss", "atom"} or not wanted:
            return Answer(404, b"Not Found", "text/plain")
        specs = wanted.split("+")
        day = calendar.feed_day(request.at)
        midnight = datetime.combine(day, time(0), calendar.EASTERN)
        unknown = [spec for spec in specs if not arxiv.known(spec)]
        if unknown:
            title = f"Feed error for query: http://rss.arxiv.org/{form}/{wanted}"
            text = f"Bad archive/subject class '{unknown[0]}'."
            return as_xml(_rss(title, text, wanted, midnight, ""), 400, "application/xml")
        title = f"{', '.join(specs)} updates on arXiv.org"
        write = _item if form == "rss" else _entry
        items = [
            write(event, kind, midnight)
            for event in self.world.listing(day)
            if (kind := _kind(event, specs))
        ]
        text = f"{', '.join(specs)} updates on the arXiv.org e-print archive."
        document = _rss if form == "rss" else _atom
        body = document(title, text, wanted, midnight, "".join(items[:_MOST]))
        return _cached(request, body, midnight)


def _cached(request: Request, body: str, midnight: datetime) -> Answer:
    """A feed is the same all day, and says so."""
    left = int((midnight + calendar.DAY - request.at).total_seconds())
    headers = {
        "ETag": f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"',
        "Last-Modified": format_datetime(midnight.astimezone(UTC), True),
        "Cache-Control": f"max-age={left}",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Answer(304, b"", "", headers)
    answer = as_xml(body, 200, "application/xml; charset=utf-8")
    answer.headers.update(headers)
    return answer


def _kind(event: Event, specs: list[str]) -> str:
    """Return how a feed names an event; "" where the event is none of its categories'."""
    paper = event.paper
    shown = event.added if event.kind == "cross" else paper.categories
    if not any(arxiv.covers(spec, category) for spec in specs for category in shown):
        return ""
    primary = any(arxiv.covers(spec, paper.primary) for spec in specs)
    if event.kind == "replace":
        return "replace" if primary else "replace-cross"
    return "new" if event.kind == "new" and primary else "cross"


def _summary(event: Event, kind: str) -> str:
    version = event.paper.versions[event.version - 1]
    name = f"arXiv:{event.paper.arxiv_id}v{event.version}"
    return f"{name} Announce Type: {kind} \nAbstract: {version.abstract}"


def _said(person: Person) -> str:
    """As submitted, TeX and all, with where they work in parentheses."""
    name = person.tex_name or person.name
    return f"{name} ({person.affiliation})" if person.affiliation else name


def _categories(event: Event) -> tuple[str, ...]:
    return event.paper.categories + event.added


def _rest(event: Event, kind: str) -> str:
    paper = event.paper
    return (
        f"<arxiv:announce_type>{kind}</arxiv:announce_type>{element('dc:rights', paper.licence)}"
        f"{element('arxiv:DOI', paper.doi)}{element('arxiv:journal_reference', paper.journal_ref)}"
        f"{element('dc:creator', ', '.join(map(_said, paper.authors)))}"
    )


def _item(event: Event, kind: str, midnight: datetime) -> str:
    paper, version = event.paper, event.paper.versions[event.version - 1]
    categories = "".join(f"<category>{code}</category>" for code in _categories(event))
    return (
        f"<item>{element('title', version.title)}"
        f"<link>https://arxiv.org/abs/{paper.arxiv_id}</link>"
        f"{element('description', _summary(event, kind))}"
        f'<guid isPermaLink="false">oai:arXiv.org:{paper.arxiv_id}v{event.version}</guid>'
        f"{categories}<pubDate>{format_datetime(midnight)}</pubDate>{_rest(event, kind)}</item>\n"
    )


def _entry(event: Event, kind: str, midnight: datetime) -> str:
    paper, version = event.paper, event.paper.versions[event.version - 1]
    categories = "".join(f'<category term="{code}"/>' for code in _categories(event))
    return (
        f"<entry><id>oai:arXiv.org:{paper.arxiv_id}v{event.version}</id>"
        f"{element('title', version.title)}<updated>{_built(midnight).isoformat()}</updated>"
        f'<link href="https://arxiv.org/abs/{paper.arxiv_id}"/>'
        f"{element('summary', _summary(event, kind))}{categories}"
        f"<published>{midnight.isoformat()}</published>{_rest(event, kind)}</entry>\n"
    )


def _built(midnight: datetime) -> datetime:
    return midnight.astimezone(UTC).replace(second=2)


def _rss(title: str, text: str, wanted: str, midnight: datetime, items: str) -> str:
    address = f"http://rss.arxiv.org/rss/{escape(wanted)}"
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<rss {_NAMESPACES}"
        ' xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel>'
        f"{element('title', title)}<link>{address}</link>{element('description', text)}"
        f'<atom:link href="{address}" rel="self" type="application/rss+xml"/>'
        "<docs>http://www.rssboard.org/rss-specification</docs><language>en-us</language>"
        f"<lastBuildDate>{format_datetime(_built(midnight))}</lastBuildDate>"
        f"<managingEditor>rss-help@example.org</managingEditor>"
        f"<pubDate>{format_datetime(midnight)}</pubDate>"
        f"<skipDays><day>Sunday</day><day>Saturday</day></skipDays>\n{items}</channel></rss>\n"
    )


def _atom(title: str, text: str, wanted: str, midnight: datetime, items: str) -> str:
    address = f"http://rss.arxiv.org/atom/{escape(wanted)}"
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<feed {_NAMESPACES}"
        ' xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">'
        f"<id>{address}</id>{element('title', title)}"
        f"<updated>{_built(midnight).isoformat()}</updated>"
        f'<link href="{address}" rel="self" type="application/atom+xml"/>'
        f"{element('subtitle', text)}\n{items}</feed>\n"
    )
