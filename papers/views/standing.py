"""How papers stand on each network, and how their scores grew."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from papers import ranking
from papers.models import Network, Sample

FEWEST = 3  # moments that make a line; two are a step
WIDTH, HEIGHT = 100, 20  # of the drawing, in its own units


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a paper the sample that counts on each network, the highest score first; its total over
    time; and every sample, the oldest first."""

    networks: list[Sample]
    growth: list[tuple[datetime, int]]
    samples: list[Sample]

    @property
    def is_corrected(self) -> bool:
        """Tell whether a curator set what counts on a network."""
        return any(sample.kind == Sample.Kind.FIXED for sample in self.networks)

    @property
    def points(self) -> str:
        """The growth as points of a polyline, from its own 0 up; "" where it is no line yet."""
        if len(self.growth) < FEWEST:
            return ""
        start, end = self.growth[0][0], self.growth[-1][0]
        highest = max(total for _, total in self.growth) or 1
        places = [
            (WIDTH * ((moment - start) / (end - start)), HEIGHT * (1 - total / highest))
            for moment, total in self.growth
        ]
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


NOWHERE = Standing([], [], [])


def of_papers(paper_ids: Collection[int]) -> dict[int, Standing]:
    """Return how each paper that was counted stands; one query, three where totals are imported."""
    return {paper_id: _standing(found) for paper_id, found in ranking.stands(paper_ids).items()}


def _standing(stands: list[ranking.Stand]) -> Standing:
    order = Network.values
    valid = [stand.valid for stand in stands]
    valid.sort(key=lambda sample: (-sample.score, order.index(sample.network)))
    samples = [sample for stand in stands for sample in stand.samples]
    samples.sort(key=lambda sample: sample.observed_at)
    counting = {sample.pk for stand in stands for sample in stand.history}
    latest: dict[str, int] = {}
    growth: dict[datetime, int] = {}
    for sample in (sample for sample in samples if sample.pk in counting):
        latest[sample.network] = sample.score
        growth[sample.observed_at] = sum(latest.values())
    return Standing(valid, list(growth.items()), samples)
