"""Catching up: a page as long as there is time for, then the next one, or enough."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import catch_up, interests
from accounts.feed import Glance
from accounts.models import User
from accounts.views import feed
from accounts.views.guard import change_of_account
from papers.models import Paper
from papers.selection import SelectionError
from papers.views.back import SeeOther
from papers.views.errors import bad_request

MOST = catch_up.MINUTES[-1] * catch_up.A_MINUTE  # papers of a page


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """`?minutes=5|15|30`: the best of what came while the reader was away."""
    assert isinstance(request.user, User)
    try:
        minutes = catch_up.minutes_from(request.GET.get("minutes", ""))
    except SelectionError as error:
        return bad_request(request, str(error))
    newest = Paper.objects.newest_day()
    gap = catch_up.gap_of(request.user, newest) if newest else None
    if gap is None:
        return redirect("accounts:feed")
    of = interests.of_account(request.user, gap.first)
    found = catch_up.portion(of, request.user, gap, minutes)
    context = {
        "gap": gap,
        "minutes": minutes,
        "choices": [(each == minutes, each, f"?minutes={each}") for each in catch_up.MINUTES],
        "portion": found,
        "items": feed.items_of(
            found.papers, of, Glance(of, request.user), fair=request.user.feed_is_fair
        ),
        "marks": of.marks,
        "year": None,
    }
    return render(request, "accounts/catch_up.html", context)


@change_of_account
def go_on(request: HttpRequest, user: User) -> HttpResponse:
    """Store that the papers `shown` were; then the next ones, or with `enough` no more of them."""
    catch_up.note_shown(user, request.POST.getlist("shown")[:MOST])
    if "enough" not in request.POST:
        minutes = request.POST.get("minutes", "")
        known = minutes in map(str, catch_up.MINUTES)
        return SeeOther(reverse("accounts:catch_up") + (f"?minutes={minutes}" if known else ""))
    catch_up.finish(user)
    messages.success(request, "You have caught up.")
    return SeeOther(reverse("accounts:feed"))
