"""The admin shows every table it knows, and lets nobody write what is derived."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from papers import ledger
from papers.curation import papers as of_papers
from papers.models import IngestRun, Quarantine
from papers.sources.base import Reject
from tests.factories import MORNING, make_digest, make_paper, make_tweet

pytestmark = pytest.mark.django_db

OURS = [model for model in admin.site._registry if model._meta.app_label == "papers"]


@pytest.fixture
def run(admin_client: Client) -> IngestRun:
    make_digest(paper := make_paper(score=70))
    make_tweet(paper)
    ledger.plan("x", "tweets", [MORNING, MORNING + timedelta(hours=4)])
    run = IngestRun.objects.earliest("due_at")
    of_papers.hide(paper, None, "Spam.")
    ledger.quarantine(run, [Reject("1402907931406909440", "it has no text")])
    return run


@pytest.mark.parametrize("model", OURS, ids=[model._meta.model_name for model in OURS])
def test_it_works(admin_client: Client, run: IngestRun, model: type[Model]) -> None:
    address = f"admin:papers_{model._meta.model_name}"
    assert admin_client.get(reverse(f"{address}_changelist")).status_code == 200
    first = model._default_manager.order_by("pk").first()
    assert first
    assert admin_client.get(reverse(f"{address}_change", args=[first.pk])).status_code == 200


def test_a_run_shows_what_it_set_aside(admin_client: Client, run: IngestRun) -> None:
    page = admin_client.get(reverse("admin:papers_ingestrun_change", args=[run.pk]))
    assert "it has no text" in page.content.decode()


@pytest.mark.parametrize("model", [IngestRun, Quarantine])
def test_the_ledger_is_not_written_by_hand(
    admin_client: Client, run: IngestRun, model: type[Model]
) -> None:
    address = f"admin:papers_{model._meta.model_name}"
    row = model._default_manager.order_by("pk").first()
    assert row
    for action in ("change", "delete"):
        answer = admin_client.post(reverse(f"{address}_{action}", args=[row.pk]), {"post": "yes"})
        assert answer.status_code == 403
    assert admin_client.get(reverse(f"{address}_add")).status_code == 403
    assert IngestRun.objects.count() == 2
    assert Quarantine.objects.count() == 1
