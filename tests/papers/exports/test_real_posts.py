"""All papers of the blog's posts, exported and read back by programs of others."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from papers import ingest
from papers.digest_markdown import decode, parse
from papers.exports import FORMATS, About, Item
from papers.exports.outline import NAMES
from papers.models import Paper
from papers.posts import author_names
from papers.sources.base import PaperRecord
from tests.papers.exports.readers import READERS

# On one stack: what is written does not depend on the database, and bibtexparser takes its time.
pytestmark = [pytest.mark.django_db, pytest.mark.data, pytest.mark.look, pytest.mark.long]
ABOUT = About("All", "https://papers.example/new/")


def records(folder: Path) -> Iterable[PaperRecord]:
    for path in sorted(folder.glob("*.md")):
        post = parse(decode(path.read_bytes()))
        for entry in post.entries:
            yield PaperRecord(
                arxiv_id=entry.arxiv_id,
                version=entry.version,
                title=" ".join(entry.title.split()),
                authors=author_names(entry.author_line),
                categories=entry.categories,
                abstract=entry.abstract,
                recorded_at=entry.observed_at,
                announced_on=post.date,
            )


def test_every_export_agrees_with_the_database_on_all_papers(posts_dir: Path) -> None:
    ingest.store_papers(records(posts_dir))
    papers = list(Paper.objects.all())
    assert len(papers) > 2000
    for suffix, read in READERS.items():
        found = read("".join(FORMATS[suffix].write(map(Item, papers), ABOUT)))
        assert len(found) == len(papers), suffix
        for paper in papers:
            title, names = found[paper.arxiv_id]
            held = shortened(paper.author_names) if suffix == "md" else paper.author_names
            assert (suffix, title) == (suffix, paper.title_text)
            assert (suffix, plain_names(names)) == (suffix, plain_names(held))


def shortened(names: list[str]) -> list[str]:
    """Return the names as a list in Markdown has them: six, and how many more."""
    if len(names) <= NAMES:
        return names
    return [*names[: NAMES - 1], f"{names[NAMES - 1]} and {len(names) - NAMES} more"]


def plain_names(names: list[str]) -> str:
    """Return names without the comma that may stand before a “Jr.”."""
    return "; ".join(names).replace(",", "")
