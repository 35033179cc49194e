"""Where passkeys are offered, whose they are, and answers that no passkey gave.

A passkey at work is in tests/browser/test_passkeys.py.
"""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.conftest import PASSWORD, MakeReader, words

pytestmark = pytest.mark.django_db

WHOLE = {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}
CLIENT_DATA = "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0"  # {"type":"webauthn.get"}
NO_ANSWERS = [
    *("", "x", "null", "[]", "7", "{}", "[" * 20_000, "{" * 20_000, "\x00", "1e999"),
    *('{"id": "a"}', '{"a": "\\u0000"}', '{"a": NaN}', '{"a": "é"}', "9" * 40_000),
    json.dumps(WHOLE | {"id": "BBBB"}),
    json.dumps(WHOLE | {"rawId": 5}),
    json.dumps(WHOLE),
    json.dumps(WHOLE | {"response": []}),
    json.dumps(WHOLE | {"response": {"userHandle": 7}}),
    *(
        json.dumps(WHOLE | {"response": {"clientDataJSON": CLIENT_DATA} | more})
        for more in (
            {"attestationObject": "gYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGB"},
            {"attestationObject": "gYGBgYGBgYGB" * 1_500},
            {"attestationObject": "____"},
            {"authenticatorData": "AA", "signature": "AA", "userHandle": "AA"},
            {"authenticatorData": "A" * 50, "signature": "AA", "userHandle": "MQ"},
        )
    ),
]


def test_it_works(client: Client, reader: User) -> None:
    """A passkey belongs to a name: under an address of numbers the way to one is shown."""
    page = client.get("/accounts/login/?next=/hot/", headers={"host": "127.0.0.1:8000"})
    assert 'href="http://localhost:8000/accounts/login/?next=/hot/"' in page.content.decode()
    assert b"webauthn" not in page.content
    page = client.get("/accounts/login/?next=/hot/", headers={"host": "localhost:8000"})
    assert "Sign in with a passkey" in words(page)
    assert page.content.count(b'name="next" value="/hot/"') == 2


def test_what_no_passkey_answered_is_refused(client: Client, reader: User) -> None:
    visitor = Client()
    client.force_login(reader)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for answer in NO_ANSWERS:
        sent = {"credential": answer}
        visitor.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
        page = visitor.post("/accounts/2fa/webauthn/login/", sent, follow=True)
        assert "was not accepted" in words(page), answer[:90]
        client.get("/accounts/2fa/webauthn/add/")
        page = client.post("/accounts/2fa/webauthn/add/", sent, headers={"host": "localhost"})
        assert "was not accepted" in words(page), answer[:90]
    assert not Authenticator.objects.exists()


def test_it_is_its_readers_alone(
    client: Client, admin_client: Client, reader: User, make_reader: MakeReader
) -> None:
    key = WebAuthn.add(make_reader("eve"), "Hers", {"rawId": "the-secret-of-eve"}).instance
    mine = WebAuthn.add(reader, "Mine", {}).instance
    client.force_login(reader)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "Hers" not in words(client.get("/accounts/2fa/webauthn/"))
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.get(reverse(name, args=[mine.pk])).status_code == 200
        assert client.post(reverse(name, args=[key.pk]), {"name": "x"}).status_code == 404
    assert Authenticator.objects.get(pk=key.pk).wrap().name == "Hers"
    page = admin_client.get(reverse("admin:mfa_authenticator_change", args=[key.pk]))
    assert "the-secret-of-eve" not in page.content.decode()
