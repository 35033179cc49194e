"""Following and its end, from any page; a visitor may follow too."""

from dataclasses import replace

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts import reader
from accounts.forms import FollowForm
from accounts.reader import AccountReader, Full
from papers import readers
from papers.readers import Follow, Kind, Marks
from papers.selection import MAX_QUERY
from papers.views import back, in_place
from papers.views.back import SeeOther


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """The form of one who has no cookie yet: `?kind=&target=&next=`."""
    asked = _asked(request.GET.get("kind", ""), request.GET.get("target", ""))
    context = {
        "follow": readers.follow(request, asked.kind, asked.target, asked.name),
        "next": back.path(request, otherwise=asked.get_absolute_url()),
    }
    return render(request, "accounts/follow.html", context)


@require_POST
@rate_limit(action="follow")
def change(request: HttpRequest) -> HttpResponse:
    """Follow what `follow` names, "category cs.LG", or no longer what `leave` does."""
    named = request.POST.get("follow") or request.POST.get("leave", "")
    kind, _, target = named.partition(" ")
    follow = _asked(kind, target)
    who = reader.of(request)
    is_on = "follow" in request.POST
    try:
        (who.follow if is_on else who.unfollow)(follow.kind, follow.target)
    except Full as full:
        messages.error(request, str(full))
        is_on = False
    where = back.path(request, otherwise=follow.get_absolute_url())
    changed = {"follow": replace(follow, is_on=is_on)}
    return in_place.answer(request, where, "accounts/_followed.html", changed)


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """What is followed, by kind; a form follows what is typed."""
    who = reader.of(request)
    assert isinstance(who, AccountReader)
    form = FollowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            who.follow(Kind(form.cleaned_data["kind"]), form.cleaned_data["target"])
            return SeeOther(request.path)
        except Full as full:
            form.add_error(None, str(full))
    followed = reader.described(who.followed())
    kinds = [(kind, [each for each in followed if each.kind == kind]) for kind in Kind]
    context = {"kinds": [found for found in kinds if found[1]], "marks": Marks(), "form": form}
    return render(request, "accounts/follows.html", context)


def _asked(kind: str, target: str) -> Follow:
    """Return what a form names; 404 where there is no such thing."""
    target = " ".join(target.split())
    if kind not in list(Kind) or not target or "\x00" in target or len(target) > MAX_QUERY:
        raise Http404("There is nothing of this name to follow.")
    found = reader.described([(kind, target)])
    if not found:
        raise Http404("There is nothing of this name to follow.")
    return found[0]
