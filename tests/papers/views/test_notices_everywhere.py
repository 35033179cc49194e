"""The line above every page of a site whose ledger says that a source is late."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from papers.models import Paper
from tests.papers import ledgers
from tests.papers.views.conftest import PAGES, make_entry, store
from tests.papers.views.test_notices import LATE, strip

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def late(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A day of ten papers, and a source that is late; the clock stands there."""
    at_the_time = time_machine.travel(ledgers.NOW, tick=False)
    with at_the_time, django_db_blocker.unblock(), transaction.atomic():
        store(*(make_entry(rank) for rank in range(1, 11)))
        Paper.objects.get(arxiv_id="2106.00001").tags.add("distillation")
        ledgers.late()
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("address", PAGES)
def test_it_works(client: Client, address: str) -> None:
    assert strip(client, address) == LATE


@pytest.mark.parametrize("address", PAGES)
def test_it_costs_three_queries_a_minute_and_pages_none(client: Client, address: str) -> None:
    client.get(address)  # once, for what else a process keeps for a minute
    caches["process"].delete("notices")
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        costs.append(len(queries))
    first, following = costs
    assert first - following == 3
    assert not [query for query in queries if "papers_ingestrun" in query["sql"]]
    assert following <= 7  # of the eight of a list page
