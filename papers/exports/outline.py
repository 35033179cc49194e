"""Papers as a list in Markdown, to be read or pasted into notes."""

import re
from collections.abc import Iterable, Iterator

from django.conf import settings

from papers import latex
from papers.exports import item as told
from papers.exports.item import About, Item

NAMES = 6  # of the authors; the others are counted
# What means something anywhere, then what does at the beginning of a line.
_MARKUP = re.compile(r"[\\`*_\[\]<~$]|&(?=#?\w+;)|^[-+=#>]|^\d+(?=[.)])")


def write(items: Iterable[Item], about: About) -> Iterator[str]:
    """Yield a heading, then a numbered paper at a time, one alone without; TeX as plain text."""
    if about.is_one:
        yield from ("\n\n".join(_paragraphs(item, "")) + "\n" for item in items)
        return
    yield f"# {escaped(about.title)}\n\n"
    yield f"From [Hot Papers]({about.url}).\n\n"
    for number, item in enumerate(items, start=1):
        mark = f"{number}. "
        indent = " " * len(mark)  # by it a paragraph belongs to its number
        yield mark + f"\n\n{indent}".join(_paragraphs(item, indent)) + "\n\n"
    if about.next_url:
        yield f"[The papers after these]({about.next_url})\n"


def _paragraphs(item: Item, indent: str) -> Iterator[str]:
    paper = item.paper
    title = escaped(paper.title_text) or paper.arxiv_id
    # A backslash at the end of a line breaks it.
    yield f"**[{title}]({settings.SITE_URL}{paper.get_absolute_url()})**\\\n{indent}{_facts(item)}"
    if paper.withdrawn:
        yield "Withdrawn by its authors."
    if abstract := told.abstract(paper):
        yield escaped(latex.to_text(abstract))
    if item.note:
        yield f"\n{indent}".join(f"> {line}".rstrip() for line in item.note.splitlines())


def _facts(item: Item) -> str:
    paper = item.paper
    shown, rest = paper.author_names[:NAMES], len(paper.author_names) - NAMES
    people = ", ".join(map(escaped, shown)) + (f" and {rest} more" if rest > 0 else "")
    facts = [people, f"[arXiv:{paper.arxiv_id}]({told.abs_url(paper)})"]
    facts.append(" ".join(paper.category_codes))
    if paper.announced_on:
        facts.append(f"listed {paper.announced_on}")
    if paper.observed_at:
        facts.append(f"score {paper.score:,}")
    if item.keywords:
        facts.append("tagged " + ", ".join(map(escaped, item.keywords)))
    return " · ".join(filter(None, facts))


def escaped(text: str) -> str:
    """Return text on one line that Markdown takes for nothing else."""
    return _MARKUP.sub(_behind_a_backslash, " ".join(text.split()))


def _behind_a_backslash(found: re.Match[str]) -> str:
    # Of "12." that begins a line it is the point that makes a list of it.
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"
