"""A curator at work in the admin, under the policy of every page."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page: OpenPage, site: Site) -> Page:
    page = open_page("/admin/")
    page.get_by_label("E-mail or user name").fill(site.curator)
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Sign in").click()
    return page


def test_it_works(page: Page) -> None:
    expect(page).to_have_url("/admin/")
    expect(page.get_by_role("heading", name="What waits")).to_be_visible()
    for name in ("paper", "digest", "tweet"):
        expect(page.locator(f"#papers-{name}")).to_be_visible()


def test_a_paper_is_found_by_its_arxiv_id(page: Page) -> None:
    page.goto("/admin/papers/paper/")
    page.locator("#searchbar").fill("2106.05237")
    page.get_by_role("button", name="Search").click()
    page.locator("#result_list").get_by_role("link", name="2106.05237").click()
    expect(page.locator("#content")).to_contain_text("Knowledge distillation")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()


def test_a_digest_shows_what_it_printed(page: Page) -> None:
    page.goto("/admin/papers/digest/?date=2021-06-10")
    page.locator("#result_list tbody").get_by_role("link").click()
    expect(page.locator("#content")).to_contain_text("CoAtNet: Marrying")


def test_the_site_leads_a_curator_to_the_admin(page: Page) -> None:
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Admin").click()
    expect(page).to_have_url("/admin/")


def test_a_wrong_password_is_told(open_page: OpenPage, site: Site) -> None:
    page = open_page("/admin/")
    page.get_by_label("E-mail or user name").fill(site.curator)
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    page.goto("/admin/")
    expect(page).to_have_url("/accounts/login/?next=%2Fadmin%2F")
