import contextlib
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from papers.digest_markdown import (
    MAX_BYTES,
    MAX_LINE,
    DigestSyntaxError,
    decode,
    parse,
    render,
)

SCRIPT = '<script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>'
TWEET = (
    '<blockquote class="twitter-tweet"><p lang="en" dir="ltr">Worth reading'
    ' <a href="https://t.co/A1">https://t.co/A1</a></p>&mdash; Ada (L.) (@ada)'
    ' <a href="https://twitter.com/ada/status/1402907931406909440?ref_src=twsrc%5Etfw">'
    f"June 10, 2021</a></blockquote>\n{SCRIPT}"
)
HEAD = """---
title: Hot Papers 2021-06-10
date: 2021-06-11T09:50:30.Z
template: "post"
slug: "hot-papers-2021-06-10"
---

"""
POST = f"""{HEAD}# 1. On the Weight  of Paper

Ada Lark, Bo Finch, Jr.

- retweets: 12, favorites: 34 (06/11/2021 09:50:30)

- links: [abs](https://arxiv.org/abs/2106.05237) | [pdf](https://arxiv.org/pdf/2106.05237)
- [cs.CV](https://arxiv.org/list/cs.CV/recent) | [math-ph](https://arxiv.org/list/math-ph/recent)

We weigh paper.

{TWEET}

{TWEET}




# 2. Nothing Said

Bo Finch

- retweets: 5, favorites: 6 (06/11/2021 09:50:31)

- links: [abs](https://arxiv.org/abs/2106.00001v2) | [pdf](https://arxiv.org/pdf/2106.00001v2)
- [cond-mat.dis-nn](https://arxiv.org/list/cond-mat.dis-nn/recent)






# 3. The Last

Cy Wren

- retweets: 0, favorites: 1 (06/11/2021 09:50:31)

- links: [abs](https://arxiv.org/abs/hep-th/9901001) | [pdf](https://arxiv.org/pdf/hep-th/9901001)
- [hep-th](https://arxiv.org/list/hep-th/recent)

It ends.



"""


def test_it_works():
    post = parse(POST)
    first, second, third = post.entries
    assert (post.date, post.head) == (date(2021, 6, 10), HEAD)
    assert post.stamp == datetime(2021, 6, 11, 9, 50, 30, tzinfo=UTC)
    assert (first.title, first.author_line) == (
        "On the Weight  of Paper",
        "Ada Lark, Bo Finch, Jr.",
    )
    assert (first.retweets, first.favorites) == (12, 34)
    assert first.observed_at == datetime(2021, 6, 11, 9, 50, 30, tzinfo=UTC)
    assert (first.arxiv_id, first.version) == ("2106.05237", None)
    assert first.categories == ("cs.CV", "math-ph")
    assert (first.abstract, first.spacing) == ("We weigh paper.", ())
    assert [tweet.html for tweet in first.tweets] == [TWEET, TWEET]
    assert first.tweets[0].author_name == "Ada (L.)"
    assert (second.arxiv_id, second.version) == ("2106.00001", 2)
    assert (second.abstract, second.tweets, second.spacing) == ("", (), ())
    assert (third.rank, third.arxiv_id, third.spacing) == (3, "hep-th/9901001", ())
    assert render(post) == POST


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n\n\n\n"])
def test_a_post_may_hold_no_entry(end):
    text = HEAD.rstrip("\n") + end
    post = parse(text)
    assert (post.entries, post.head) == ((), text)
    assert render(post) == text


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n\n\n\n\n\n\n"])
def test_the_end_of_the_file_is_kept(end):
    text = POST.rstrip("\n") + end
    post = parse(text)
    assert post.entries[-1].spacing == (1, 1, 1, 0, 1, len(end) - 1)
    assert render(post) == text


@pytest.mark.parametrize(
    ("usual", "other"),
    [
        ("\n\n- links", "\n- links"),
        ("\n\nAda Lark", "\n\n\nAda Lark"),
        ("\n- [cs.CV]", "\n\n- [cs.CV]"),
        ("\n\n\n\n\n# 2", "\n# 2"),
        ("\n\n\n\n\n\n\n# 3", "\n\n# 3"),
        ("\n\nWe weigh", "\nWe weigh"),
        (f"paper.\n\n{TWEET}", f"paper.\n{TWEET}"),
    ],
)
def test_other_spacing_is_recorded(usual, other):
    text = POST.replace(usual, other, 1)
    assert text != POST
    post = parse(text)
    assert any(entry.spacing for entry in post.entries)
    assert [replace(entry, spacing=()) for entry in post.entries] == list(parse(POST).entries)
    assert render(post) == text


def test_a_missing_abstract_may_leave_no_line():
    text = POST.replace("We weigh paper.\n\n", "")
    first = parse(text).entries[0]
    assert (first.abstract, len(first.tweets)) == ("", 2)
    assert first.spacing == (1, 1, 1, 0, 1, 1, 4)


def test_an_embed_without_its_script_is_kept():
    text = POST.replace(f"\n{SCRIPT}", "", 1)
    assert "<script" not in parse(text).entries[0].tweets[0].html


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "# A heading, **bold** and $x_1 < \\alpha$",
        "- a list\n- of two\n\n> quoted\n\n```\ncode\n```",
        "---",
        " with blanks at its ends ",
        "\\# plain",
        "<iframe src=x>",
        "![x](javascript:alert(1))",
    ],
)
def test_an_abstract_may_say_anything(words):
    text = POST.replace("We weigh paper.", words)
    post = parse(text)
    assert (post.entries[0].abstract, len(post.entries[0].tweets)) == (words, 2)
    assert render(post) == text


@pytest.mark.parametrize(
    "words",
    [
        "# 2. Not an entry",
        "- retweets: 1, favorites: 2",
        "first\n# 2. Not an entry\n\\# 3. Nor this",
        TWEET,
        "- [cs.CV](https://arxiv.org/list/cs.CV/recent)",
    ],
)
def test_an_abstract_that_looks_like_a_block_is_written_behind_a_backslash(words):
    post = parse(POST)
    entries = (replace(post.entries[0], abstract=words), *post.entries[1:])
    again = parse(render(replace(post, entries=entries)))
    assert again.entries == entries


@pytest.mark.parametrize("words", ["- links: a", "# 1. B", "# 2. B (@c) - \\alpha", "<b>", "---"])
def test_titles_and_authors_are_known_by_their_place(words):
    post = parse(POST)
    entries = (replace(post.entries[0], title=words, author_line=words), *post.entries[1:])
    assert parse(render(replace(post, entries=entries))).entries == entries


def test_what_editors_wrote_stands_where_the_blog_has_room():
    text = POST.replace("# 1. On", "Speech takes the **day**.\n\n\\# 1. Not it\n\n# 1. On").replace(
        "We weigh paper.", "> It is *older*:\n>\n> > twice quoted\n\n\\> We weigh paper."
    )
    post = parse(text)
    assert post.introduction == "Speech takes the **day**.\n\n# 1. Not it"
    assert post.entries[0].note == "It is *older*:\n\n> twice quoted"
    assert post.entries[0].abstract == "> We weigh paper."
    assert [entry.spacing for entry in post.entries] == [(), (), ()]
    assert render(post) == text


def test_a_note_stands_without_an_abstract_too():
    text = POST.replace("/recent)\n\n\n\n\n\n\n# 3", "/recent)\n\n> So.\n\n\n\n\n\n\n# 3")
    post = parse(text)
    assert (post.entries[1].note, post.entries[1].abstract) == ("So.", "")
    assert post.entries[1].spacing == ()
    assert render(post) == text


@pytest.mark.parametrize(
    "words",
    [
        "---",
        "# 1. Not an entry",
        "\\# 2. Nor",
        TWEET,
        "> so",
        "- retweets: 1, favorites: 2",
        "a\n\nb",
    ],
)
def test_an_introduction_and_a_note_may_say_anything(words):
    post = parse(POST)
    entries = (replace(post.entries[0], note=words), *post.entries[1:])
    post = replace(post, introduction=words, entries=entries)
    assert parse(render(post)) == post


@pytest.mark.parametrize("words", ["a\r\nb", "a\0b"])
def test_no_text_holds_what_breaks_lines_or_ends_them(words):
    post = parse(POST)
    for broken in (
        replace(post, introduction=words),
        replace(post, entries=(replace(post.entries[0], note=words), *post.entries[1:])),
    ):
        with pytest.raises(ValueError, match="CR or NUL"):
            render(broken)


def test_an_introduction_needs_an_entry():
    with pytest.raises(DigestSyntaxError, match="line 8: expected the title of an entry"):
        parse(f"{HEAD}No paper today.\n")
    with pytest.raises(ValueError, match="before an entry"):
        render(replace(parse(POST), introduction="No paper today.", entries=()))


@pytest.mark.parametrize(
    "change", [{"title": "a\nb"}, {"title": " "}, {"author_line": ""}, {"abstract": "a\n"}]
)
def test_render_refuses_what_the_format_cannot_carry(change):
    post = parse(POST)
    with pytest.raises(ValueError, match="line"):
        render(replace(post, entries=(replace(post.entries[0], **change),)))


def changed(old, new):
    assert POST.count(old)
    return POST.replace(old, new, 1)


def cut(before):
    return POST[: POST.index(before)]


MALFORMED = [
    ("", 1, "the front matter's opening ---, found "),
    ("# 1. Title", 1, "the front matter's opening ---, found # 1. Title"),
    (cut("template"), 3, "the front matter's closing ---, found the end of the file"),
    (changed("---\n\n", "\n"), 7, "the front matter's closing ---, found # 1. On the"),
    (changed("date: 2021-06-11T09:50:30.Z\n", ""), 5, "a date: in the front matter"),
    (changed("06-11T09", "06-31T09"), 3, "a date such as 2021-06-11T09:50:30.Z, found 2021-06"),
    (changed("T09:50:30.Z", "T25:50:30.Z"), 3, "a date such as"),
    (changed("slug: ", "date: "), 5, "date: once in the front matter"),
    (changed("papers-2021-06", "papers-2021-13"), 5, "a day that exists in slug"),
    (HEAD.replace("2021-06-10", "today"), 6, "a day such as 2021-06-10"),
    (changed("# 1. ", "1. "), 8, "the title of an entry, # 1. Title, found 1. On"),
    (changed("# 1. ", "# 2. "), 8, "rank 1, for ranks follow each other, found rank 2"),
    (changed("# 2. ", "# 1. "), 28, "rank 2, for ranks follow each other, found rank 1"),
    (changed("# 3. ", "# 4. "), 42, "rank 3, for ranks follow each other, found rank 4"),
    (changed("# 3. ", "# 03. "), 42, "rank 3, for ranks follow each other, found rank 03"),
    (changed("# 1. On the Weight  of Paper", "# 1.  "), 8, "a title after the rank"),
    (changed("# 1. On the Weight  of Paper", "# 1."), 8, "a title after the rank"),
    (cut("\n\nAda Lark"), 8, "the line of authors, found the end of the file"),
    (changed("Ada Lark, Bo Finch, Jr.\n", ""), 11, "the line of authors, found - retweets"),
    (cut("- retweets"), 10, "- retweets: 12, favorites: 34"),
    (cut("- links"), 12, "- links: [abs]"),
    (cut("- [cs.CV]"), 14, "- [cs.LG](https://arxiv.org/list/cs.LG/recent)"),
    (cut("\n\nWe weigh"), 15, "an abstract or a tweet, found the end of the file"),
    (cut("We weigh"), 15, "an abstract or a tweet, found the end of the file"),
    (changed("retweets: 12", "retweets: many"), 12, "a count of at most 9 digits, found many"),
    (changed("favorites: 34", "favorites: -3"), 12, "a count of at most 9 digits, found -3"),
    (changed("retweets: 12", "retweets: 012"), 12, "a count of at most 9 digits"),
    (changed("retweets: 12", "retweets: " + "9" * 10), 12, "a count of at most 9 digits"),
    (changed("(06/11/2021", "(02/30/2021"), 12, "a date and time, month/day/year"),
    (changed("(06/11/2021", "(2021-06-11"), 12, "a date and time, month/day/year"),
    (changed("09:50:30)", "09:61:30)"), 12, "a date and time, month/day/year"),
    (changed("abs/2106.05237", "abs/2113.05237"), 14, "an arXiv id in both links"),
    (changed("arxiv.org/pdf/2106.05237", "example.org/"), 14, "an arXiv id in both links"),
    (changed("pdf/2106.05237", "pdf/2106.05238"), 14, "both links to name the same paper"),
    (changed("pdf/2106.00001v2", "pdf/2106.00001v3"), 34, "both links to name the same paper"),
    (
        POST.replace("2106.00001v2", "2106.05237"),
        34,
        "each paper once, found 2106.05237, which",
    ),
    (changed("[cs.CV](https", "[cs.CL](https"), 15, "- [cs.LG]("),
    (changed("[cs.CV]", "[cs CV]"), 15, "- [cs.LG]("),
    (changed(" | [math-ph]", ", [math-ph]"), 15, "- [cs.LG]("),
    (cut("</blockquote>"), 19, "</blockquote>, the end of the tweet from line 19"),
    (changed("</blockquote>", ""), 22, "</blockquote>, the end of the tweet from line 19"),
    (changed("</p>", ""), 19, "the tags of an embed to close in their order"),
    (
        changed(SCRIPT, "<iframe></iframe>"),
        20,
        "a tweet or the next entry, # 2. Title, found HT",
    ),
    (changed(SCRIPT, "<script>x</script>"), 20, "no script but https://platform.twitter.com"),
    (changed(SCRIPT, "Some words"), 20, "a tweet or the next entry, # 2. Title, found Some"),
    (
        changed("Worth", '<a href="javascript:x">'),
        19,
        "a link to http or https, found HTML that",
    ),
    (changed("abs/2106.05237)", "abs/2106.05237/)"), 14, "the line as the blog writes it"),
    (changed("https://arxiv.org/abs", "http://arxiv.org/abs"), 14, "the line as the blog"),
    (POST + "\n# 4. More", 56, "the line of authors, found the end of the file"),
]


@pytest.mark.parametrize(
    ("text", "line", "expected"), MALFORMED, ids=[expected[:30] for _, _, expected in MALFORMED]
)
def test_a_malformed_post_is_refused_with_its_line(text, line, expected):
    with pytest.raises(DigestSyntaxError) as refusal:
        parse(text)
    assert str(refusal.value).startswith(f"line {line}: expected {expected}")
    assert refusal.value.line == line
    assert len(refusal.value.found) <= 80


def test_a_message_shows_no_control_characters():
    with pytest.raises(DigestSyntaxError) as refusal:
        parse("\x1b[2J\u202e" + "x" * 200)
    assert refusal.value.found.startswith(r"\x1b[2J\u202e")
    assert len(refusal.value.found) == 80


@pytest.mark.parametrize(
    ("data", "line", "expected"),
    [
        (b"a" * (MAX_BYTES + 1), 1, "a file of at most 5,000,000 bytes"),
        (b"\xef\xbb\xbf---\n", 1, "UTF-8 without a byte order mark"),
        (b"---\nab\r\n", 2, "line ends of LF alone, found a carriage return"),
        (b"---\rab\n", 1, "line ends of LF alone"),
        (b"---\n\nab\0\n", 3, "text, found a NUL"),
        (b"---\n\nab\xff\n", 3, "UTF-8, found the byte 0xff"),
        (b"---\n" + b"a" * (MAX_LINE + 1), 2, "a line of at most 100,000 characters"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_their_line(data, line, expected):
    with pytest.raises(DigestSyntaxError) as refusal:
        decode(data)
    assert str(refusal.value).startswith(f"line {line}: expected {expected}")


def test_decode_gives_the_text():
    assert decode("---\nñ 👩🏽‍🔬\n".encode()) == "---\nñ 👩🏽‍🔬\n"


ENTRY = POST[POST.index("# 1.") : POST.index("We weigh")]


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "[",
        "# 1. x\n",
        "# 1.",
        "<blockquote ",
        "<blockquote>\n",
        "<a href=",
        "\\",
        "- [",
        "&",
        "\n",
    ],
)
@pytest.mark.parametrize(
    "before",
    ["", HEAD, HEAD + ENTRY, HEAD + ENTRY + "x\n\n<blockquote "],
    ids=["file", "entry", "abstract", "embed"],
)
def test_five_hostile_megabytes_take_linear_time(piece, before):
    line = (piece * 90_000)[:90_000] + "\n"
    text = (before + line * 60)[: MAX_BYTES - 1]
    started = time.perf_counter()
    with contextlib.suppress(DigestSyntaxError):
        parse(text)
    assert time.perf_counter() - started < 8
