"""An account from sign-up to its second step, as a new reader would, and all by keyboard."""

import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from allauth.mfa.totp.internal import auth
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.watch import axe_violations, faint_text, layout_shifts, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.long]

FIRST, SECOND = "heliotrope marzipan", "quince and medlar"


def inspect(page: Page) -> None:
    """Look at a page on a desk by day and on a telephone by night."""
    assert layout_shifts(page) == []
    for width, theme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert too_wide(page) == []
        assert axe_violations(page) == []
        assert faint_text(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def last_mail(folder: Path, email: str) -> tuple[str, str]:
    """Return the subject of the last mail to an address and its first link, without the host."""
    found = []
    for path in sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns):
        for text in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
            mail = message_from_bytes(text, policy=default)
            if mail["To"] == email:
                found.append(mail)
    links = re.findall(r"^http://[^/]+(/\S+)$", found[-1].get_content(), re.M)
    return str(found[-1]["Subject"]).removeprefix("Hot Papers: "), links[0]


class Visit:
    """A reader at work."""

    def __init__(self, page: Page, mail: Path) -> None:
        self.page, self.mail = page, mail

    def go(self, path: str, heading: str) -> None:
        self.page.goto(path)
        self.see(heading)

    def click(self, name: str, heading: str, role: str = "button") -> None:
        main = self.page.get_by_role("main")
        main.get_by_role(role, name=name, exact=True).click()  # type: ignore[arg-type]
        self.see(heading)

    def see(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        assert too_wide(self.page) == []

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"main [name={name}]").fill(value)

    def sign_in(self, login: str, password: str, heading: str) -> None:
        self.page.goto("/accounts/login/?next=/about/")
        self.fill(login=login, password=password)
        self.click("Sign in", heading)

    def sign_out(self) -> None:
        self.page.goto("/settings/security/")
        self.page.get_by_role("main").get_by_role("button", name="Sign out").click()
        expect(
            self.page.get_by_role("contentinfo").get_by_role("link", name="Sign in")
        ).to_be_visible()

    def mail_says(self, email: str, subject: str) -> str:
        said, link = last_mail(self.mail, email)
        assert said == subject
        return link


def test_it_works(open_page: OpenPage, site: Site) -> None:
    old, new = "ada@papers.example", "ada@elsewhere.example"
    page = open_page("/accounts/login/?next=/about/", width=390, javascript=False)
    visit = Visit(page, site.mail)
    sign_up(visit, old)
    change_the_address(visit, old, new)
    reset_the_password(visit, new)
    secret, codes = turn_two_steps_on(visit, new)
    take_two_steps(visit, new, secret, codes)
    end_other_sessions(visit, open_page, new, codes)


def sign_up(visit: Visit, email: str) -> None:
    visit.click("Make an account", "Make an account", role="link")
    visit.fill(email=email, password1="short", password2="other")
    visit.click("Make the account", "Make an account")
    expect(visit.page.locator("main .err").first).to_contain_text("too short")
    visit.fill(password1=FIRST, password2=FIRST)
    visit.click("Make the account", "About" if settings.IS_EMBEDDED else "Look into your mail")
    visit.go(visit.mail_says(email, "confirm your address"), "Confirm the address")
    visit.click("Confirm", "Thursday" if settings.IS_EMBEDDED else "About")
    expect(visit.page.get_by_role("status")).to_have_text(f"{email} is confirmed.")


def change_the_address(visit: Visit, old: str, new: str) -> None:
    visit.go("/settings/security/", "Security")
    visit.click("Change the address", "Change the address", role="link")
    visit.fill(email=new)
    visit.click("Send a link there", "Is it you?")
    visit.fill(password=FIRST)
    visit.click("Go on", "Change the address")
    expect(visit.page.get_by_role("main")).to_contain_text(f"{new} waits to be confirmed")
    visit.page.goto(visit.mail_says(new, "confirm your address"))
    visit.page.get_by_role("button", name="Confirm").click()
    expect(visit.page.get_by_role("status")).to_have_text(f"{new} is confirmed.")
    visit.mail_says(old, "your address was changed")


def reset_the_password(visit: Visit, email: str) -> None:
    visit.sign_out()
    visit.sign_in(email, "not this one", "Sign in")
    expect(visit.page.get_by_role("alert")).to_contain_text("do not belong together")
    visit.click("Forgot the password?", "Forgot the password?", role="link")
    visit.fill(email=email)
    visit.click("Send the link", "Look into your mail")
    link = visit.mail_says(email, "set a new password")
    visit.go(link, "Set a new password")
    visit.fill(password1=SECOND, password2=SECOND)
    visit.click("Set it", "The password is set")
    visit.mail_says(email, "your password was reset")
    visit.go(link, "This link does not hold")
    visit.sign_in(email, SECOND, "About")


def code_of(secret: str, step: int) -> str:
    _, now, _ = auth.yield_hotp_counters_from_time()  # not the one before, which may be over
    return auth.format_hotp_value(auth.hotp_value(secret, now + step))


def turn_two_steps_on(visit: Visit, email: str) -> tuple[str, list[str]]:
    visit.go("/accounts/2fa/", "Two steps")
    visit.click("Turn it on", "Is it you?", role="link")
    visit.fill(password=SECOND)
    visit.click("Go on", "Turn two steps on")
    secret = visit.page.locator("main form code").inner_text()
    visit.fill(code=code_of(secret, 0))
    visit.click("Turn it on", "Recovery codes")
    visit.mail_says(email, "two steps are on")
    codes = visit.page.locator("main .codes code").all_inner_texts()
    assert len(codes) == 10
    visit.go("/accounts/2fa/recovery-codes/", "Recovery codes")
    expect(visit.page.locator("main")).not_to_contain_text(codes[0])
    visit.go("/accounts/2fa/recovery-codes/generate/", "New recovery codes")
    visit.go("/accounts/2fa/totp/deactivate/", "Turn the app off")
    visit.go("/accounts/2fa/", "Two steps")
    return secret, codes


def take_two_steps(visit: Visit, email: str, secret: str, codes: list[str]) -> None:
    visit.sign_out()
    visit.sign_in(email, SECOND, "The second step")
    visit.fill(code="000000")
    visit.click("Sign in", "The second step")
    visit.fill(code=code_of(secret, 1))
    visit.click("Sign in", "About")
    visit.sign_out()
    visit.sign_in(email, SECOND, "The second step")
    visit.fill(code=codes[0])
    visit.click("Sign in", "About")


def end_other_sessions(visit: Visit, open_page: OpenPage, email: str, codes: list[str]) -> None:
    other = Visit(open_page("/about/"), visit.mail)
    other.sign_in(email, SECOND, "The second step")
    other.fill(code=codes[1])
    other.click("Sign in", "About")
    visit.go("/accounts/sessions/", "Where you are signed in")
    expect(visit.page.get_by_role("main").get_by_role("row")).to_have_count(3)
    visit.click("Sign out everywhere else", "Where you are signed in")
    other.page.goto("/settings/security/")
    other.see("Sign in")


@pytest.mark.look
def test_pages_are_accessible_and_fit(open_page: OpenPage, site: Site) -> None:
    page = open_page("/accounts/signup/")
    visit = Visit(page, site.mail)
    visit.fill(email="eve@papers.example", password1="short", password2="other")
    visit.click("Make the account", "Make an account")
    inspect(page)
    visit.sign_in(site.curator, "not this one", "Sign in")
    inspect(page)
    visit.sign_in(site.curator, site.password, "About")
    page.locator(".menu summary").click()
    inspect(page)
    page.get_by_role("heading", level=1).click()
    expect(page.locator(".menu")).not_to_have_attribute("open", "")
    page.get_by_role("contentinfo").get_by_role("link", name="Settings").click()
    visit.see("Profile")
    inspect(page)
    visit.click("Security", "Security", role="link")
    inspect(page)
    visit.click("Where you are signed in", "Where you are signed in", role="link")
    inspect(page)
    visit.go("/accounts/2fa/totp/activate/", "Is it you?")
    inspect(page)
    visit.fill(password=site.password)
    visit.click("Go on", "Turn two steps on")
    inspect(page)
    visit.go("/settings/tokens/new/", "A new token")
    inspect(page)
    visit.fill(name="My barn")
    visit.click("Make it", "Your token")
    inspect(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.locator(".secret [role=status]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#secret").text_content()
    visit.click("I have copied it", "Access tokens", role="link")
    inspect(page)
    page.locator("main summary").click()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Revoke it").click()
    expect(page.get_by_role("status")).to_contain_text("“My barn” is revoked")
    visit.click("Appearance", "Appearance", role="link")
    visit.click("Dark", "Appearance")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    inspect(page)


def test_all_is_done_by_keyboard(open_page: OpenPage, site: Site) -> None:
    page = open_page("/about/")
    page.get_by_role("combobox").focus()
    for key in ("Tab", "Enter"):
        page.keyboard.press(key)
    expect(page).to_have_url("/accounts/login/?next=%2Fabout%2F")
    page.get_by_label("E-mail or user name").focus()
    page.keyboard.type(site.curator)
    page.keyboard.press("Tab")
    page.keyboard.type(site.password)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/about/")
    menu = page.locator(".menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="Settings")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Settings")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
    for key in ("Enter", "Tab", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()
