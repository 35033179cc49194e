"""Names, taken apart."""

import pytest

from papers.exports.names import Name, split


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lark", ("Lark", "Ada", "", "")),
        ("Ada B. Lark", ("Lark", "Ada B.", "", "")),
        ("Laurens J. van der Maaten", ("Maaten", "Laurens J.", "van der", "")),
        ("Martin Luther King, Jr.", ("King", "Martin Luther", "", "Jr.")),
        ("Donald J. Hejna III", ("Hejna", "Donald J.", "", "III")),
        ("יעל כהן", ("כהן", "יעל", "", "")),
        ("de Gennes", ("Gennes", "de", "", "")),
        ("bell hooks", ("hooks", "bell", "", "")),
    ],
)
def test_it_works(name: str, parts: tuple[str, str, str, str]) -> None:
    found = split(name)
    assert (found.family, found.given, found.particle, found.suffix) == parts


@pytest.mark.parametrize(
    "name",
    [
        "Plato",
        "",
        "ATLAS Collaboration",
        "A and B",
        "Xu, the Elder",
        "山田 太郎",
        "김 철수",
        "OpenAI Team",
    ],
)
def test_what_cannot_be_told_apart_stays_whole(name: str) -> None:
    assert split(name) == Name(name)
