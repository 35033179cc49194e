"""What a reader chooses, Light or Dark and List or Read: kept from then on, and nothing before."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.look]

DAY = "/digests/2021-06-10/"
DARK = "rgb(13, 20, 24)"
both = pytest.mark.parametrize("javascript", [True, False], ids=["scripted", "unscripted"])


def cookies(page: Page) -> dict[str, str]:
    return {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}


def choose(page: Page, theme: str) -> None:
    page.get_by_role("button", name=theme, exact=True).click()


@both
def test_it_works(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/about/", javascript=javascript)
    choose(page, "Dark")
    expect(page).to_have_url("/about/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_css("background-color", DARK)
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")


@both
def test_reading_leaves_no_cookie(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/", javascript=javascript)
    for path in (DAY, f"{DAY}?view=list", "/hot/", "/papers/2106.05237/", "/search/?q=attention"):
        page.goto(path)
    page.get_by_role("link", name="About", exact=True).click()
    assert cookies(page) == {}


@both
def test_the_theme_is_in_every_page_as_served(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/", javascript=javascript)
    choose(page, "Dark")
    page.locator("ol.list h2 a").first.click()
    page.reload()
    expect(page.locator("html")).to_have_css("background-color", DARK)
    # Not put there by a script after the first paint: the page would flash.
    served = page.context.request.get(page.url).text()
    assert '<html lang="en" data-theme="dark">' in served


@both
def test_light_beats_a_dark_system(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/", theme="dark", javascript=javascript)
    expect(page.locator("html")).to_have_css("background-color", DARK)
    choose(page, "Light")
    expect(page.locator("html")).to_have_css("background-color", "rgb(244, 247, 247)")


@both
def test_system_takes_the_cookie_away(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/", javascript=javascript)
    choose(page, "Dark")
    assert cookies(page) == {"theme": "dark"}
    choose(page, "System")
    assert cookies(page) == {}
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_list_is_remembered_on_the_next_day(open_page: OpenPage) -> None:
    page = open_page(DAY)
    tabs = page.get_by_role("navigation", name="This day")
    current = tabs.locator("[aria-current=page]")
    expect(current).to_have_text("Read")
    assert cookies(page) == {}
    tabs.get_by_role("link", name="List").click()
    expect(page).to_have_url(f"{DAY}?view=list")
    assert cookies(page) == {"view": "list"}
    tabs.get_by_role("link", name="Previous digest").click()
    expect(page).to_have_url("/digests/2021-05-31/")
    expect(current).to_have_text("List")
    tabs.get_by_role("link", name="Read").click()
    assert cookies(page) == {"view": "read"}


def test_the_address_beats_what_is_remembered(open_page: OpenPage) -> None:
    page = open_page(DAY)
    page.get_by_role("link", name="List", exact=True).click()
    page.goto(f"{DAY}?view=read")
    expect(page.locator(".tabs [aria-current=page]")).to_have_text("Read")
    assert cookies(page) == {"view": "list"}  # what a link of others says is no choice


def test_without_scripting_the_address_alone_decides(open_page: OpenPage) -> None:
    page = open_page(DAY, javascript=False)
    current = page.locator(".tabs [aria-current=page]")
    expect(current).to_have_text("Read")
    page.get_by_role("link", name="List", exact=True).click()
    expect(current).to_have_text("List")
    assert cookies(page) == {}
