"""Saving from any page, and the page of what was saved."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from accounts import reader, saved
from accounts.forms import SavedPaperForm
from accounts.models import SavedPaper, User
from papers import identifiers
from papers.models import Paper
from papers.readers import Marks
from papers.selection import SelectionError
from papers.views import back, in_place, rows
from papers.views.back import SeeOther
from papers.views.errors import bad_request

View = Callable[..., HttpResponse]


def change_of_account(view: View) -> View:
    """Let `view` take a POST of who is signed in, and give it the account; others sign in first,
    then come back to where they were."""

    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, User):
            return in_place.leave(request, redirect_to_login(back.path(request)))
        return view(request, request.user, *args, **kwargs)

    return guarded


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """What was saved, the newest first: `?state=`, `?q=`, `?after=`."""
    assert isinstance(request.user, User)
    try:
        selection = saved.SavedSelection.from_params(request.GET)
    except SelectionError as error:
        return bad_request(request, str(error))
    found, after = selection.page(request.user)
    counts = saved.counts(request.user)
    context = {
        "selection": selection,
        "year": None,
        "total": sum(counts.values()),
        "states": [
            (value, label, counts[value], selection.querystring(state=value))
            for value, label in SavedPaper.State.choices
        ],
        "all_states": selection.querystring(state=""),
        "rows": zip(found, rows.of_papers([each.paper for each in found]), strict=True),
        "marks": Marks({each.paper_id: each.state for each in found}),
        "more": selection.querystring(after=after) if after else "",
        "note_length": SavedPaper.NOTE_LENGTH,
    }
    return render(request, "accounts/saved.html", context)


@change_of_account
def mark(request: HttpRequest, user: User) -> HttpResponse:
    """Save the paper that `save` names, or remove the one that `remove` names."""
    raw = request.POST.get("save") or request.POST.get("remove", "")
    arxiv_id = identifiers.canonical(raw[:200])
    if arxiv_id is None:
        raise Http404("No paper is named.")
    if "save" in request.POST:
        paper = get_object_or_404(Paper.objects.visible(), arxiv_id=arxiv_id)
        SavedPaper.objects.keep(user, paper)
    elif mine := user.saved_papers.filter(paper__arxiv_id=arxiv_id).first():
        messages.success(request, f"“{mine.paper.title_text}” removed.", extra_tags="undo")
        saved.remove(request.session, mine)
    return _marked(request, user, arxiv_id)


@change_of_account
def change(request: HttpRequest, user: User, arxiv_id: str) -> HttpResponse:
    """Store another state, another note, or both."""
    mine = get_object_or_404(SavedPaper, user=user, paper__arxiv_id=arxiv_id)
    form = SavedPaperForm({"state": mine.state, "note": mine.note} | request.POST.dict())
    if not form.is_valid():
        return bad_request(request, " ".join(str(e[0]) for e in form.errors.values()))
    mine.change(**form.cleaned_data)
    return _to_row(request, arxiv_id)


@change_of_account
def undo(request: HttpRequest, user: User) -> HttpResponse:
    """Bring back what was removed last, where `paper` names nothing else."""
    arxiv_id = identifiers.canonical(request.POST.get("paper", "")[:200]) or ""
    paper = saved.restore(request.session, user, arxiv_id)
    if paper is None:
        messages.error(request, "That can no longer be brought back.")
    return _marked(request, user, paper.arxiv_id if paper else arxiv_id)


def _marked(request: HttpRequest, user: User, arxiv_id: str) -> HttpResponse:
    """Answer with the paper's button as it is now, or lead back to its row."""
    if not in_place.is_asked(request):
        return _to_row(request, arxiv_id)
    paper = get_object_or_404(Paper.objects.visible(), arxiv_id=arxiv_id)
    marks = reader.AccountReader(user).marks([paper.pk])
    return render(request, "accounts/_marked.html", {"paper": paper, "marks": marks})


def _to_row(request: HttpRequest, arxiv_id: str) -> HttpResponse:
    """Lead back to the row of this paper; it may stand there no more."""
    where = back.path(request, otherwise="/saved/").partition("#")[0]
    return SeeOther(f"{where}#{arxiv_id}" if arxiv_id else where)
