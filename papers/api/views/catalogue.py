"""What lists of papers are narrowed to: categories, authors, topic tags."""

import re

from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from papers import cursor
from papers.api import parameters, plain, shapes
from papers.api.endpoint import Endpoint, Row
from papers.api.operation import PAGED, operation, query
from papers.models import Author, Category, Paper, PaperAuthor
from papers.models.catalogue import fold
from papers.selection import Window, first_day

NAME = query("q", "A part of the name.", "lark")


class CategoryList(Endpoint):
    @operation("List categories", answers=shapes.Category, many=True)
    def get(self, request: Request) -> Response:
        """All of arXiv's categories on one page, those it no longer uses too."""
        newest = Paper.objects.newest_day() if "month_count" in self.fields else None
        counts = Category.objects.listed_since(first_day(Window.MONTH, newest)) if newest else {}
        return self.page([_category(found, counts) for found in Category.objects.all()])


def _category(found: Category, counts: dict[str, int]) -> Row:
    names = ("code", "name", "archive", "group", "group_name", "is_active")
    return {name: getattr(found, name) for name in names} | {
        "url": plain.address("category", found.code),
        "same_as": found.same_as_id,
        "month_count": counts.get(found.code, 0),
    }


# Authors -----------------------------------------------------------------------------------------


class AuthorList(Endpoint):
    @operation("List authors", NAME, *PAGED, answers=shapes.AuthorRow, many=True)
    def get(self, request: Request) -> Response:
        """Names on papers, in the order of their slugs. One spelling is one author."""
        authored = PaperAuthor.objects.filter(author=OuterRef("pk"), paper__hidden=False)
        found = Author.objects.filter(Exists(authored)).order_by("slug")
        if name := request.query_params.get("q", "").strip():
            found = found.filter(_named(name))
        if after := request.query_params.get("after"):
            found = found.filter(slug__gt=cursor.read(after, str)[0])
        return self.listed(found, _author, lambda author: (author.slug, author.pk))


def _named(name: str) -> Q:
    """Return whose name holds this: however it is accented, where it is of Latin letters."""
    is_latin = re.search("[a-z0-9]", fold(name))
    return Q(slug__contains=Author.slug_of(name)) if is_latin else Q(name__contains=name)


def _author(author: Author) -> Row:
    url = plain.address("author", author.slug)
    return {"slug": author.slug, "name": author.name, "url": url}


class AuthorDetail(Endpoint):
    @operation("Get an author", parameters.SLUG, answers=shapes.Author, errors=(404,))
    def get(self, request: Request, slug: str) -> Response:
        """An author; the papers are at `papers/?author=`."""
        authored = PaperAuthor.objects.filter(author=OuterRef("pk"), paper__hidden=False)
        author = get_object_or_404(Author.objects.filter(Exists(authored)), slug=slug)
        papers = Paper.objects.visible().filter(authorships__author=author)
        return self.one({**_author(author), "paper_count": papers.distinct().count()})


# Topic tags --------------------------------------------------------------------------------------


class TagList(Endpoint):
    @operation("List topic tags", *PAGED, answers=shapes.Tag, many=True)
    def get(self, request: Request) -> Response:
        """The topic tags that curators gave to papers, in the order of their slugs."""
        tagged = Paper.objects.visible().filter(tags__isnull=False).order_by("tags__slug")
        if after := request.query_params.get("after"):
            tagged = tagged.filter(tags__slug__gt=cursor.read(after, str)[0])
        tags = tagged.values_list("tags__slug", "tags__name", "tags__pk")
        counted = tags.annotate(papers=Count("pk", distinct=True))
        return self.listed(counted, _tag, lambda row: (row[0], row[2]))


def _tag(row: tuple[str, str, int, int]) -> Row:
    slug, name, _, count = row
    return {"slug": slug, "name": name, "url": plain.address("tag", slug), "paper_count": count}
