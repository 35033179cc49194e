"""What can be done to the ingest: nothing here waits for a network."""

from papers import clock, ledger, upstreams, wanted
from papers.curation.log import Curator, Refused, recorded
from papers.models import Act, IngestRun, Paper, Quarantine


def refetch(paper: Paper, by: Curator, reason: str) -> Act:
    """Have arXiv asked for a paper once more; the run says what came of it."""
    act = Act(kind=Act.Kind.REFETCH, subject=paper.arxiv_id, reason=reason, by=by, paper=paper)
    asking = IngestRun.objects.filter(
        source=upstreams.ARXIV, kind=wanted.REFETCH, cursor=paper.arxiv_id
    )
    if asking.open().exists():
        raise Refused("arXiv is about to be asked for it already.")
    with recorded(act, asking):
        wanted.ask_again(paper.arxiv_id)
    return act


def rerun(run: IngestRun, by: Curator, reason: str) -> Act:
    """Promise a run that ended once more, from its beginning."""
    if run.kind == wanted.REFETCH:
        raise Refused("This asked for one paper: ask for it again from the paper's page.")
    if run.is_open:
        raise Refused("It did not end yet: it runs, or will.")
    act = Act(kind=Act.Kind.RERUN, subject=str(run), reason=reason, by=by)
    with recorded(act, IngestRun.objects.filter(pk=run.pk)):
        ledger.reopen(run)
    return act


def give_up(run: IngestRun, by: Curator, reason: str) -> Act:
    """End a run as failed; one that a live worker has is not taken from it."""
    act = Act(kind=Act.Kind.GIVE_UP, subject=str(run), reason=reason, by=by)
    with recorded(act, IngestRun.objects.filter(pk=run.pk)):
        if not ledger.give_up(run, f"given up: {reason}"):
            raise Refused(
                "It has ended already."
                if not run.is_open
                else "A worker is at it. It ends by itself, or is free once the worker is lost."
            )
    return act


def resolve(item: Quarantine, by: Curator, reason: str) -> Act:
    """Say that an item nobody could understand needs nothing more."""
    act = Act(kind=Act.Kind.RESOLVE, subject=str(item), reason=reason, by=by)
    row = Quarantine.objects.filter(pk=item.pk)
    with recorded(act, row):
        row.filter(resolved_at=None).update(resolved_at=clock.now())
    return act
