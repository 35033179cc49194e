"""Passkeys: at which addresses browsers have them, and their forms. What these check is fido2's."""

import ipaddress
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.request import split_domain_port

from accounts.forms import Worded

REFUSED = "This passkey was not accepted. Try it once more."
NAME_LENGTH = 60
LONGEST = 30_000  # characters of an answer; a browser's has a thousand or two
# What comes of bytes that anybody may have sent: the parsers below us say it in all these ways.
FAULTS = (AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def may_use(request: HttpRequest) -> bool:
    """Return whether browsers know passkeys where this page is open: they belong to a name."""
    host, _ = split_domain_port(request.get_host())
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False


def named_site(request: HttpRequest) -> str:
    """Return this site by a name, as its own machine knows it; "" for any other machine's."""
    if not settings.IS_LOOPBACK:
        return ""
    _, port = split_domain_port(request.get_host())
    return f"{request.scheme}://localhost{port and f':{port}'}"


@contextmanager
def _understood() -> Iterator[None]:
    """Refuse in one sentence whatever is not a passkey's answer to what was asked last."""
    try:
        yield
    except ValidationError as error:
        if getattr(error, "code", "") == "too_many_login_attempts":
            raise
        raise ValidationError(REFUSED) from error
    except FAULTS as error:
        raise ValidationError(REFUSED) from error


def _refuse(text: str) -> None:
    raise ValueError(text)


class AnswerField(forms.CharField):
    """What a browser answered for a passkey, as JSON; its value is a mapping."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(max_length=LONGEST)

    def clean(self, value: Any) -> Any:
        """Understand it. It is kept as it came: nothing may pass that a database cannot keep."""
        with _understood():
            text = super().clean(value)
            if not text.isascii() or "\\" in text:
                raise ValueError("Keys, base64 and a few words need no more than ASCII.")
            answer = json.loads(text, parse_constant=_refuse, parse_float=_refuse)
            if not isinstance(answer, dict) or not answer:
                raise TypeError("Not a mapping, or the empty one, which allauth would believe.")
        return answer


class AddForm(Worded, webauthn.AddWebAuthnForm):
    labels = {"name": "Name", "passwordless": "It opens the account alone, without the password"}
    helps = {"name": "To tell it from others: where it is kept, say."}

    name = forms.CharField(required=False, max_length=NAME_LENGTH)
    credential = AnswerField()
    passwordless = forms.BooleanField(
        required=False, initial=True, widget=forms.CheckboxInput({"class": "tick"})
    )

    def clean(self) -> dict[str, Any]:
        with _understood():
            cleaned: dict[str, Any] = super().clean() or {}
        return cleaned


class NameForm(Worded, webauthn.EditWebAuthnForm):
    labels = {"name": "Name"}
    helps = AddForm.helps

    name = forms.CharField(max_length=NAME_LENGTH)


class Answered(forms.Form):
    """A form that is sent by a passkey's answer alone."""

    credential = AnswerField()

    def clean_credential(self) -> Authenticator:
        with _understood():
            found: Authenticator = super().clean_credential()  # type: ignore[misc]
        return found


class SignInForm(Answered, webauthn.LoginWebAuthnForm):
    pass


class StepForm(Answered, webauthn.AuthenticateWebAuthnForm):
    pass


class ConfirmForm(Answered, webauthn.ReauthenticateWebAuthnForm):
    pass
