"""Bringing in what a reader keeps elsewhere: a form, what it would do, and doing it."""

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts import imports
from accounts.forms import ImportForm
from accounts.models import User
from accounts.views.guard import change_of_account
from papers.references import References, Unreadable
from papers.views.back import SeeOther
from papers.views.errors import bad_request

SHOWN = 200  # entries that name no paper


@login_required
@rate_limit(action="import")
def page(request: HttpRequest) -> HttpResponse:
    """The form; once it is sent, what would be done."""
    assert isinstance(request.user, User)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _preview(request, request.user, form.cleaned_data["references"])
        except Unreadable as error:
            form.add_error(None, str(error))
    return render(request, "accounts/import.html", {"form": form})


@change_of_account
def confirm(request: HttpRequest, user: User) -> HttpResponse:
    """Do what the preview said, or show it anew where that is another thing by now."""
    agreement = request.POST.get("agreement", "")
    try:
        done = imports.carry_out(user, agreement)
    except (imports.Forged, Unreadable):
        return bad_request(request, "This form is not whole. Begin with the file again.")
    except imports.Changed:
        messages.error(request, "Something changed meanwhile. Nothing was saved yet: look again.")
        return _preview(request, user, References(imports.states_of(user, agreement)))
    messages.success(request, _in_words(done))
    return SeeOther(reverse("accounts:data"))


@change_of_account
def dismiss(request: HttpRequest, user: User) -> HttpResponse:
    """Wait no longer for papers that arXiv does not know."""
    user.pending_saves.filter(is_missing=True).delete()
    return SeeOther(reverse("accounts:data"))


def _preview(request: HttpRequest, user: User, references: References) -> HttpResponse:
    found = imports.plan(user, references.states)
    context = {
        "plan": found,
        "agreement": imports.agree(user, references.states, found),
        "unknown": references.unknown[:SHOWN],
        "unknown_count": len(references.unknown),
        "unshown": max(0, len(references.unknown) - SHOWN),
    }
    return render(request, "accounts/import_preview.html", context)


def _in_words(done: imports.Plan) -> str:
    words = [f"Saved: {len(done.here):,}."] if done.here else []
    if done.lacking:
        words.append(f"Asked for at arXiv: {len(done.lacking):,}. They are saved as they come.")
    return " ".join(words) or "There was nothing to be done."
