"""What a curator can do to a paper."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from papers import clock
from papers.curation import corrections
from papers.curation.log import NOTHING, Curator, Refused, recorded
from papers.models import Act, Category, Network, Paper, Sample
from papers.sources.arxiv_calendar import expected_listing, is_listing_day

MOST_CATEGORIES = 20
MOST_COUNTED = 2_147_483_647  # of a column
FIRST_DAY = date(1991, 8, 14)  # of arXiv
MICROSECOND = timedelta(microseconds=1)


def hide(paper: Paper, by: Curator, reason: str) -> Act:
    """Take a paper out of every list; a published digest that printed it stays as it is."""
    return _set_hidden(Act.Kind.HIDE_PAPER, paper, by, reason, hidden=True)


def show(paper: Paper, by: Curator, reason: str) -> Act:
    """Bring a hidden paper back."""
    return _set_hidden(Act.Kind.SHOW_PAPER, paper, by, reason, hidden=False)


def _set_hidden(kind: Act.Kind, paper: Paper, by: Curator, reason: str, *, hidden: bool) -> Act:
    act = Act(kind=kind, subject=paper.arxiv_id, reason=reason, by=by, paper=paper)
    row = Paper.objects.filter(pk=paper.pk)
    with recorded(act, row):
        row.update(hidden=hidden)
    return act


# Corrections: they hold against what sources say later, until they are undone --------------------


def correct_categories(paper: Paper, by: Curator, reason: str, codes: Sequence[str]) -> Act:
    """Give a paper these categories, the primary one first."""
    wanted = list(dict.fromkeys(codes))
    if not 0 < len(wanted) <= MOST_CATEGORIES:
        raise Refused(f"Name one to {MOST_CATEGORIES} categories, the primary one first.")
    known = Category.objects.filter(code__in=wanted).values_list("code", flat=True)
    if missing := [code for code in wanted if code not in set(known)]:
        raise Refused(f"arXiv has no category “{missing[0][:40]}”.")
    return _correct(Act.Kind.CATEGORIES, paper, by, reason, "category_codes", wanted)


def correct_listing_day(paper: Paper, by: Curator, reason: str, day: date) -> Act:
    """Give a paper another listing day."""
    newest = expected_listing(clock.now())
    if not FIRST_DAY <= day <= newest:
        raise Refused(f"Name a day from {FIRST_DAY} to {newest}, arXiv's newest listing day.")
    if not is_listing_day(day):
        raise Refused(f"{day:%A %-d %B %Y} is no listing day: arXiv lists from Monday to Friday.")
    return _correct(Act.Kind.LISTING_DAY, paper, by, reason, "announced_on", day.isoformat())


def _correct(
    kind: Act.Kind, paper: Paper, by: Curator, reason: str, column: str, value: Any
) -> Act:
    act = Act(kind=kind, subject=paper.arxiv_id, reason=reason, by=by, paper=paper)
    row = Paper.objects.filter(pk=paper.pk)
    with recorded(act, row):
        if corrections.as_json(getattr(row.get(), column)) == value:
            raise Refused(NOTHING)
        row.update(**corrections.plain(row, {column: {corrections.CORRECTED: value}}))
    return act


def correct_totals(
    paper: Paper, by: Curator, reason: str, network: str, retweets: int, favorites: int
) -> Act:
    """Set a paper's totals on a network, whatever is counted there later."""
    if network not in Network.values:
        raise Refused("Choose a network.")
    if not (0 <= retweets <= MOST_COUNTED and 0 <= favorites <= MOST_COUNTED):
        raise Refused(f"Totals go from 0 to {MOST_COUNTED:,}.")
    act = Act(kind=Act.Kind.TOTALS, subject=paper.arxiv_id, reason=reason, by=by, paper=paper)
    samples = Sample.objects.filter(paper=paper, network=network)
    with recorded(act, samples.filter(kind=Sample.Kind.FIXED)):
        moment = clock.now()
        while samples.filter(observed_at=moment).exists():
            moment += MICROSECOND
        samples.create(
            paper=paper,
            network=network,
            observed_at=moment,
            retweets=retweets,
            favorites=favorites,
            kind=Sample.Kind.FIXED,
        )
    return act
