"""Keys of one letter: they move over rows, press what can be seen, and can be switched off."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.test_accounts import Visit
from tests.browser.watch import axe_violations, faint_text, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.look]

DAY = "/digests/2021-06-10/?view=list"


def title(page: Page, number: int) -> Locator:
    return page.locator(":is(.row, .entry) :is(h2, h3) a").nth(number)


@pytest.mark.parametrize(
    "path",
    [
        *(DAY, "/digests/2021-06-10/?view=read", "/", "/hot/", "/new/", "/top/?window=month"),
        *("/rising/?window=all", "/categories/cs.LG/", "/authors/lucas-beyer/"),
        "/search/?q=attention",
    ],
)
def test_it_works(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    if not page.locator(":is(.row, .entry)").count():
        pytest.skip("the sample has no such paper")
    page.keyboard.press("j")
    expect(title(page, 0)).to_be_focused()
    expect(title(page, 0)).to_be_in_viewport()
    last = page.locator(":is(.row, .entry)").count() - 1
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    expect(title(page, min(1, last))).to_be_focused()
    expect(page.locator("[aria-current=true]:is(.row, .entry)")).to_have_count(1)
    address = title(page, min(1, last)).get_attribute("href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{address}$"))


def test_o_opens_in_place_and_closes(open_page: OpenPage) -> None:
    page = open_page(DAY)
    page.keyboard.press("o")  # nothing is chosen yet
    expect(page.locator("details.more[open]")).to_have_count(0)
    for key in "jjo":
        page.keyboard.press(key)
    row = page.locator(".row").nth(1)
    expect(row.locator(".sum")).to_be_visible()
    expect(title(page, 1)).to_be_focused()
    assert axe_violations(page) == []
    page.keyboard.press("o")
    expect(row.locator(".sum")).to_be_hidden()


def test_s_of_a_visitor_leads_to_signing_in(open_page: OpenPage) -> None:
    page = open_page(DAY)
    for key in "jjs":
        page.keyboard.press(key)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page).to_have_url(re.compile(r"next=.*2106\.04803$"))


def test_s_saves_and_removes_in_place(open_page: OpenPage, site: Site) -> None:
    page = open_page("/about/")
    Visit(page, site.mail).sign_in(site.curator, site.password, "About")
    page.goto(DAY)
    for key in "jjjs":
        page.keyboard.press(key)
    save = page.locator(".row").nth(2).locator(".save")
    expect(save).to_have_attribute("aria-pressed", "true")
    expect(title(page, 2)).to_be_focused()
    page.keyboard.press("j")
    expect(title(page, 3)).to_be_focused()
    for key in "ks":
        page.keyboard.press(key)
    expect(page.locator(".row").nth(2).locator(".said")).to_have_text("Removed. Undo")
    expect(title(page, 2)).to_be_focused()


def test_no_key_acts_while_its_reader_types(open_page: OpenPage) -> None:
    page = open_page("/hot/")
    page.keyboard.press("/")
    page.keyboard.type("jokes?/")
    expect(page.get_by_role("combobox", name="Search papers")).to_have_value("jokes?/")
    page.get_by_label("arXiv category").focus()
    page.keyboard.type("jos")
    expect(page.get_by_label("arXiv category")).to_have_value("jos")
    expect(page).to_have_url("/hot/")
    expect(page.locator("details.more[open]")).to_have_count(0)
    page.locator("main").focus()
    for held in ("Control", "Alt", "Meta"):
        page.keyboard.press(f"{held}+s")
    expect(page).to_have_url("/hot/")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_help_lists_them_and_closes(open_page: OpenPage, width: int) -> None:
    page = open_page(DAY, width=width)
    page.keyboard.press("j")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("j")
    expect(dialog).to_be_visible()
    assert too_wide(page) == []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert axe_violations(page) == []
        assert faint_text(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(title(page, 0)).to_be_focused()
    page.get_by_role("button", name="Keys").click()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def test_a_visitor_switches_them_off_and_on(open_page: OpenPage) -> None:
    page = open_page(DAY)
    page.keyboard.press("?")
    page.get_by_role("link", name="Switch them off").click()
    expect(page.get_by_role("link", name="Switch keys on")).to_be_visible()
    page.keyboard.press("j")
    expect(title(page, 0)).not_to_be_focused()
    page.get_by_role("link", name="Switch keys on").click()
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    page.keyboard.press("j")
    expect(title(page, 0)).to_be_focused()
