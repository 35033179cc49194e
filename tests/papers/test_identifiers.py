import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.identifiers import canonical, find, split_version


def test_it_works():
    text = "Read https://arxiv.org/abs/2106.05237v2, then arXiv:hep-th/9901001."
    assert find(text) == ["2106.05237", "hep-th/9901001"]


@pytest.mark.parametrize(
    "text",
    [
        "https://arxiv.org/abs/2106.05237",
        "http://www.arxiv.org/abs/2106.05237v1",
        "arxiv.org/pdf/2106.05237",
        "https://arxiv.org/pdf/2106.05237v2.pdf#page=3",
        "https://arxiv.org/html/2106.05237v1#S3.F1",
        "https://arxiv.org/format/2106.05237",
        "https://arxiv.org/e-print/2106.05237",
        "https://arxiv.org/src/2106.05237",
        "https://arxiv.org/ps/2106.05237",
        "https://arxiv.org/abs/2106.05237?context=cs.LG&utm_source=x",
        "https://arxiv.org/abs/arXiv:2106.05237",
        "https://export.arxiv.org/abs/2106.05237",
        "https://browse.arxiv.org/pdf/2106.05237.pdf",
        "https://lanl.arxiv.org/abs/2106.05237",
        "http://xxx.lanl.gov/abs/2106.05237",
        "https://ar5iv.org/abs/2106.05237",
        "https://ar5iv.labs.arxiv.org/html/2106.05237",
        "https://www.alphaxiv.org/abs/2106.05237",
        "https://huggingface.co/papers/2106.05237",
        "https://scirate.com/arxiv/2106.05237",
        "https://doi.org/10.48550/arXiv.2106.05237",
        "10.48550/ARXIV.2106.05237",
        "https://doi.org/10.48550%2FarXiv.2106.05237",
        "https://example.org/out?to=https%3A%2F%2Farxiv.org%2Fabs%2F2106.05237&from=feed",
        "HTTPS://ARXIV.ORG/ABS/2106.05237V3",
        "(see arXiv:2106.05237).",
        "arXiv: 2106.05237",
        "arXiv 2106.05237",
        "oai:arXiv.org:2106.05237v1",
        "arXiv:2106.05237v2 [cs.CV] 10 Jun 2021",
        "新しい論文 https://arxiv.org/abs/2106.05237です",
        "<https://arxiv.org/abs/2106.05237>",
        "https://arxiv.org/abs/2106.05237…",
    ],
)
def test_every_form_that_names_a_paper_is_found(text):
    assert find(text) == ["2106.05237"]
    assert canonical(text) == "2106.05237"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("arXiv:hep-th/9901001v2", "hep-th/9901001"),
        ("[hep-th/9901001]", "hep-th/9901001"),
        ("https://arxiv.org/pdf/math.GT/0211159v1.pdf", "math/0211159"),
        ("math.GT/0211159", "math/0211159"),
        ("cond-mat.str-el/0211159", "cond-mat/0211159"),
        ("MATH-PH/0211159", "math-ph/0211159"),
        ("https://arxiv.org/abs/quant-ph%2F9508027", "quant-ph/9508027"),
        ("10.48550/arXiv.cs/0703041", "cs/0703041"),
    ],
)
def test_old_ids_have_one_spelling(text, expected):
    assert find(text) == [expected]
    assert canonical(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "on 2021.06.10 and 10.06.2021",
        "call 2106.05237 or 555-2106.05237",
        "it costs 2106.05237 crowns",
        "https://example.org/2106.05237",
        "https://notarxiv.org/abs/2106.05237",
        "https://arxiv.org.example.org/abs/2106.05237",
        "https://arxiv.org/list/cs.CL/recent",
        "https://arxiv.org/list/math/0211159",
        "https://example.org/math/0211159",
        "arXiv:2113.05237",
        "arXiv:2100.05237",
        "arXiv:0703.1234",
        "arXiv:1501.0001",
        "arXiv:1412.12345",
        "arXiv:2106.00000",
        "arXiv:2106.052371",
        "arXiv:2106.05237.1",
        "arXiv:2106.05237x",
        "arXiv:2106.05237v0",
        "arXiv:12106.05237",
        "hep-th/9913001",
        "hep-th/0704001",
        "hep-th/9106001",
        "hep-th/9901000",
        "made-up/9901001",
        "https://arxiv.org/abs/٢١٠٦.٠٥٢٣٧",
    ],
)
def test_what_is_no_id_is_not_found(text):
    assert find(text) == []


def test_five_digits_begin_in_2015():
    assert find("arXiv:1412.9999 arXiv:1501.00001") == ["1412.9999", "1501.00001"]


def test_each_id_once_in_order_of_appearance():
    text = "arXiv:2106.05237 arXiv:2006.16668v2 https://arxiv.org/pdf/2106.05237v3"
    assert find(text) == ["2106.05237", "2006.16668"]


@pytest.mark.parametrize("raw", ["2106.05237", " 2106.05237v2\n", "2106.05237.pdf", "(2106.05237)"])
def test_a_bare_number_is_an_id_where_one_was_asked_for(raw):
    assert canonical(raw) == "2106.05237"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "paper",
        "2113.05237",
        "1501.0001",
        "costs 2106.05237",
        "arXiv:2106.05237 arXiv:2006.16668",
    ],
)
def test_what_is_not_one_id_is_none(raw):
    assert canonical(raw) is None
    assert split_version(raw) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2106.05237", ("2106.05237", None)),
        ("2106.05237v12", ("2106.05237", 12)),
        ("https://arxiv.org/pdf/2106.05237v2.pdf", ("2106.05237", 2)),
        ("2106.05237v2 [cs.CV]", ("2106.05237", 2)),
        ("math.GT/0211159v1", ("math/0211159", 1)),
    ],
)
def test_the_version_is_told_apart(raw, expected):
    assert split_version(raw) == expected


@given(
    year=st.integers(15, 99),
    month=st.integers(1, 12),
    number=st.integers(1, 99_999),
    version=st.none() | st.integers(1, 99),
)
def test_every_id_since_2015_is_found_whole(year, month, number, version):
    identifier = f"{year:02}{month:02}.{number:05}"
    printed = identifier + (f"v{version}" if version else "")
    assert split_version(printed) == (identifier, version)
    assert find(f"“https://arxiv.org/abs/{printed}”") == [identifier]


@given(st.text())
def test_what_is_found_is_canonical_already(text):
    assert all(canonical(identifier) == identifier for identifier in find(f"arXiv:{text}"))


@pytest.mark.parametrize(
    "piece",
    [
        " ",
        "arxiv",
        "arxiv:  ",
        "arxiv.org/abs/",
        "2106.05237 ",
        "arXiv:2106.0523",
        "%2f",
        "hep-th/",
    ],
)
def test_a_hostile_megabyte_takes_linear_time(piece):
    text = (piece * 1_000_000)[:1_000_000]
    started = time.perf_counter()
    assert find(text) == []
    assert time.perf_counter() - started < 5
