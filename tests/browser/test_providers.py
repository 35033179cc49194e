"""Signing in through a provider, from the first time to the day it is left, in a browser."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.accounts.provider import Provider
from tests.browser.site import Site
from tests.browser.test_accounts import FIRST, Visit, inspect
from tests.browser.watch import Watch

pytestmark = pytest.mark.browser

EMAIL = "lark@papers.example"


@pytest.fixture
def page(chromium: Browser, site: Site, running_provider: Provider) -> Iterator[Page]:
    running_provider.forget()
    running_provider.person = {"sub": "lark", "email": EMAIL}
    context = chromium.new_context(base_url=site.url, viewport={"width": 1280, "height": 900})
    watch = Watch(context, site.url, also=running_provider.url)
    watch.error_pages.add(f"{running_provider.url}/favicon.ico")
    yield context.new_page()
    context.close()
    assert watch.complaints == []


def test_it_works(page: Page, site: Site) -> None:
    visit = Visit(page, site.mail)
    join(visit)
    show_who_it_is(visit)
    leave(visit)
    come_back(visit)


def press(visit: Visit, button: str, answer: str, heading: str) -> None:
    visit.click(button, "Sign in to Hot Papers?")
    visit.page.get_by_role("button", name=answer).click()
    visit.see(heading)


def join(visit: Visit) -> None:
    visit.go("/accounts/login/?next=/about/", "Sign in")
    inspect(visit.page)
    press(visit, "Continue with Lark", "Refuse", "Sign in")
    expect(visit.page.get_by_role("status")).to_have_text("You did not go on with Lark.")
    press(visit, "Continue with Lark", "Allow", "Make an account")
    inspect(visit.page)
    expect(visit.page.get_by_label("E-mail")).to_have_value(EMAIL)
    visit.click("Make the account", "About" if settings.IS_EMBEDDED else "Look into your mail")
    if not settings.IS_EMBEDDED:
        visit.go(visit.mail_says(EMAIL, "confirm your address"), "Confirm the address")
        visit.click("Confirm", "About")


def show_who_it_is(visit: Visit) -> None:
    visit.go("/accounts/with/?next=/settings/delete/", "Is it you?")
    inspect(visit.page)
    press(visit, "Continue with Lark", "Allow", "Delete the account")


def leave(visit: Visit) -> None:
    visit.go("/settings/security/", "Security")
    inspect(visit.page)
    visit.click("Disconnect Lark", "Security")
    expect(visit.page.get_by_role("alert")).to_contain_text("the only way into this account")
    visit.click("Set a password", "Set a password", role="link")
    visit.fill(password1=FIRST, password2=FIRST)
    visit.click("Set it", "Security")
    visit.click("Disconnect Lark", "Security")
    expect(visit.page.get_by_role("status")).to_contain_text("Lark is disconnected")
    visit.mail_says(EMAIL, "an account of Lark was disconnected")


def come_back(visit: Visit) -> None:
    press(visit, "Connect Lark", "Allow", "Security")
    expect(visit.page.get_by_role("main")).to_contain_text(f"Lark, as {EMAIL}, since")
    visit.sign_out()
    visit.go("/accounts/signup/?next=/about/", "Make an account")
    press(visit, "Continue with Lark", "Allow", "About")
