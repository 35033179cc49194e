"""Following and its end, from any page; a visitor may follow too."""

from collections.abc import Iterable, Mapping

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts import reader
from accounts.reader import MOST, AccountReader
from papers import readers
from papers.models import Author, Category
from papers.readers import Follow, Kind
from papers.selection import MAX_QUERY
from papers.views import back
from papers.views.back import SeeOther


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """The form of one who has no cookie yet: `?kind=&target=&next=`."""
    asked = _asked(request.GET)
    context = {
        "follow": readers.follow(request, asked.kind, asked.target, asked.name),
        "next": back.path(request, otherwise=asked.get_absolute_url()),
    }
    return render(request, "accounts/follow.html", context)


@require_POST
@rate_limit(action="follow")
def change(request: HttpRequest) -> HttpResponse:
    """Follow what `kind` and `target` name, or with `on=0` no longer."""
    follow = _asked(request.POST)
    who = reader.of(request)
    if request.POST.get("on") == "0":
        who.unfollow(follow.kind, follow.target)
    elif not who.follow(follow.kind, follow.target):
        messages.error(request, f"You follow {MOST} already. Leave some first.")
    return SeeOther(back.path(request, otherwise=follow.get_absolute_url()))


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """What is followed, by kind."""
    who = reader.of(request)
    assert isinstance(who, AccountReader)
    followed = _described(who.followed())
    kinds = [(kind, [each for each in followed if each.kind == kind]) for kind in Kind]
    return render(request, "accounts/follows.html", {"kinds": [k for k in kinds if k[1]]})


def _asked(params: Mapping[str, str]) -> Follow:
    """Return what a form names; 404 where there is no such thing."""
    target = " ".join(params.get("target", "").split())
    kind = params.get("kind", "")
    if kind not in list(Kind) or not target or "\x00" in target or len(target) > MAX_QUERY:
        raise Http404("There is nothing of this name to follow.")
    found = _described([(kind, target)])
    if not found:
        raise Http404("There is nothing of this name to follow.")
    return found[0]


def _described(followed: Iterable[tuple[str, str]]) -> list[Follow]:
    """Name what is followed, in two queries at most; what is no longer there is left out."""
    targets: dict[Kind, list[str]] = {}
    for kind, target in followed:
        targets.setdefault(Kind(kind), []).append(target)
    names = {Kind.SEARCH: {words: f"“{words}”" for words in targets.get(Kind.SEARCH, [])}}
    if codes := targets.get(Kind.CATEGORY):
        found = Category.objects.filter(code__in=codes)
        names[Kind.CATEGORY] = {each.code: f"{each.code} {each.name}" for each in found}
    if slugs := targets.get(Kind.AUTHOR):
        authors = Author.objects.filter(slug__in=slugs)
        names[Kind.AUTHOR] = dict(authors.values_list("slug", "name"))
    return [
        Follow(kind, target, names[kind][target], is_on=True)
        for kind in targets
        for target in targets[kind]
        if target in names[kind]
    ]
