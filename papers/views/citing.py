"""What a paper's page tells programs: how to cite it, what to show of it, and what it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.text import Truncator
from taggit.models import Tag

from papers import latex
from papers.exports import FORMATS, About, Item, names
from papers.exports import item as told
from papers.models import Paper

Metas = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Citing:
    """A sentence or two on the paper; BibTeX to copy; the tags by which Zotero and Google Scholar
    read a reference (`citation`) and other sites show a link (`card`); the data of schema.org."""

    description: str
    bibtex: str
    citation: Metas
    card: Metas
    data: dict[str, Any]


def of(paper: Paper, tags: Iterable[Tag]) -> Citing:
    topics = [tag.name for tag in tags]
    description = Truncator(latex.to_text(paper.abstract) or paper.title_text).chars(155)
    url = settings.SITE_URL + paper.get_absolute_url()
    one = About(paper.title_text, url, is_one=True)
    return Citing(
        description=description,
        bibtex="".join(FORMATS["bib"].write([Item(paper)], one)).strip(),
        citation=_filled(_citation(paper, url, topics)),
        card=_filled(_card(paper, url, topics, description)),
        data=_data(paper, url, topics),
    )


def website() -> dict[str, Any]:
    """Return what the site is, and how it is searched, as data of schema.org."""
    url = settings.SITE_URL
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "Hot Papers",
        "url": f"{url}/",
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{url}/search/?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }


def _filled(metas: Iterable[tuple[str, str]]) -> Metas:
    return [(name, content) for name, content in metas if content]


def _citation(paper: Paper, url: str, topics: Sequence[str]) -> Iterable[tuple[str, str]]:
    day = told.first_day(paper)
    listed = paper.announced_on
    yield "citation_title", paper.title_text
    yield from (("citation_author", _author(name)) for name in paper.author_names)
    yield "citation_publication_date", f"{day:%Y/%m/%d}" if day else told.year(paper)
    yield "citation_online_date", f"{listed:%Y/%m/%d}" if listed else ""
    yield "citation_arxiv_id", paper.arxiv_id
    yield "citation_doi", paper.doi
    yield "citation_publisher", "arXiv"
    yield "citation_pdf_url", told.pdf_url(paper)
    yield "citation_abstract_html_url", url
    yield "citation_public_url", told.abs_url(paper)
    yield "citation_abstract", latex.to_text(told.abstract(paper))
    yield from (("citation_keywords", word) for word in [*paper.category_codes, *topics])
    yield "citation_language", "en"  # arXiv's titles and abstracts are


def _author(name: str) -> str:
    """Return "Last, First", but of "van der Maaten, Laurens J." the name as it is printed.

    Where blanks stand on both sides of the comma, Zotero takes it for two authors.
    """
    found = names.split(name)
    family = f"{found.surname} {found.suffix}".strip()
    is_plain = not found.family or (" " in family and " " in found.given)
    return found.whole if is_plain else f"{family}, {found.given}"


def _card(
    paper: Paper, url: str, topics: Sequence[str], description: str
) -> Iterable[tuple[str, str]]:
    yield "og:type", "article"
    yield "og:site_name", "Hot Papers"
    yield "og:title", paper.title_text
    yield "og:description", description
    yield "og:url", url
    yield "article:published_time", _iso_day(paper)
    yield from (("article:tag", word) for word in [*paper.category_codes, *topics])


def _iso_day(paper: Paper) -> str:
    day = told.first_day(paper)
    return day.isoformat() if day else told.year(paper)


def _data(paper: Paper, url: str, topics: Sequence[str]) -> dict[str, Any]:
    doi = f"https://doi.org/{paper.doi}" if paper.doi else ""
    fields = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": paper.title_text,
        "author": [{"@type": "Person", "name": name} for name in paper.author_names],
        "datePublished": _iso_day(paper),
        "dateModified": paper.revised_at.date().isoformat() if paper.revised_at else "",
        "abstract": latex.to_text(told.abstract(paper)),
        "keywords": [*paper.category_codes, *topics],
        "url": url,
        "identifier": {"@type": "PropertyValue", "propertyID": "arXiv", "value": paper.arxiv_id},
        "sameAs": [each for each in (told.abs_url(paper), doi) if each],
        "isAccessibleForFree": True,
    }
    return {name: value for name, value in fields.items() if value}
