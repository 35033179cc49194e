"""What an act would do, found out by doing it and taking it back before anybody sees it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from papers import ranking
from papers.bulk import chunks
from papers.curation import derived
from papers.models import Act, Digest, Network, Paper, Sample

SHOWN = 20  # of each kind of effect; more are counted


@dataclass(frozen=True, slots=True)
class Effect:
    """A paper whose score changes."""

    paper: Paper
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A total that does not change, since it was not counted from tweets."""

    paper: Paper
    network: str
    score: int
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What acts would do. `acts` hold rows before and after, and are not stored."""

    acts: Sequence[Act]
    effects: Sequence[Effect]  # the greatest first
    kept: Sequence[Kept]
    digests: Sequence[Digest]  # published ones, which stay as they are printed
    tweets: int  # of accounts, and by themselves

    @property
    def more_effects(self) -> int:
        return max(0, len(self.effects) - SHOWN)

    @property
    def more_digests(self) -> int:
        return max(0, len(self.digests) - SHOWN)

    @property
    def more_kept(self) -> int:
        return max(0, len(self.kept) - SHOWN)


def foresee(do: Callable[[], Sequence[Act]]) -> Foreseen:
    """Return what `do` would do; raise log.Refused where it would be refused."""
    with transaction.atomic():
        acts = do()
        rows = [rows for act in acts for rows in (act.before, act.after)]
        touched, tweets = derived.papers_of(*rows), len(derived.tweets_of(*rows))
        after = _scores(touched)
        transaction.set_rollback(True)
    papers = _papers(touched)
    effects = [Effect(p, p.score, after[p.pk]) for p in papers if after[p.pk] != p.score]
    effects.sort(key=lambda effect: (-abs(effect.after - effect.before), effect.paper.arxiv_id))
    changed = {effect.paper.pk for effect in effects}
    unchanged = [paper for paper in papers if paper.pk not in changed]
    kept = _kept(unchanged) if tweets else []
    return Foreseen(acts, effects, kept, _digests(touched), tweets)


def _papers(ids: Collection[int]) -> list[Paper]:
    columns = ("arxiv_id", "title_text", "score")
    return [p for some in chunks(ids) for p in Paper.objects.filter(pk__in=some).only(*columns)]


def _scores(ids: Collection[int]) -> dict[int, int]:
    return {paper.pk: paper.score for paper in _papers(ids)}


def _kept(papers: Sequence[Paper]) -> list[Kept]:
    found = []
    for some in chunks(papers):
        stands = ranking.stands([paper.pk for paper in some])
        for paper in some:
            for sample in (stand.valid for stand in stands.get(paper.pk, [])):
                if sample.kind != Sample.Kind.COUNTED:
                    name = Network(sample.network).label
                    fixed = sample.kind == Sample.Kind.FIXED
                    found.append(Kept(paper, name, sample.score, fixed))
    return sorted(found, key=lambda kept: (-kept.score, kept.paper.arxiv_id))


def _digests(papers: Collection[int]) -> list[Digest]:
    found: set[Digest] = set()
    for some in chunks(papers):
        printing = Digest.objects.published().filter(
            entries__paper__in=some, entries__left_out=False
        )
        found |= set(printing.only("date").distinct())
    return sorted(found, key=lambda digest: digest.date, reverse=True)
