"""One Chromium and one site for all tests of this folder, and a page that is watched."""

from collections.abc import Iterator
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.accounts.provider import Provider
from tests.browser.site import Site, running_site
from tests.browser.watch import Watch
from tests.conftest import chromium as find_chromium

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
expect.set_options(timeout=20_000)  # milliseconds; a busy machine may need more than the usual 5 s


class OpenPage(Protocol):
    """Open `path` as a new visitor, without a cookie and with an empty cache.

    Of requests to the address `failing` the console may complain.
    """

    def __call__(
        self,
        path: str,
        *,
        width: int = 1280,
        theme: str = "light",
        javascript: bool = True,
        status: int = 200,
        failing: str = "",
    ) -> Page: ...


# It ends with the last test of this folder: Playwright keeps an event loop running in the thread,
# of which tests elsewhere should know nothing.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(running_provider: Provider) -> Iterator[Site]:
    """The sample, with a provider to sign in through. None may change what others see."""
    with running_site(variables=running_provider.environment()) as running:
        yield running


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[OpenPage]:
    """At its end no page may have complained: no console message, no error, no other host."""
    watches: list[Watch] = []

    def open_page(
        path: str,
        *,
        width: int = 1280,
        theme: str = "light",
        javascript: bool = True,
        status: int = 200,
        failing: str = "",
    ) -> Page:
        context = chromium.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=javascript,
        )
        watch = Watch(context, site.url, failing)
        watches.append(watch)
        if status >= 400:
            watch.error_pages.add(f"{site.url}{path}")
        page = context.new_page()
        response = page.goto(path)
        assert response is not None
        assert response.status == status
        return page

    yield open_page
    for context in list(chromium.contexts):
        context.close()  # and with it every message still under way arrives
    assert [complaint for watch in watches for complaint in watch.complaints] == []
