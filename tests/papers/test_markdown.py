"""Markdown in, safe HTML out."""

import re
import time

import pytest

from papers import markdown

LINK = '<a href="https://e.org/a?b=1&amp;c" rel="nofollow noopener">'


def test_it_works() -> None:
    html = markdown.to_html(
        "Ask **R.**\nthen *me*: `x`\n\n1. one\n2. two\n\n- [a](https://e.org/a?b=1&c)"
    )
    assert html == (
        "<p>Ask <strong>R.</strong><br>\nthen <em>me</em>: <code>x</code></p>\n"
        "<ol>\n<li>one</li>\n<li>two</li>\n</ol>\n"
        f"<ul>\n<li>{LINK}a</a></li>\n</ul>\n"
    )


@pytest.mark.parametrize(
    "note",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick='x'>b</b> <!-- c -->",
        "<style>*{display:none}</style>\n\n<iframe src='//e.org'></iframe>",
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "**<u>x</u>**",
        "&lt;script&gt; &#60;script&#62;",
    ],
)
def test_html_is_text(note: str) -> None:
    html = markdown.to_html(note)
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "strong"}


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:alert(1)",
        "\x01javascript:alert(1)",
        "vbscript:x",
        "//e.org/x",
        "/accounts/logout/",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "https://e.org/\" onmouseover='alert(1)",
    ],
)
def test_a_link_leads_to_a_page_or_nowhere(address: str) -> None:
    for note in (f"[x]({address})", f"[x](<{address}>)", f"<{address}>", f"[x]: {address}\n\n[x]"):
        for tag in re.findall(r"<a[^>]*>", markdown.to_html(note)):
            assert re.fullmatch(r'<a href="https?://[^"]+" rel="nofollow noopener">', tag)


def test_an_image_is_a_link_to_it() -> None:
    html = markdown.to_html("![plot](https://e.org/a?b=1&c 'title')")
    assert html == f"<p>!{LINK}plot</a></p>\n"


def test_a_heading_is_a_bold_line() -> None:
    html = markdown.to_html("# Plan\n\nNext\n===\n\n###### Small")
    assert re.findall(r"<h\d", html) == []
    assert html.count("<p><strong>") == 3


@pytest.mark.parametrize(
    "formula", ["$a_1 * b_2$", r"$\{x\}_i * \{y\}_i$", r"$$\alpha*\beta*\gamma$$", "$x$"]
)
def test_a_formula_stays_as_typed(formula: str) -> None:
    assert markdown.to_html(f"Let {formula} be *it*.") == f"<p>Let {formula} be <em>it</em>.</p>\n"


def test_a_price_is_no_formula() -> None:
    assert markdown.to_html("$5 *or* $6") == "<p>$5 <em>or</em> $6</p>\n"


@pytest.mark.parametrize(
    "piece", ["[", "*a ", "_a", ">", "`a``", "$a", "<a ", "~~", "* ", "![](", "&"]
)
def test_no_note_takes_long(piece: str) -> None:
    note = (piece * 10_000)[:10_000]
    start = time.perf_counter()
    html = markdown.to_html(note)
    assert time.perf_counter() - start < 2  # a tenth of that, on an idle machine
    assert set(re.findall(r"<(\w+)", html)) <= markdown._TAGS
