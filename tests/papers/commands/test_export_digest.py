"""export_digest: the bytes of a day, or a sentence that says why not."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from papers.digest_markdown import render
from papers.posts import import_posts
from tests.factories import make_entry, make_post

pytestmark = pytest.mark.django_db


def exported(day: str, **options: int) -> str:
    out = StringIO()
    call_command("export_digest", day, stdout=out, **options)
    return out.getvalue()


def test_it_works():
    post = make_post(make_entry())
    import_posts([post])
    assert exported("2021-06-10") == render(post)


def test_a_revision_is_written_as_it_was_printed():
    first, second = make_post(make_entry()), make_post(make_entry(retweets=41))
    for post in (first, second):
        import_posts([post])
    assert exported("2021-06-10", revision=1) == render(first)
    assert exported("2021-06-10", revision=2) == exported("2021-06-10") == render(second)
    with pytest.raises(CommandError, match="no revision 3 of 2021-06-10 is held"):
        exported("2021-06-10", revision=3)
    with pytest.raises(CommandError, match="no digest of 2021-06-11 is held"):
        exported("2021-06-11", revision=1)


def test_a_day_not_held_is_an_error():
    with pytest.raises(CommandError, match="no digest of 2021-06-11 is held"):
        exported("2021-06-11")


@pytest.mark.parametrize("day", ["yesterday", "2021-02-30", "10/06/2021", "2021-06", ""])
def test_nonsense_is_an_error_that_shows_how_to_write_a_day(day: str):
    with pytest.raises(CommandError, match="is no day: write it as 2021-06-10"):
        exported(day)
