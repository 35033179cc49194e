"""The Markdown of the blog "Hot Papers", read into plain data and written back byte for byte.

Knows the layout of a post; must not know papers, digests as rows, files or the network. What it
reads is other people's text: a post is taken whole or refused whole, with the line and what was
expected there, and nothing is accepted that would not be written back exactly as it came.

A post is a front matter between two `---` lines, an editor's introduction where there is one, and
then entries. The introduction runs to the first entry, and its lines are guarded as an abstract's.
"""

from dataclasses import dataclass
from datetime import date, datetime

from papers.digest_entry import (
    OPENING,
    Cursor,
    PostEntry,
    free_text,
    is_title,
    read_entry,
    render_entry,
    unguarded,
)
from papers.digest_head import DigestSyntaxError, default_head, read_head
from papers.tweet_embed import TweetEmbed

__all__ = [
    "MAX_BYTES",
    "MAX_LINE",
    "DigestPost",
    "DigestSyntaxError",
    "PostEntry",
    "TweetEmbed",
    "decode",
    "default_head",
    "parse",
    "render",
]

MAX_BYTES = 5_000_000
MAX_LINE = 100_000


@dataclass(frozen=True, slots=True)
class DigestPost:
    date: date
    stamp: datetime
    head: str
    entries: tuple[PostEntry, ...]
    introduction: str = ""


def decode(data: bytes) -> str:
    """The text of a post's file. Raises DigestSyntaxError for what is no plain UTF-8 text of a
    reasonable size."""
    if len(data) > MAX_BYTES:
        raise DigestSyntaxError(1, f"a file of at most {MAX_BYTES:,} bytes", f"{len(data):,} bytes")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise DigestSyntaxError(1, "UTF-8 without a byte order mark", "a byte order mark")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DigestSyntaxError(line, "UTF-8", f"the byte 0x{data[error.start]:02x}") from error
    _check_text(text)
    return text


def parse(text: str, fallback_date: date | None = None) -> DigestPost:
    """`fallback_date` is the listing day where the front matter names none.

    Raises DigestSyntaxError."""
    _check_text(text)
    lines = text.split("\n")
    head = read_head(lines, fallback_date)
    cursor = Cursor(lines, head.length)
    introduction = _introduction(cursor)
    entries: list[PostEntry] = []
    seen: dict[str, int] = {}
    while not cursor.at_end:
        line = cursor.number
        entry = read_entry(cursor, len(entries) + 1, seen)
        entries.append(entry)
        seen[entry.arxiv_id] = line
    printed = "\n".join(lines[: head.length]) + ("\n" if entries else "")
    post = DigestPost(head.day, head.stamp, printed, tuple(entries), introduction)
    _check_round_trip(text, render(post))
    return post


def render(post: DigestPost) -> str:
    """Raises ValueError where a field holds what the format cannot carry (a line break in a
    title, a post without http address)."""
    last = len(post.entries)
    if post.introduction and not post.entries:
        raise ValueError("an introduction stands before an entry, and there is none")
    introduction = f"{free_text(post.introduction)}\n\n" if post.introduction else ""
    return (
        post.head
        + introduction
        + "".join(
            render_entry(entry, is_last=number == last)
            for number, entry in enumerate(post.entries, start=1)
        )
    )


def _introduction(cursor: Cursor) -> str:
    """Up to the first entry. Where none follows, what stands there is no introduction."""
    refusal = cursor.refuse("the title of an entry, # 1. Title")
    start = last = cursor.index
    while not cursor.at_end and not OPENING.match(cursor.line):
        if cursor.take():
            last = cursor.index
    if last > start and not is_title(cursor.line):
        raise refusal
    return "\n".join(unguarded(line) for line in cursor.lines[start:last])


def _check_text(text: str) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAX_LINE:
            found = f"{len(line):,} characters"
            raise DigestSyntaxError(number, f"a line of at most {MAX_LINE:,} characters", found)
        if "\r" in line:
            raise DigestSyntaxError(number, "line ends of LF alone", "a carriage return (CR)")
        if "\0" in line:
            raise DigestSyntaxError(number, "text", "a NUL character")


def _check_round_trip(text: str, rendered: str) -> None:
    if text == rendered:
        return
    came, written = text.split("\n"), rendered.split("\n")
    same = 0
    while same < min(len(came), len(written)) and came[same] == written[same]:
        same += 1
    expected = repr(written[same][:200]) if same < len(written) else "the end of the file"
    found = came[same] if same < len(came) else "the end of the file"
    raise DigestSyntaxError(same + 1, f"the line as the blog writes it, {expected}", found)
