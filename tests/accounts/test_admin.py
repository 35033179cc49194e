"""The admin has no door of its own, and shows of accounts what support needs."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts import roles
from accounts.models import ReaderTag, SavedPaper, Subscription, User
from tests.accounts.conftest import PASSWORD, MakeReader
from tests.factories import make_curator, make_paper

pytestmark = pytest.mark.django_db


def test_it_works(client: Client, make_reader: MakeReader) -> None:
    make_reader("root", is_staff=True, is_superuser=True)
    door = client.get("/admin/papers/paper/", follow=True)
    assert door.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2Fpapers%2Fpaper%2F"
    form = {"login": "root", "password": PASSWORD, "next": "/admin/papers/paper/"}
    assert client.post("/accounts/login/", form, follow=True).status_code == 200
    assert client.get("/admin/papers/paper/").status_code == 200


def test_its_own_form_opens_nothing(client: Client, make_reader: MakeReader) -> None:
    make_reader("root", is_staff=True, is_superuser=True)
    client.post("/admin/login/", {"username": "root", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_a_reader_is_not_led_in_circles(client: Client, reader: User) -> None:
    client.force_login(reader)
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert b"Not allowed" in response.content


def test_a_password_is_changed_where_its_owner_is_told(admin_client: Client) -> None:
    address = reverse("admin:password_change")
    assert admin_client.get(address)["Location"] == "/accounts/password/change/"


def test_a_lost_second_step_is_deleted_and_its_secret_shown_to_nobody(
    admin_client: Client, reader: User
) -> None:
    secret = "JXL5L764SANMNOGW56F3XDKEJLZHYBO4"
    row = TOTP.activate(reader, secret).instance
    page = admin_client.get(reverse("admin:mfa_authenticator_change", args=[row.pk]))
    assert "ada" in page.content.decode()
    assert secret not in page.content.decode()
    address = reverse("admin:mfa_authenticator_delete", args=[row.pk])
    assert admin_client.post(address, {"post": "yes"}).status_code == 302
    assert not Authenticator.objects.exists()


# Readers, for support -----------------------------------------------------------------------------


@pytest.fixture
def curator(client: Client) -> User:
    user = make_curator()
    client.force_login(user)
    return user


def page_of(reader: User) -> str:
    return reverse("admin:accounts_user_change", args=[reader.pk])


def test_a_curator_sees_who_is_there_and_nothing_that_is_theirs(
    client: Client, curator: User, reader: User
) -> None:
    saved = SavedPaper.objects.keep(reader, make_paper())
    saved.note = "a private note"
    saved.save()
    ReaderTag.objects.create(user=reader, name="a private tag", slug="tag")
    Subscription.objects.create(user=reader, kind="search", target="a private search")
    TOTP.activate(reader, "JXL5L764SANMNOGW56F3XDKEJLZHYBO4")
    for address in (page_of(reader), reverse("admin:accounts_user_changelist")):
        page = client.get(address).content.decode()
        assert "ada" in page
        assert "reader" in page
        for secret in ("private", reader.password, "md5", "JXL5L764", "ada@papers.example"):
            assert secret not in page


def test_a_reader_is_found_by_name_or_whole_address(client: Client, curator: User) -> None:
    make = MakeReader()
    make("ada")
    make("adam")
    for words, names in (
        ("ada", {"ada", "adam"}),
        (" ADA@papers.example ", {"ada"}),
        ("ada@papers", set()),
        ("dam", set()),
    ):
        page = client.get(reverse("admin:accounts_user_changelist"), {"q": words})
        assert {user.username for user in page.context["cl"].result_list} == names


def test_a_curator_gives_nobody_rights_and_closes_no_account(
    client: Client, curator: User, reader: User
) -> None:
    before = sorted(map(str, User.objects.values_list()))
    more = {"roles": ["administrator"], "is_superuser": "on", "is_staff": "on", "is_active": ""}
    more |= {"groups": ["1", "2"], "user_permissions": ["1"], "username": "eve", "post": "yes"}
    for user in (curator, reader):
        for action in ("change", "delete"):
            address = reverse(f"admin:accounts_user_{action}", args=[user.pk])
            assert client.post(address, more).status_code == 403
    assert client.post(reverse("admin:accounts_user_add"), more).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": str(reader.pk), "post": "yes"}
    client.post(reverse("admin:accounts_user_changelist"), chosen)
    assert sorted(map(str, User.objects.values_list())) == before
    assert roles.of(User.objects.get(pk=curator.pk)) == ["curator"]


def test_an_administrator_gives_roles(admin_client: Client, reader: User) -> None:
    assert "ada@papers.example" in admin_client.get(page_of(reader)).content.decode()
    form = {"roles": ["curator", "operator"], "is_active": "on", "username": "eve"}
    assert admin_client.post(page_of(reader), form).status_code == 302
    found = User.objects.get(pk=reader.pk)
    assert (roles.of(found), found.username) == (["curator", "operator"], "ada")
    page = admin_client.get(page_of(reader)).context["adminform"].form
    assert set(page["roles"].value()) == {"curator", "operator"}
    only = admin_client.get(reverse("admin:accounts_user_changelist"), {"role": "operator"})
    assert [user.username for user in only.context["cl"].result_list] == ["ada"]
    assert admin_client.post(page_of(reader), {}).status_code == 302
    found = User.objects.get(pk=reader.pk)
    assert (roles.of(found), found.is_active, found.is_staff) == (["reader"], False, False)


def test_roles_that_cannot_be_had_together_are_told(admin_client: Client, reader: User) -> None:
    form = {"roles": ["curator", "administrator"], "is_active": "on"}
    page = admin_client.post(page_of(reader), form)
    assert "Say administrator alone" in page.content.decode()
    assert roles.of(User.objects.get(pk=reader.pk)) == ["reader"]


def test_an_administrator_changes_no_role_of_their_own(admin_client: Client) -> None:
    root = User.objects.get(is_superuser=True)
    assert admin_client.get(page_of(root)).status_code == 200
    assert admin_client.post(page_of(root), {"is_active": "on"}).status_code == 403
    assert User.objects.get(pk=root.pk).is_superuser


def test_a_closed_account_is_signed_out(admin_client: Client, reader: User) -> None:
    ada = Client()
    ada.force_login(reader)
    assert ada.get("/saved/").status_code == 200
    admin_client.post(page_of(reader), {})
    assert ada.get("/saved/").status_code == 302


def test_who_is_deleted_here_leaves_nothing_either(admin_client: Client, reader: User) -> None:
    ada = Client()
    ada.force_login(reader)
    address = reverse("admin:accounts_user_delete", args=[reader.pk])
    assert "ada" in admin_client.get(address).content.decode()
    admin_client.post(address, {"post": "yes"})
    assert not User.objects.filter(username="ada").exists()
    assert not LogEntry.objects.filter(object_repr="ada").exists()
    assert ada.get("/saved/").status_code == 302


def test_an_address_is_confirmed_for_who_gets_no_mail(
    admin_client: Client, make_reader: MakeReader
) -> None:
    make_reader("ada", verified=False)
    row = EmailAddress.objects.get()
    form = {"action": "make_verified", "_selected_action": str(row.pk)}
    admin_client.post(reverse("admin:account_emailaddress_changelist"), form)
    assert EmailAddress.objects.get().verified


def test_a_lost_account_elsewhere_is_disconnected(admin_client: Client, reader: User) -> None:
    row = SocialAccount.objects.create(user=reader, provider="orcid", uid="0000-0001")
    page = admin_client.get(reverse("admin:socialaccount_socialaccount_change", args=[row.pk]))
    assert "0000-0001" in page.content.decode()
    address = reverse("admin:socialaccount_socialaccount_delete", args=[row.pk])
    assert admin_client.post(address, {"post": "yes"}).status_code == 302
    assert not SocialAccount.objects.exists()
