"""The three steps of a new reader, at a desk and on a telephone, with JavaScript and without."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.test_accounts import Visit
from tests.browser.watch import (
    axe_violations,
    faint_text,
    layout_shifts,
    open_all_details,
    too_wide,
)

pytestmark = [pytest.mark.browser, pytest.mark.long]


def inspect(page: Page) -> None:
    assert too_wide(page) == []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert axe_violations(page) == []
        assert faint_text(page) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_it_works(open_page: OpenPage, width: int) -> None:
    page = open_page("/welcome/", width=width)
    status = page.get_by_role("status")
    expect(status).to_contain_text("As picked no hot papers a day")
    page.get_by_label(re.compile("^Vision")).check()
    expect(status).to_contain_text("As picked about 5 hot papers a day")
    page.get_by_text("All arXiv categories").click()
    page.get_by_label("cs.LG Machine Learning").check()
    expect(status).to_contain_text("As picked about 8 hot papers a day")
    expect(page.get_by_label("cs.LG Machine Learning")).to_be_focused()
    assert not page.context.cookies()
    inspect(page)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your feed, as it would look")
    expect(page.locator(".row")).to_have_count(10)
    expect(page.locator(".why").first).to_have_text(re.compile("which you picked$"))
    inspect(page)
    page.get_by_role("button", name="Follow these 4 categories").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Three papers to save")
    inspect(page)
    page.get_by_role("link", name="Skip", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("For you")
    expect(page.locator(".row").first).to_be_visible()
    page.goto("/welcome/")
    expect(page.get_by_label(re.compile("^Vision"))).to_be_checked()
    expect(page.get_by_label("cs.LG Machine Learning")).to_be_checked()
    assert layout_shifts(page) == []


def test_without_a_script_it_ends_in_an_account(open_page: OpenPage, site: Site) -> None:
    page = open_page("/welcome/", width=390, javascript=False)
    page.get_by_label(re.compile("^Language")).check()
    page.get_by_role("button", name="Count again").click()
    expect(page.get_by_role("status")).to_contain_text("As picked about 2 hot papers a day")
    expect(page.get_by_label(re.compile("^Language"))).to_be_checked()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_label(re.compile("^Language"))).to_be_checked()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Follow these 2 categories").click()
    for number in range(3):
        page.get_by_role("checkbox").nth(number).check()
    page.get_by_role("button", name="Save and make an account").click()
    visit = Visit(page, site.mail)
    email = "wren@papers.example"
    visit.fill(email=email, password1="quince and medlar", password2="quince and medlar")
    embedded = settings.IS_EMBEDDED
    visit.click("Make the account", "For you" if embedded else "Look into your mail")
    if not embedded:
        visit.go(visit.mail_says(email, "confirm your address"), "Confirm the address")
        visit.click("Confirm", "For you")
    visit.go("/saved/", "Saved")
    expect(page.locator(".row")).to_have_count(3)


def test_all_is_picked_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/welcome/")
    page.locator("[name=field]").first.focus()
    for key in ("Space", "Tab", "Space"):
        page.keyboard.press(key)
    expect(page.get_by_role("status")).not_to_contain_text("no hot papers")
    expect(page.locator("[name=field]").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your feed, as it would look")
    page.get_by_role("button", name=re.compile("^Follow these")).focus()
    page.keyboard.press("Enter")
    page.locator("[name=paper]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Make an account")


@pytest.mark.look
def test_all_categories_are_accessible_and_fit(open_page: OpenPage) -> None:
    page = open_page("/welcome/", width=320)
    open_all_details(page)
    inspect(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    inspect(page)


def test_a_sum_that_does_not_come_is_missed_aloud(open_page: OpenPage) -> None:
    page = open_page("/welcome/", failing="/welcome/")
    page.context.set_offline(True)
    page.get_by_label(re.compile("^Vision")).check()
    expect(page.get_by_role("status")).to_contain_text("This did not get through.")
