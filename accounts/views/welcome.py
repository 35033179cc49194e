"""The three steps of a new reader: fields, the feed as it would look, three papers to save.

What is picked stands in the address until something is posted: a visitor who looks gets no cookie.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.decorators import rate_limit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts import reader, welcome
from accounts.models import User
from accounts.welcome import PRESETS, Month, Preset
from papers import readers
from papers.models import Category, Paper
from papers.readers import Kind
from papers.selection import Window
from papers.views import rows
from papers.views.back import SeeOther
from papers.views.errors import bad_request


class NoSuchField(ValueError):
    """What was picked is no field; the message is for the reader."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A preset as it stands on the page; `share` is its part of the highest number, in percent."""

    preset: Preset
    codes: list[str]
    is_on: bool
    number: float
    share: float

    @property
    def gap(self) -> float:
        return round(100 - self.share, 1)


@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    """Step 1: the fields, and what those that are picked, or else followed, bring a day."""
    categories = list(Category.objects.filter(is_active=True))
    known = [category.code for category in categories]
    try:
        picked = _codes(request.GET, known)
    except NoSuchField as error:
        return bad_request(request, str(error))
    if not {"picked", "field"} & request.GET.keys():
        picked = readers.of(request).follows(Kind.CATEGORY, known)
    month = welcome.last_month()
    presets = _presets(month, known, picked)
    covered = {code for choice in presets if choice.is_on for code in choice.codes}
    context = {
        "month": month,
        "sum": month.a_day(picked),
        "picked": picked,
        "presets": presets,
        "single": picked - covered,
        "groups": _groups(categories, month),
    }
    return render(request, "accounts/welcome.html", context)


@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """Step 2: the best of the week in the fields picked, and the form that follows them."""
    try:
        picked = _codes(request.GET, _known())
    except NoSuchField as error:
        return bad_request(request, str(error))
    named = request.GET.getlist("field")
    newest, found = welcome.best(picked, Window.WEEK, welcome.BEST)
    context = {
        "newest": newest,
        "year": None,
        "rows": [
            (row, [code for code in row.codes if code in picked]) for row in rows.of_papers(found)
        ],
        "picked": sorted(picked),
        "named": named,
        "marks": readers.of(request).marks([paper.pk for paper in found]),
        "back": "?" + urlencode([("picked", "1"), *(("field", name) for name in named)]),
    }
    return render(request, "accounts/welcome_preview.html", context)


@require_POST
@rate_limit(action="follow")
def follow(request: HttpRequest) -> HttpResponse:
    """Follow the fields picked and no others, and go on to step 3."""
    try:
        picked = _codes(request.POST, _known())
    except NoSuchField as error:
        return bad_request(request, str(error))
    try:
        reader.of(request).follow_only(Kind.CATEGORY, picked)
    except reader.Full as full:
        messages.error(request, str(full))
    return SeeOther(reverse("accounts:welcome_papers"))


@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """Step 3: papers to begin with, the best of the month in what is followed."""
    followed = readers.of(request).follows(Kind.CATEGORY, _known())
    newest, found = welcome.best(followed, Window.MONTH, welcome.TO_SAVE)
    marks = readers.of(request).marks([paper.pk for paper in found])
    context = {
        "newest": newest,
        "rows": rows.of_papers(found),
        "saved": marks.states,
    }
    return render(request, "accounts/welcome_papers.html", context)


@require_POST
@rate_limit(action="follow")
def save(request: HttpRequest) -> HttpResponse:
    """Save the papers ticked; who has no account yet is led to make one, and they are kept."""
    named = [raw for raw in request.POST.getlist("paper") if "\x00" not in raw]
    ticked = Paper.objects.visible().filter(arxiv_id__in=named[: welcome.TO_SAVE])
    keys = list(ticked.values_list("pk", flat=True))
    if isinstance(request.user, User):
        reader.save_papers(request.user, keys)
    elif keys:
        request.session[reader.PICKED] = keys
        door = reverse("account_signup")
        return SeeOther(f"{door}?{urlencode({'next': reverse('accounts:feed')})}")
    return SeeOther(reverse("accounts:feed"))


def _known() -> list[str]:
    return list(Category.objects.filter(is_active=True).values_list("code", flat=True))


def _codes(params: QueryDict, known: Iterable[str]) -> set[str]:
    """Return the categories that `field` names, by code or by preset."""
    known = set(known)
    presets = {preset.slug: preset for preset in PRESETS}
    found: set[str] = set()
    for name in params.getlist("field"):
        if name in presets:
            found.update(presets[name].codes(known))
        elif name in known:
            found.add(name)
        else:
            raise NoSuchField(f"There is no field “{name[:40]}”.")
    return found


def _presets(month: Month, known: list[str], picked: set[str]) -> list[Choice]:
    """Return the presets with their bars, those that bring most first."""
    codes = {preset: preset.codes(known) for preset in PRESETS}
    numbers = {preset: month.a_day(codes[preset]) for preset in PRESETS}
    highest = max(numbers.values()) or 1
    return [
        Choice(
            preset=preset,
            codes=codes[preset],
            is_on=bool(codes[preset]) and picked.issuperset(codes[preset]),
            number=numbers[preset],
            share=round(100 * numbers[preset] / highest, 1),
        )
        for preset in sorted(PRESETS, key=lambda preset: -numbers[preset])
    ]


def _groups(
    categories: list[Category], month: Month
) -> list[tuple[str, list[tuple[Category, int]]]]:
    groups: dict[str, list[tuple[Category, int]]] = {}
    for category in categories:
        count = len(month.papers.get(category.code, ()))
        groups.setdefault(category.group_name, []).append((category, count))
    return sorted(groups.items(), key=lambda group: -sum(count for _, count in group[1]))
