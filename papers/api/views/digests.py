"""Digests: all days, one, and what it printed."""

from datetime import date

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from papers import cursor
from papers.api import parameters, plain, shapes
from papers.api.endpoint import Endpoint
from papers.api.operation import PAGED, operation, query
from papers.models import Digest

YEAR = query("year", "Days of this year alone.", "2021", pattern="^[12][0-9]{3}$")


class DigestList(Endpoint):
    @operation("List digests", YEAR, *PAGED, answers=shapes.DigestRow, many=True)
    def get(self, request: Request) -> Response:
        """All days that were published, the newest first."""
        found = Digest.objects.published()
        if year := request.query_params.get("year"):
            found = found.filter(date__year=int(year))
        if after := request.query_params.get("after"):
            found = found.filter(date__lt=cursor.read(after, cursor.day)[0])
        found = found.defer("head", "introduction")
        return self.listed(found, plain.digest, lambda day: (day.date, day.pk))


def _find(day: date | None) -> Digest:
    """Return a published digest; None asks for the latest."""
    published = Digest.objects.published()
    if day:
        return get_object_or_404(published, date=day)
    if latest := published.first():
        return latest
    raise Http404


class DigestDetail(Endpoint):
    @operation("Get a digest", parameters.DAY, answers=shapes.Digest, errors=(404,))
    def get(self, request: Request, day: date) -> Response:
        """A listing day. What it printed is at `entries/`."""
        return _day(self, _find(day))


class LatestDigest(Endpoint):
    @operation("Get the latest digest", answers=shapes.Digest, errors=(404,))
    def get(self, request: Request) -> Response:
        """The listing day that was published last."""
        return _day(self, _find(None))


def _day(endpoint: Endpoint, digest: Digest) -> Response:
    published = Digest.objects.published()
    before = published.filter(date__lt=digest.date).order_by("-date").values("date")[:1]
    after = published.filter(date__gt=digest.date).order_by("date").values("date")[:1]
    near = published.filter(Q(date=before) | Q(date=after)).order_by()
    days = set(near.values_list("date", flat=True))
    revisions = digest.revisions.defer("markdown")
    row = plain.digest(digest) | {
        "introduction": digest.introduction,
        "revisions": plain.each(revisions, ("number", "reason", "created_at")),
        "previous": next((day for day in days if day < digest.date), None),
        "next": next((day for day in days if day > digest.date), None),
    }
    return endpoint.one(row)


class DigestEntries(Endpoint):
    @operation(
        "List the entries of a digest",
        parameters.DAY,
        answers=shapes.DigestEntry,
        many=True,
        errors=(404,),
    )
    def get(self, request: Request, day: date) -> Response:
        """All papers of a day as they were printed, in their order, with the tweets under them.

        A paper that curators hid since is left out, and its rank with it.
        """
        return _entries(self, _find(day))


class LatestEntries(Endpoint):
    @operation(
        "List the entries of the latest digest",
        answers=shapes.DigestEntry,
        many=True,
        errors=(404,),
    )
    def get(self, request: Request) -> Response:
        """The papers of the listing day that was published last."""
        return _entries(self, _find(None))


def _entries(endpoint: Endpoint, digest: Digest) -> Response:
    printed = digest.entries.printed()
    return endpoint.page(plain.entries(printed, with_tweets="tweets" in endpoint.fields))
