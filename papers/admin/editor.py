"""The editor of a day: its papers as readers will see them, beside what was computed.

Each button sends the whole form. What it changes is shown and not kept before it is saved, so that
nothing is lost without JavaScript either.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from papers import arrangement, markdown
from papers.admin import presence
from papers.admin.acts import undo_address, with_undo
from papers.admin.editor_form import EditorForm, moved, note_of, toggled
from papers.admin_site import page
from papers.arrangement import Arrangement, Difference, Place
from papers.converters import number
from papers.curation import editing
from papers.curation.log import Refused
from papers.models import Act, Digest, DigestEdit, DigestEntry, DigestTweet, is_visible
from papers.views import digests, rows
from papers.views.back import SeeOther

ACTS_SHOWN = 6  # what was done to a day last


@dataclass(slots=True)
class Work:
    """A day on an editor's desk: what is kept, what is on the form, and what to say about it."""

    digest: Digest
    entries: list[DigestEntry]
    form: EditorForm
    wanted: Arrangement
    conflict: "Conflict | None" = None
    refusal: str = ""
    pressed: str = ""  # the button that was, so that the focus stays on it
    said: str = ""  # what it did
    others: list[presence.Presence] | None = None

    @property
    def printed(self) -> Arrangement:
        return arrangement.printed(self.digest, self.entries)

    @property
    def changes(self) -> int:
        return len(arrangement.differences(self.entries, self.printed, self.wanted))


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody was quicker: who, when, and what the day now has otherwise than the form."""

    who: str
    when: datetime | None
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class Line:
    """A paper on the editor's desk."""

    place: Place
    field: Any  # of the note, as the form has it
    hidden_tweets: int

    @property
    def entry(self) -> DigestEntry:
        return self.place.entry

    @property
    def note_html(self) -> str:
        return markdown.to_html(self.place.note) if self.place.note else ""


@page("digests/<day:day>/edit/", "edit_digest")
def edit_digest(request: HttpRequest, day: date) -> HttpResponse:
    """Show a day to edit, and do what a button says: `act` is a verb, or one and a paper's key."""
    if not request.user.has_perm("papers.curate"):
        raise PermissionDenied
    digest = get_object_or_404(Digest, date=day)
    entries = list(digest.entries.select_related("paper"))
    others = presence.enter(digest, request.user)
    if request.method != "POST":
        wanted = editing.wanted(digest, entries)
        reason = request.GET.get("reason", "")[:500]
        form = EditorForm.of(entries, wanted, digest.edition, reason)
        return _show(request, Work(digest, entries, form, wanted, others=others))
    form = EditorForm(entries, request.POST)
    work = Work(digest, entries, form, form.typed(), others=others)
    act = request.POST.get("act", "")
    work.pressed = "" if "HX-Request" in request.headers else act  # in place the focus stays anyway
    verb, _, key = act.partition(":")
    if verb in ENDS:
        return ENDS[verb](request, work)
    paper = number(key)
    if paper in arrangement.computed(entries):
        work.wanted = _changed(work, verb, paper)
        work.said = _said(work, paper)
    return _show(request, work)


def _changed(work: Work, verb: str, paper: int) -> Arrangement:
    """Return the day with one paper moved, pinned or left out, or no longer so."""
    wanted = work.wanted
    if verb in ("up", "down"):
        return moved(work.entries, wanted, paper, -1 if verb == "up" else 1)
    if verb == "pin":
        return replace(wanted, pinned=toggled(wanted.pinned, paper))
    if verb == "out":
        return replace(wanted, left_out=toggled(wanted.left_out, paper))
    return wanted


def _said(work: Work, paper: int) -> str:
    """Say for the ear where the paper stands now."""
    [place] = [
        p for p in arrangement.places(work.entries, work.wanted) if p.entry.paper_id == paper
    ]
    if place.rank is None:
        return "Left out."
    return f"Now number {place.rank}{', pinned' if place.is_pinned else ''}."


# What ends the work, or leads elsewhere ----------------------------------------------------------


def _save(request: HttpRequest, work: Work) -> HttpResponse:
    if not work.form.is_valid():
        return _show(request, work, status=400)
    edition = work.form.cleaned_data["edition"]
    try:
        editing.save(work.digest, work.wanted, edition, request.user)
    except editing.Outdated:
        return _tell(request, work)
    messages.success(request, "Saved. Readers see nothing of it before it is published.")
    reason = work.form.cleaned_data["reason"]
    return SeeOther(_address(work.digest) + (f"?{urlencode({'reason': reason})}" if reason else ""))


def _discard(request: HttpRequest, work: Work) -> HttpResponse:
    try:
        editing.discard(work.digest, number(request.POST.get("edition", "")))
    except editing.Outdated:
        return _tell(request, work)
    messages.success(request, "All changes are undone.")
    return SeeOther(_address(work.digest))


def _publish(request: HttpRequest, work: Work) -> HttpResponse:
    work.form.fields["reason"].required = True
    work.form.fields["reason"].error_messages["required"] = "Say why in a line; readers see it."
    if not work.form.is_valid():
        return _show(request, work, status=400)
    given = work.form.cleaned_data
    try:
        act = editing.publish(
            work.digest, work.wanted, given["edition"], request.user, given["reason"]
        )
    except editing.Outdated:
        return _tell(request, work)
    except Refused as refusal:
        work.refusal = str(refusal)
        return _show(request, work, status=400)
    presence.leave(work.digest, request.user)
    messages.success(request, with_undo("Published. This is what readers see.", [act]))
    return SeeOther(work.digest.get_absolute_url())


def _preview(request: HttpRequest, work: Work) -> HttpResponse:
    """Show the page of the day as it would be, in full."""
    tweets = DigestTweet.objects.filter(is_visible("tweet__"))
    entries = rows.entries_with_tweets(work.digest.entries.all(), tweets, authors=True)
    printed = arrangement.arrange(list(entries), work.wanted)
    work.digest.introduction = work.wanted.introduction
    work.digest.sum_up(printed)
    return digests.preview(request, work.digest, printed)


ENDS = {"save": _save, "discard": _discard, "publish": _publish, "preview": _preview}


def _tell(request: HttpRequest, work: Work) -> HttpResponse:
    """Tell who comes second what the day has now. The form keeps all that was typed, and may be
    saved over it from here on."""
    digest = Digest.objects.get(pk=work.digest.pk)
    edit = DigestEdit.objects.filter(digest=digest).select_related("saved_by").first()
    last = digest.acts.select_related("by").first()
    who = edit.saved_by if edit else last.by if last else None
    work.entries = list(digest.entries.select_related("paper"))
    theirs = editing.wanted(digest, work.entries)
    work.conflict = Conflict(
        who=who.get_username() if who else "",
        when=edit.saved_at if edit else last.at if last else None,
        differences=arrangement.differences(work.entries, theirs, work.wanted),
    )
    work.digest = digest
    typed = request.POST.copy()
    typed["edition"] = str(digest.edition)
    work.form = EditorForm(work.entries, typed)
    return _show(request, work, status=409)


# The page ----------------------------------------------------------------------------------------


def _show(request: HttpRequest, work: Work, status: int = 200) -> HttpResponse:
    hidden = _hidden_tweets(work.digest)
    lines = [
        Line(place, work.form[note_of(place.entry)], hidden.get(place.entry.pk, 0))
        for place in arrangement.places(work.entries, work.wanted)
    ]
    introduction = work.wanted.introduction
    newest = work.digest.revisions.first()
    context = {
        "digest": work.digest,
        "work": work,
        "form": work.form,
        "lines": lines,
        "is_draft": work.digest.state == Digest.State.DRAFT,
        "number": newest.number if newest else int(work.digest.state == Digest.State.PUBLISHED),
        "introduction_note_html": markdown.to_html(introduction) if introduction else "",
        "acts": [(act, undo_address([act])) for act in _newest_acts(work.digest)],
        "saved": DigestEdit.objects.filter(digest=work.digest).select_related("saved_by").first(),
    }
    return render(request, "admin/edit_digest.html", context, status=status)


def _newest_acts(digest: Digest) -> list[Act]:
    acts = digest.acts.select_related("by", "undone_by").defer("before", "after")
    return list(acts[:ACTS_SHOWN])


def _hidden_tweets(digest: Digest) -> dict[int, int]:
    """Return by entry how many of its tweets were hidden since, and go with the next revision."""
    found: dict[int, int] = {}
    gone = DigestTweet.objects.filter(~is_visible("tweet__"), entry__digest=digest)
    for entry in gone.values_list("entry", flat=True):
        found[entry] = found.get(entry, 0) + 1
    return found


def _address(digest: Digest) -> str:
    return reverse("admin:edit_digest", args=[digest.date])
