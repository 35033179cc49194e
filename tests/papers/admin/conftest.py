"""A small world, and a curator signed in to the admin who may look after the ingest too."""

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import make_curator
from tests.papers.curation.cases import make_world


@pytest.fixture
def curator(db: None) -> User:
    make_world()
    return make_curator("curator", "operate")


@pytest.fixture
def browser(curator: User, client: Client) -> Client:
    client.force_login(curator)
    return client
