"""How the site is, and for operators its ledger."""

from django.db.models import Q
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from papers import cursor, status
from papers.api import plain, shapes
from papers.api.endpoint import Endpoint, Row
from papers.api.operation import PAGED, operation, query
from papers.models import Digest, IngestRun, Paper

OF_SOURCE = ("source", "name", "what", "standing", "in_words", "last_answer", "next_at")
OF_RUN = (
    *("id", "source", "kind", "state", "due_at", "started_at", "ended_at", "attempts", "losses"),
    *("counts", "reason"),
)
SOURCE = query("source", "Of this source alone.", "arxiv")
STATE = query("state", "In this state alone.", "failed", enum=IngestRun.State.values)


class Status(Endpoint):
    @operation("Get the status", answers=shapes.Status)
    def get(self, request: Request) -> Response:
        """Which source is late, and how new what is here is."""
        jobs = status.jobs()
        latest = Digest.objects.published().values_list("date", flat=True).first()
        row = {
            "newest_day": Paper.objects.newest_day(),
            "latest_digest": latest,
            "is_late": bool(status.lateness(jobs)),
            "sources": plain.each(status.sources(jobs), OF_SOURCE),
        }
        return self.one(row)


class MayOperate(BasePermission):
    def has_permission(self, request: Request, view: object) -> bool:
        return bool(request.user.has_perm("papers.operate"))


class RunList(Endpoint):
    permission_classes = [MayOperate]

    @operation("List runs", SOURCE, STATE, *PAGED, answers=shapes.Run, many=True, errors=(403,))
    def get(self, request: Request) -> Response:
        """For operators: the ledger of the ingest, the newest due time first."""
        found = IngestRun.objects.defer("cursor")
        for name in ("source", "state"):
            if given := request.query_params.get(name):
                found = found.filter(**{name: given})
        if after := request.query_params.get("after"):
            at, pk = cursor.read(after, cursor.moment)
            found = found.filter(Q(due_at__lt=at) | Q(pk__lt=pk), due_at__lte=at)
        return self.listed(found, _run, lambda run: (run.due_at, run.pk))


def _run(run: IngestRun) -> Row:
    return {name: getattr(run, name) for name in OF_RUN}
