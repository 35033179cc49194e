"""Exports as others' programs read them: for each format, a paper's title and names by its id."""

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import bibtexparser
import rispy
from markdown_it import MarkdownIt

from papers import latex

Told = dict[str, tuple[str, list[str]]]


def bib(text: str) -> Told:
    parser = bibtexparser.bparser.BibTexParser(ignore_nonstandard_types=False)
    # What stands for a letter is one: `latex.to_text` is made for arXiv's texts, not for these.
    text = text.replace(r"\textasciicircum{}", "^").replace(r"\textasciitilde{}", "~")
    entries = bibtexparser.loads(text, parser).entries
    return {
        entry["eprint"]: (latex.to_text(entry["title"]), bib_names(entry.get("author", "")))
        for entry in entries
    }


def bib_names(field: str) -> list[str]:
    """Return the names as they are printed, of "King, Jr., Martin Luther" too."""
    names = []
    for name in re.split(r" and (?![^{]*\})", field) if field else []:
        parts = [] if name.startswith("{") else name.split(", ")
        names.append(f"{parts[2]} {parts[0]}, {parts[1]}" if len(parts) == 3 else name)
    return [latex.to_text(name) for name in names]


def ris(text: str) -> Told:
    assert text.count("\r\n") == text.count("\n")
    return {
        record["accession_number"].removeprefix("arXiv:"): (
            record["title"],
            [printed(name.split(", ")) for name in record.get("authors", [])],
        )
        for record in rispy.loads(text)
    }


def printed(parts: list[str]) -> str:
    """Return "van der Lark, Ada" as it is printed."""
    return " ".join([*parts[1:2], parts[0]]) + "".join(f", {suffix}" for suffix in parts[2:])


def csl(text: str) -> Told:
    return {
        each["number"].removeprefix("arXiv:"): (each["title"], list(map(csl_name, each["author"])))
        for each in json.loads(text)
    }


def csl_name(parts: dict[str, str]) -> str:
    if "literal" in parts:
        assert parts.keys() == {"literal"}
        return parts["literal"]
    order = ("given", "non-dropping-particle", "family")
    name = " ".join(parts[part] for part in order if part in parts)
    return f"{name}, {parts['suffix']}" if "suffix" in parts else name


def table(text: str) -> Told:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return {
        row["arxiv_id"]: (latex.to_text(row["title"]), row["authors"].split("; ")) for row in rows
    }


def plain(text: str) -> Told:
    papers = json.loads(text)["papers"]
    return {each["arxiv_id"]: (latex.to_text(each["title"]), each["authors"]) for each in papers}


def outline(text: str) -> Told:
    """Read each numbered item of the list; of more than six authors, six."""
    found: Told = {}
    for token in MarkdownIt("commonmark").parse(text):
        children = token.children or []
        if token.type == "inline" and any("arxiv.org/abs/" in str(c.attrs) for c in children):
            words = [child.content for child in children if child.type == "text" and child.content]
            arxiv_id = next(word for word in words if word.startswith("arXiv:"))
            line = next(i for i, child in enumerate(children) if child.type == "hardbreak")
            title = said(children[:line])
            names = said(children[line:]).partition(" · ")[0]
            found[arxiv_id.removeprefix("arXiv:")] = (title, names.split(", "))
    return found


def said(children: list[Any]) -> str:
    return "".join(child.content for child in children if child.type == "text")


READERS: dict[str, Callable[[str], Told]] = {
    "bib": bib,
    "ris": ris,
    "csl.json": csl,
    "csv": table,
    "json": plain,
    "md": outline,
}
