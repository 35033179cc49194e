"""The pages on which something is done and undone, and the buttons that lead there.

To look at either page changes nothing: what would happen is done and taken back (`preview`).
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from papers.admin.act_forms import ReasonForm
from papers.admin.deeds import ACCOUNTS, ACTS, DEEDS, MOST, Deed, deeds_for, may_undo
from papers.admin.lists import ReadOnlyAdmin
from papers.admin_site import answer, page
from papers.curation import log, preview, words
from papers.curation.log import Refused
from papers.curation.tweets import account
from papers.models import Act, Network
from papers.views import back

NAMED = 5  # subjects of a message; more are counted


@page("acts/<slug:kind>/", "act")
def act(request: HttpRequest, kind: str) -> HttpResponse:
    """Show what one kind of act would do to the rows named by ?id=, and do it."""
    deed = DEEDS.get(kind)
    if deed is None:
        raise Http404("Nothing is done here.")
    if not deed.may(request.user):
        raise PermissionDenied
    keys = list(dict.fromkeys(request.GET.getlist("id")))
    if not keys and deed.of is ACCOUNTS:
        return _which_account(request, deed)
    if not keys or len(keys) > MOST or (deed.is_single and len(keys) > 1):
        raise Http404("Too few are named, or too many.")
    subjects = deed.of.find(keys)
    form = deed.form(request.POST or None, subjects=subjects)
    is_look = "look" in request.POST
    form.fields["reason"].required = not is_look
    if request.method == "POST" and form.is_valid() and not is_look:
        try:
            reason = form.cleaned_data["reason"]
            acts = _do(lambda: deed.do(subjects, request.user, reason, form.what()))
            messages.success(request, _said(acts))
            return HttpResponseRedirect(_back(request, deed, subjects))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, deed, subjects, form)


def _back(request: HttpRequest, deed: Deed, subjects: Sequence[Any]) -> str:
    """Return where the buttons stood that lead to an act: the rows' own page unless `next`."""
    return back.path(request, otherwise=deed.of.back(subjects))


def _do(do: Callable[[], Sequence[Act]]) -> Sequence[Act]:
    with transaction.atomic():
        return do()


def _page(
    request: HttpRequest, deed: Deed, subjects: Sequence[Any], form: ReasonForm
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": deed.title(len(subjects)),
        "deed": deed,
        "subjects": subjects,
        "rows_are": deed.of.nouns,
        "back": _back(request, deed, subjects),
        "form": form,
    }
    if not form.asks_more or (form.is_bound and form.is_valid()):
        what = form.what() if form.is_bound and form.asks_more else {}
        context |= _foreseen(lambda: deed.do(subjects, request.user, "A look.", what))
    return answer(request, "admin/act.html", context)


def _foreseen(do: Callable[[], Sequence[Act]]) -> dict[str, Any]:
    try:
        foreseen = preview.foresee(do)
    except Refused as refusal:
        return {"refused": str(refusal)}
    changes = [words.changes(act) for act in foreseen.acts]
    return {
        "foreseen": foreseen,
        "shown": preview.SHOWN,
        "changes": [change for found, _ in changes for change in found],
        "more_changes": sum(more for _, more in changes),
    }


def _which_account(request: HttpRequest, deed: Deed) -> HttpResponse:
    """Ask for an account by network and handle, and lead to the page of the act."""
    context: dict[str, Any] = {"title": deed.title(), "deed": deed, "networks": Network.choices}
    context |= {"network": request.GET.get("network", "x"), "handle": request.GET.get("handle", "")}
    if "handle" in request.GET:
        try:
            return redirect(deed.address([account(context["network"], context["handle"])]))
        except Refused as refusal:
            context["refused"] = str(refusal)
    return answer(request, "admin/which_account.html", context)


def _said(acts: Sequence[Act]) -> str:
    names = ", ".join(act.subject for act in acts[:NAMED])
    more = f" and {len(acts) - NAMED} more" if len(acts) > NAMED else ""
    return with_undo(f"{capfirst(acts[0].get_kind_display())}: {names}{more}.", acts)


# Undoing -----------------------------------------------------------------------------------------


def undo_address(acts: Sequence[Act]) -> str:
    return f"{reverse('admin:undo')}?{urlencode([('id', act.pk) for act in acts])}"


def with_undo(said: str, acts: Sequence[Act]) -> SafeString:
    """Return the words that say what was done, with the way to undo it."""
    return format_html('{} <a href="{}">Undo</a>', said, undo_address(acts))


@page("undo/", "undo")
def undo(request: HttpRequest) -> HttpResponse:
    """Show what undoing the acts named by ?id= gives back, and undo them, the last one first."""
    acts = _named_acts(request.GET.getlist("id"))
    if not all(may_undo(act, request.user) for act in acts):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)

    def undone(reason: str) -> list[Act]:
        return [log.undo(act, request.user, reason) for act in acts]

    if request.method == "POST" and form.is_valid():
        try:
            _do(lambda: undone(form.cleaned_data["reason"]))
            messages.success(request, f"Undone: {', '.join(map(str, acts[:NAMED]))}.")
            return redirect("admin:papers_act_changelist")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "title": "Undo",
        "acts": acts,
        "rows_are": ACTS.nouns,
        "back": reverse("admin:papers_act_changelist"),
        "form": form,
    }
    return answer(request, "admin/undo.html", context | _foreseen(lambda: undone("A look.")))


def _named_acts(keys: Sequence[str]) -> list[Act]:
    """Return these acts, the last one first; raise Http404 where one is not there."""
    if not keys or len(keys) > MOST:
        raise Http404("There is no such act.")
    acts = ACTS.find(list(dict.fromkeys(keys)))
    return sorted(acts, key=lambda act: act.pk, reverse=True)


# The way there -----------------------------------------------------------------------------------


class Acting(ReadOnlyAdmin):
    """Of a model that something can be done to: buttons on its page, actions on its list."""

    change_form_template = "admin/acting.html"

    def shown_with(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return what the template shows with a row: `buttons`, what they say and lead to."""
        deeds = [deed for deed in deeds_for(self.model, request.user) if deed.fits(row)]
        return {"buttons": [(deed.button, deed.address([row])) for deed in deeds]}

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context |= self.shown_with(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        for deed in deeds_for(self.model, request.user):
            if not deed.is_single:
                name = str(deed.kind).replace("-", "_")
                actions[name] = (_leading_to(deed), name, deed.titles)
        return actions


def _leading_to(deed: Deed) -> Callable[..., HttpResponse | None]:
    def lead(
        model_admin: Acting, request: HttpRequest, rows: "QuerySet[Model]"
    ) -> HttpResponse | None:
        chosen = list(rows[: MOST + 1])
        if len(chosen) > MOST:
            messages.error(request, f"Select {MOST} at most.")
            return None
        return redirect(deed.address(chosen))

    return lead
