"""What a curator can do to a paper."""

from papers.curation.log import Curator, recorded
from papers.models import Act, Paper


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
