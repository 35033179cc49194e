"""Changes of the shelf: a paper's note, tags and lists; several papers at once; the lists."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts import removal, shelf
from accounts.forms import EditForm, NameForm, SeveralForm
from accounts.models import ReadingList, SavedPaper, User
from accounts.saved import PAGE_SIZE, shown_to
from accounts.shelf import Refused
from accounts.views.guard import change_of_account
from accounts.views.saved import to_row
from papers import identifiers
from papers.views import back
from papers.views.back import SeeOther
from papers.views.errors import bad_request


@change_of_account
def edit(request: HttpRequest, user: User, arxiv_id: str) -> HttpResponse:
    """Store note, tags and lists of a saved paper; what cannot be stored is shown again."""
    saved = get_object_or_404(shown_to(user).select_related("paper"), paper__arxiv_id=arxiv_id)
    lists = {each.pk: each for each in user.lists.all()}
    form = EditForm(request.POST, lists=[(each.pk, each.name) for each in lists.values()])
    if form.is_valid():
        data = form.cleaned_data
        try:
            shelf.edit(user, saved, data["note"], data["tags"], [lists[k] for k in data["lists"]])
        except Refused as refused:
            form.add_error("tags", str(refused))
        else:
            return to_row(request, arxiv_id)
    context = {"saved": saved, "form": form, "next": back.path(request, otherwise="/saved/")}
    return render(request, "accounts/edit.html", context, status=400)


# Several at once ----------------------------------------------------------------------------------


@change_of_account
def several(request: HttpRequest, user: User) -> HttpResponse:
    """Do what `act` names with the papers that `id` names: those of a page at most."""
    named = [identifiers.canonical(raw[:200]) for raw in request.POST.getlist("id")]
    form = SeveralForm(request.POST)
    if not form.is_valid() or len(named) > PAGE_SIZE:
        errors = [str(error) for found in form.errors.values() for error in found]
        return bad_request(request, " ".join(errors) or f"Select {PAGE_SIZE} papers at most.")
    chosen = list(shown_to(user).filter(paper__arxiv_id__in=named).select_related("paper"))
    if not chosen:
        messages.error(request, "Select papers first: tick the box beside each.")
        return to_row(request)
    try:
        done = _done(request, user, chosen, form.cleaned_data)
    except Refused as refused:
        messages.error(request, str(refused))
    except removal.TooMuch:
        messages.error(request, removal.TOO_MUCH)
    else:
        tags = "undo" if form.cleaned_data["act"] in {"remove", "unlist"} else ""
        what = "1 paper" if len(chosen) == 1 else f"{len(chosen)} papers"
        messages.success(request, f"{what} {done}", extra_tags=tags)
    return to_row(request)


def _done(request: HttpRequest, user: User, chosen: list[SavedPaper], asked: dict[str, Any]) -> str:
    """Do it, and return what was done, in words."""
    act = asked["act"]
    if act == "remove":
        removal.remove(request.session, chosen)
        return "removed."
    if act == "tag":
        if not asked["tags"]:
            raise Refused("Name a tag first.")
        shelf.tag(user, chosen, asked["tags"])
        return f"tagged {', '.join(asked['tags'])}."
    if act in SavedPaper.State:
        SavedPaper.objects.put(chosen, act)
        return f"marked {SavedPaper.State(act).label.lower()}."
    reading_list = user.lists.filter(slug=asked["list"]).first()
    if reading_list is None:
        raise Refused("Choose a list first.")
    if act == "unlist":
        removal.take_out(request.session, reading_list, chosen)
        return f"taken out of “{reading_list.name}”."
    shelf.enlist(user, reading_list, chosen)
    return f"added to “{reading_list.name}”."


# Lists --------------------------------------------------------------------------------------------


def change_of_list(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let `view` take a POST about one of the reader's lists; 404 where there is none."""

    @change_of_account
    @wraps(view)
    def guarded(request: HttpRequest, user: User, slug: str) -> HttpResponse:
        return view(request, user, get_object_or_404(ReadingList, user=user, slug=slug))

    return guarded


@change_of_account
def new_list(request: HttpRequest, user: User) -> HttpResponse:
    """Make a list, and show it."""
    form = NameForm(request.POST)
    try:
        return to_list(shelf.new_list(user, _name(form)))
    except Refused as refused:
        messages.error(request, str(refused))
        return to_row(request)


@change_of_list
def rename_list(request: HttpRequest, user: User, reading_list: ReadingList) -> HttpResponse:
    try:
        shelf.rename_list(user, reading_list, _name(NameForm(request.POST)))
    except Refused as refused:
        messages.error(request, str(refused))
        reading_list.refresh_from_db()
    return to_list(reading_list)


@change_of_list
def delete_list(request: HttpRequest, user: User, reading_list: ReadingList) -> HttpResponse:
    """Delete a list; its papers stay saved."""
    try:
        removal.remove_list(request.session, reading_list)
    except removal.TooMuch:
        messages.error(request, removal.TOO_MUCH)
        return to_list(reading_list)
    text = f"The list “{reading_list.name}” is deleted; its papers stay saved."
    messages.success(request, text, extra_tags="undo")
    return SeeOther(reverse("accounts:saved"))


@change_of_list
def move(request: HttpRequest, user: User, reading_list: ReadingList) -> HttpResponse:
    """Move the paper that `up` or `down` names by one place."""
    is_up = "up" in request.POST
    arxiv_id = request.POST.get("up" if is_up else "down", "")[:200]
    is_here = shelf.move(user, reading_list, arxiv_id, up=is_up)
    return to_row(request, arxiv_id if is_here else "")


def _name(form: NameForm) -> str:
    if not form.is_valid():
        raise Refused(" ".join(str(error) for found in form.errors.values() for error in found))
    name: str = form.cleaned_data["name"]
    return name


def to_list(reading_list: ReadingList) -> HttpResponse:
    """Lead to the page of a list."""
    return SeeOther(f"{reverse('accounts:saved')}?list={reading_list.slug}")
