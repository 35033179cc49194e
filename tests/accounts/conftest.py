"""Readers, and the mail they get: files in a folder, as on a site of one's own machine."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from accounts.models import User
from hotpapers import providers
from tests.accounts.provider import Provider

PASSWORD = "heliotrope marzipan"


def words(response: Any) -> str:
    """Return what a page says between head and foot, without its markup."""
    main = re.search(r"<main.*?</main>", response.content.decode(), re.S)
    assert main, response.content
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Tries are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Mailbox:
    """The mail in a folder, the oldest first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[EmailMessage]:
        files = sorted(self.folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns)
        texts = (path.read_bytes().partition(b"\n" + b"-" * 79)[0] for path in files)
        return [message_from_bytes(text, policy=default) for text in texts]

    def to(self, email: str) -> list[str]:
        """Return the subjects of the mail to an address."""
        subjects = [str(mail["Subject"]) for mail in self.all() if mail["To"] == email]
        return [subject.removeprefix("Hot Papers: ") for subject in subjects]

    def link(self) -> str:
        """Return the path of the first link of the last mail."""
        text: str = self.all()[-1].get_content()
        return re.findall(r"^http://127\.0\.0\.1:\d+(/\S+)$", text, re.M)[0]


@pytest.fixture
def mailbox(settings: Any, tmp_path: Path) -> Mailbox:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return Mailbox(tmp_path / "mail")


class MakeReader:
    """Make a reader whose address is NAME@papers.example and whose password is PASSWORD."""

    def __call__(self, name: str = "ada", *, verified: bool = True, **fields: Any) -> User:
        email = f"{name}@papers.example"
        user = User.objects.create_user(name, email, PASSWORD, **fields)
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=verified)
        return user


@pytest.fixture
def make_reader(db: None) -> MakeReader:
    return MakeReader()


@pytest.fixture
def reader(make_reader: MakeReader) -> User:
    return make_reader()


@pytest.fixture(params=["optional", "mandatory"])
def verification(request: pytest.FixtureRequest, settings: Any) -> str:
    """Whether an address must be confirmed: not on the embedded stack, but on services."""
    settings.ACCOUNT_EMAIL_VERIFICATION = request.param
    return str(request.param)


@pytest.fixture
def provider(running_provider: Provider, settings: Any) -> Provider:
    """One that is configured as an operator would, and at which ada is signed in."""
    running_provider.forget()
    settings.SOCIALACCOUNT_PROVIDERS = providers.read(running_provider.environment()).settings
    return running_provider
