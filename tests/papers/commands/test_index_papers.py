"""The command that makes every paper findable anew."""

from io import StringIO

import pytest
from django.core.management import call_command

from papers import search
from papers.models import Paper, SearchEntry
from tests.factories import make_paper

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    for _ in range(3):
        make_paper()
    SearchEntry.objects.all().delete()
    Paper.objects.filter(arxiv_id="2106.00002").update(title="Folding")
    assert not search.search("folding OR paper", Paper.objects.all())
    out = StringIO()
    for _ in range(2):  # again does no harm
        call_command("index_papers", stdout=out)
    assert out.getvalue() == "3 papers indexed\n" * 2
    assert [p.arxiv_id for p in search.search("folding", Paper.objects.all())] == ["2106.00002"]
    assert search.search("paper", Paper.objects.all()).count() == 2
