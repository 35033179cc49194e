"""The admin has no door of its own."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.conftest import PASSWORD, MakeReader

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


def test_a_lost_account_elsewhere_is_disconnected(admin_client: Client, reader: User) -> None:
    row = SocialAccount.objects.create(user=reader, provider="orcid", uid="0000-0001")
    page = admin_client.get(reverse("admin:socialaccount_socialaccount_change", args=[row.pk]))
    assert "0000-0001" in page.content.decode()
    address = reverse("admin:socialaccount_socialaccount_delete", args=[row.pk])
    assert admin_client.post(address, {"post": "yes"}).status_code == 302
    assert not SocialAccount.objects.exists()
