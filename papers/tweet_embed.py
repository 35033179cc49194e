"""One public post as HTML: X's embed as the blog stored it, and the plain form of our own.

Knows which tags and attributes an embed may hold and how to read the post out of them; must not
know digests, the database, or whether anybody will ever render what it reads. Nothing that could
run in a browser is accepted: what is stored as received was harmless when it came.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from html.parser import HTMLParser

NETWORKS = ("x", "bluesky", "mastodon", "hackernews", "huggingface")
MAX_LENGTH = 100_000
MAX_ID = 500  # an at:// address has some 70 characters
MAX_URL = 1000
WIDGETS = "https://platform.twitter.com/widgets.js"


@dataclass(frozen=True, slots=True)
class TweetEmbed:
    network: str
    external_id: str
    url: str
    handle: str
    author_name: str
    text: str
    language: str
    direction: str
    posted_at: datetime | None
    html: str


class EmbedError(ValueError):
    """`offset` counts line breaks from the start of the embed's HTML."""

    def __init__(self, offset: int, expected: str, found: str) -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.offset = offset
        self.expected = expected
        self.found = found


# Quoted attributes only, and possessive: a tag is matched or refused in one pass, so html.parser
# never sees the unclosed and half-quoted markup on which it is slow or lenient.
_TAG = re.compile(
    r"</?+([a-zA-Z][a-zA-Z0-9]*+)"
    r"((?:\s++[a-zA-Z][a-zA-Z0-9-]*+(?:=(?:\"[^\"<>]*+\"|'[^'<>]*+'))?+)*+)\s*+/?+>"
)
_TAG_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,20})")
_ATTRIBUTES = {
    "blockquote": {"class", "lang", "dir", "cite", "align", "width"},
    "p": {"lang", "dir", "class"},
    "a": {"href", "class", "rel", "target", "title", "dir", "lang"},
    "br": set(),
    "time": {"datetime"},
    "script": {"async", "src", "charset", "defer", "type"},
}
_SCRIPTING_TAGS = {
    *("applet", "base", "embed", "form", "frame", "frameset", "iframe", "link", "math", "meta"),
    *("object", "script", "style", "svg", "template"),
}
_PERMALINK = re.compile(
    r"(https?://(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com/"
    r"(?:i/web|([A-Za-z0-9_]{1,50}))/status(?:es)?/([1-9][0-9]{0,18}))(?:[/?#].*)?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S+")
_HANDLE = re.compile(r"[^\s()]*")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_SHORTENED = re.compile(r"https?://t\.co/\w+")
_ATTRIBUTION = re.compile(r"— ?(.*?) ?\(@([^\s()]*)\) ?", re.DOTALL)

# Ids were handed out by a counter before this one, and hold no time.
_FIRST_SNOWFLAKE = 29_700_859_248
_X_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=UTC)


def snowflake_time(external_id: str) -> datetime | None:
    """When an X post was written, from its id; None for ids older than November 2010."""
    number = int(external_id)
    if number < _FIRST_SNOWFLAKE:
        return None
    return _X_EPOCH + timedelta(milliseconds=number >> 22)


def read_embed(html: str) -> TweetEmbed:
    """Raises EmbedError for anything that is no embed of X's and no post in our own form."""
    if len(html) > MAX_LENGTH:
        expected = f"an embed of at most {MAX_LENGTH:,} characters"
        raise EmbedError(0, expected, f"{len(html):,} characters")
    _refuse_strange_tags(html)
    reader = _EmbedReader()
    reader.feed(html)
    reader.close()
    if reader.open_tags or not reader.ended:
        raise EmbedError(html.count("\n"), "the end of the embed, </blockquote>", "it cut off")
    if "post" in reader.classes:
        return _own_post(reader)
    return _tweet(reader, html)


def write_embed(tweet: TweetEmbed) -> str:
    """The HTML as received or, where none is stored, the post in our own form."""
    if tweet.html:
        return tweet.html
    address = f"{tweet.network} {tweet.url} @{tweet.handle}"
    if tweet.network not in NETWORKS or not _ADDRESS.fullmatch(tweet.url):
        raise ValueError(f"not a post of a known network: {address[:200]!r}")
    if not _HANDLE.fullmatch(tweet.handle) or "\n" in tweet.external_id:
        raise ValueError(f"not a handle or id: {address[:200]!r}")
    said = "".join(
        f' {attribute}="{escape(value)}"'
        for attribute, value in (("lang", tweet.language), ("dir", tweet.direction))
        if value
    )
    body = _LINE_BREAK.sub("<br>", escape(tweet.text, quote=False))
    name = _LINE_BREAK.sub(" ", escape(tweet.author_name, quote=False))
    label = escape(tweet.url, quote=False)
    if tweet.posted_at is not None:
        moment = tweet.posted_at.astimezone(UTC)
        stamp = moment.isoformat().replace("+00:00", "Z")
        label = f'<time datetime="{stamp}">{moment:%B} {moment.day}, {moment.year}</time>'
    return (
        f'<blockquote class="post" data-network="{tweet.network}"'
        f' data-id="{escape(tweet.external_id)}"{"" if body else said}>'
        f"{f'<p{said}>{body}</p>' if body else ''}"
        f"&mdash; {name} (@{escape(tweet.handle, quote=False)})"
        f' <a href="{escape(tweet.url)}">{label}</a></blockquote>'
    )


def _refuse_strange_tags(html: str) -> None:
    line, position = 0, 0
    while (start := html.find("<", position)) >= 0:
        line += html.count("\n", position, start)
        tag = _TAG.match(html, start)
        if tag is None or tag[1].lower() not in _ATTRIBUTES:
            found = named_if_it_scripts(html[start : start + 80])
            raise EmbedError(line, "only whole tags blockquote, p, a and br", found)
        line += html.count("\n", start, tag.end())
        position = tag.end()


def named_if_it_scripts(source: str) -> str:
    """The source, marked where it begins with a tag that can make a page do something."""
    tag = _TAG_NAME.match(source)
    return _quoted(source, tag is not None and tag[1].lower() in _SCRIPTING_TAGS)


def _quoted(source: str, scripts: bool) -> str:
    return f"HTML that scripts: {source}" if scripts else source


@dataclass(slots=True)
class _Link:
    href: str
    text: str = ""


@dataclass(slots=True)
class _Piece:
    text: str
    is_link: bool = False  # its words are ours or an address, so it may not touch its neighbours


@dataclass(slots=True)
class _Paragraph:
    attributes: dict[str, str]
    pieces: list[_Piece] = field(default_factory=list)


class _EmbedReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open_tags: list[str] = []
        self.attributes: dict[str, str] = {}
        self.classes: set[str] = set()
        self.paragraphs: list[_Paragraph] = []
        self.outside: list[str] = []
        self.permalink: _Link | None = None
        self.time = ""
        self.ended = False
        self.scripted = False
        self._link: _Link | None = None

    # What may stand directly inside what; "" is the top.
    _places = {
        "blockquote": ("",),
        "script": ("",),
        "p": ("blockquote",),
        "a": ("blockquote", "p"),
        "br": ("blockquote", "p", "a"),
        "time": ("a",),
    }

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = self._checked(tag, attrs)
        parent = self.open_tags[-1] if self.open_tags else ""
        if parent not in self._places[tag] or (not parent and (tag == "script") != self.ended):
            found = named_if_it_scripts(self.get_starttag_text() or tag)
            self._refuse("the parts of one embed in their order", found)
        if tag == "br":
            self.handle_data("\n", is_break=True)
            return
        self.open_tags.append(tag)
        if tag == "blockquote":
            self.attributes = attributes
            self.classes = set(attributes.get("class", "").split())
        elif tag == "p":
            self.paragraphs.append(_Paragraph(attributes))
        elif tag == "a":
            self._link = _Link(attributes.get("href", ""))
        elif tag == "time":
            self.time = attributes.get("datetime", "")
        elif tag == "script":
            self._check_script(attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag == "br":
            return
        if not self.open_tags or self.open_tags.pop() != tag:
            self._refuse("the tags of an embed to close in their order", f"</{tag}>")
        if tag == "a" and self._link is not None:
            self._close_link(self._link)
            self._link = None
        elif tag == "blockquote":
            self.ended = True

    def handle_data(self, data: str, is_break: bool = False) -> None:
        if not self.open_tags or self.open_tags[-1] == "script":
            if data.strip():
                self._refuse("nothing but the widgets script after an embed", data.strip())
            return
        # A line break of the source is no more than a blank; <br> is the text's own.
        words = data if is_break else data.replace("\n", " ").replace("\r", " ")
        if self._link is not None:
            self._link.text += words
        elif self.open_tags[-1] == "p":
            self.paragraphs[-1].pieces.append(_Piece(words))
        else:
            self.outside.append(words)

    def _close_link(self, link: _Link) -> None:
        if self.open_tags[-1] == "p":
            self.paragraphs[-1].pieces.append(_readable_link(link.text))
        elif self.permalink is not None:
            self._refuse("one link to the post itself", link.href)
        else:
            self.permalink = link

    def _checked(self, tag: str, attrs: list[tuple[str, str | None]]) -> dict[str, str]:
        for name, value in attrs:
            if name not in _ATTRIBUTES[tag] and not name.startswith("data-"):
                source = f"{name}={value}"
                self._refuse(
                    "only the attributes of an embed",
                    _quoted(source, name.startswith("on") or name in {"style", "srcdoc"}),
                )
            if name in {"href", "cite"} and not _is_web_address(value or ""):
                self._refuse("a link to http or https", _quoted(f"{name}={value}", True))
        return {name: value or "" for name, value in attrs}

    def _check_script(self, attributes: dict[str, str]) -> None:
        if attributes.get("src") != WIDGETS or self.scripted:
            source = self.get_starttag_text() or ""
            self._refuse(f"no script but {WIDGETS}, once", _quoted(source, True))
        self.scripted = True

    def _refuse(self, expected: str, found: str) -> None:
        raise EmbedError(self.getpos()[0] - 1, expected, found)


def _is_web_address(value: str) -> bool:
    return value.lower().startswith(("https://", "http://"))


def _readable_link(text: str) -> _Piece:
    words = text.strip()
    if _SHORTENED.fullmatch(words):
        return _Piece("link", True)
    if words.startswith("pic.twitter.com/"):
        return _Piece("picture on X", True)
    return _Piece(text, _is_web_address(words))


def _tweet(reader: _EmbedReader, html: str) -> TweetEmbed:
    if not reader.classes & {"twitter-tweet", "twitter-video"}:
        found = f"the class {' '.join(sorted(reader.classes)) or 'missing'}"
        raise EmbedError(0, 'a blockquote of the class "twitter-tweet" or "post"', found)
    last = html.count("\n")
    link = _PERMALINK.fullmatch(reader.permalink.href) if reader.permalink else None
    if link is None:
        found = reader.permalink.href if reader.permalink else "no such link"
        raise EmbedError(last, "the embed's link to the post on X", found)
    said = "".join(reader.outside).strip()
    named = _ATTRIBUTION.fullmatch(said)
    # X's shortest embed is the link alone; where anything is said of the author it must be whole.
    if said and (named is None or not named[2]):
        raise EmbedError(last, "— Name (@handle) before the date", said)
    first = reader.paragraphs[0].attributes if reader.paragraphs else reader.attributes
    direction = first.get("dir", "").lower()
    return TweetEmbed(
        network="x",
        external_id=link[3],
        url=link[1],
        handle=named[2] if named else link[2] or "",
        author_name=named[1].strip() if named else "",
        text=_readable_text(reader.paragraphs),
        language=first.get("lang", ""),
        direction=direction if direction in {"ltr", "rtl"} else "",
        posted_at=snowflake_time(link[3]),
        html=html,
    )


def _readable_text(paragraphs: list[_Paragraph]) -> str:
    joined = "\n".join("".join(_spaced(paragraph.pieces)) for paragraph in paragraphs)
    lines: list[str] = []
    for line in joined.split("\n"):
        trimmed = line.strip()
        if trimmed or (lines and lines[-1]):
            lines.append(trimmed)
    return "\n".join(lines).strip()


def _spaced(pieces: list[_Piece]) -> Iterator[str]:
    """A link's address says nothing, so it is replaced by a word, which must stand apart."""
    before = _Piece("\n")
    for piece in pieces:
        if not piece.text:
            continue
        apart = before.text[-1] in " \n([{\"'“‘«" or piece.text[0] in " \n)]}.,;:!?…\"'”’»"
        if (before.is_link or piece.is_link) and not apart:
            yield " "
        yield piece.text
        before = piece


def _own_post(reader: _EmbedReader) -> TweetEmbed:
    """The fields as `write_embed` wrote them: no trimming, nothing guessed."""
    network = reader.attributes.get("data-network", "")
    if network not in NETWORKS:
        raise EmbedError(0, f"data-network to be one of {', '.join(NETWORKS)}", repr(network))
    said = "".join(reader.outside)
    opening, _, handle = said.rpartition(" (@")
    if reader.permalink is None or not opening.startswith("— ") or not handle.endswith(") "):
        raise EmbedError(0, "— Name (@handle) and a link to the post", said or "neither")
    paragraph = reader.paragraphs[0] if reader.paragraphs else _Paragraph(reader.attributes)
    external_id = reader.attributes.get("data-id", "")
    if not 0 < len(external_id) <= MAX_ID:
        raise EmbedError(0, f"data-id of 1 to {MAX_ID} characters", external_id)
    if len(reader.permalink.href) > MAX_URL:
        raise EmbedError(0, f"a link of at most {MAX_URL} characters", reader.permalink.href)
    direction = paragraph.attributes.get("dir", "")
    if direction not in {"", "ltr", "rtl"}:
        raise EmbedError(0, "dir to be ltr or rtl", direction)
    return TweetEmbed(
        network=network,
        external_id=external_id,
        url=reader.permalink.href,
        handle=handle.removesuffix(") "),
        author_name=opening.removeprefix("— "),
        text="".join(piece.text for piece in paragraph.pieces),
        language=paragraph.attributes.get("lang", ""),
        direction=direction,
        posted_at=_time(reader.time),
        html="",
    )


def _time(value: str) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise EmbedError(0, "a time such as 2021-06-10T08:38:00Z", value) from error
    if moment.tzinfo is None:
        raise EmbedError(0, "a time in UTC, ending in Z", value)
    return moment.astimezone(UTC)
