"""Who may do what, at every address there is: the table is tests/addresses.py."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from accounts import roles
from accounts.models import (
    AccessToken,
    FeedLink,
    ReaderTag,
    ReadingList,
    SavedPaper,
    Subscription,
    User,
)
from papers.admin_site import PAGES
from papers.curation import papers as curation_of_papers
from papers.models import Act, DigestEntry, IngestRun, Quarantine, Report, Verdict
from tests.accounts.conftest import MakeReader
from tests.addresses import (
    ACT,
    ADDRESSES,
    CONFIRM,
    FEED,
    FOR_STAFF,
    OPEN,
    OPEN_API,
    PASSWORD,
    SECRET,
    SIGN_IN,
    SUBSCRIPTION,
    TOKEN,
    WHO,
    Address,
    Answer,
)
from tests.factories import MORNING, make_digest, make_paper, make_tweet

pytestmark = [pytest.mark.django_db, pytest.mark.long]
CHANGING = [address for address in ADDRESSES if address.rule.post]
# Tables that a look may write to: who is here, what was seen, when its reader was there.
OF_LOOKS = {"django_session", "usersessions_usersession", "accounts_seen", "accounts_user"}


def names(patterns: list[Any], route: str = "/", space: str = "") -> Iterator[str]:
    """Yield the name of every pattern, with its namespace; of one without a name, its route."""
    for pattern in patterns:
        where = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            within = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern.url_patterns, where, within)
        elif isinstance(pattern, URLPattern):
            yield space + pattern.name if pattern.name else where


@pytest.fixture
def people(db: None, settings: Any) -> dict[str, User]:
    """Everybody with an account, and what the owner has."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    make = MakeReader()
    paper = make_paper(score=60)
    paper.tags.add("weight")
    make_digest(paper, state="published")
    found = {name: make(name, is_staff=name == "staff") for name in WHO[1:]}
    roles.give(found["curator"], [roles.Role.CURATOR, roles.Role.OPERATOR])
    act = curation_of_papers.hide(make_paper(), found["curator"], "Spam.")
    Act.objects.filter(pk=act.pk).update(id=ACT)
    saved = SavedPaper.objects.create(user=found["owner"], paper=paper)
    group = ReadingList.objects.create(
        user=found["owner"],
        name="Group",
        slug="group",
        share_hash=hashlib.sha256(SECRET.encode()).hexdigest(),
    )
    group.entries.create(saved=saved, position=0)
    FeedLink.objects.create(user=found["owner"], **FEED)
    ReaderTag.objects.create(user=found["owner"], name="weight", slug="weight")
    Subscription.objects.create(
        pk=SUBSCRIPTION, user=found["owner"], kind="category", target="cs.CV"
    )
    AccessToken.objects.create(pk=TOKEN, user=found["owner"], name="barn", key_hash="0" * 64)
    Report.objects.create(pk=1000001, by=found["reader"], paper=paper, kind="other")
    SocialAccount.objects.create(pk=1815, user=found["owner"], provider="orcid", uid="0000")
    TOTP.activate(found["owner"], generate_totp_secret())
    RecoveryCodes.activate(found["owner"])
    return found


class Browsers:
    """A browser for each of WHO. Whatever is asked and sent leaves the world as it was."""

    def __init__(self, people: dict[str, User], **options: Any) -> None:
        self.clients = {name: Client(**options) for name in WHO}
        for name, user in people.items():
            self.clients[name].force_login(user)

    @contextmanager
    def of(self, name: str) -> Iterator[Client]:
        for each in caches.all():  # tries are counted there, and sessions kept
            each.clear()
        client = self.clients[name]
        cookies = client.cookies.output(header="", sep=";")
        with transaction.atomic():
            yield client
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.load(cookies)

    def get(self, name: str, path: str) -> Any:
        with self.of(name) as client:
            return client.get(path)

    def post(self, name: str, address: Address) -> Any:
        with self.of(name) as client:
            return send(client, address.path, address.form)


def send(client: Client, path: str, form: dict[str, str]) -> Any:
    """Post a form, or to the API what it takes."""
    if path.startswith("/api/"):
        return client.post(path, form, content_type="application/json")
    return client.post(path, form)


def answer(response: Any) -> Answer:
    doors = {"/accounts/login/": SIGN_IN, "/accounts/reauthenticate/": CONFIRM}
    doors |= {"/accounts/2fa/reauthenticate/": CONFIRM, "/admin/login/": SIGN_IN}
    if response.status_code != 302:
        return int(response.status_code)
    return doors.get(response["Location"].partition("?")[0], 302)


def tables() -> dict[str, list[str]]:
    """Every row there is, but of tables a look may write to."""
    found = {}
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - OF_LOOKS:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = sorted(map(str, cursor.fetchall()))
    return found


def test_it_works() -> None:
    """Every pattern is in the table, and every line of the table is of a pattern."""
    known = [address.name for address in ADDRESSES]
    ours = {f"admin:{name}" for _, _, name in PAGES}
    there = {name for name in names(get_resolver().url_patterns) if "admin" not in name[:7]} | ours
    missing = sorted(there - set(known))
    assert not missing, f"give each of these a line in ADDRESSES of tests/addresses.py: {missing}"
    assert sorted(known) == sorted(there), "a line twice, or of an address that is no more"
    found = {each.name: resolve(each.path.partition("?")[0]).view_name for each in ADDRESSES}
    assert found == {name: name for name in known}


def test_a_look_is_answered_to_whom_it_may_concern(people: dict[str, User]) -> None:
    browsers = Browsers(people)
    for address in ADDRESSES:
        found = tuple(answer(browsers.get(name, address.path)) for name in WHO)
        assert (address.name, found) == (address.name, address.rule.get)


def test_a_change_is_made_for_whom_it_may_concern(people: dict[str, User]) -> None:
    browsers = Browsers(people)
    for address in CHANGING:
        found = tuple(answer(browsers.post(name, address)) for name in WHO)
        assert (address.name, found) == (address.name, address.rule.post)


# What is sent ------------------------------------------------------------------------------------


def test_nothing_is_done_without_a_token(people: dict[str, User]) -> None:
    browsers = Browsers(people, enforce_csrf_checks=True)
    for address in ADDRESSES:
        found = tuple(answer(browsers.post(name, address)) for name in WHO)
        assert (address.name, found) == (address.name, address.rule.without_token)


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_look_changes_nothing(people: dict[str, User], method: str) -> None:
    browsers = Browsers(people)
    before = tables()
    for address in CHANGING:
        for name in ("visitor", "owner"):
            with browsers.of(name) as client:
                client.generic(method.upper(), address.path)
                assert tables() == before, address.name


def more_fields(people: dict[str, User]) -> dict[str, str]:
    """What no form has: somebody else's keys, and rights."""
    more = dict.fromkeys(["id", "pk", "user", "user_id", "owner"], str(people["curator"].pk))
    more |= dict.fromkeys(["is_staff", "is_superuser", "verified", "primary"], "on")
    more |= {"is_active": "", "roles": "administrator", "user_permissions": "1"}
    return more | {"groups": str(Group.objects.create(name="everything").pk)}


@pytest.mark.parametrize("name", ["reader", "owner"])
def test_fields_that_no_form_has_change_nothing(people: dict[str, User], name: str) -> None:
    browsers, one = Browsers(people), people[name]
    more = more_fields(people)
    before = belongings(one)
    for address in CHANGING:
        with browsers.of(name) as client:
            client.post("/accounts/reauthenticate/", {"password": PASSWORD})
            send(client, address.path, more | address.form)
            assert belongings(one) == before, address.name
            mighty = User.objects.exclude(is_staff=False, is_superuser=False, is_active=True)
            assert mighty.count() == 2, address.name
            assert not User.objects.filter(groups__name="everything").exists(), address.name


def test_a_curator_gives_nobody_rights(people: dict[str, User]) -> None:
    more = more_fields(people)
    sent = [(address.path, more | address.form) for address in CHANGING]
    chosen = {"post": "yes", "action": "delete_selected", "_selected_action": "1"}
    sent += [(path, more | chosen) for _, _, path in admin_pages(people)]
    browsers, before = Browsers(people), powers()
    for path, form in sent:
        with browsers.of("curator") as client:
            client.post("/accounts/reauthenticate/", {"password": PASSWORD})
            send(client, path, form)
            assert powers() <= before, path  # who leaves takes theirs along


def powers() -> set[str]:
    """Who may do more than a reader, who is shut out, and what groups may."""
    mighty = User.objects.exclude(is_staff=False, is_superuser=False, is_active=True)
    rows: list[Any] = [mighty.values_list("pk", "is_staff", "is_superuser", "is_active")]
    for link in (User.groups.through, User.user_permissions.through, Group.permissions.through):
        rows.append(link._default_manager.values_list())
    return {f"{queryset.model.__name__} {row}" for queryset in rows for row in queryset}


def belongings(one: User) -> dict[str, list[str]]:
    """All other accounts, and every row that belongs to one of them."""
    others = User.objects.exclude(pk=one.pk)
    found = {"User": sorted(map(str, others.values_list()))}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is User:
                rows = model._default_manager.filter(**{f"{field.name}__in": others})
                found[f"{model.__name__}.{field.name}"] = sorted(map(str, rows.values_list()))
    return found


# What is kept, and by whom -----------------------------------------------------------------------


def test_nobody_keeps_what_is_personal(people: dict[str, User]) -> None:
    browsers = Browsers(people)
    for address in ADDRESSES:
        response = browsers.get("owner", address.path)
        assert response["Cache-Control"] == "private, no-store", address.name


def test_a_visitor_gets_no_cookie(people: dict[str, User]) -> None:
    browsers = Browsers(people)
    for address in ADDRESSES:
        if address.rule is OPEN or address.rule is OPEN_API:
            response = browsers.get("visitor", address.path)
            assert not response.cookies, address.name
            assert b"csrfmiddlewaretoken" not in b"".join(response), address.name


def test_no_program_is_told_what_a_post_on_x_says(people: dict[str, User]) -> None:
    """Pages show it; feeds, files and the API do not, to anybody."""
    entry = DigestEntry.objects.select_related("paper").get()
    for place, (text, network) in enumerate([("a zebra weighs", "x"), ("an okapi", "bluesky")]):
        tweet = make_tweet(entry.paper, network=network, text=text, posted_at=MORNING)
        entry.tweets.create(position=place, tweet=tweet, html=f"<p>{text}</p>")
    browsers, told = Browsers(people), set()
    for address in ADDRESSES:
        for name in ("visitor", "owner", "curator"):
            response = browsers.get(name, address.path)
            if not response.get("Content-Type", "").startswith("text/html"):
                said = b"".join(response)
                assert b"zebra" not in said, (address.name, name)
                told |= {address.name} if b"okapi" in said else set()
    assert told >= {"papers:digest_as", "papers:api:paper_tweets", "papers:api:tweets"}


# The admin ---------------------------------------------------------------------------------------

OF_MODEL = ("changelist", "add", "change", "history", "delete")


def admin_pages(people: dict[str, User]) -> Iterator[tuple[type[Model], str, str]]:
    """Yield model, kind of page and path, of every model that is registered, with a row of each."""
    make_tweet(make_paper())
    run = IngestRun.objects.create(source="arxiv", kind="papers", due_at=MORNING)
    Quarantine.objects.create(run=run, item="x", reason="No title.")
    Verdict.objects.create(network="x", handle="ada", kind="bot")
    assert EmailAddress.objects.exists()
    for model in admin.site._registry:
        row = model._default_manager.first()
        assert row, f"make a row of {model.__name__}: its pages are asked for"
        for page in OF_MODEL:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
            of_all = page in {"changelist", "add"}
            yield model, page, reverse(name, args=[] if of_all else [row.pk])


def test_the_admin_is_for_who_has_the_right(people: dict[str, User]) -> None:
    pages = list(admin_pages(people))
    browsers = Browsers(people)
    for model, page, path in pages:
        is_seen = model is User or model._meta.app_label in {"papers", "taggit"}
        may = is_seen and page in {"changelist", "change", "history"}
        expected = (SIGN_IN, SIGN_IN, SIGN_IN, 403, 200 if may else 403)
        assert (path, tuple(answer(browsers.get(name, path)) for name in WHO)) == (path, expected)
    found = tuple(answer(browsers.get(name, "/admin/jsi18n/")) for name in WHO)
    assert found == FOR_STAFF.get


def test_the_admin_changes_nothing_without_a_token(people: dict[str, User]) -> None:
    pages = list(admin_pages(people))
    root = User.objects.create_superuser("root")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(root)
    before = tables()
    for _, _, path in pages:
        assert browser.get(path).status_code in {200, 403}, path  # some rows nobody may add
        assert browser.post(path, {"post": "yes"}).status_code == 403, path
    assert tables() == before
