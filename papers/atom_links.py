"""Which Atom feeds there are of what anybody may read: what each is called, and its address.

Pages name them, feed readers find them, `feeds` answers them.
"""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from taggit.models import Tag

from papers.models import Author, Category, Network
from papers.readers import Follow, Kind
from papers.selection import DEFAULT_WINDOW, Selection, Sort, Window

SITE = "Hot Papers"
_SORTS = {Sort.HOT: "Hot", Sort.RISING: "Rising", Sort.NEW: "New", Sort.TOP: "Top"}


@dataclass(frozen=True, slots=True)
class AtomLink:
    """A feed: its title, without the site's name, and its path with what there is of a query."""

    title: str
    path: str

    @property
    def url(self) -> str:
        return settings.SITE_URL + self.path

    def narrowed(self, selection: Selection, *own: str) -> "AtomLink":
        """Return the same with the filters of a selection, but its `own`, which the path names."""
        query = selection.querystring(**dict.fromkeys(own, "")).removesuffix("?")
        return replace(self, path=self.path.partition("?")[0] + query)

    @property
    def full_title(self) -> str:
        return f"{self.title} · {SITE}"


def digests() -> AtomLink:
    return AtomLink("Every day’s digest", reverse("papers:digests_atom"))


def ranked(selection: Selection) -> AtomLink:
    """Return the feed of a list; what is filtered is in its title and its query."""
    words = [_SORTS[selection.sort]]
    if selection.window == Window.ALL:
        words += [] if DEFAULT_WINDOW[selection.sort] == Window.ALL else ["of all time"]
    else:
        words.append(f"of the {selection.window}")
    words += [f"in {selection.category}"] * bool(selection.category)
    words += ["by one author"] * bool(selection.author)
    words += [f"tagged {selection.tag}"] * bool(selection.tag)
    words += [f"holding “{selection.query}”"] * bool(selection.query)
    words += [f"of {selection.year}"] * bool(selection.year)
    if selection.network:
        words.append(f"with tweets on {Network(selection.network).label}")
    words += ["compared within fields"] * bool(selection.fair)
    path = reverse("papers:ranked_atom", args=[selection.sort])
    return AtomLink(" ".join(words), path).narrowed(selection)


def category(found: Category) -> AtomLink:
    return _category(found.code, found.name)


def author(found: Author) -> AtomLink:
    return _author(found.slug, found.name)


def tag(found: Tag) -> AtomLink:
    return AtomLink(f"{found.name}, hot", reverse("papers:tag_atom", args=[found.slug]))


def search(words: str) -> AtomLink:
    path = reverse("papers:search_atom") + "?" + urlencode({"q": words})
    return AtomLink(f"“{words}”, new", path)


def followed(follow: Follow) -> AtomLink:
    """Return the feed of what can be followed."""
    if follow.kind == Kind.SEARCH:
        return search(follow.target)
    if follow.kind == Kind.AUTHOR:
        return _author(follow.target, follow.name)
    return _category(follow.target, follow.name.removeprefix(f"{follow.target} "))


def of(about: object) -> AtomLink | None:
    """Return the feed of what a page is about, where that has one of its own."""
    if isinstance(about, Follow):
        return followed(about)
    return tag(about) if isinstance(about, Tag) else None


def _category(code: str, name: str) -> AtomLink:
    return AtomLink(f"Hot in {code}, {name}", reverse("papers:category_atom", args=[code]))


def _author(slug: str, name: str) -> AtomLink:
    return AtomLink(f"{name}, new", reverse("papers:author_atom", args=[slug]))
