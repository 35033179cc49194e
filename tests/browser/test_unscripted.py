"""A visit without JavaScript, from the front page to what was looked for."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.look]


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page("/", javascript=False)


def test_it_works(page: Page) -> None:
    page.locator("ol.list h2 a").first.click()
    expect(page).to_have_url("/papers/2106.05237/")
    expect(page.locator(".sum")).to_contain_text("study of distillation")
    page.get_by_role("region", name="Digests").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/digests/2021-06-10/#p1$"))
    page.get_by_role("link", name="All days").click()
    page.get_by_role("link", name=re.compile("Tuesday 6 April")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tuesday 6 April 2021")


def test_details_open(page: Page) -> None:
    row = page.locator(".row").nth(1)
    expect(row.locator(".sum")).to_be_hidden()
    row.locator("summary").click()
    expect(row.locator(".sum")).to_be_visible()
    expect(row.locator(".tweet").first).to_be_visible()


def test_search_finds(page: Page) -> None:
    page.get_by_role("searchbox").fill("data-efficient reinforcement")
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=data-efficient\+reinforcement$"))
    found = page.get_by_role("link", name=re.compile("^Pretraining Representations"))
    found.click()
    expect(page).to_have_url("/papers/2106.04799/")


def test_a_list_is_narrowed_and_goes_on(page: Page) -> None:
    page.goto("/hot/")
    page.get_by_label("arXiv category").fill("cs.CL")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hot in cs.CL")
    first = page.locator("ol.list h2 a").first.inner_text()
    page.get_by_role("link", name="More papers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hot in cs.CL")
    expect(page.locator("ol.list h2 a").first).not_to_have_text(first)
