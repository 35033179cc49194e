"""What a new reader picks from: fields, the hot papers a day that each brings, the best of them.

The month and the week end at the newest listing day held, as every window does.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings

from papers.models import Digest, Paper, PaperCategory
from papers.selection import DAYS, Window

BEST = 10  # papers that show what a feed would hold
TO_SAVE = 12  # papers that a reader may begin with
CATEGORIES_OF_A_PAPER = 6  # hardly one stands in more


@dataclass(frozen=True, slots=True)
class Preset:
    """Some categories under a name that people use. "math.*" are all of an archive."""

    name: str
    patterns: tuple[str, ...]

    @property
    def slug(self) -> str:
        return self.name.lower().replace(" ", "-")

    def codes(self, known: Iterable[str]) -> list[str]:
        """Return the known categories it stands for."""
        return [
            code
            for code in known
            if code in self.patterns or f"{code.partition('.')[0]}.*" in self.patterns
        ]


PRESETS = (
    Preset("Machine learning", ("cs.LG", "stat.ML", "cs.NE")),
    Preset("Vision", ("cs.CV", "eess.IV", "cs.GR")),
    Preset("Language", ("cs.CL", "cs.IR")),
    Preset("Speech and audio", ("cs.SD", "eess.AS")),
    Preset("Robotics", ("cs.RO", "cs.SY", "eess.SY")),
    Preset("Security", ("cs.CR",)),
    Preset("Algorithms and theory", ("cs.DS", "cs.CC", "cs.DM", "cs.IT")),
    Preset("People and networks", ("cs.HC", "cs.CY", "cs.SI", "physics.soc-ph")),
    Preset("Mathematics", ("math.*",)),
    Preset("Statistics", ("stat.AP", "stat.CO", "stat.ME", "stat.TH")),
    Preset("Quantum", ("quant-ph",)),
    Preset("Astronomy", ("astro-ph.*",)),
    Preset("Particles and gravity", ("hep-ex", "hep-lat", "hep-ph", "hep-th", "gr-qc")),
    Preset("Matter", ("cond-mat.*",)),
    Preset("Biology", ("q-bio.*",)),
    Preset("Economics and finance", ("econ.*", "q-fin.*")),
)


@dataclass(frozen=True, slots=True)
class Month:
    """The hot papers of a month, by category, and how many listing days of it are held."""

    newest: date | None = None
    days: int = 0
    papers: Mapping[str, set[int]] = field(default_factory=dict)

    def a_day(self, codes: Iterable[str]) -> float:
        """Return how many hot papers these categories bring on an average day, each once."""
        found: set[int] = set()
        for code in codes:
            found |= self.papers.get(code, set())
        return len(found) / self.days if self.days else 0.0


def last_month() -> Month:
    """Return the month to the newest day, in three queries."""
    newest = Paper.objects.newest_day()
    if newest is None:
        return Month()
    start = _start(newest, Window.MONTH)
    hot = PaperCategory.objects.filter(
        announced_on__gte=start, score__gte=settings.PAPER_THRESHOLD, paper__hidden=False
    )
    papers: dict[str, set[int]] = {}
    held = Digest.objects.published().filter(date__gte=start)
    days: set[date | None] = set(held.values_list("date", flat=True))
    for code, paper, day in hot.values_list("category", "paper", "announced_on"):
        papers.setdefault(code, set()).add(paper)
        days.add(day)
    return Month(newest, len(days), papers)


def best(codes: Collection[str], window: Window, count: int) -> tuple[date | None, list[Paper]]:
    """Return the newest day, and the papers of the window with the highest scores.

    Without codes they are of all categories. Three queries.
    """
    newest = Paper.objects.newest_day()
    if newest is None:
        return None, []
    rows = PaperCategory.objects.filter(
        announced_on__gte=_start(newest, window), score__gt=0, paper__hidden=False
    )
    if codes:
        rows = rows.filter(category__in=codes)
    ranked = rows.order_by("-score", "-paper").values_list("paper", flat=True)
    keys = list(dict.fromkeys(ranked[: count * CATEGORIES_OF_A_PAPER]))[:count]
    found = Paper.objects.for_list().in_bulk(keys)
    return newest, [found[key] for key in keys if key in found]


def _start(newest: date, window: Window) -> date:
    return newest - timedelta(days=DAYS[window] - 1)
