"""A report from the reader who writes it to the curator who answers, and the log in the open."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.conftest import PASSWORD
from tests.browser.conftest import OpenPage
from tests.browser.site import Site, running_site
from tests.browser.test_accounts import inspect
from tests.browser.watch import too_wide
from tests.papers import reported

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A day of two papers, spam under one, and a third that a curator hid."""
    script = "from tests.papers import reported; reported.fill()"
    with running_site(script=script) as running:
        yield running


def sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("E-mail or user name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize(
    ("width", "javascript", "reported_thing", "subject"),
    [
        (390, True, "the tweet by @spam", "@spam on X, under 2106.00001"),
        (1280, False, "this paper", "2106.00001"),
    ],
)
def test_it_works(
    open_page: OpenPage,
    site: Site,
    width: int,
    javascript: bool,
    reported_thing: str,
    subject: str,
) -> None:
    page = open_page(reported.PAPER, width=width, javascript=javascript)
    page.get_by_role("link", name=f"Report {reported_thing}", exact=True).click()
    sign_in(page, "reporter", PASSWORD)
    expect(page.get_by_label("What is wrong")).to_be_visible()
    look(page, javascript=javascript)
    page.get_by_label("What is wrong").select_option("It is spam or abuse")
    page.get_by_label("In your words").fill("The same everywhere.")
    page.get_by_role("button", name="Report it").click()
    thanks = page.get_by_text("Thank you. A curator will look at it.")
    expect(thanks).to_have_attribute("role", "status")
    answer(open_page("/admin/", width=width, javascript=javascript), site, subject, javascript)


def answer(page: Page, site: Site, subject: str, javascript: bool) -> None:
    sign_in(page, site.curator, site.password)
    waiting = page.get_by_role("region", name="What waits")
    report = waiting.get_by_role("link", name=subject, exact=True)
    expect(report).to_be_visible()
    look(page, javascript=javascript)
    report.click()
    expect(page.get_by_text("The same everywhere.")).to_be_visible()
    expect(page.get_by_text("reporter")).to_have_count(0)
    look(page, javascript=javascript)
    page.get_by_label("Reason").fill("It is.")
    page.get_by_role("button", name="Mark as answered").click()
    expect(report).to_have_count(0)
    expect(page.get_by_role("region", name="Done last")).to_contain_text("answered a report")


def look(page: Page, *, javascript: bool = True) -> None:
    """See that all can use the page, by day and by night."""
    assert too_wide(page) == []
    if javascript:
        inspect(page)


def test_the_log_is_read_by_all(open_page: OpenPage) -> None:
    page = open_page("/about/", width=390)
    page.get_by_role("link", name="Curation log").last.click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Hid a paper: 2106.00003")
    expect(page.locator(".log")).to_contain_text("Not a paper.")
    look(page)


def test_what_is_hidden_stays_in_print(open_page: OpenPage) -> None:
    page = open_page("/digests/2021-06-10/?view=list", javascript=False)
    row = page.locator("[id='2106.00003']")
    expect(row).to_contain_text("hidden since")
    expect(row.locator("h2").get_by_role("link")).to_have_count(0)
