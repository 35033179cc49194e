"""The public log: what curators changed of what readers see, and why; not who."""

from collections.abc import Collection

from django.db.models import Q
from django.db.models.fields.json import KeyTransform
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from taggit.models import Tag

from papers import cursor
from papers.models import Act
from papers.selection import SelectionError
from papers.views.errors import bad_request

PAGE = 50
OF_TAGS = (Act.Kind.RENAME_TAG, Act.Kind.MERGE_TAG)


def page(request: HttpRequest) -> HttpResponse:
    """One page of it, the newest first: `?after=` goes on behind a row."""
    after = request.GET.get("after", "")
    found = Act.objects.public().select_related("paper", "digest", "undoes", "undone_by")
    try:
        at, pk = cursor.read(after, cursor.moment) if after else (None, 0)
    except SelectionError as error:
        return bad_request(request, str(error))
    if at:
        # The plain bound is implied, but the index can start at it.
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)
    acts = list(found.only(*_COLUMNS)[: PAGE + 1])
    more = cursor.write(acts[PAGE - 1].at, acts[PAGE - 1].pk) if len(acts) > PAGE else ""
    tags = _tags([act.pk for act in acts[:PAGE] if act.kind in OF_TAGS])
    context = {"acts": [(act, tags.get(act.pk)) for act in acts[:PAGE]], "more": more}
    return render(request, "papers/curation.html", context)


# What a row shows. What changed, before and after, can be long: a blocked account has many tweets.
_COLUMNS = (
    *("kind", "subject", "reason", "at", "undoes__at", "undone_by__at", "undone_by__reason"),
    *("paper__arxiv_id", "paper__title_text", "paper__hidden", "digest__date", "digest__state"),
)


def _tags(keys: Collection[int]) -> dict[int, Tag]:
    """Return the tag that each of these acts renamed, where it still is."""
    if not keys:
        return {}
    renamed = Act.objects.filter(pk__in=keys).values_list("pk", KeyTransform("taggit.tag", "after"))
    of_act = {pk: next(iter(rows)) for pk, rows in renamed if rows}
    there = Tag.objects.in_bulk(list(of_act.values()))
    return {pk: there[int(key)] for pk, key in of_act.items() if int(key) in there}
