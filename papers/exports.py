r"""Papers as others' programs read them: BibTeX and CSV.

Pure: papers in, lines out, one paper at a time, so that any number can be streamed. Knows neither
pages nor readers; what a reader adds to a paper is handed in.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from papers import latex
from papers.models import Paper
from papers.models.catalogue import fold

Words = Mapping[str, str]

_MATH = re.compile(r"\$\$[^$]+\$\$|\$(?:[^$\\]|\\.)+\$|\\\((?:[^\\]|\\[^()])+\\\)", re.DOTALL)
_PIECE = re.compile(r"[^\W_]+|[\\{}%&#_$~^\ue000]")
_SPECIAL = {
    # A brace with a backslash before it is still a brace to BibTeX, which counts them.
    **{"{": r"\textbraceleft{}", "}": r"\textbraceright{}", "\\": r"\textbackslash{}"},
    **{"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"},
    **{sign: f"\\{sign}" for sign in "%&#_$"},
}
_LITTLE = {"a", "an", "the", "on", "of", "in", "for", "to", "and", "with", "from", "by", "at"}
_WHOLE = re.compile(r",|\b(?:and|collaboration|consortium|team)\b", re.IGNORECASE)
_FORMULA = "\ue000"  # stands where a formula stood while the rest is made plain text
_RISKY = ("=", "+", "-", "@", "\t", "\r")  # what a cell begins with that may be a formula


# BibTeX ------------------------------------------------------------------------------------------


def bibtex(papers: Iterable[tuple[Paper, Words]]) -> Iterator[str]:
    """Yield an entry a paper, with more fields of plain text; keys are unique among them."""
    taken: set[str] = set()
    for paper, more in papers:
        key = _key(paper)
        if key in taken:
            key += "-" + paper.arxiv_id.replace("/", "-")
        taken.add(key)
        yield _entry(key, paper, more)


def _entry(key: str, paper: Paper, more: Words) -> str:
    fields = {
        "title": tex(paper.title),
        "author": " and ".join(map(_name, paper.author_names)),
        "year": _year(paper),
        "eprint": paper.arxiv_id,
        "archivePrefix": "arXiv",
        "primaryClass": paper.category_codes[0] if paper.category_codes else "",
        "doi": _verbatim(paper.doi),
        "url": f"https://arxiv.org/abs/{paper.arxiv_id}",
        "note": tex(paper.journal_ref),
        **{name: _plain(text) for name, text in more.items()},
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
    plain = _plain(name)
    whole = "," in name or re.search(
        r"\b(and|collaboration|consortium|team)\b", name, re.IGNORECASE
    )
    return f"{{{plain}}}" if whole else plain


def _key(paper: Paper) -> str:
    """Return "beyer2021knowledge": the first author's last name, the year, a word of the title."""
    last = fold(paper.author_names[0]).split()[-1:] if paper.author_names else []
    words = re.findall(r"[a-z0-9]+", fold(paper.title_text))
    word = next((word for word in words if word not in _LITTLE), "")
    return re.sub(r"[^a-z0-9]", "", "".join(last)) + _year(paper) + word


def _year(paper: Paper) -> str:
    """Return when it was first submitted; an arXiv id tells the year too."""
    if paper.submitted_at:
        return str(paper.submitted_at.year)
    digits = paper.arxiv_id.rpartition("/")[2][:2]
    return f"19{digits}" if digits > "90" else f"20{digits}"


# CSV ---------------------------------------------------------------------------------------------

COLUMNS = ("arxiv_id", "title", "authors", "categories", "listed", "doi", "journal_ref", "url")


class _Echo:
    """A file that gives back what is written to it: csv writes, we stream."""

    def write(self, line: str) -> str:
        return line


def table(papers: Iterable[tuple[Paper, Words]], more: Sequence[str] = ()) -> Iterator[str]:
    """Yield a head, then a line a paper, with the columns `more`.

    It begins with a byte order mark, without which spreadsheets misread UTF-8.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([*COLUMNS, *more])
    for paper, words in papers:
        cells = [
            paper.arxiv_id,
            paper.title_text,
            "; ".join(paper.author_names),
            " ".join(paper.category_codes),
            paper.announced_on.isoformat() if paper.announced_on else "",
            paper.doi,
            paper.journal_ref,
            f"https://arxiv.org/abs/{paper.arxiv_id}",
        ]
        yield writer.writerow(map(_cell, [*cells, *(words[name] for name in more)]))


def _cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_RISKY) else text
