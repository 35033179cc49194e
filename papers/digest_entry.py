"""One entry of a post of the blog "Hot Papers": its lines read into plain data and written back.

Knows the lines of an entry in their order: title, authors, counts, links and categories, an
editor's note, abstract, embeds. Titles and author lines are known by their place and may say
anything. An abstract runs to the next line that opens something else, so a line of an abstract
that only looks like one is written behind a backslash, as Markdown does. A note is quoted: each of
its lines stands behind `>`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from papers import identifiers
from papers.digest_head import DigestSyntaxError, last_line
from papers.tweet_embed import EmbedError, TweetEmbed, named_if_it_scripts, read_embed, write_embed

MAX_COUNT_DIGITS = 9


@dataclass(frozen=True, slots=True)
class PostEntry:
    """`spacing` is () in the blog's usual layout. Else it holds the blank lines after each block:
    title, authors, counts, links, categories, note and abstract (no number when there is none),
    then each tweet. -1 after the last block of a file: it ends without a line break."""

    rank: int
    title: str
    author_line: str
    retweets: int
    favorites: int
    observed_at: datetime
    arxiv_id: str
    version: int | None
    categories: tuple[str, ...]
    abstract: str
    tweets: tuple[TweetEmbed, ...]
    spacing: tuple[int, ...] = ()
    note: str = ""


_TITLE = re.compile(r"# ([0-9]+)\.(?: (.*))?")
_NEXT_BLOCK = re.compile(r"<blockquote[ >]|# [0-9]+\.(?: |$)")
_COUNTS = re.compile(r"- retweets: ([^,]*), favorites: ([^ ]*) \((.*)\)")
_COUNT = re.compile(rf"0|[1-9][0-9]{{0,{MAX_COUNT_DIGITS - 1}}}")
_MOMENT = re.compile(r"[0-9]{2}/[0-9]{2}/[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_LINKS = re.compile(r"- links: \[abs\]\(([^)\s]+)\) \| \[pdf\]\(([^)\s]+)\)")
_CATEGORY = re.compile(
    r"\[(?=[^]]{1,32}\])([a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[A-Za-z]+)*)?)\]\(https://arxiv\.org/list/\1/recent\)"
)
_LISTING = "](https://arxiv.org/list/"
# What opens a block wherever it stands, and so ends an abstract or stands in for a missing line.
OPENING = re.compile(
    r"# [0-9]+\.(?: |$)|- retweets: |- links: |- \[[^\]]{1,40}\]\(https://arxiv\.org/list/"
    r"|</?blockquote[ >]|<script [^>]*platform\.twitter\.com/"
)
_GUARDED = re.compile(rf"\\+(?:{OPENING.pattern})")
# What stands where a note may: it is one, and so no abstract begins like it.
_QUOTED = re.compile(r">(?: |$)", re.MULTILINE)
_GUARDED_QUOTE = re.compile(r"\\+>(?: |$)", re.MULTILINE)


class Cursor:
    """The lines of a post from the first entry on, and how far they have been read."""

    def __init__(self, lines: list[str], start: int) -> None:
        self.lines = lines
        self.index = start

    @property
    def at_end(self) -> bool:
        return self.index >= len(self.lines)

    @property
    def number(self) -> int:
        """What a message names: at the end of the file, the last line that says anything."""
        return self.index + 1 if not self.at_end else last_line(self.lines)

    @property
    def line(self) -> str:
        return "" if self.at_end else self.lines[self.index]

    def refuse(self, expected: str, found: str | None = None) -> DigestSyntaxError:
        shown = found if found is not None else self.line
        return DigestSyntaxError(
            self.number, expected, "the end of the file" if self.at_end else shown
        )

    def take(self) -> str:
        line = self.lines[self.index]
        self.index += 1
        return line

    def blank_lines(self) -> int:
        """Passes over them. After the last block the file's end counts as a line break less."""
        start = index = self.index
        lines, end = self.lines, len(self.lines)
        while index < end and not lines[index]:
            index += 1
        self.index = index
        return index - start - (1 if index == end else 0)


def read_entry(cursor: Cursor, rank: int, seen: dict[str, int]) -> PostEntry:
    spacing: list[int] = []
    title = _title(cursor, rank)
    spacing.append(cursor.blank_lines())
    if cursor.at_end or OPENING.match(cursor.line) or not cursor.line.strip():
        raise cursor.refuse("the line of authors")
    author_line = unguarded(cursor.take())
    spacing.append(cursor.blank_lines())
    retweets, favorites, observed_at = _counts(cursor)
    spacing.append(cursor.blank_lines())
    arxiv_id, version = _links(cursor, seen)
    spacing.append(cursor.blank_lines())
    categories = _categories(cursor)
    spacing.append(cursor.blank_lines())
    note = _note(cursor)
    if note:
        spacing.append(cursor.blank_lines())
    abstract = _abstract(cursor)
    if abstract:
        spacing.append(cursor.blank_lines())
    tweets = _tweets(cursor, spacing, rank)
    usual = _usual_spacing(bool(note), bool(abstract), len(tweets), is_last=cursor.at_end)
    # The blog leaves room for a missing abstract; a file that stops short of it was cut.
    if cursor.at_end and not abstract and not tweets and spacing[-1] < usual[-1]:
        raise cursor.refuse("an abstract or a tweet")
    return PostEntry(
        rank=rank,
        title=title,
        author_line=author_line,
        retweets=retweets,
        favorites=favorites,
        observed_at=observed_at,
        arxiv_id=arxiv_id,
        version=version,
        categories=categories,
        abstract=abstract,
        tweets=tweets,
        spacing=() if tuple(spacing) == usual else tuple(spacing),
        note=note,
    )


def is_title(line: str) -> bool:
    return _TITLE.fullmatch(line) is not None


def _title(cursor: Cursor, rank: int) -> str:
    match = _TITLE.fullmatch(cursor.line)
    if match is None:
        raise cursor.refuse(f"the title of an entry, # {rank}. Title")
    if match[1] != str(rank):
        raise cursor.refuse(f"rank {rank}, for ranks follow each other", f"rank {match[1]}")
    title: str = match[2] or ""
    if not title.strip():
        raise cursor.refuse("a title after the rank")
    cursor.take()
    return title


def _counts(cursor: Cursor) -> tuple[int, int, datetime]:
    match = _COUNTS.fullmatch(cursor.line)
    if match is None:
        raise cursor.refuse("- retweets: 12, favorites: 34 (06/11/2021 09:50:30)")
    for count in match.group(1, 2):
        if not _COUNT.fullmatch(count):
            raise cursor.refuse(f"a count of at most {MAX_COUNT_DIGITS} digits", count)
    expected = "a date and time, month/day/year hour:minute:second"
    if not _MOMENT.fullmatch(match[3]):
        raise cursor.refuse(expected, match[3])
    try:
        moment = datetime.strptime(match[3], "%m/%d/%Y %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise cursor.refuse(expected, match[3]) from None
    cursor.take()
    return int(match[1]), int(match[2]), moment


def _links(cursor: Cursor, seen: dict[str, int]) -> tuple[str, int | None]:
    match = _LINKS.fullmatch(cursor.line)
    if match is None:
        raise cursor.refuse("- links: [abs](https://arxiv.org/abs/…) | [pdf](https://arxiv.org/…)")
    abstract, pdf = (identifiers.split_version(address) for address in match.group(1, 2))
    if abstract is None or pdf is None:
        raise cursor.refuse("an arXiv id in both links", match[1] if abstract is None else match[2])
    if abstract != pdf:
        raise cursor.refuse("both links to name the same paper", f"{match[1]} and {match[2]}")
    if abstract[0] in seen:
        found = f"{abstract[0]}, which stands at line {seen[abstract[0]]} already"
        raise cursor.refuse("each paper once", found)
    cursor.take()
    return abstract


def _categories(cursor: Cursor) -> tuple[str, ...]:
    expected = "- [cs.LG](https://arxiv.org/list/cs.LG/recent) and more, between bars"
    if not cursor.line.startswith("- ["):
        raise cursor.refuse(expected)
    codes = []
    for part in cursor.line[2:].split(" | "):
        match = _CATEGORY.fullmatch(part)
        if match is None:
            raise cursor.refuse(expected, part)
        codes.append(match[1])
    cursor.take()
    return tuple(codes)


def _note(cursor: Cursor) -> str:
    """Each of its lines is quoted; one that says nothing stands as `>` alone."""
    lines = []
    while _QUOTED.match(cursor.line):
        lines.append(cursor.take()[2:])
    return "\n".join(lines)


def _abstract(cursor: Cursor) -> str:
    """Up to the next line that opens a block; blank lines at its end are spacing."""
    start = last = cursor.index
    while not cursor.at_end and not OPENING.match(cursor.line):
        if cursor.take():
            last = cursor.index
    cursor.index = last
    abstract = "\n".join(unguarded(line) for line in cursor.lines[start:last])
    return abstract[1:] if _GUARDED_QUOTE.match(abstract) else abstract


def unguarded(line: str) -> str:
    return line[1:] if _GUARDED.match(line) else line


def guarded(line: str) -> str:
    """Return a line of free text so that it opens no block."""
    return f"\\{line}" if OPENING.match(line) or _GUARDED.match(line) else line


def _tweets(cursor: Cursor, spacing: list[int], rank: int) -> tuple[TweetEmbed, ...]:
    tweets: list[TweetEmbed] = []
    while cursor.line.startswith("<blockquote"):
        tweets.append(_embed(cursor))
        spacing.append(cursor.blank_lines())
    if not cursor.at_end and not _TITLE.fullmatch(cursor.line):
        found = named_if_it_scripts(cursor.line)
        raise cursor.refuse(f"a tweet or the next entry, # {rank + 1}. Title", found)
    return tuple(tweets)


def _embed(cursor: Cursor) -> TweetEmbed:
    first = cursor.index
    _pass_to_closing_tag(cursor)
    cursor.take()
    end = cursor.index
    cursor.blank_lines()
    cursor.index = cursor.index + 1 if cursor.line.startswith("<script") else end
    try:
        return read_embed("\n".join(cursor.lines[first : cursor.index]))
    except EmbedError as error:
        line = first + 1 + error.offset
        raise DigestSyntaxError(line, error.expected, error.found) from error


def _pass_to_closing_tag(cursor: Cursor) -> None:
    expected = f"</blockquote>, the end of the tweet from line {cursor.number}"
    while not cursor.at_end:
        if "</blockquote>" in cursor.line:
            return
        cursor.take()
        cursor.blank_lines()
        if _NEXT_BLOCK.match(cursor.line):
            break
    raise cursor.refuse(expected)


def _usual_spacing(
    has_note: bool, has_abstract: bool, tweets: int, is_last: bool
) -> tuple[int, ...]:
    """The blog prints a missing abstract as an empty line."""
    after = [1, 1, 1, 0, *([1] * (1 + has_note + has_abstract + tweets))]
    if not has_abstract:
        after[4 + has_note] += 2 if tweets else 1
    after[-1] += 3 if has_abstract or tweets else 4
    if is_last:
        after[-1] -= 1
    return tuple(after)


def render_entry(entry: PostEntry, is_last: bool) -> str:
    blocks = list(_blocks(entry))
    usual = _usual_spacing(bool(entry.note), bool(entry.abstract), len(entry.tweets), is_last)
    spacing = entry.spacing or usual
    if len(spacing) != len(blocks):
        raise ValueError(f"entry {entry.rank}: {len(blocks)} blocks, {len(spacing)} spaces")
    return "".join(block + "\n" * (blank + 1) for block, blank in zip(blocks, spacing, strict=True))


def _blocks(entry: PostEntry) -> Iterator[str]:
    address = entry.arxiv_id + (f"v{entry.version}" if entry.version else "")
    yield f"# {entry.rank}. {_one_line(entry.title)}"
    yield guarded(_one_line(entry.author_line))
    yield (
        f"- retweets: {entry.retweets}, favorites: {entry.favorites}"
        f" ({entry.observed_at.astimezone(UTC):%m/%d/%Y %H:%M:%S})"
    )
    yield (
        f"- links: [abs](https://arxiv.org/abs/{address}) | [pdf](https://arxiv.org/pdf/{address})"
    )
    yield "- " + " | ".join(f"[{code}{_LISTING}{code}/recent)" for code in entry.categories)
    if entry.note:
        yield "\n".join(f"> {line}" if line else ">" for line in clean(entry.note).split("\n"))
    if entry.abstract:
        abstract = free_text(entry.abstract)
        is_like_a_note = _QUOTED.match(abstract) or _GUARDED_QUOTE.match(abstract)
        yield f"\\{abstract}" if is_like_a_note else abstract
    for tweet in entry.tweets:
        yield write_embed(tweet)


def _one_line(text: str) -> str:
    if "\n" in text or "\r" in text or not text.strip():
        raise ValueError(f"not one line of text: {text[:80]!r}")
    return text


def free_text(text: str) -> str:
    """Return an abstract or an introduction as it is written, every line guarded."""
    lines = clean(text).split("\n")
    if not lines[0] or not lines[-1]:
        raise ValueError(f"a text may not begin or end with a line break: {text[:80]!r}")
    return "\n".join(map(guarded, lines))


def clean(text: str) -> str:
    """Return the text where a post can carry it; raise ValueError."""
    if "\r" in text or "\0" in text:
        raise ValueError(f"a text may hold no CR or NUL character: {text[:80]!r}")
    return text
