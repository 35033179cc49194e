"""Does For you find what a reader cares for? nDCG@10 beside plain hot, newest, and a linear SVM.

    pip install -r benchmarks/requirements.txt      (scikit-learn, of which the site has no need)
    python -m benchmarks.relevance [FOLDER]         (of the blog's posts; else where tests look)

The readers are simulated: each is a community of co-authors, found by label propagation among the
authors of all posts, and no ranking is told who wrote what. Posts are imported in order into a
database of the benchmark's own, WINDOW listing days at a time. At the end of each window a reader
has saved the newest of the community's earlier papers and follows their primary categories;
candidates are all papers of the window, relevant those of the community. Words are counted and
papers compared as the site does it, over what was stored by then; later papers are not known.

A reader's value is the mean over the windows in which anything was relevant. Differences are
paired, their 95 % intervals from a bootstrap over the readers. With --grid other weights of the
formula are tried: chosen by every other reader, they are told by the remaining half. It takes some
minutes.
"""

import argparse
import math
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from statistics import mean
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotpapers.settings")
django.setup()

from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from accounts import feed, interests  # noqa: E402
from accounts.interests import Candidate, Interests  # noqa: E402
from papers import digest_markdown, fairness, likeness  # noqa: E402
from papers.digest_markdown import DigestPost  # noqa: E402
from papers.models import Paper  # noqa: E402
from papers.posts import author_names, import_posts  # noqa: E402
from papers.readers import Kind, Marks  # noqa: E402
from tests.conftest import data_dir  # noqa: E402

WARM_UP, WINDOW = 80, 10  # listing days: before the first window, and of each
FEWEST, MOST = 3, 20  # papers a reader has saved
CROWD = 25  # authors: a paper of more makes nobody acquainted
PLACES = 10  # of a ranking that count
ROUNDS, RESAMPLES, SEED = 20, 10_000, 7
BATCH = 25  # posts of one transaction
FOLLOWED, ALIKE = (0.0, 1.0, 2.0, 4.0), (16.0, 32.0, 64.0, 128.0, 256.0)

Value = float | tuple[float, ...]
Ranking = Mapping[int, Value]  # of each candidate, the highest first
Rankings = dict[str, Callable[["Reader"], Ranking]]
Results = dict[str, dict[str, list[float]]]  # by ranking and community


@dataclass(frozen=True, slots=True)
class Reader:
    """A community at the end of a window; papers by their keys."""

    community: str
    saved: tuple[int, ...]
    relevant: frozenset[int]


# Communities -------------------------------------------------------------------------------------


def communities(authors: Mapping[str, Collection[str]], rng: Random) -> dict[str, set[str]]:
    """Return the papers (arXiv id) of each community: those that two of its members signed, or of
    whose authors half are members."""
    label = propagated(acquaintance(authors.values()), rng)
    found = defaultdict(set)
    for arxiv_id, names in authors.items():
        for community, count in Counter(label[name] for name in names if name in label).items():
            if count >= 2 or 2 * count >= len(names):
                found[community].add(arxiv_id)
    return found


def acquaintance(papers: Collection[Collection[str]]) -> dict[str, dict[str, float]]:
    """Return how well each author knows the others: a paper of few authors tells most."""
    known: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for names in papers:
        if 1 < len(names) <= CROWD:
            for one in names:
                for other in names:
                    known[one][other] += (one != other) / (len(names) - 1)
    return known


def propagated(known: Mapping[str, Mapping[str, float]], rng: Random) -> dict[str, str]:
    """Let each author take the label that weighs most among the acquainted, until none changes."""
    label = {name: name for name in known}
    order = sorted(known)
    for _ in range(ROUNDS):
        rng.shuffle(order)
        before = dict(label)
        for name in order:
            votes: dict[str, float] = defaultdict(float)
            for other, weight in sorted(known[name].items()):
                votes[label[other]] += weight
            most = max(votes.values()) - 1e-9
            if votes[label[name]] < most:
                label[name] = min(one for one in votes if votes[one] >= most)
        if label == before:
            break
    return label


# Rankings ----------------------------------------------------------------------------------------


class Window:
    """What is stored at the end of a window, and how each ranking orders its papers."""

    def __init__(self, first: date) -> None:
        self.first = first
        held = Paper.objects.filter(announced_on__isnull=False).order_by("announced_on", "arxiv_id")
        self.papers = {paper.pk: paper for paper in held}
        days = {key: day for key, paper in self.papers.items() if (day := paper.announced_on)}
        self.earlier = [key for key, day in days.items() if day < first]
        self.candidates = [key for key, day in days.items() if day >= first]
        self.keys = {paper.arxiv_id: key for key, paper in self.papers.items()}

    def readers(self, found: Mapping[str, Collection[str]]) -> Iterator[Reader]:
        for community, arxiv_ids in sorted(found.items()):
            of_it = {self.keys[arxiv_id] for arxiv_id in arxiv_ids if arxiv_id in self.keys}
            saved = tuple(key for key in self.earlier if key in of_it)[-MOST:]
            relevant = of_it.intersection(self.candidates)
            if len(saved) >= FEWEST and relevant:
                yield Reader(community, saved, frozenset(relevant))

    def plain(self, *names: str) -> Callable[[Reader], Ranking]:
        values = {
            key: tuple(_number(getattr(self.papers[key], name)) for name in names)
            for key in self.candidates
        }
        return lambda reader: values

    def feed_of(self, reader: Reader) -> list[Candidate]:
        """Return the candidates with the reasons for which they are in the reader's feed."""
        codes = [self.papers[key].primary_category_id for key in reader.saved]
        of = Interests(
            follows={Kind.CATEGORY: {code: code for code in codes if code}},
            marks=Marks(dict.fromkeys(reader.saved, "later")),
        )
        touched = interests.touched(of, self.first, (interests.NEW, interests.CROSS)).candidates
        found = {candidate.paper_id: candidate for candidate in touched}
        rest = (self.papers[key] for key in self.candidates if key not in found)
        others = [Candidate(p.pk, self.first, p.score, p.hot, p.rising, p.fair) for p in rest]
        return [*found.values(), *others]

    def svm(self) -> Callable[[Reader], Ranking]:
        """Of words and pairs of words by tf-idf, what is saved against all else that was seen."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.svm import LinearSVC

        texts = [f"{paper.title_text} {paper.abstract}" for paper in self.papers.values()]
        vectorizer = TfidfVectorizer(
            ngram_range=(1, 2),
            max_features=20_000,
            max_df=0.1,
            min_df=2,
            stop_words="english",
            strip_accents="unicode",
            sublinear_tf=True,
        )
        rows = vectorizer.fit_transform(texts)
        place = {key: number for number, key in enumerate(self.papers)}
        seen = rows[[place[key] for key in self.earlier]]
        asked = rows[[place[key] for key in self.candidates]]

        def rank(reader: Reader) -> Ranking:
            machine = LinearSVC(C=0.01, class_weight="balanced", max_iter=10_000, random_state=0)
            machine.fit(seen, [key in reader.saved for key in self.earlier])
            return dict(zip(self.candidates, machine.decision_function(asked), strict=True))

        return rank

    def rankings(self, grid: bool) -> Rankings:
        feed_of = cache(self.feed_of)
        found: Rankings = {
            "For you": lambda reader: {c.paper_id: feed.for_you(c) for c in feed_of(reader)},
            "plain hot": self.plain("hot"),
            "newest": self.plain("announced_on", "score"),
            "linear SVM": self.svm(),
        }
        if grid:
            for followed in FOLLOWED:
                for alike in ALIKE:
                    found[_weights(followed, alike)] = _weighed(feed_of, followed, alike)
        return found


def _weighed(
    feed_of: Callable[[Reader], list[Candidate]], followed: float, alike: float
) -> Callable[[Reader], Ranking]:
    """Return the order of For you with other weights."""
    return lambda reader: {
        each.paper_id: each.hot + followed * each.is_followed + alike * feed.likeness(each)
        for each in feed_of(reader)
    }


def _number(value: Any) -> float:
    return float(value.toordinal() if isinstance(value, date) else value)


def _weights(followed: float, alike: float) -> str:
    return f"  followed {followed:g}, alike {alike:g}"


def ndcg(ranking: Ranking, relevant: Collection[int]) -> float:
    """Return what a ranking's first PLACES are worth, 1 for the best that could stand there."""
    order = sorted(ranking, key=lambda key: (ranking[key], key), reverse=True)[:PLACES]
    gained = sum(1 / math.log2(place + 2) for place, key in enumerate(order) if key in relevant)
    return gained / sum(1 / math.log2(n + 2) for n in range(min(PLACES, len(relevant))))


# Measuring ---------------------------------------------------------------------------------------


def measure(posts: Sequence[DigestPost], grid: bool) -> Results:
    authors: dict[str, Collection[str]] = {}
    for post in posts:
        for entry in post.entries:
            names = dict.fromkeys(author_names(entry.author_line))
            authors.setdefault(entry.arxiv_id, names)
    found = communities(authors, Random(SEED))
    results: Results = defaultdict(lambda: defaultdict(list))
    _store(posts[:WARM_UP])
    for start in range(WARM_UP, len(posts), WINDOW):
        of_window = posts[start : start + WINDOW]
        _store(of_window)
        window = Window(of_window[0].date)
        rankings = window.rankings(grid)
        for reader in window.readers(found):
            for name, rank in rankings.items():
                results[name][reader.community].append(ndcg(rank(reader), reader.relevant))
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return results


def _store(posts: Sequence[DigestPost]) -> None:
    for start in range(0, len(posts), BATCH):
        import_posts(posts[start : start + BATCH])
    fairness.refresh()
    likeness.refresh(math.inf)


def interval(differences: Sequence[float], rng: Random) -> tuple[float, float]:
    """Return between what the mean lies in 95 of 100 draws of as many readers."""
    count = len(differences)
    means = sorted(mean(rng.choices(differences, k=count)) for _ in range(RESAMPLES))
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]


def tell(results: Results, communities: Sequence[str], about: str) -> None:
    values = {
        name: [mean(of_it[community]) for community in communities]
        for name, of_it in results.items()
    }
    windows = sum(len(results["For you"][community]) for community in communities)
    print(f"\n{about}: {len(communities)} readers, {windows} windows of {WINDOW} listing days")
    print(f"{'':32}nDCG@{PLACES}   For you minus it, 95 %")
    for name, of_it in values.items():
        line = f"{name:32}{mean(of_it):7.3f}"
        if name != "For you" and not name.startswith(" "):
            less = [one - other for one, other in zip(values["For you"], of_it, strict=True)]
            low, high = interval(less, Random(SEED))
            line += f"   {mean(less):+.3f} ({low:+.3f} to {high:+.3f})"
        print(line)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.relevance",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__,
    )
    parser.add_argument("folder", nargs="?", type=Path, help="of the blog's posts, *.md")
    parser.add_argument("--grid", action="store_true", help="try other weights of the formula too")
    asked = parser.parse_args(arguments)
    data = data_dir()
    folder = asked.folder or (data / "digests" if data else Path("digests"))
    files = sorted(folder.glob("*.md"))
    if not files:
        parser.error(f"{folder} holds no *.md file")
    try:
        import sklearn  # noqa: F401
    except ImportError:
        parser.error("the linear SVM is scikit-learn's: pip install -r benchmarks/requirements.txt")
    posts = [digest_markdown.parse(digest_markdown.decode(file.read_bytes())) for file in files]
    config = setup_databases(verbosity=0, interactive=False)
    try:
        results = measure(sorted(posts, key=lambda post: post.date), asked.grid)
    finally:
        teardown_databases(config, verbosity=0)
    every = sorted(results["For you"])
    tell(results, every, "All readers")
    tell(results, every[::2], "Every other reader, by whom weights are chosen")
    tell(results, every[1::2], "The remaining readers")


if __name__ == "__main__":
    main()
