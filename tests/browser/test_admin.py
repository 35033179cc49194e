"""A curator at work in the admin, under the policy of every page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.watch import axe_violations, faint_text, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.long]
PAGES = [
    *("/admin/papers/paper/", "/admin/papers/paper/1/change/", "/admin/papers/digest/1/change/"),
    *("/admin/papers/tweet/?posted_at__year=2021", "/admin/accounts/user/"),
]


@pytest.fixture
def page(open_page: OpenPage, site: Site) -> Page:
    page = open_page("/admin/")
    sign_in(page, site)
    return page


def sign_in(page: Page, site: Site) -> None:
    page.get_by_label("E-mail or user name").fill(site.curator)
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Sign in").click()


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
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)


def test_by_keyboard_a_pasted_address_leads_to_a_paper_and_its_tweets(page: Page) -> None:
    page.goto("/admin/papers/paper/")
    page.keyboard.insert_text("https://arxiv.org/pdf/2106.05237v2")  # the search has the focus
    page.keyboard.press("Enter")
    found = page.locator("#result_list").get_by_role("link", name="2106.05237")
    found.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="All tweets").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#searchbar")).to_have_value("2106.05237")
    expect(page.locator("#result_list tbody tr").first).to_be_visible()


def test_days_are_gone_into_and_lists_say_where_they_end(page: Page) -> None:
    page.goto("/admin/papers/paper/")
    expect(page.locator(".paginator")).to_contain_text("More than 1,000 papers")
    for name in ("2021", "June 2021", "10 June"):
        page.locator(".toplinks").get_by_role("link", name=name, exact=True).click()
    expect(page.locator(".paginator")).to_have_text(re.compile(r"^\s*[0-9]+ papers\s*$"))
    page.locator(".toplinks").get_by_role("link", name="June 2021").click()
    expect(page.locator(".toplinks")).to_contain_text("30 June")


@pytest.mark.look
@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_pages_of_models_are_fit_for_all(
    open_page: OpenPage, site: Site, width: int, theme: str
) -> None:
    page = open_page("/admin/", width=width, theme=theme)
    sign_in(page, site)
    found: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto(path)
        # The label of Django's search is an icon.
        broken = axe_violations(page, but=("label-title-only",))
        found[path] = [*too_wide(page), *broken, *faint_text(page)]
    assert found == {path: [] for path in PAGES}


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
