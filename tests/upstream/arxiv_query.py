"""arXiv's query interface: look-ups by id and small searches, answered in Atom."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from xml.sax.saxutils import escape

from papers.identifiers import split_version
from tests.upstream import arxiv
from tests.upstream.arxiv import element
from tests.upstream.model import State
from tests.upstream.wire import Answer, Request, as_xml, seconds
from tests.upstream.world import World

_SLICE, _MOST = 2000, 30_000
_TYPE = "application/atom+xml; charset=utf-8"
_WORD = re.compile(r'\(|\)|[a-zA-Z]+:(?:"[^"]*"|\[[^\]]*\]|[^\s()]+)|"[^"]*"|[^\s()]+')
Test = Callable[[State], bool]


class QueryError(Exception):
    pass


class ArxivQuery:
    def __init__(self, world: World) -> None:
        self.world = world

    def answer(self, request: Request) -> Answer:
        try:
            found = self._found(request)
            start, most = _slice(request)
        except QueryError as error:
            return as_xml(_error(request, str(error)), 400, _TYPE)
        chosen = _ordered(found, request)[start : start + min(most, _SLICE)]
        entries = "".join(_entry(state) for state in chosen)
        shown = escape(request.target.partition("?")[2])
        digest = hashlib.sha256(shown.encode()).hexdigest()[:27]
        head = (
            f"<id>https://arxiv.org/api/{digest}</id><title>arXiv Query: {shown}</title>"
            f"<updated>{seconds(request.at)}</updated>"
            f'<link href="https://arxiv.org/api/query?{shown}" type="application/atom+xml"/>'
        )
        return as_xml(_feed(head, most, len(found), start, entries), 200, _TYPE)

    def _found(self, request: Request) -> list[State]:
        query, wanted = request.one("search_query"), request.one("id_list")
        matches = _parsed(query) if query else None
        if not wanted:
            if matches is None:
                raise QueryError("either search_query or id_list must be given")
            return [state for state in arxiv.states(self.world, request) if matches(state)]
        named = (self._named(request, text) for text in wanted.split(","))
        found = [state for state in named if state is not None]
        return [state for state in found if matches is None or matches(state)]

    def _named(self, request: Request, text: str) -> State | None:
        parsed = split_version(text)
        # Well-formed but impossible ids are as unknown as any other.
        if parsed is None and not re.fullmatch(r"\d{4}\.\d{4,5}(v\d+)?", text):
            raise QueryError(f"incorrect id format for {text}")
        arxiv_id, version = parsed or ("", None)
        state = arxiv.state_of(self.world, request, arxiv_id)
        if state is None or version is None:
            return state
        if version > state.version.number:
            return None
        return state._replace(version=state.paper.versions[version - 1])


def _slice(request: Request) -> tuple[int, int]:
    start, most = request.number("start", 0), request.number("max_results", 10)
    if start is None:
        raise QueryError("start must be an integer")
    if most is None:
        raise QueryError("max_results must be an integer")
    if start + most > _MOST:
        raise QueryError(f"max_results must be less than or equal to {_MOST}")
    return start, most


def _ordered(found: list[State], request: Request) -> list[State]:
    keys: dict[str, Callable[[State], datetime]] = {
        "submittedDate": lambda state: state.paper.versions[0].submitted_at,
        "lastUpdatedDate": lambda state: state.version.submitted_at,
    }
    key = keys.get(request.one("sortBy"))
    if key is None:
        return found
    return sorted(found, key=key, reverse=request.one("sortOrder", "descending") != "ascending")


def _parsed(query: str) -> Test:
    """Read a query: terms joined by AND, OR and ANDNOT from left to right, with parentheses."""
    tokens = _WORD.findall(query)
    test = _expression(tokens)
    if tokens:
        raise QueryError(f"malformed query near {tokens[0]}")
    return test


def _expression(tokens: list[str]) -> Test:
    test = _term(tokens)
    while tokens and tokens[0] != ")":
        word = tokens.pop(0) if tokens[0] in {"AND", "OR", "ANDNOT"} else "OR"
        test = _joined(word, test, _term(tokens))
    return test


def _joined(word: str, left: Test, right: Test) -> Test:
    if word == "AND":
        return lambda state: left(state) and right(state)
    if word == "ANDNOT":
        return lambda state: left(state) and not right(state)
    return lambda state: left(state) or right(state)


def _term(tokens: list[str]) -> Test:
    if not tokens:
        raise QueryError("malformed query: a term is missing")
    token = tokens.pop(0)
    if token == "(":
        test = _expression(tokens)
        if not tokens or tokens.pop(0) != ")":
            raise QueryError("malformed query: a parenthesis is not closed")
        return test
    name, colon, value = token.partition(":")
    if not colon:
        name, value = "all", token
    if value.startswith("["):
        return _between(name, value)
    return _matching(name, value.strip('"').lower())


def _between(name: str, value: str) -> Test:
    found = re.fullmatch(r"\[(\d{12}) TO (\d{12})\]", value)
    if found is None or name not in {"submittedDate", "lastUpdatedDate"}:
        raise QueryError(f"malformed range {name}:{value}")
    low, high = (datetime.strptime(f"{text}+0000", "%Y%m%d%H%M%z") for text in found.groups())
    if name == "submittedDate":
        return lambda state: low <= state.paper.versions[0].submitted_at <= high
    return lambda state: low <= state.version.submitted_at <= high


def _matching(name: str, value: str) -> Test:
    fields: dict[str, Callable[[State], str]] = {
        "ti": lambda state: state.version.title,
        "au": lambda state: ", ".join(person.name for person in state.paper.authors),
        "abs": lambda state: state.version.abstract,
        "co": lambda state: state.version.comment,
        "jr": lambda state: state.paper.journal_ref,
        "id": lambda state: state.paper.arxiv_id,
    }
    if name == "cat":
        wanted = value.removesuffix("*").removesuffix(".")
        return lambda state: any(
            wanted in (code.lower(), code.lower().partition(".")[0]) for code in state.categories
        )
    if name == "all":
        return lambda state: any(value in field(state).lower() for field in fields.values())
    if name not in fields:
        raise QueryError(f"unknown field {name}")
    return lambda state: value in fields[name](state).lower()


def _feed(head: str, most: int, total: int, start: int, entries: str) -> str:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
        ' xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">'
        f"{head}<opensearch:itemsPerPage>{most}</opensearch:itemsPerPage>"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>\n{entries}</feed>\n"
    )


def _entry(state: State) -> str:
    paper, version = state.paper, state.version
    name = f"{paper.arxiv_id}v{version.number}"
    authors = "".join(
        f"<author>{element('name', person.name)}"
        f"{element('arxiv:affiliation', person.affiliation)}</author>"
        for person in paper.authors
    )
    categories = "".join(
        f'<category term="{code}" scheme="http://arxiv.org/schemas/atom"/>'
        for code in (*state.categories, *paper.classes)
    )
    doi = (
        f'{element("arxiv:doi", paper.doi)}<link rel="related" title="doi"'
        f' href="https://doi.org/{escape(paper.doi)}"/>'
        if paper.doi
        else ""
    )
    return (
        f"<entry><id>http://arxiv.org/abs/{name}</id>{element('title', version.title)}"
        f"<updated>{seconds(version.submitted_at)}</updated>"
        f'<link href="https://arxiv.org/abs/{name}" rel="alternate" type="text/html"/>'
        f'<link href="https://arxiv.org/pdf/{name}" rel="related" type="application/pdf"'
        f' title="pdf"/><summary>  {escape(version.abstract)}\n</summary>{categories}'
        f"<published>{seconds(paper.versions[0].submitted_at)}</published>"
        f"{element('arxiv:comment', version.comment)}"
        f'<arxiv:primary_category term="{paper.primary}"/>'
        f"{element('arxiv:journal_ref', paper.journal_ref)}{authors}{doi}</entry>\n"
    )


def _error(request: Request, message: str) -> str:
    where = f"https://arxiv.org/api/errors#{message.replace(' ', '_')}"
    head = (
        "<id>https://arxiv.org/</id><title>arXiv Search Results</title>"
        f"<updated>{seconds(request.at)}</updated>"
    )
    entry = (
        f"<entry><id>{escape(where)}</id><title>Error</title>"
        f"<updated>{seconds(request.at)}</updated>{element('summary', message)}"
        "<author><name>arXiv api core</name></author></entry>\n"
    )
    return _feed(head, 1, 1, 0, entry)
