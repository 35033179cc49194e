"""Which papers are alike: words weighed by tf-idf, and their cosine. Explained in docs/ranking.md.

A paper that is stored is marked; a task weighs its words and compares it a moment later. All of it
may run twice.
"""

import math
import re
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from heapq import nlargest, nsmallest
from itertools import groupby, islice
from operator import itemgetter

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Sum

from papers.bulk import BATCH, add_missing, chunks, replace_rows, upsert
from papers.models import Neighbour, Paper, PaperWord, Vector, Vocabulary
from papers.words import fold

TITLE = 2  # times a word of the title counts
VOCABULARY = 50_000  # words that are known, the more frequent ones first
WORDS = 24  # of a paper that find others: those that tell most
MOST_COMMON = 0.05  # of the papers: a word in more of them finds too many
ALWAYS_TOLD = 20  # papers: fewer are not too many, however few there are
FOUND = 100  # papers that are compared by all words: those that share most of what tells
NEAREST = 20  # neighbours a paper looks for
LEAST = 0.08  # similarity: below it two papers only share a word
PART = 5  # papers of a transaction: on SQLite everybody else waits for it
STEP = 100  # papers that are compared before the time is looked at
DRIFT = 0.1  # of all words: as many new ones make a new vocabulary
STALE = 0  # no vocabulary has this version
SHOWN = 5  # neighbours, on a paper's page

Weights = dict[str, float]
Pair = tuple[int, int]  # of papers, by their keys

# Three letters or digits and more; not the name of a TeX command.
_WORD = re.compile(r"(?<![\\a-z0-9])[a-z][a-z0-9]{2,31}(?![a-z0-9])")


# Arithmetic --------------------------------------------------------------------------------------


def words_of(title: str, abstract: str) -> Counter[str]:
    """Count the words of a text, folded; a plural counts as its singular."""
    return Counter(map(_singular, _WORD.findall(fold(f"{title}\n" * TITLE + abstract))))


def _singular(word: str) -> str:
    is_plural = word.endswith("s") and len(word) > 3 and word[-2] not in "sui"
    return word[:-1] if is_plural else word


def weigh(words: Mapping[str, int], frequencies: Mapping[str, int], papers: int) -> Weights:
    """Return the vector of a text, of length 1.

    `frequencies` says in how many of the `papers` a word stands. Words it does not know weigh
    nothing, as do those of every paper.
    """
    known = ((word, count, frequencies.get(word)) for word, count in words.items())
    weights = {
        word: (1 + math.log(count)) * math.log((1 + papers) / (1 + frequency))
        for word, count, frequency in known
        if frequency and frequency < papers
    }
    length = math.sqrt(math.fsum(weight**2 for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items()}


def telling(weights: Weights, frequencies: Mapping[str, int], papers: int) -> Weights:
    """Return the words by which others are found: the ones that weigh most of those that few have.

    `frequencies` knows them all.
    """
    most = max(ALWAYS_TOLD, MOST_COMMON * papers)
    few = ((word, weight) for word, weight in weights.items() if frequencies[word] <= most)
    return dict(nsmallest(WORDS, few, key=lambda item: (-item[1], item[0])))


def cosine(one: Weights, other: Weights) -> float:
    """Return how much two vectors of length 1 are alike, from 0 to 1; the same both ways."""
    shared = one.keys() & other.keys()
    return min(1.0, round(math.fsum(one[word] * other[word] for word in shared), 4))


# Vocabulary --------------------------------------------------------------------------------------


def newest_vocabulary() -> Vocabulary | None:
    return Vocabulary.objects.order_by("-version").first()


def renew_vocabulary() -> Vocabulary:
    """Count in how many papers each word stands now; every vector is of an older vocabulary then.

    A word of one paper alone makes it like no other and is left out.
    """
    counts: Counter[str] = Counter()
    papers = words = 0
    texts = Paper.objects.order_by().values_list("title_text", "abstract")
    for text in texts.iterator(BATCH):
        of_text = words_of(*text)
        counts.update(of_text.keys())
        papers, words = papers + 1, words + of_text.total()
    shared = ((word, count) for word, count in counts.items() if count > 1)
    frequencies = dict(nlargest(VOCABULARY, shared, key=lambda item: (item[1], item[0])))
    last = newest_vocabulary()
    with transaction.atomic():
        # Two that count at once make one vocabulary.
        vocabulary, _ = Vocabulary.objects.get_or_create(
            version=last.version + 1 if last else 1,
            defaults={"papers": papers, "words": words, "frequencies": frequencies},
        )
        Vocabulary.objects.filter(version__lt=vocabulary.version).delete()
    return vocabulary


def _has_drifted(vocabulary: Vocabulary) -> bool:
    words = Vector.objects.aggregate(words=Sum("words"))["words"] or 0
    return abs(words - vocabulary.words) > DRIFT * vocabulary.words


# Vectors -----------------------------------------------------------------------------------------


def mark_stale(paper_ids: Iterable[int]) -> None:
    """Let `refresh` weigh the words of these papers anew: they may have changed.

    The ingest, which holds locks, has no time for it.
    """
    for some in chunks(paper_ids):
        Vector.objects.filter(paper__in=some).update(version=STALE)


def _weigh(paper_ids: Iterable[int], vocabulary: Vocabulary) -> None:
    """Store the vectors of these papers as they are now; one that changed is compared anew."""
    for some in chunks(paper_ids, PART):
        _store_vectors(some, vocabulary)


@transaction.atomic
def _store_vectors(paper_ids: Collection[int], vocabulary: Vocabulary) -> None:
    papers = _lock(paper_ids)
    held = _weights_of(paper_ids)
    compared = Vector.objects.filter(paper__in=paper_ids, version=STALE, compared=True)
    is_compared = set(compared.values_list("paper", flat=True))
    known = vocabulary.frequencies, vocabulary.papers
    vectors, changed, components = [], [], []
    for paper in papers:
        words = words_of(paper.title_text, paper.abstract)
        weights = telling(weigh(words, *known), *known)
        vector = Vector(paper=paper, version=vocabulary.version, words=words.total())
        if held.get(paper.pk, {}) == weights:
            vector.compared = paper.pk in is_compared
        else:
            changed.append(paper)
            components += [PaperWord(paper=paper, word=w, weight=x) for w, x in weights.items()]
        vectors.append(vector)
    upsert(Vector, vectors, ["paper"])
    replace_rows(PaperWord, changed, components)


def _lock(paper_ids: Collection[int]) -> list[Paper]:
    """Return these papers locked, as the ingest locks them: whoever stores them at once waits."""
    locked = Paper.objects.select_for_update(no_key=True).order_by("arxiv_id")
    return list(locked.filter(pk__in=paper_ids).only("title_text", "abstract"))


def _weights_of(paper_ids: Collection[int]) -> dict[int, Weights]:
    held: dict[int, Weights] = defaultdict(dict)
    rows = PaperWord.objects.filter(paper__in=paper_ids)
    for paper_id, word, weight in rows.values_list("paper", "word", "weight"):
        held[paper_id][word] = weight
    return held


# Neighbours --------------------------------------------------------------------------------------


def neighbours_of(paper: Paper) -> QuerySet[Neighbour]:
    """Return the papers closest to this one, the closest first."""
    near = Neighbour.objects.visible().filter(paper=paper).order_by("-similarity", "other")
    return near.select_related("other").defer("other__abstract", "other__abstract_html")[:SHOWN]


def refresh(seconds: float) -> None:
    """Do for about `seconds` what is still to be done, the newest papers first."""
    until = time.monotonic() + seconds
    while _step() and time.monotonic() < until:
        pass


def _step() -> bool:
    """Do a part of it; tell whether there was any."""
    vocabulary = newest_vocabulary() or renew_vocabulary()
    newest = Paper.objects.order_by(F("announced_on").desc(nulls_last=True), "-pk")
    keys = newest.values_list("pk", flat=True)
    if stale := list(keys.filter(_is_stale(vocabulary))[:BATCH]):
        _weigh(stale, vocabulary)
    elif _has_drifted(vocabulary):
        renew_vocabulary()
    elif uncompared := list(keys.filter(vector__compared=False)[:STEP]):
        _compare(uncompared, vocabulary)
    else:
        return False
    return True


def _is_stale(vocabulary: Vocabulary) -> Q:
    return Q(vector=None) | ~Q(vector__version=vocabulary.version)


def _compare(paper_ids: Iterable[int], vocabulary: Vocabulary) -> None:
    """Put these papers' nearest in the place of what they had."""
    for some in chunks(paper_ids, PART):
        _store_neighbours(some, vocabulary)


@transaction.atomic
def _store_neighbours(paper_ids: Sequence[int], vocabulary: Vocabulary) -> None:
    _lock(paper_ids)
    # And one at a time: two that store the same pairs would wait for each other.
    Vocabulary.objects.select_for_update().order_by("-version").only("version").first()
    # A pair stays that the other one looks for.
    rows = Neighbour.objects.filter(paper__in=paper_ids)
    held = set(rows.values_list("paper", "other"))
    alike = _alike(_found(paper_ids) | held, vocabulary)
    ranked = sorted(alike, key=lambda pair: (pair[0], -alike[pair], pair[1]))
    kept = held & alike.keys()
    for _, of_paper in groupby(ranked, key=itemgetter(0)):
        kept.update(islice(of_paper, NEAREST))
    pairs = {pair: alike[pair] for pair in kept} | {pair[::-1]: alike[pair] for pair in kept}
    Neighbour.objects.filter(Q(paper__in=paper_ids) | Q(other__in=paper_ids)).delete()
    listed = Paper.objects.filter(pk__in={key for pair in pairs for key in pair})
    days = dict(listed.values_list("pk", "announced_on"))
    add_missing(
        Neighbour,
        [
            Neighbour(paper_id=a, other_id=b, similarity=x, listed_on=days.get(b))
            for (a, b), x in sorted(pairs.items())
        ],
    )
    Vector.objects.filter(paper__in=paper_ids).update(compared=True)


def _found(paper_ids: Sequence[int]) -> set[Pair]:
    """Return for each of these papers the FOUND others that share most of the words that tell most.

    All vectors have length 1, so what two share of their cosine is a sum of products.
    """
    places = ", ".join(["%s"] * len(paper_ids))
    with connection.cursor() as cursor:
        # "Cross" lets SQLite begin with the few words of these papers.
        cursor.execute(
            "SELECT paper_id, other_id FROM ("  # noqa: S608
            "SELECT mine.paper_id, theirs.paper_id AS other_id, ROW_NUMBER() OVER ("
            "PARTITION BY mine.paper_id"
            " ORDER BY SUM(mine.weight * theirs.weight) DESC, theirs.paper_id) AS place"
            " FROM papers_paperword mine CROSS JOIN papers_paperword theirs"
            f" WHERE mine.paper_id IN ({places}) AND theirs.word = mine.word"
            " AND theirs.paper_id <> mine.paper_id GROUP BY mine.paper_id, theirs.paper_id"
            ") found WHERE place <= %s",
            [*paper_ids, FOUND],
        )
        return set(cursor.fetchall())


def _alike(pairs: Collection[Pair], vocabulary: Vocabulary) -> dict[Pair, float]:
    """Return how much two papers are alike by all of their words, where that is LEAST or more."""
    vectors: dict[int, Weights] = {}
    for some in chunks({key for pair in pairs for key in pair}):
        texts = Paper.objects.filter(pk__in=some).values_list("pk", "title_text", "abstract")
        for key, *text in texts:
            vectors[key] = weigh(words_of(*text), vocabulary.frequencies, vocabulary.papers)
    still_here = (pair for pair in pairs if vectors.keys() >= set(pair))
    alike = {(one, other): cosine(vectors[one], vectors[other]) for one, other in still_here}
    return {pair: similarity for pair, similarity in alike.items() if similarity >= LEAST}
