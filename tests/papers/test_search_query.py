"""What a query means, read into a tree; what is a mistake, and what is only text."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.search.highlight import Highlight
from papers.search.query import (
    MAX_LENGTH,
    NOTHING,
    And,
    Filter,
    Node,
    Not,
    Or,
    QueryError,
    Words,
    parse,
    words_side_by_side,
)
from papers.words import forms, words


def w(*row: str, field: str = "", begun: bool = False, exact: bool = False) -> Words:
    return Words(field, row, is_beginning=begun, is_exact=exact)


A, B, C = w("a"), w("b"), w("c")


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a and b", And((A, w("and"), B))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("a -b", And((A, Not(B)))),
        ("a NOT b", And((A, Not(B)))),
        ("-(a b)", Not(And((A, B)))),
        ("NOT -a", Not(A)),
        ('"a b"', w("a", "b", exact=True)),
        ("“a b”", w("a", "b", exact=True)),
        ("a-b", w("a", "b")),
        ("ab*", w("ab", begun=True)),
        ("a*", A),
        ("*a", A),
        ('title:"a b"', w("a", "b", field="title", exact=True)),
        ("Author:a*b", w("a", "b", field="author")),
        ("O(n)", w("o", "n")),
        ("(O(n) a)", And((w("o", "n"), A))),
        ("a) b", And((A, B))),
        ("a - b", And((A, B))),
        ("GPT-4", w("gpt", "4")),
        ("C*-algebra", w("c", "algebra")),
        ("BERT: a", And((w("bert"), A))),
        ("Re:Zero", w("re", "zero")),
        ("http://a.b/c", w("http", "a", "b", "c")),
        ('Schr\\"odinger', w("schrodinger")),
        ("arXiv:2106.05237v3", Filter("id", "2106.05237")),
        ("https://arxiv.org/pdf/hep-th/9901001", Filter("id", "hep-th/9901001")),
        ("cat:cs.*", Filter("cat", "cs.*")),
        ("from:@Ada", Filter("from", "ada")),
        ("network:X", Filter("network", "x")),
        ("since:2021-06", Filter("since", date(2021, 6, 1))),
        ("until:2024-2", Filter("until", date(2024, 2, 29))),
        ("until:2021", Filter("until", date(2021, 12, 31))),
        ("score:>=1,000", Filter("score", ("gte", 1000))),
        ("is:withdrawn", Filter("is", "withdrawn")),
        *((nothing, NOTHING) for nothing in ("", " ", "-", "?!", "()", '""', "AND", "( - )")),
    ],
)
def test_it_works(typed: str, tree: Node) -> None:
    assert parse(typed) == tree


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('deep "learning', "quotation mark at character 6"),
        ("(a (b)", "parenthesis at character 1"),
        ("OR a", "OR at character 1"),
        ("a OR", "OR at character 3"),
        ("a OR OR b", "OR at character"),
        ("title:", "“title:” at character 1 has nothing behind it"),
        ("cat: cs.LG", "cat:cs.LG"),
        ("category:cs.LG", "Did you mean cat:cs.LG?"),
        ("a autor:lark", "(character 3). Did you mean author:lark?"),
        ("since:2021-02-30", "“since:2021-02-30” is no day"),
        ("until:0000", "is no day"),
        ("since:٢٠٢١", "is no day"),
        ("score:many", "is no number"),
        ("score:>" + "9" * 30, "is no number"),
        ("cat:' OR 1=1", "is no arXiv category"),
        ("id:99", "is no arXiv id"),
        ("id:%*", "is no arXiv id"),
        ("network:fax", "no network “fax”"),
        ("is:odd", "“is:odd” is unknown"),
        ("(" * 7 + "a" + ")" * 7, "parentheses in each other"),
        ("a " * 31, "More than 30 words"),
        ("a" * (MAX_LENGTH + 1), "longer than 300"),
        ("a\x00b", "NUL"),
    ],
)
def test_a_mistake_is_one_sentence_that_says_what_and_where(typed: str, said: str) -> None:
    with pytest.raises(QueryError) as told:
        parse(typed)
    assert said in str(told.value)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from('ab "()-:*\\ORNTtile\u0301αあ'), max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        parse(typed)
    except QueryError as error:
        assert str(error)  # noqa: PT017 — either may happen


def test_muted_words_are_text() -> None:
    assert words_side_by_side('title:a "b" OR') == w("title", "a", "b", "or")
    assert words_side_by_side("barn*") == w("barn", begun=True)
    assert words_side_by_side("?") == NOTHING


@pytest.mark.parametrize(
    ("word", "other"),
    [
        *(("network", "networks"), ("networks", "network"), ("study", "studies")),
        *(("studies", "study"), ("class", "classes"), ("classes", "class"), ("gpus", "gpu")),
    ],
)
def test_a_word_has_a_singular_and_a_plural(word: str, other: str) -> None:
    assert forms(word) == (word, other)


@pytest.mark.parametrize("word", ["analysis", "consensus", "h2o", "is", "学"])
def test_what_has_no_other_form_stays_alone(word: str) -> None:
    assert forms(word) == (word,)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Łukasz’s ÉCOLE", ["lukasz", "s", "ecole"]),
        (r"$\beta$-VAE, $\ell_2$ and $x^{10}$", ["beta", "vae", "l2", "and", "x10"]),
        ("αβ Παπαδόπουλος", ["alpha", "beta", "παπαδοπουλοσ"]),
        ("深層 ガ", ["深", "層", "カ"]),
        ("it_all 2.5%", ["it", "all", "2", "5"]),
        ("a" * 99, ["a" * 60]),
    ],
)
def test_words(text: str, read: list[str]) -> None:
    assert words(text) == read


# Where they stand ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "html", "marked"),
    [
        ("deep", "On <em>Deep</em> nets", "On <em><mark>Deep</mark></em> nets"),
        ("net", "Nets &amp; <a href='net'>x</a>", "<mark>Nets</mark> &amp; <a href='net'>x</a>"),
        ("x", "<math><mi>x</mi></math> x", "<math><mi>x</mi></math> <mark>x</mark>"),
        ("lt amp", "&lt;amp&gt;", "&lt;<mark>amp</mark>&gt;"),
        ('"deep nets"', "deep nets, deep", "<mark>deep nets</mark>, deep"),
        ("self-attention", "Self-Attention", "<mark>Self-Attention</mark>"),
        ("trans*", "A Transformer", "A <mark>Transformer</mark>"),
        ("-deep nets OR zoe", "deep nets Zoë", "deep <mark>nets</mark> <mark>Zoë</mark>"),
        ("author:deep", "deep", "deep"),
        ("title:deep", "deep", "<mark>deep</mark>"),
        ("cat:cs.LG", "cs.LG", "cs.LG"),
        ("alpha", "α-Sheets", "<mark>α</mark>-Sheets"),
    ],
)
def test_matches_are_marked_in_text_alone(typed: str, html: str, marked: str) -> None:
    assert Highlight.of(parse(typed)).in_html(html, "title") == marked


def test_a_snippet_begins_shortly_before_the_first_match() -> None:
    highlight = Highlight.of(parse("needle"))
    text = "hay " * 100 + "needle " + "straw " * 100
    snippet = highlight.snippet(text, "abstract")
    assert ("needle", True) in snippet
    whole = "".join(piece for piece, _ in snippet)
    assert whole.startswith("… hay")
    assert whole.endswith("straw …")
    assert len(whole) < 230
    assert highlight.snippet("hay", "abstract") == []
    assert highlight.snippet("A needle.", "abstract")[1] == ("needle", True)
