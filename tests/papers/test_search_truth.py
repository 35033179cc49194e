"""200 queries over the real posts, each held to a reading of the grammar in plain Python.

The same test runs on both databases: so both find the same set.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import pytest
from django.db import transaction

from papers import search
from papers.digest_markdown import decode, parse
from papers.models import Paper
from papers.posts import import_posts
from papers.search.query import And, Filter, Node, Not, Words
from papers.words import words

pytestmark = [pytest.mark.data, pytest.mark.django_db]

EVERY = 4  # of the posts one in so many: some 600 papers
QUERIES = 200
FIELDS = ("title", "author", "abstract")


@dataclass(frozen=True)
class Read:
    """A paper as this test reads it."""

    arxiv_id: str
    texts: dict[str, list[list[str]]]  # by field; each author's name is a text of its own
    codes: list[str]
    listed: date | None
    score: int
    links: set[tuple[str, str]]  # network and handle of its tweets


@pytest.fixture(scope="module", autouse=True)
def posts(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, posts_dir: Path
) -> Iterator[None]:
    files = sorted(posts_dir.glob("*.md"))[::EVERY]
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        import_posts([parse(decode(path.read_bytes())) for path in files])
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def papers(posts: None, django_db_blocker: pytest.FixtureRequest) -> list[Read]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        held = Paper.objects.prefetch_related("tweets")
        return [
            Read(
                arxiv_id=paper.arxiv_id,
                texts={
                    "title": [words(paper.title)],
                    "author": [words(name) for name in paper.author_names],
                    "abstract": [words(paper.abstract)],
                },
                codes=paper.category_codes,
                listed=paper.announced_on,
                score=paper.score,
                links={(tweet.network, tweet.handle.lower()) for tweet in paper.tweets.all()},
            )
            for paper in held
        ]


# The grammar, read slowly -------------------------------------------------------------------------


def holds(paper: Read, node: Node) -> bool:
    if isinstance(node, Words):
        fields = [node.field] if node.field else FIELDS
        return any(stands(node, text) for field in fields for text in paper.texts[field])
    if isinstance(node, Not):
        return not holds(paper, node.of)
    if isinstance(node, And):
        return all(holds(paper, each) for each in node.of)
    if isinstance(node, Filter):
        return is_so(paper, node)
    return any(holds(paper, each) for each in node.of)


def stands(node: Words, text: list[str]) -> bool:
    for phrase in node.phrases:
        for place in range(len(text) - len(phrase) + 1):
            *there, last = text[place : place + len(phrase)]
            is_last = last.startswith(phrase[-1]) if node.is_beginning else last == phrase[-1]
            if is_last and there == list(phrase[:-1]):
                return True
    return False


def is_so(paper: Read, fact: Filter) -> bool:
    if fact.field == "cat":
        archive = fact.value.removesuffix(".*").lower()
        codes = [code.lower() for code in paper.codes]
        return fact.value.lower() in codes or archive in [code.partition(".")[0] for code in codes]
    if fact.field == "id":
        if fact.value.endswith("*"):
            return paper.arxiv_id.startswith(fact.value[:-1])
        return paper.arxiv_id == fact.value
    if fact.field in ("network", "from"):
        return any(fact.value in link for link in paper.links)
    if fact.field in ("since", "until"):
        if paper.listed is None:
            return False
        return paper.listed >= fact.value if fact.field == "since" else paper.listed <= fact.value
    assert fact.field == "score"
    lookup, number = fact.value
    than = {
        "gt": paper.score > number,
        "lte": paper.score <= number,
        "exact": paper.score == number,
    }
    return than[lookup]


# Queries out of the texts -------------------------------------------------------------------------


class Typist:
    """Types queries of words that stand in the papers, by chance and always the same ones."""

    def __init__(self, papers: list[Read]) -> None:
        self.papers, self.by_chance = papers, Random(20210610)

    def query(self, depth: int = 2) -> str:
        parts = [self.term(depth) for _ in range(self.by_chance.choice((1, 1, 2, 2, 3)))]
        return self.by_chance.choice((" ", " ", " ", " OR ")).join(parts)

    def term(self, depth: int) -> str:
        kind = self.by_chance.random()
        if kind < 0.08 and depth:
            return f"({self.query(depth - 1)})"
        if kind < 0.2:
            return f"-{self.term(0)}".replace("--", "-")
        return self.fact() if kind < 0.35 else self.words()

    def words(self) -> str:
        paper = self.by_chance.choice(self.papers)
        field = self.by_chance.choice(FIELDS)
        text = self.by_chance.choice(paper.texts[field]) or ["nothing"]
        start = self.by_chance.randrange(len(text))
        row = text[start : start + self.by_chance.choice((1, 1, 1, 2, 3))]
        prefix = self.by_chance.choice(("", "", "", f"{field}:"))
        if len(row) > 1:
            return f'{prefix}"{" ".join(row)}"' if self.by_chance.random() < 0.7 else "-".join(row)
        word = row[0]
        if self.by_chance.random() < 0.25 and len(word) > 3:
            return f"{prefix}{word[: self.by_chance.randrange(2, len(word))]}*"
        return prefix + self.by_chance.choice((word, word.upper(), f'"{word}"'))

    def fact(self) -> str:
        paper = self.by_chance.choice(self.papers)
        code = self.by_chance.choice(paper.codes)
        handle = self.by_chance.choice(sorted(paper.links) or [("x", "nobody")])[1] or "nobody"
        return self.by_chance.choice(
            (
                f"cat:{code}",
                f"cat:{code.partition('.')[0]}.*",
                f"id:{paper.arxiv_id}",
                f"id:{paper.arxiv_id[:6]}*",
                f"since:{paper.listed or '2021'}",
                f"until:{str(paper.listed or '2021')[:7]}",
                f"score:>{paper.score}",
                f"score:<={paper.score}",
                f"from:@{handle}",
                "network:x",
            )
        )


def test_it_works(papers: list[Read]) -> None:
    """Both read the same papers, and find those that the texts say."""
    assert len(papers) > 400
    typist = Typist(papers)
    sizes = []
    for _ in range(QUERIES):
        typed = typist.query()
        tree = search.parse(typed)
        expected = {paper.arxiv_id for paper in papers if holds(paper, tree)}
        found = search.search(typed, Paper.objects.all()).values_list("arxiv_id", flat=True)
        assert sorted(found) == sorted(expected), typed
        sizes.append(len(expected))
    # Of queries that find nothing, or everything, nothing is learnt.
    assert sum(0 < size < len(papers) for size in sizes) > QUERIES * 0.7
