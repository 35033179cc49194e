import re
import threading
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers import digest_markdown
from papers.latex import MAX_SOURCE, to_html, to_text

HTML_TAGS = {"a", "code", "em", "p", "span", "strong", "sub", "sup"}
MATHML_TAGS = {"math", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow"}
MATHML_TAGS |= {"mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext"}
MATHML_TAGS |= {"mtr", "munder", "munderover", "mmultiscripts", "mprescripts"}
ALLOWED = HTML_TAGS | MATHML_TAGS
INPUT_PIECES = st.sampled_from(
    ["$", "$$", "\\(", "\\)", "\\[", "\\]", "{", "}", "\\", "~", "--", "``", "''", "\n\n", "^{"]
    + ["\\emph", "\\em ", "\\href", "\\url", "\\cite", "\\frac", "\\'", "\\begin{cases}", "\\left("]
    + ["<script>", "<img src=x onerror=a()>", "&lt;", "https://example.org/a", "javascript:a()"]
    + ["x", "word ", " ", "5", "\0", "\ufdd0", "\ufdd1", "\ufdd2", "\ud800", "é", "数"]
)


class Reader(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.words = set(), [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)


def shown(html):
    return "".join(Reader(html).words)


def test_it_works():
    source = r"An $n$-body problem in $O(n^2)$ steps, 12.5\% faster \emph{than} B\'ela's"
    assert to_html(source) == (
        'An <span class="nb"><math><mi>n</mi></math>-body</span> problem in <math><mi>O</mi>'
        '<mo stretchy="false">(</mo><msup><mi>n</mi><mn>2</mn></msup><mo stretchy="false">)</mo>'
        "</math> steps, 12.5% faster <em>than</em> Béla's"
    )
    assert to_text(source) == "An n-body problem in O(n^2) steps, 12.5% faster than Béla's"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a < b & c > d", "a < b & c > d"),
        ("x_1 and y^2 and snake_case", "x_1 and y^2 and snake_case"),
        (r"10\% \& \#1 \_ \$5 \{x\}", "10% & #1 _ $5 {x}"),
        (r"Erd\H{o}s, \c{c}a, Gro\ss e, \'{\i}, \v s, k\=oan", "Erdős, ça, Große, í, š, kōan"),
        ("pages 3--5---or ``so''", "pages 3–5—or “so”"),
        ("--> <!-- ----", "--> <!-- ----"),
        (r"See~Figure 2 at ~50 and \ie, this", "See Figure 2 at ~50 and i.e., this"),
        (r"seen by~\citet[p. 3]{lark2020}", "seen by [lark2020]"),
        (r"{BERT} in {0, 1} and {\em quick, slow}", "BERT in {0, 1} and quick, slow"),
        (r"our \mymethod{} and \mymethod{arg}", r"our \mymethod and \mymethod{arg}"),
        (r"code\footnote{Not \textbf{here}.}", "code (Not here.)"),
        (r"a rate {\alpha} \geq 3", "a rate α ≥ 3"),
        ("one  two\nthree", "one two three"),
        (r"un{balanced, \emph{never", r"un{balanced, \emph{never"),
        ("right } too", "right } too"),
        ("a trailing \\", "a trailing \\"),
    ],
)
def test_tex_in_text_becomes_readable(source, text):
    assert shown(to_html(source)).replace("\u00a0", " ") == text
    assert to_text(source) == text


@pytest.mark.parametrize(
    "source",
    [
        "costs $5 or $10",
        "from $4-5 million to US$6",
        "between US$ and A$ ok",
        "a lone $ sign",
        "$ $",
        "the $price of one and the $price of two",
    ],
)
def test_prices_stay_text(source):
    assert shown(to_html(source)) == to_text(source) == source
    assert "<math" not in to_html(source)


@pytest.mark.parametrize("source", [r"$x$", r"\(x\)", r"$$x$$", r"\[x\]", "$ x $"])
def test_every_delimiter_opens_math(source):
    assert "<mi>x</mi>" in to_html(source)
    assert to_text(source) == "x"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"$N^{1/2}\log N$", "N^(1/2) log N"),
        (r"$\mathcal{O}(n \log n)$", "O(n log n)"),
        (r"$90^{\circ}$", "90°"),
        (r"$\frac{a+b}{c}$", "(a+b)/c"),
        (r"$n\times m$", "n×m"),
        (r"$\texttt{tool}$", "tool"),
        (r"2$\times$$-$3$\times$", "2×-3×"),
        (r"It$\hat{\text{o}}$", "Itô"),
    ],
)
def test_formulas_read_in_plain_text(source, text):
    assert to_text(source) == text


def test_display_math_is_a_block_only_in_an_abstract():
    assert '<math display="block">' in to_html(r"\[x\]", block=True)
    assert "display" not in to_html(r"\[x\]")


def test_what_cannot_be_set_stays_tex():
    for tex in (r"\nosuchthing{x}", "x" * 1_001, r"\newcommand{\a}{\a\a}\a", r"\hspace{99em}x"):
        assert to_html(f"${tex}$") == f'<code class="tex">{tex}</code>'


def test_a_long_formula_scrolls_by_itself():
    tex = r"\sum_{i=1}^{n} x_i + \sum_{j=1}^{m} y_j"
    assert to_html(f"a ${tex}$ b").startswith('a <span class="wide"><math>')


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("an $n$-Fold b", "n-Fold"),
        ("a GPT-$3$? b", "GPT-3?"),
        ("a ($n$), b", "(n),"),
        ("of $a$/$b$ b", "a/b"),
    ],
)
def test_what_is_glued_to_a_formula_stays_with_it(source, kept):
    found = re.search(r'<span class="nb">(.*)</span>', to_html(source))
    assert found is not None
    assert shown(found[1]) == kept


def test_a_formula_alone_is_not_wrapped():
    assert "<span" not in to_html("a $n$ b")


def test_blank_lines_part_paragraphs_in_an_abstract_only():
    source = "one\ntwo\n \n\nthree"
    assert to_html(source, block=True) == "<p>one two</p><p>three</p>"
    assert to_html(source) == to_text(source) == "one two three"
    assert to_html(" \n\n ", block=True) == to_html("") == to_text("") == ""


def test_urls_are_links_in_an_abstract_only():
    source = r"See (https://example.org/~a/b_c?d=1&e=2). Or \url{https://example.org/f\_g}."
    html = to_html(source, block=True)
    assert '(<a href="https://example.org/~a/b_c?d=1&amp;e=2" rel="nofollow noopener">' in html
    assert "https://example.org/f_g</a>.</p>" in html
    assert "<a" not in to_html(source)


def test_a_named_link_keeps_its_name():
    source = r"\href{https://example.org/}{our \emph{page} https://example.org/x}"
    html = to_html(source, block=True)
    assert html.count("<a ") == 1
    assert shown(html) == to_text(source) == "our page https://example.org/x"


@pytest.mark.parametrize(
    "source",
    [
        r"\href{javascript:alert(1)}{x}",
        r"$\href{javascript:alert(1)}{x}$",
        r"\url{javascript:alert(1)}",
        r"\href{https://e.org/" + '" onclick="a()' + "}{x}",
        "<img src=x onerror=alert(1)>",
        "$<img src=x onerror=alert(1)>$",
        r"$\text{<script>alert(1)</script>}$",
        "<script>alert(1)</script>",
        r"\emph{<b onclick=a()>}",
        r"$\color{red}\style{position:fixed}{x}$",
        r"$\class{x}{y}\eqref{z}$",
    ],
)
def test_nothing_dangerous_gets_through(source):
    reader = Reader(to_html(source, block=True))
    assert reader.tags <= ALLOWED
    for name, value in reader.attributes:
        assert not name.startswith("on")
        assert name != "style"
        assert name != "href" or value.startswith(("https://", "http://"))


HOSTILE = {
    "a megabyte of dollars": "$" * 1_000_000,
    "dollars": "$" * MAX_SOURCE,
    "unclosed math": "$a" * (MAX_SOURCE // 2),
    "unclosed brackets": r"\(" * (MAX_SOURCE // 2),
    "deep braces": "{" * 5_000 + "x" + "}" * 5_000,
    "deep math": "$" + "{" * 5_000 + "x" + "}" * 5_000 + "$",
    "deep math within the cap": "$" + "{" * 499 + "x" + "}" * 499 + "$",
    "deep roots": "$" + r"\sqrt" * 199 + "x$",
    "deep scripts": "$" + "x^{" * 99 + "y" + "}" * 99 + "$",
    "deep emphasis": r"\emph{" * 5_000 + "x" + "}" * 5_000,
    "switches without end": r"\em " * 10_000,
    "deep links": r"\href{https://a.org}{" * 2_000 + "x" + "}" * 2_000,
    "deep powers": "^{" * 15_000 + "x" + "}" * 15_000,
    "sets": "{" + "," * 40_000 + "{}",
    "blanks in braces": "{" + " " * 40_000,
    "one long word": "$" + "a" * 40_000 + "$",
    "closing brackets": "https://a.org" + ")" * 40_000,
    "citations": r"\cite[" * 8_000,
    "lines": "\n " * 25_000,
    "backslashes": "\\" * MAX_SOURCE,
    "glue": "a-$n$-" * 8_000,
    "different formulas": "".join(rf"$\alpha_{{{n}}}$ " for n in range(1_000)),
    "less-than signs": "<" * MAX_SOURCE,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_costs_a_bounded_time(name):
    source = HOSTILE[name]
    started = time.monotonic()
    # In a thread, whose stack is the smaller one.
    threads = [threading.Thread(target=read, args=(source,)) for read in (to_html, to_text)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - started < 10
    assert Reader(to_html(source, block=True)).tags <= ALLOWED


def test_beyond_the_cap_the_text_is_cut_and_not_read():
    source = "$x$ " * MAX_SOURCE
    assert to_html(source).startswith("$x$ $x$")
    assert len(to_html(source)) <= MAX_SOURCE + 1
    assert to_text(source).endswith("…")


def test_threads_agree():
    sources = [rf"$\frac{{{n}}}{{b}}$ and $\mathbb{{R}}^{{{n}+1}}$" for n in range(50)]
    found = []

    def read():
        found.append([(to_html(source), to_text(source)) for source in sources])

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(result == found[0] for result in found)


@given(st.one_of(st.text(), st.lists(INPUT_PIECES, max_size=30).map("".join)))
def test_any_text_is_safe_and_renders_the_same_twice(source):
    for block in (False, True):
        html = to_html(source, block=block)
        reader = Reader(html)
        assert reader.tags <= ALLOWED - (set() if block else {"a", "p"})
        assert "<script" not in html
        assert not any(name == "style" or name.startswith("on") for name, _ in reader.attributes)
        assert html == to_html(source, block=block)
    text = to_text(source)
    assert text == " ".join(text.split()) == to_text(source)


@given(st.text(alphabet="abc def {}$.,", max_size=60))
def test_no_letter_is_lost(source):
    letters = [character for character in source if character.isalpha()]
    assert [c for c in shown(to_html(source)) if c.isalpha()] == letters
    assert [c for c in to_text(source) if c.isalpha()] == letters


@pytest.mark.data
def test_the_real_posts_lose_no_word_and_cost_little(posts_dir):
    posts = [digest_markdown.decode(path.read_bytes()) for path in sorted(posts_dir.glob("*.md"))]
    entries = [entry for post in posts for entry in digest_markdown.parse(post).entries]
    sources = [text for entry in entries for text in (entry.title, entry.abstract)]
    started = time.monotonic()
    rendered = [(to_html(source, block=True), to_text(source)) for source in sources]
    assert time.monotonic() - started < 10
    for source, (html, text) in zip(sources, rendered, strict=True):
        page = shown(html)
        prose = re.sub(r"\$[^$]*\$|\\[A-Za-z]+|\\.\{?.", " ", source)
        for word in re.findall(r"(?<![^\s(])[A-Za-z]{3,}(?=[\s,.;)])", prose):
            assert word in page
            assert word in text
