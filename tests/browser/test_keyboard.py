"""Everything by keyboard alone: reached in order, seen where it is, done with Enter."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.look]

TABBABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary"
FOCUSED = """
() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const {outlineStyle, outlineWidth} = getComputedStyle(element);
  const ring = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  return [element.outerHTML.slice(0, 90), ring];
}
"""


def test_it_works(open_page: OpenPage) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, "ol.list h2 a")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/papers/2106.05237/")


def tab_to(page: Page, selector: str) -> None:
    wanted = page.locator(selector).first
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"no Tab leads to {selector}")


def test_the_skip_link_is_out_of_sight_until_it_has_the_focus(open_page: OpenPage) -> None:
    page = open_page("/")
    expect(page.locator(".skip")).not_to_be_in_viewport()


def test_every_control_is_reached_and_shows_its_ring(open_page: OpenPage) -> None:
    page = open_page("/")
    visible = page.evaluate(
        "selector => [...document.querySelectorAll(selector)]"
        ".filter((element) => element.checkVisibility()).length",
        TABBABLE,
    )
    reached: list[tuple[str, bool]] = []
    page.keyboard.press("Tab")
    while focused := page.evaluate(FOCUSED):
        reached.append(focused)
        assert len(reached) <= visible, "Tab goes in circles"
        page.keyboard.press("Tab")
    assert [name for name, has_ring in reached if not has_ring] == []
    assert len(reached) == visible


def test_slash_goes_to_the_search(open_page: OpenPage) -> None:
    page = open_page("/about/")
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Search papers")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type("and/or")
    expect(field).to_have_value("and/or")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=and%2For$"))


def test_enter_opens_and_closes_details(open_page: OpenPage) -> None:
    page = open_page("/")
    details = page.locator("details.more").first
    tab_to(page, "details.more summary")
    page.keyboard.press("Enter")
    expect(details).to_have_attribute("open", "")
    expect(details.locator(".tweet").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(details.locator(".tweet").first).to_be_hidden()


def test_what_is_suggested_is_chosen_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/about/")
    field = page.get_by_role("combobox", name="Search papers")
    before = page.locator("h1").bounding_box()
    field.press_sequentially("cs.l")
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    assert page.locator("h1").bounding_box() == before
    page.keyboard.press("Escape")
    expect(option).to_be_hidden()
    expect(field).to_have_value("cs.l")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    page.keyboard.press("Enter")
    expect(page).to_have_url("/categories/cs.LG/")
