"""Several feeds as one OPML file, which feed readers take in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import StringIO

from django.utils.feedgenerator import rfc2822_date

from papers.atom_links import SITE, AtomLink
from papers.feeds.atom import Writer


def write(folders: Mapping[str, Sequence[AtomLink]], at: datetime) -> str:
    """Return a document with these folders; empty ones are left out."""
    out = StringIO()
    writer = Writer(out, "utf-8", short_empty_elements=True)
    writer.startDocument()
    writer.startElement("opml", {"version": "2.0"})
    writer.startElement("head", {})
    writer.addQuickElement("title", SITE)
    writer.addQuickElement("dateCreated", rfc2822_date(at))
    writer.endElement("head")
    writer.startElement("body", {})
    for name, links in folders.items():
        if links:
            writer.startElement("outline", {"text": name, "title": name})
            for link in links:
                known = {"type": "rss", "version": "ATOM", "xmlUrl": link.url}
                writer.addQuickElement("outline", "", known | {"text": link.full_title})
            writer.endElement("outline")
    writer.endElement("body")
    writer.endElement("opml")
    return out.getvalue()
