"""A passkey from the day it is made to the day it is removed, in a browser that keeps one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.test_accounts import FIRST, Visit, inspect, sign_up
from tests.browser.watch import Watch, axe_violations, faint_text

pytestmark = pytest.mark.browser

EMAIL = "key@papers.example"


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """The site under a name: of an address of numbers browsers keep no passkey."""
    url = site.url.replace("127.0.0.1", "localhost")
    context = chromium.new_context(base_url=url, viewport={"width": 1280, "height": 900})
    watch = Watch(context, url)
    yield context.new_page()
    context.close()
    assert watch.complaints == []


class Finger:
    """The finger on the sensor of this machine, which keeps passkeys; it may be a stranger's."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        options |= {"hasUserVerification": True, "automaticPresenceSimulation": True}
        answer = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.sensor = answer["authenticatorId"]

    def of(self, whose: str) -> None:
        known = {"authenticatorId": self.sensor, "isUserVerified": whose == "owner"}
        self.session.send("WebAuthn.setUserVerified", known)


def test_it_works(page: Page, site: Site) -> None:
    visit, finger = Visit(page, site.mail), Finger(page)
    page.goto("/accounts/login/?next=/about/")
    sign_up(visit, EMAIL)
    add(visit, finger)
    name(visit)
    sign_in_by_it(visit, finger)
    take_it_as_second_step(visit)
    remove(visit)


def add(visit: Visit, finger: Finger) -> None:
    visit.go("/accounts/2fa/", "Two steps")
    inspect(visit.page)
    visit.click("Passkeys", "Passkeys", role="link")
    inspect(visit.page)
    visit.click("Add a passkey", "Is it you?", role="link")
    visit.fill(password=FIRST)
    visit.click("Go on", "Add a passkey")
    inspect(visit.page)
    visit.fill(name="Laptop")
    finger.of("stranger")
    visit.click("Add it", "Add a passkey")
    expect(visit.page.get_by_role("alert")).to_contain_text("The browser gave no passkey.")
    assert axe_violations(visit.page) == []
    assert faint_text(visit.page) == []
    finger.of("owner")
    visit.click("Add it", "Recovery codes")
    expect(visit.page.get_by_role("status")).to_have_text("The passkey is added.")
    visit.mail_says(EMAIL, "a passkey was added")


def name(visit: Visit) -> None:
    visit.go("/accounts/2fa/webauthn/", "Passkeys")
    inspect(visit.page)
    visit.click("Name of Laptop", "Name a passkey", role="link")
    inspect(visit.page)
    visit.fill(name="Travel laptop")
    visit.click("Save", "Passkeys")
    expect(visit.page.get_by_role("row").nth(1)).to_contain_text("Travel laptop")
    expect(visit.page.get_by_role("row").nth(1)).to_contain_text("not yet")


def sign_in_by_it(visit: Visit, finger: Finger) -> None:
    visit.sign_out()
    visit.go("/accounts/login/?next=/about/", "Sign in")
    inspect(visit.page)
    finger.of("stranger")
    visit.click("Sign in with a passkey", "Sign in")
    expect(visit.page.locator("#passkey-refused")).to_be_visible()
    finger.of("owner")
    visit.click("Sign in with a passkey", "About")


def take_it_as_second_step(visit: Visit) -> None:
    visit.sign_out()
    visit.sign_in(EMAIL, FIRST, "The second step")
    inspect(visit.page)
    visit.click("Use a passkey", "About")


def remove(visit: Visit) -> None:
    visit.go("/accounts/2fa/webauthn/", "Passkeys")
    visit.click("Remove Travel laptop", "Is it you?", role="link")
    visit.click("Use a passkey", "Is it you?", role="link")
    inspect(visit.page)
    visit.click("Use a passkey", "Remove a passkey")
    inspect(visit.page)
    visit.click("Remove it", "Passkeys")
    expect(visit.page.get_by_role("main")).to_contain_text("None yet.")
    visit.mail_says(EMAIL, "a passkey was removed")
    visit.sign_out()
    visit.sign_in(EMAIL, FIRST, "About")


def test_what_stands_in_its_way_is_said(chromium: Browser, site: Site, open_page: OpenPage) -> None:
    page = open_page("/accounts/login/")
    inspect(page)
    button = page.get_by_role("button", name="Sign in with a passkey")
    expect(button).to_have_count(0)
    name = site.url.replace("127.0.0.1", "localhost")
    there = page.get_by_role("link", name=name)
    expect(there).to_have_attribute("href", f"{name}/accounts/login/")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{name}/accounts/login/")
    expect(page.get_by_text("A passkey needs JavaScript")).to_be_visible()
    expect(page.locator("#use-passkey")).to_be_hidden()
    context.close()
