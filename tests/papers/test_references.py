"""What is found in lists of references, as programs and people write them."""

import contextlib
import random
import time

import pytest

from papers.references import MOST_BYTES, MOST_PAPERS, Unknown, Unreadable, read

LIMIT = 5  # seconds in which anything is answered
FOUND = ["2106.05237", "hep-th/9901001"]

BIBTEX = r"""
@comment{jabref-meta: arXiv:2106.00099}
@string{jmlr = "Journal of Machine Learning Research"}
@misc{beyer2021knowledge,
      title={Knowledge distillation: A good teacher is patient},
      author={Lucas Beyer and Xiaohua Zhai},
      year={2021},
      eprint={2106.05237},
      archivePrefix={arXiv},
      primaryClass={cs.CV},
      abstract={As in arXiv:1503.02531, we distil.}
}

@article{old, title = "An old one", eprint = "hep-th/9901001", year = 1999}

@article{vaswani,
  title={Attention},
  journal={arXiv preprint arXiv:1706.03762v5},
}
@ARTICLE(round,
  Doi = {10.48550/arXiv.2005.14165},
)
@book{knuth, title = {The Art of {Computer} Programming, Volume 1}, eprint = {12345}}
@misc{broken, title = {No end, url = {https://arxiv.org/pdf/2010.11929.pdf}
@misc{next, note = {ArXiv: 1810.04805}}
"""

RIS = """TY  - JOUR
TI  - Knowledge distillation
AU  - Beyer, Lucas
UR  - https://arxiv.org/abs/2106.05237v2
AB  - As in arXiv:1503.02531, we distil.
ER  -

TY  - BOOK
TI  - The Art of Computer Programming
ER  -

TY  - GEN
M1  - arXiv:hep-th/9901001
ER  -
"""

CSV = """title,url,abstract,state
"Knowledge distillation, patient",http://arxiv.org/abs/2106.05237,arXiv:1503.02531,done
The Art of Computer Programming,,,
"An old
one",https://arxiv.org/abs/hep-th/9901001,,
"""

LINES = """[0] My list

2106.05237v1, and https://arxiv.org/abs/2106.05237
hep-th/9901001 is an old one
10.1038/nature14539
"""


def test_it_works() -> None:
    found = read(BIBTEX.encode())
    assert list(found.states) == [
        *FOUND,
        *("1706.03762", "2005.14165", "2010.11929", "1810.04805"),
    ]
    assert found.unknown == [Unknown(23, "The Art of {Computer} Programming, Volume 1")]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        (RIS, [Unknown(8, "The Art of Computer Programming")]),
        (CSV, [Unknown(3, "The Art of Computer Programming")]),
        (CSV.replace(",", ";"), [Unknown(3, "The Art of Computer Programming")]),
        (LINES, [Unknown(1, "[0] My list"), Unknown(5, "10.1038/nature14539")]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_other_forms(text: str, unknown: list[Unknown], encoding: str, newline: str) -> None:
    found = read(text.replace("\n", newline).encode(encoding))
    assert list(found.states) == FOUND
    assert found.unknown == unknown


def test_a_state_is_told_by_a_table_alone() -> None:
    assert list(read(CSV.encode()).states.values()) == ["done", ""]
    text = '{"saved": [{"paper": "2106.05237", "state": "reading", "title": "x"}], "seen": []}'
    assert read(text.encode()).states == {"2106.05237": "reading"}


def test_accents_of_old_files_are_no_reason_to_refuse() -> None:
    found = read("@misc{a, author={Amélie}, eprint={2106.05237}}".encode("latin-1"))
    assert list(found.states) == ["2106.05237"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "nothing in it"),
        (b" \n\t\n", "nothing in it"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no text"),
        (bytes(range(256)) * 100, "no text"),
        ("2106.05237".encode("utf-16-le"), "no text"),
        (b"\xff\xfe2", "no text"),
        (b"x" * (MOST_BYTES + 1), "larger than 2 MB"),
        (b'{"a": 1}', "JSON"),
        (b'{"a":' * 300_000, "JSON"),
        (b'{"saved": [1]}', "JSON"),
        (b"\n".join(b"21%02d.%05d" % (n % 12 + 1, n + 1) for n in range(MOST_PAPERS + 1)), "5,000"),
        (b"@misc{a, title={b}}\n" * 20_001, "20,000 entries"),
    ],
    ids=range(12),
)
def test_what_is_no_list_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(data)


PIECES = ["x", "1", " ", "\n", " \n", "@", "@a{", "@a{\n", "{", '"', '"\n', ",", ",a=", "a=", "%2f"]
PIECES += ["arxiv ", "arxiv:", "arxiv.org/abs/", "10.48550/arxiv.", "hep-th/", "2106.", "title\t"]
PIECES += ["2106.00001 ", "TY  - x\n", "UR  - x\n", "title,url\n", "\\def\\a{\\a\\a}", "é", "\t"]


@pytest.mark.parametrize("start", ["", "@misc{a, ", "TY  - GEN\n", 'title,url\n"', "title,url\n"])
@pytest.mark.parametrize("piece", PIECES)
def test_nothing_takes_long(start: str, piece: str) -> None:
    data = (start + piece * (1_000_000 // len(piece.encode())))[:MOST_BYTES].encode()[:MOST_BYTES]
    begin = time.process_time()
    with contextlib.suppress(Unreadable):
        read(data)
    assert time.process_time() - begin < LIMIT


def test_noise_never_breaks_it() -> None:
    noise = random.Random(5)
    for _ in range(300):
        text = "".join(noise.choice(PIECES) for _ in range(noise.randrange(60)))
        try:
            found = read(text.encode())
        except Unreadable:
            continue
        assert found.states or found.unknown
