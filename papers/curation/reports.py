"""What a curator does with reports of readers."""

from papers import clock
from papers.curation.log import Curator, recorded
from papers.models import Act, Report


def settle(report: Report, by: Curator, reason: str) -> Act:
    """Answer what readers reported of one thing, all of them at once; raise Refused."""
    subject, kind = report.subject[:300], Act.Kind.SETTLE
    act = Act(kind=kind, subject=subject, reason=reason, by=by, paper=report.paper)
    waiting = Report.objects.open().about_the_same(report)
    with recorded(act, waiting):
        waiting.update(settled_at=clock.now())
    return act
