"""What writers are given: papers, what else is known of each, and what the whole is about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from papers.models import Paper

Value = str | int | None


@dataclass(frozen=True, slots=True)
class Item:
    """A paper, and what stands beside it in a shelf or a digest.

    `keywords` and `note` are whoever's the list is; `more` are further columns, by name.
    """

    paper: Paper
    keywords: Sequence[str] = ()
    note: str = ""
    more: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """Of an export: its title, the page whose twin it is, where it goes on ("" at its end).

    `columns` are the names in `Item.more`, the same for all; `is_one`: it is of one paper.
    """

    title: str
    url: str
    next_url: str = ""
    columns: Sequence[str] = ()
    is_one: bool = False


class Writer(Protocol):
    """Text in pieces, a paper at a time, so that any number can be streamed."""

    def __call__(self, items: Iterable[Item], about: About) -> Iterator[str]: ...


def abs_url(paper: Paper) -> str:
    return f"https://arxiv.org/abs/{paper.arxiv_id}"


def pdf_url(paper: Paper) -> str:
    return f"https://arxiv.org/pdf/{paper.arxiv_id}"


def first_day(paper: Paper) -> date | None:
    """Return when arXiv first had it; its listing day comes a day or some later."""
    return paper.submitted_at.date() if paper.submitted_at else paper.announced_on


def year(paper: Paper) -> str:
    """Return the year it was submitted in; an arXiv id tells it too."""
    if paper.submitted_at:
        return str(paper.submitted_at.year)
    digits = paper.arxiv_id.rpartition("/")[2][:2]
    return f"19{digits}" if digits > "90" else f"20{digits}"


def abstract(paper: Paper) -> str:
    """Return arXiv's abstract in its TeX; "" where all that is held is a summary of ours."""
    return "" if paper.abstract_is_summary else paper.abstract.strip()


def remarks(paper: Paper) -> list[str]:
    """Return what a reference has to say beside its fields: where it appeared, its withdrawal."""
    withdrawn = "Withdrawn by its authors" if paper.withdrawn else ""
    return [remark for remark in (paper.journal_ref, withdrawn) if remark]
