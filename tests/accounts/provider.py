"""A provider to sign in through: OpenID Connect as it is specified, and GitHub's ways, on loopback.

It signs with a key of its own, gives each code once, and checks client, secret, address and PKCE. A
browser sees a page with two buttons; `answer` presses one of them in its place.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

ADA = "ada@elsewhere.example"
CLIENT, SECRET = "hot-papers", "correct horse"
PAGE = """<!doctype html><html lang="en"><title>Provider</title><h1>Sign in to Hot Papers?</h1>
<form action="/decide"><input type="hidden" name="asked" value="%s">
<button name="with" value="allow">Allow</button><button name="with" value="refuse">Refuse</button>
</form></html>"""

Fault = Callable[["_Handler"], None]


class Provider:
    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.provider = self  # type: ignore[attr-defined]
        self.key = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.key}"
        self.signing_key = self.published_key = rsa.generate_private_key(65537, 2048)
        self.forget()
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def forget(self) -> None:
        """Be as at the start: nobody asked for anything, and nothing is broken."""
        # Who is signed in there, and what the ID token says beside what it must.
        self.person: dict[str, Any] = {"sub": "ada-1815", "email": ADA}
        self.person |= {"email_verified": True, "login": "ada"}
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.faults: dict[str, Fault] = {}  # by path
        self.asked: list[str] = []  # paths
        self.grants: dict[str, dict[str, str]] = {}  # by code: what it was asked for with
        self.tokens: set[str] = set()
        self.signing_key = self.published_key

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def environment(self) -> dict[str, str]:
        """Return the variables by which a site signs in here."""
        found = {"OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET, "OIDC_NAME": "Lark"}
        return found | {"OIDC_SERVER_URL": self.url}

    def answer(self, location: str, answer: str = "allow") -> str:
        """Go where a site led, press a button, and return where that leads."""
        assert requests.get(location, timeout=5).status_code == 200
        asked = urlencode({"asked": urlsplit(location).query, "with": answer})
        found = requests.get(f"{self.url}/decide?{asked}", allow_redirects=False, timeout=5)
        return str(found.headers["Location"])

    def id_token(self, aud: str) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": aud, "iat": now, "exp": now + 300} | self.person
        headers = {"kid": "first"}
        return jwt.encode(claims | self.claims, self.signing_key, "RS256", headers=headers)


def leave(client: Client, provider: Provider, **form: str) -> str:
    """Press a button of the provider's; return where it leads."""
    response = client.post(f"/accounts/with/{provider.key}/", form)
    assert response.status_code == 302, response.content
    return str(response["Location"])


def come(client: Client, provider: Provider, answer: str = "allow", **form: str) -> Any:
    """Go to the provider and come back; return what is answered here."""
    return client.get(way_back(client, provider, answer, **form))


def way_back(client: Client, provider: Provider, answer: str = "allow", **form: str) -> str:
    """Go to the provider; return the path by which it leads back."""
    back = provider.answer(leave(client, provider, **form), answer)
    return back.removeprefix("http://testserver")


def join(client: Client, provider: Provider, email: str = ADA, **form: str) -> Any:
    """Come without an account, and make one."""
    assert come(client, provider, **form)["Location"] == "/accounts/with/new/"
    return client.post("/accounts/with/new/", {"email": email})


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class _Handler(BaseHTTPRequestHandler):
    @property
    def provider(self) -> Provider:
        return self.server.provider  # type: ignore[attr-defined]

    def do_GET(self) -> None:
        self._serve(
            {
                "/.well-known/openid-configuration": self._configuration,
                "/authorize": self._authorize,
                "/login/oauth/authorize": self._authorize,
                "/decide": self._decide,
                "/jwks": self._jwks,
                "/userinfo": self._userinfo,
                "/user": self._user,
                "/user/emails": self._emails,
            }
        )

    def do_POST(self) -> None:
        self._serve({"/token": self._token, "/login/oauth/access_token": self._token})

    def _serve(self, views: dict[str, Callable[[], None]]) -> None:
        parts = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.provider.asked.append(parts.path)
        if fault := self.provider.faults.get(parts.path):
            fault(self)
        else:
            views.get(parts.path, lambda: self.send(404, {}))()

    def send(self, status: int, found: object, kind: str = "application/json", **more: str) -> None:
        body = found.encode() if isinstance(found, str) else json.dumps(found).encode()
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(body))} | more
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _configuration(self) -> None:
        url = self.provider.url
        names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        found = {f"{name}_endpoint": f"{url}/{path}" for name, path in names.items()}
        self.send(200, {"issuer": url, "jwks_uri": f"{url}/jwks"} | found)

    def _authorize(self) -> None:
        asked = self.query
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        text = urlsplit(self.path).query.replace("&", "&amp;").replace('"', "&quot;")
        self.send(200, PAGE % text, "text/html; charset=utf-8")

    def _decide(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(self.query["asked"]).items()}
        back: dict[str, str] = {"state": asked["state"]}
        if self.query["with"] == "allow":
            back["code"] = secrets.token_urlsafe(8)
            self.provider.grants[back["code"]] = asked
        else:
            back["error"] = "access_denied" if self.query["with"] == "refuse" else "server_error"
        self.send(302, "", Location=f"{asked['redirect_uri']}?{urlencode(back)}")

    def _token(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        grant = self.provider.grants.pop(sent["code"], None)
        if (sent["client_id"], sent["client_secret"]) != (CLIENT, SECRET):
            self.send(401, {"error": "invalid_client"})
        elif (
            not grant
            or sent["redirect_uri"] != grant["redirect_uri"]
            or _challenge(sent["code_verifier"]) != grant["code_challenge"]
        ):
            self.send(400, {"error": "invalid_grant"})
        else:
            token = secrets.token_urlsafe(16)
            self.provider.tokens.add(token)
            if "max_age" in grant:
                self.provider.claims.setdefault("auth_time", int(time.time()))
            found = {"access_token": token, "token_type": "Bearer", "expires_in": 300}
            self.send(200, found | {"id_token": self.provider.id_token(sent["client_id"])})

    def _is_let_in(self) -> bool:
        is_known = self.headers.get("Authorization", "").split(" ")[-1] in self.provider.tokens
        if not is_known:
            self.send(401, {"error": "invalid_token"})
        return is_known

    def _userinfo(self) -> None:
        if self._is_let_in():
            self.send(200, self.provider.person | self.provider.userinfo)

    def _jwks(self) -> None:
        public = self.provider.published_key.public_key()
        key = jwt.algorithms.RSAAlgorithm.to_jwk(public, as_dict=True)
        self.send(200, {"keys": [key | {"kid": "first", "alg": "RS256", "use": "sig"}]})

    def _user(self) -> None:
        person = self.provider.person
        if self._is_let_in():
            self.send(200, {"id": 1815, "login": person["login"], "name": "Ada", "email": None})

    def _emails(self) -> None:
        email = {"email": self.provider.person.get("email"), "primary": True, "verified": True}
        if self._is_let_in():
            self.send(200, [email])

    def log_message(self, *args: Any) -> None:
        """Say nothing: tests read what was asked in `asked`."""
