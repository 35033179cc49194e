"""arXiv's OAI-PMH interface: lists by datestamp in pages, single records, errors with 200."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, quote, unquote, urlencode
from xml.sax.saxutils import escape, quoteattr

from tests.upstream import arxiv
from tests.upstream.arxiv import element
from tests.upstream.model import EARLIEST, State
from tests.upstream.wire import Answer, Request, as_xml, seconds
from tests.upstream.world import World

_OAI = "http://www.openarchives.org/OAI/2.0/"
_BASE = "https://oaipmh.arxiv.org/oai"
_ALLOWED = {
    "Identify": set(),
    "ListMetadataFormats": {"identifier"},
    "ListSets": {"resumptionToken"},
    "GetRecord": {"identifier", "metadataPrefix"},
    "ListRecords": {"metadataPrefix", "from", "until", "set", "resumptionToken"},
    "ListIdentifiers": {"metadataPrefix", "from", "until", "set", "resumptionToken"},
}


class OaiError(Exception):
    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class ArxivOai:
    """`page` records an answer; arXiv gives 2500, the world is smaller."""

    def __init__(self, world: World, page: int = 25) -> None:
        self.world, self.page = world, page

    def answer(self, request: Request) -> Answer:
        arguments = {name: values for name, values in request.query.items() if name != "verb"}
        verb = request.one("verb")
        shown = {"verb": verb, **{name: values[0] for name, values in arguments.items()}}
        try:
            if verb not in _ALLOWED:
                raise OaiError("badVerb", "Invalid verb provided")
            if set(arguments) - _ALLOWED[verb] or any(len(v) > 1 for v in arguments.values()):
                raise OaiError("badArgument", "unexpected or repeated parameter")
            body = self._body(verb, request)
        except OaiError as error:
            body = f"<error code='{error.code}'>{escape(str(error))}</error>"
            shown = shown if error.code not in {"badVerb", "badArgument"} else {}
        return as_xml(_envelope(request.at, shown, body))

    def _body(self, verb: str, request: Request) -> str:
        if verb == "Identify":
            return _IDENTIFY
        if verb == "ListMetadataFormats":
            formats = "".join(_format(prefix) for prefix in _WRITERS)
            return f"<ListMetadataFormats>{formats}</ListMetadataFormats>"
        if verb == "ListSets":
            specs = sorted({arxiv.set_spec(code) for code in arxiv.taxonomy()})
            sets = "".join(
                f"<set><setSpec>{spec}</setSpec><setName>{spec}</setName></set>" for spec in specs
            )
            return f"<ListSets>{sets}</ListSets>"
        if verb == "GetRecord":
            return self._record(request)
        return self._list(verb, request)

    def _record(self, request: Request) -> str:
        prefix = _prefix(request.one("metadataPrefix"))
        identifier = request.one("identifier")
        found = re.fullmatch(r"oai:arXiv\.org:(.+)", identifier)
        if found is None:
            raise OaiError("idDoesNotExist", "Invalid arXiv_id structure")
        state = arxiv.state_of(self.world, request, found[1])
        if state is None:
            raise OaiError("idDoesNotExist", "Nothing found for this identifier")
        return f"<GetRecord>{_record(state, prefix)}</GetRecord>"

    def _list(self, verb: str, request: Request) -> str:
        token = request.one("resumptionToken")
        asked = _resumed(token, request.at) if token else _asked(request)
        begin, until = _window(asked, request.at)
        prefix = _prefix(asked.get("metadataPrefix", ""))
        found = [
            state
            for state in arxiv.states(self.world, request)
            if begin <= state.datestamp <= until and _in_set(state, asked.get("set", ""))
        ]
        rest = found[int(asked.get("skip", "0")) :]
        if not rest:
            raise OaiError(
                "noRecordsMatch",
                "The combination of the values of the from, until, set and metadataPrefix arguments"
                " results in an empty list.",
            )
        page = rest[: self.page]
        write = _header if verb == "ListIdentifiers" else lambda state: _record(state, prefix)
        items = "".join(write(state) for state in page)
        if len(rest) > len(page):
            items += self._token(verb, asked, found, page[-1].datestamp, len(found) - len(rest))
        elif token:
            items += "<resumptionToken/>"
        return f"<{verb}>{items}</{verb}>"

    def _token(
        self, verb: str, asked: dict[str, str], found: list[State], last: date, skipped: int
    ) -> str:
        """A token begins at the last day seen and skips what was sent of it, as arXiv's does."""
        sent = found[: skipped + self.page]
        skip = sum(state.datestamp == last for state in sent)
        kept = {name: asked[name] for name in ("metadataPrefix", "until", "set") if asked.get(name)}
        expires = asked["expires"]
        query = {"verb": verb, **kept, "from": last.isoformat(), "skip": skip, "expires": expires}
        written = quote(urlencode(query))
        return f'<resumptionToken expirationDate="{expires}T00:00:00Z">{written}</resumptionToken>'


def _asked(request: Request) -> dict[str, str]:
    asked = {name: request.one(name) for name in ("metadataPrefix", "from", "until", "set")}
    if not asked["metadataPrefix"]:
        raise OaiError("badArgument", "metadataPrefix required")
    tomorrow = request.at.astimezone(UTC).date() + timedelta(days=1)
    return {**asked, "expires": tomorrow.isoformat()}


def _resumed(token: str, at: datetime) -> dict[str, str]:
    asked = {name: values[0] for name, values in parse_qs(unquote(token)).items()}
    reason = "The value of the resumptionToken argument is invalid or expired."
    if not {"verb", "metadataPrefix", "from", "skip", "expires"} <= set(asked):
        raise OaiError("badResumptionToken", f"{reason} Reason: Token decoding failed")
    if at.astimezone(UTC).date().isoformat() >= asked["expires"]:
        raise OaiError("badResumptionToken", f"{reason} Reason: Token expired")
    return asked


def _window(asked: dict[str, str], at: datetime) -> tuple[date, date]:
    today = at.astimezone(UTC).date()
    begin = _day(asked.get("from", ""), EARLIEST)
    until = _day(asked.get("until", ""), today)
    problem = (
        "from date too early"
        if begin < EARLIEST
        else "until date too late"
        if until > today + timedelta(days=1)
        else "from is after until"
        if asked.get("until") and begin > until
        else ""
    )
    if problem:
        raise OaiError("badArgument", f"The request includes illegal arguments. Reason: {problem}")
    return begin, until


def _day(text: str, default: date) -> date:
    if not text:
        return default
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise OaiError("badArgument", "date format must be YYYY-MM-DD") from error


def _prefix(text: str) -> str:
    if text not in _WRITERS:
        raise OaiError("cannotDisseminateFormat", "Did not recognize requested format")
    return text


def _in_set(state: State, spec: str) -> bool:
    specs = map(arxiv.set_spec, state.categories)
    return not spec or any(f"{one}:".startswith(f"{spec}:") for one in specs)


def _envelope(at: datetime, shown: dict[str, str], body: str) -> str:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in shown.items() if value)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<OAI-PMH xmlns="{_OAI}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{_OAI} {_OAI}OAI-PMH.xsd">\n'
        f"<responseDate>{seconds(at)}</responseDate>\n"
        f"<request{attributes}>{_BASE}</request>\n{body}\n</OAI-PMH>\n"
    )


def _header(state: State) -> str:
    specs = "".join(
        f"<setSpec>{spec}</setSpec>"
        for spec in dict.fromkeys(map(arxiv.set_spec, state.categories))
    )
    return (
        f"<header><identifier>oai:arXiv.org:{state.paper.arxiv_id}</identifier>"
        f"<datestamp>{state.datestamp}</datestamp>{specs}</header>"
    )


def _record(state: State, prefix: str) -> str:
    written = _WRITERS[prefix](state)
    return f"<record>{_header(state)}<metadata>{written}</metadata></record>\n"


def _arxiv(state: State) -> str:
    paper, version = state.paper, state.version
    authors = "".join(
        f"<author>{element('keyname', person.keyname.removesuffix(' Jr.'))}"
        f"{element('forenames', person.forenames)}"
        f"{element('suffix', 'Jr.' if person.keyname.endswith(' Jr.') else '')}</author>"
        for person in paper.authors
    )
    updated = f"{version.submitted_at:%Y-%m-%d}" if version.number > 1 else ""
    return (
        '<arXiv xmlns="http://arxiv.org/OAI/arXiv/"'
        ' xsi:schemaLocation="http://arxiv.org/OAI/arXiv/ https://oaipmh.arxiv.org/OAI/arXiv.xsd">'
        f"<id>{paper.arxiv_id}</id><created>{paper.versions[0].submitted_at:%Y-%m-%d}</created>"
        f"{element('updated', updated)}<authors>{authors}</authors>{_common(state)}</arXiv>"
    )


def _raw(state: State) -> str:
    paper = state.paper
    versions = "".join(
        f'<version version="v{one.number}"><date>{format_datetime(one.submitted_at, True)}</date>'
        f"<size>{0 if one.withdrawn else 40 + 7 * one.number}kb</size>"
        f"<source_type>{'I' if one.withdrawn else 'D'}</source_type></version>"
        for one in paper.versions[: state.version.number]
    )
    authors = ", ".join(person.name for person in paper.authors)
    return (
        '<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"'
        ' xsi:schemaLocation="http://arxiv.org/OAI/arXivRaw/'
        ' https://oaipmh.arxiv.org/OAI/arXivRaw.xsd">'
        f"<id>{paper.arxiv_id}</id>{element('submitter', paper.authors[0].name)}{versions}"
        f"{element('authors', authors)}{_common(state)}</arXivRaw>"
    )


def _common(state: State) -> str:
    paper, version = state.paper, state.version
    return (
        f"{element('title', version.title)}{element('categories', ' '.join(state.categories))}"
        f"{element('comments', version.comment)}{element('msc-class', ', '.join(paper.classes))}"
        f"{element('journal-ref', paper.journal_ref)}{element('doi', paper.doi)}"
        f"{element('license', paper.licence)}<abstract>  {escape(version.abstract)}</abstract>"
    )


def _dublin_core(state: State) -> str:
    paper, version = state.paper, state.version
    creators = "".join(
        element("dc:creator", ", ".join(filter(None, (person.keyname, person.forenames))))
        for person in paper.authors
    )
    return (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{element('dc:title', version.title)}{creators}"
        f"{''.join(element('dc:subject', code) for code in state.categories)}"
        f"{element('dc:description', version.abstract)}{element('dc:description', version.comment)}"
        f"<dc:date>{version.submitted_at:%Y-%m-%d}</dc:date><dc:type>text</dc:type>"
        f"<dc:identifier>http://arxiv.org/abs/{paper.arxiv_id}</dc:identifier></oai_dc:dc>"
    )


def _format(prefix: str) -> str:
    return f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix></metadataFormat>"


_WRITERS = {"arXiv": _arxiv, "arXivRaw": _raw, "oai_dc": _dublin_core}
_IDENTIFY = (
    f"<Identify><repositoryName>arXiv</repositoryName><baseURL>{_BASE}</baseURL>"
    "<protocolVersion>2.0</protocolVersion><adminEmail>help@example.org</adminEmail>"
    f"<earliestDatestamp>{EARLIEST}</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
    "<granularity>YYYY-MM-DD</granularity></Identify>"
)
