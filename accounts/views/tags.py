"""The reader's own tags: renamed, merged, deleted."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts import removal, saved, shelf
from accounts.forms import TagForm
from accounts.models import ReaderTag, User
from accounts.views.guard import change_of_account
from papers.views.back import SeeOther


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """All tags, with how many papers carry each."""
    assert isinstance(request.user, User)
    return render(request, "accounts/tags.html", {"shelf": saved.shelf(request.user)})


@change_of_account
def rename(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """Give a tag another name; one of a tag that is there merges the two."""
    tag = get_object_or_404(ReaderTag, user=user, slug=slug)
    form = TagForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["name"][0]))
        return _to_tags(slug)
    left = shelf.rename_tag(user, slug, form.cleaned_data["name"])
    if left is None:
        raise Http404
    if left.pk == tag.pk:
        messages.success(request, f"“{tag.name}” is called “{left.name}” now.")
    else:
        messages.success(request, f"“{tag.name}” is merged into “{left.name}”.")
    return _to_tags(left.slug)


@change_of_account
def delete(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """Take a tag off all papers, which stay saved."""
    tag = get_object_or_404(ReaderTag, user=user, slug=slug)
    try:
        removal.remove_tag(request.session, tag)
    except removal.TooMuch:
        messages.error(request, removal.TOO_MUCH)
    else:
        text = f"The tag “{tag.name}” is deleted; its papers stay saved."
        messages.success(request, text, extra_tags="undo")
    return _to_tags()


def _to_tags(slug: str = "") -> HttpResponse:
    where = reverse("accounts:tags")
    return SeeOther(f"{where}#{slug}" if slug else where)
