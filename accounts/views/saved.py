"""Saving from any page, and the page of what was saved."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts import news, reader, removal, saved
from accounts.forms import EditForm, StateForm
from accounts.models import SavedPaper, User
from accounts.saved import SavedSelection, Shelf, Shelved
from accounts.views.guard import change_of_account, named_paper
from papers import exports, identifiers, markdown
from papers.models import Paper
from papers.readers import Marks
from papers.selection import SelectionError
from papers.views import back, in_place, rows
from papers.views.back import SeeOther
from papers.views.errors import bad_request


@dataclass(frozen=True, slots=True)
class Mine:
    """What a row shows of its reader's own."""

    saved: SavedPaper
    tags: list[Shelved]
    lists: list[Shelved]
    form: EditForm | None  # where this row is being edited

    @property
    def note_html(self) -> str:
        return markdown.to_html(self.saved.note)

    @property
    def news(self) -> news.News:
        return news.of(self.saved)


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """What was saved: `?state=&q=&tag=&list=&sort=&after=`; `?edit=` names the row to edit,
    `?ticked=` selects all."""
    assert isinstance(request.user, User)
    try:
        selection = SavedSelection.from_params(request.GET)
    except SelectionError as error:
        return bad_request(request, str(error))
    whole = saved.shelf(request.user)
    tag = named(whole.tags, selection.tag)
    reading_list = named(whole.lists, selection.reading_list)
    found, after = selection.page(request.user, tag, reading_list)
    mine = _mine(request.user, found, whole, request.GET.get("edit", ""))
    context = {
        "selection": selection,
        "year": None,
        "shelf": whole,
        "tag": tag,
        "reading_list": reading_list,
        "states": [
            (value, label, whole.states[value], selection.querystring(state=value))
            for value, label in SavedPaper.State.choices
        ],
        "all_states": selection.querystring(state=""),
        "rows": zip(mine, rows.of_papers([each.paper for each in found]), strict=True),
        "marks": Marks({each.paper_id: each.state for each in found}),
        "are_ticked": "ticked" in request.GET,
        "here": f"{request.path}{selection.querystring(after=selection.after)}".removesuffix("?"),
        "more": selection.querystring(after=after) if after else "",
        "exports": exports.links(request.path, selection.querystring()),
    }
    return render(request, "accounts/saved.html", context)


def named(shelved: list[Shelved], slug: str) -> Shelved | None:
    """Return what a filter names; 404 where its reader has no such tag or list."""
    found = next((each for each in shelved if each.slug == slug), None)
    if slug and found is None:
        raise Http404("You have nothing of this name.")
    return found


def _mine(user: User, found: list[SavedPaper], whole: Shelf, edited: str) -> list[Mine]:
    places = whole.places(found)
    return [
        Mine(each, *places[each.pk], _form(each, whole, *places[each.pk]) if is_edited else None)
        for each in found
        for is_edited in [each.paper.arxiv_id == edited]
    ]


def _form(each: SavedPaper, whole: Shelf, tags: list[Shelved], lists: list[Shelved]) -> EditForm:
    initial = {
        "note": each.note,
        "tags": ", ".join(tag.name for tag in tags),
        "lists": [place.pk for place in lists],
    }
    return EditForm(lists=[(place.pk, place.name) for place in whole.lists], initial=initial)


@change_of_account
def mark(request: HttpRequest, user: User) -> HttpResponse:
    """Save the paper that `save` names, or remove the one that `remove` names."""
    arxiv_id = named_paper(request, "save", "remove")
    if "save" in request.POST:
        paper = get_object_or_404(Paper.objects.visible(), arxiv_id=arxiv_id)
        SavedPaper.objects.keep(user, paper)
    elif mine := user.saved_papers.filter(paper__arxiv_id=arxiv_id).first():
        messages.success(request, f"“{mine.paper.title_text}” removed.", extra_tags="undo")
        removal.remove(request.session, [mine])
    return _marked(request, user, arxiv_id)


@change_of_account
def change(request: HttpRequest, user: User, arxiv_id: str) -> HttpResponse:
    """Store another state."""
    mine = get_object_or_404(SavedPaper, user=user, paper__arxiv_id=arxiv_id)
    form = StateForm(request.POST)
    if not form.is_valid():
        return bad_request(request, "A saved paper is for later, being read, or done.")
    mine.change(form.cleaned_data["state"], mine.note)
    return to_row(request, arxiv_id)


@change_of_account
def undo(request: HttpRequest, user: User) -> HttpResponse:
    """Bring back what was removed last, where `paper` names nothing else."""
    arxiv_id = identifiers.canonical(request.POST.get("paper", "")[:200]) or ""
    papers = removal.restore(request.session, user, arxiv_id)
    if papers is None:
        messages.error(request, "That can no longer be brought back.")
    return _marked(request, user, papers[0].arxiv_id if papers else arxiv_id)


def _marked(request: HttpRequest, user: User, arxiv_id: str) -> HttpResponse:
    """Answer with the paper's button as it is now, or lead back to its row."""
    if not in_place.is_asked(request):
        return to_row(request, arxiv_id)
    paper = get_object_or_404(Paper.objects.visible(), arxiv_id=arxiv_id)
    marks = reader.AccountReader(user).marks([paper.pk])
    is_gone = "row" in request.POST and paper.pk not in marks.states
    template = "accounts/_gone.html" if is_gone else "accounts/_marked.html"
    return render(request, template, {"paper": paper, "marks": marks})


def to_row(request: HttpRequest, arxiv_id: str = "") -> HttpResponse:
    """Lead back to the row of this paper; it may stand there no more."""
    where = back.path(request, otherwise="/saved/").partition("#")[0]
    return SeeOther(f"{where}#{arxiv_id}" if arxiv_id else where)
