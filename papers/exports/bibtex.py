"""Papers as BibTeX: the fields that arXiv's own entries have, and no text that breaks a file."""

import re
from collections.abc import Iterable, Iterator

from papers import latex
from papers.exports import item as told
from papers.exports import names
from papers.exports.item import About, Item
from papers.models import Paper
from papers.models.catalogue import fold

_MATH = re.compile(r"\$\$[^$]+\$\$|\$(?:[^$\\]|\\.)+\$|\\\((?:[^\\]|\\[^()])+\\\)", re.DOTALL)
_PIECE = re.compile(r"[^\W_]+|[\\{}%&#_$~^\ue000]")
_SPECIAL = {
    # A brace with a backslash before it is still a brace to BibTeX, which counts them.
    **{"{": r"\textbraceleft{}", "}": r"\textbraceright{}", "\\": r"\textbackslash{}"},
    **{"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"},
    **{sign: f"\\{sign}" for sign in "%&#_$"},
}
_LITTLE = {"a", "an", "the", "on", "of", "in", "for", "to", "and", "with", "from", "by", "at"}
_FORMULA = "\ue000"  # stands where a formula stood while the rest is made plain text


def write(items: Iterable[Item], about: About) -> Iterator[str]:
    """Yield an entry a paper; where two have the same key, the later one's gets its arXiv id."""
    taken: set[str] = set()
    for item in items:
        key = _key(item.paper)
        if key in taken:
            key += "-" + item.paper.arxiv_id.replace("/", "-")
        taken.add(key)
        yield _entry(key, item)


def _entry(key: str, item: Item) -> str:
    paper = item.paper
    fields = {
        "title": tex(paper.title),
        "author": " and ".join(map(_name, paper.author_names)),
        "year": told.year(paper),
        "eprint": paper.arxiv_id,
        "archivePrefix": "arXiv",
        "primaryClass": paper.category_codes[0] if paper.category_codes else "",
        "doi": _verbatim(paper.doi),
        "url": told.abs_url(paper),
        "note": "; ".join(map(tex, told.remarks(paper))),
        "keywords": ", ".join(map(_plain, item.keywords)),
        "annote": _plain(item.note),
    }
    lines = (f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{key},\n{''.join(lines)}}}\n\n"


def tex(text: str) -> str:
    """Return other people's TeX for a field: formulas as they stand, all else as plain text.

    Words with capitals are braced, since styles make small letters of them.
    """
    formulas: list[str] = []

    def keep(match: re.Match[str]) -> str:
        if not _is_balanced(match[0]):
            return match[0]
        formulas.append(re.sub(r"(?<!\\)[%#]", r"\\\g<0>", match[0]))
        return _FORMULA

    plain = latex.to_text(_MATH.sub(keep, text.replace(_FORMULA, "")))
    if plain.count(_FORMULA) != len(formulas):  # one stood where text is left out
        plain, formulas = latex.to_text(text), []
    left = iter(formulas)
    return _PIECE.sub(lambda m: next(left) if m[0] == _FORMULA else _braced(m[0]), plain)


def _braced(piece: str) -> str:
    if piece in _SPECIAL:
        return _SPECIAL[piece]
    return f"{{{piece}}}" if piece != piece.lower() else piece


def _plain(text: str) -> str:
    return re.sub(r"[\\{}%&#_$~^]", lambda match: _SPECIAL[match[0]], text)


def _verbatim(text: str) -> str:
    """Return what programs read letter by letter: no escapes, and no brace that would end it."""
    return re.sub(r"[{}\s]", "", text)


def _is_balanced(formula: str) -> bool:
    depth = 0
    for sign in re.findall(r"[{}]", formula):
        depth += 1 if sign == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _name(name: str) -> str:
    """Return a name; braced where BibTeX would take it apart: "Xu, the Elder", "A and B"."""
    found = names.split(name)
    if found.suffix and found.family:
        return _plain(f"{found.surname}, {found.suffix}, {found.given}")
    return _plain(found.whole) if found.family else _whole(found.whole)


def _whole(name: str) -> str:
    return f"{{{_plain(name)}}}" if " " in name or "," in name else _plain(name)


def _key(paper: Paper) -> str:
    """Return "beyer2021knowledge": the first author's last name, the year, a word of the title."""
    last = fold(paper.author_names[0]).split()[-1:] if paper.author_names else []
    words = re.findall(r"[a-z0-9]+", fold(paper.title_text))
    word = next((word for word in words if word not in _LITTLE), "")
    return re.sub(r"[^a-z0-9]", "", "".join(last)) + told.year(paper) + word
