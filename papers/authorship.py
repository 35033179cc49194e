"""Whether who wrote a tweet is an author of a paper it links: told by the two names alone."""

import re
from collections.abc import Iterable
from functools import lru_cache

from papers.bulk import chunks
from papers.models import TweetPaper
from papers.words import fold

_ASIDE = re.compile(r"\([^)]*\)")
_ENDINGS = {"jr", "sr", "iii"}  # of a name, behind the last one


def mark(column: str, keys: Iterable[int]) -> None:
    """Say of each link of these rows whether its writer is an author, as both are named now.

    Now, not in the record at hand: that may be older than what is stored.
    """
    for chunk in chunks(keys):
        links = TweetPaper.objects.filter(**{f"{column}__in": chunk})
        named = links.values_list("pk", "by_author", "tweet__author_name", "paper__author_names")
        wrong: dict[bool, list[int]] = {True: [], False: []}
        for pk, by_author, writer, authors in named:
            person = _person(writer)
            is_author = person is not None and person in map(_person, authors)
            if is_author != by_author:
                wrong[is_author].append(pk)
        for is_author, pks in wrong.items():
            for some in chunks(pks):
                TweetPaper.objects.filter(pk__in=some).update(by_author=is_author)


@lru_cache(maxsize=4096)
def _person(name: str) -> tuple[str, str] | None:
    """Return first and last word of a name, folded: "Dmitry (Dima) Lepikhin 🚀" is one person."""
    words = re.findall(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*", fold(_ASIDE.sub(" ", name)))
    names = [word for word in words if word not in _ENDINGS]
    # One word is no name to know a person by.
    return (names[0], names[-1]) if len(names) > 1 else None
