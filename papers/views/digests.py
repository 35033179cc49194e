"""The digest of a day, and the archive of all days."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q, TextField, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from papers import atom_links, converters, digest_markdown, exports, markdown, readers
from papers.models import Digest, DigestEntry, DigestRevision
from papers.views import calendar, citing, rows

VIEWS = ("read", "list")


def home(request: HttpRequest) -> HttpResponse:
    """The latest day as a list."""
    digest = Digest.objects.published().first()
    if digest is None:
        return render(request, "papers/no_digest.html")
    return _show_day(request, digest, "list", {"website": citing.website()})


def digest(request: HttpRequest, day: date) -> HttpResponse:
    """One day: `?view=read`, the default, or `?view=list`; what was chosen last is remembered.

    `?revision=1` shows how it was printed before a correction.
    """
    found = get_object_or_404(Digest.objects.published(), date=day)
    if "revision" in request.GET:
        return _revision(request, found, request.GET["revision"])
    view = request.GET.get("view") or request.COOKIES.get("view", "")
    return _show_day(request, found, view if view in VIEWS else VIEWS[0])


def _revision(request: HttpRequest, digest: Digest, number: str) -> HttpResponse:
    newest = digest.revisions.first()
    if newest and number == str(newest.number):
        return redirect(digest)
    revision = get_object_or_404(digest.revisions, number=converters.number(number, digits=4))
    post = digest_markdown.parse(revision.markdown, digest.date)
    all_rows = rows.of_post(post)
    context = {
        "canonical": "",
        "digest": digest,
        "year": digest.date.year,
        "revision": revision,
        "rows": all_rows,
        "marks": readers.of(request).marks([row.paper.pk for row in all_rows]),
        "introduction_note_html": markdown.to_html(post.introduction),
    }
    return render(request, "papers/digest_revision.html", context)


def preview(request: HttpRequest, digest: Digest, printed: list[DigestEntry]) -> HttpResponse:
    """Show a day as it would be with these entries, to read; nothing of it need be stored."""
    return _render(request, digest, printed, "read", {"is_preview": True})


def _show_day(
    request: HttpRequest, digest: Digest, view: str, of_home: Mapping[str, object] | None = None
) -> HttpResponse:
    entries = rows.entries_with_tweets(digest.entries.printed(), authors=view == "read")
    more: dict[str, object] = dict(of_home or {})
    if view == "list":
        more["strip"] = calendar.strip(_scores_before(digest.date), digest.date)
    return _render(request, digest, entries, view, more)


def _render(
    request: HttpRequest,
    digest: Digest,
    entries: Iterable[DigestEntry],
    view: str,
    more: Mapping[str, object],
) -> HttpResponse:
    all_rows = rows.of_entries(entries)
    code = request.GET.get("category", "")
    fields = Counter(code for row in all_rows for code in dict.fromkeys(row.codes))
    context = {
        "digest": digest,
        "atom": atom_links.digests(),
        "year": digest.date.year,
        "rows": [row for row in all_rows if code in row.codes] if code else all_rows,
        "marks": readers.of(request).marks([row.paper.pk for row in all_rows]),
        "code": code,
        "fields": fields.most_common(),
        "sentence": sentence(all_rows, fields),
        "view": view,
        "around": _around(digest),
        "exports": exports.links(digest.get_absolute_url()),
        "introduction_note_html": markdown.to_html(digest.introduction),
        "may_edit": request.user.is_staff and request.user.has_perm("papers.curate"),
        **more,
    }
    return render(request, f"papers/digest_{view}.html", context)


@dataclass(frozen=True, slots=True)
class Around:
    """The days before and after a day, and its revisions where it was corrected, newest first."""

    previous: Digest | None
    next: Digest | None
    corrections: list[DigestRevision]


def _around(digest: Digest) -> Around:
    """Return what a day's page says of other days and printings, in one query."""
    published = Digest.objects.published()
    before = published.filter(date__lt=digest.date).order_by("-date").values("date")[:1]
    after = published.filter(date__gt=digest.date).order_by("date").values("date")[:1]
    days = published.filter(Q(date=before) | Q(date=after)).order_by()
    is_day, none = Value(0), Value("", output_field=TextField())
    columns = days.values_list("date", is_day, none, "stamp").union(
        digest.revisions.order_by().values_list("digest__date", "number", "reason", "created_at")
    )
    found = list(columns)
    near = [Digest(date=day) for day, number, _, _ in found if not number]
    revisions = [
        DigestRevision(number=number, reason=reason, created_at=at)
        for _, number, reason, at in sorted(found, key=lambda row: -row[1])
        if number
    ]
    return Around(
        previous=next((day for day in near if day.date < digest.date), None),
        next=next((day for day in near if day.date > digest.date), None),
        corrections=revisions if len(revisions) > 1 else [],
    )


def sentence(day: list[rows.Row], fields: Counter[str]) -> dict[str, object]:
    """Return what the one sentence about a day says: how many, mostly where, how high."""
    code, count = fields.most_common(1)[0] if fields else ("", 0)
    return {
        "count": len(day),
        "code": code,
        "word": "in" if count == len(day) else "most in" if 2 * count > len(day) else "many in",
        "highest": max((row.score for row in day), default=0),
    }


def _scores_before(day: date) -> dict[date, int]:
    start = calendar.months_before(day, 12)[0]
    end = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    held = Digest.objects.published().filter(date__gte=start, date__lt=end)
    return dict(held.values_list("date", "score"))


def archive(request: HttpRequest) -> HttpResponse:
    """All days of one year, `?year=2021`; the newest year by default."""
    published = Digest.objects.published()
    years = [found.year for found in published.dates("date", "year", order="DESC")]
    if not years:
        return render(request, "papers/no_digest.html")
    year = request.GET.get("year") or str(years[0])
    if year not in map(str, years):
        raise Http404(f"No digest of {year[:20]} is held.")
    held = list(published.filter(date__year=int(year)))
    highest = published.aggregate(Max("score"))["score__max"]
    days = {found.date: (found.score, found.entry_count) for found in held}
    context = {
        "atom": atom_links.digests(),
        "year": int(year),
        "years": years,
        "held": held,
        "first_day": held[-1].date,
        "last_day": held[0].date,
        "hottest": max(held, key=lambda found: found.score),
        "months": calendar.months_of(days, highest),
        "legend": [(step, round(highest * (step / 10) ** 2, -3)) for step in (2, 4, 6, 8, 10)],
    }
    return render(request, "papers/archive.html", context)
