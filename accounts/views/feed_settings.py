"""How a reader's feed is shown unless asked otherwise, and what is muted in it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.forms import FeedForm, MuteForm
from accounts.models import Mute, User
from accounts.views.guard import change_of_account
from papers import clock
from papers.models import Author
from papers.views.back import SeeOther

MOST = 50  # that one reader mutes: each is looked for in every feed


@login_required
def page(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = FeedForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your feed is set up.")
        return SeeOther(request.path)
    return _page(request, request.user, form=form)


@change_of_account
def mute(request: HttpRequest, user: User) -> HttpResponse:
    """Mute what the form names; what is muted already gets the new end."""
    form = MuteForm(request.POST)
    if user.mutes.count() >= MOST:
        form.add_error(None, f"You mute {MOST} already. End some first.")
    if not form.is_valid():
        return _page(request, user, mute_form=form, status=400)
    values = form.cleaned_data
    Mute.objects.update_or_create(
        user=user,
        kind=values["kind"],
        target=values["target"],
        defaults={"until": values["until"]},
    )
    return SeeOther(reverse("accounts:feed_settings"))


@change_of_account
def unmute(request: HttpRequest, user: User) -> HttpResponse:
    """End the mute of what `kind` and `target` name, if there is one."""
    named = {name: request.POST.get(name, "").replace("\x00", "") for name in ("kind", "target")}
    user.mutes.filter(**named).delete()
    return SeeOther(reverse("accounts:feed_settings"))


def _page(
    request: HttpRequest,
    user: User,
    *,
    form: FeedForm | None = None,
    mute_form: MuteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    mutes = list(user.mutes.all())
    slugs = [each.target for each in mutes if each.kind == Mute.Kind.AUTHOR]
    names = dict(Author.objects.filter(slug__in=slugs).values_list("slug", "name"))
    context: dict[str, Any] = {
        "form": form or FeedForm(instance=user),
        "mute_form": mute_form or MuteForm(),
        "mutes": [(each, names.get(each.target, each.target)) for each in mutes],
        "today": clock.now().date(),
    }
    return render(request, "accounts/feed_settings.html", context, status=status)
