"""The watch over all pages: what it must not miss, for silence is what the other tests rely on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.site import Site
from tests.browser.watch import Watch, axe_violations, faint_text, layout_shifts, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.look]


@pytest.fixture
def context(chromium: Browser, site: Site) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=site.url)
    yield context
    context.close()


@pytest.fixture
def watch(context: BrowserContext, site: Site) -> Watch:
    return Watch(context, site.url)


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    page = context.new_page()
    page.goto("/about/")
    assert watch.complaints == []
    return page


def kinds(page: Page, watch: Watch) -> set[str]:
    page.context.close()
    return {complaint.partition(":")[0] for complaint in watch.complaints}


def test_it_works(page: Page, watch: Watch) -> None:
    page.evaluate("console.debug('here')")
    assert kinds(page, watch) == {"console"}


def test_an_uncaught_error(page: Page, watch: Watch) -> None:
    with page.context.expect_event("weberror"):
        page.evaluate("setTimeout(() => { throw new Error('broken'); })")
    assert kinds(page, watch) == {"error"}


def test_an_alert(page: Page, watch: Watch) -> None:
    page.evaluate("alert(1)")
    assert kinds(page, watch) == {"dialog"}


def test_an_inline_handler(page: Page, watch: Watch) -> None:
    with page.expect_console_message():
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<b onclick=alert(1)>x</b>')")
        page.locator("b", has_text="x").last.click()
    assert kinds(page, watch) == {"console", "policy"}


def test_another_host(page: Page, watch: Watch) -> None:
    # Images of others are refused by the policy before they are asked for; a page opened is not.
    page.route("https://arxiv.org/**", lambda route: route.fulfill(body=""))
    page.goto("https://arxiv.org/")
    assert kinds(page, watch) == {"request"}


def test_a_missing_file(page: Page, watch: Watch, site: Site) -> None:
    with page.expect_console_message():
        page.evaluate("fetch('/static/nothing.css')")
    assert kinds(page, watch) == {"console"}


def test_a_shift(page: Page) -> None:
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('afterbegin', '<p>a line</p>'.repeat(9))"
    )
    assert layout_shifts(page) != []


def test_a_page_too_wide(page: Page) -> None:
    page.evaluate("document.querySelector('h1').textContent = 'x'.repeat(900)")
    assert too_wide(page) == []
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('beforeend', '<hr width=3000>')")
    assert too_wide(page) != []


def test_a_broken_rule(page: Page) -> None:
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert axe_violations(page) == ["html-has-lang: ['html']"]


def test_faint_text(page: Page) -> None:
    assert faint_text(page) == []
    page.evaluate("document.querySelector('h1').style.color = 'silver'")
    assert faint_text(page) == ["color-contrast: ['h1']"]
