"""The box with a paper's BibTeX: copied by a key, and of use without a script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.watch import layout_shifts

pytestmark = [pytest.mark.browser, pytest.mark.look]
PAPER = "/papers/2106.05237/"


def test_it_works(open_page: OpenPage) -> None:
    page = open_page(PAPER, width=390)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy = page.get_by_role("button", name="Copy BibTeX")
    copy.focus()
    width = copy.bounding_box()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_focused()
    expect(page.locator(".cite-row [role=status]")).to_have_text("Copied")
    assert page.get_by_role("button", name="Copied").bounding_box() == width
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#bibtex").inner_text()
    assert copied.startswith("@misc{beyer2021knowledge,\n  title = {{Knowledge}")
    expect(copy).to_be_visible()  # a moment later
    assert layout_shifts(page) == []


def test_where_nothing_may_be_copied_the_text_is_selected(open_page: OpenPage) -> None:
    page = open_page(PAPER)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(Error()); }")
    page.get_by_role("button", name="Copy BibTeX").click()
    page.wait_for_function("String(getSelection()).startsWith('@misc{beyer')")


def test_without_a_script_there_is_no_button_that_does_nothing(open_page: OpenPage) -> None:
    page = open_page(PAPER, javascript=False)
    expect(page.get_by_role("button", name="Copy BibTeX")).to_have_count(0)
    page.get_by_role("link", name="Cite").click()
    expect(page.locator("#bibtex")).to_be_in_viewport()
    with page.expect_download() as download:
        page.locator(".cite-row").get_by_role("link", name="BibTeX").click()
    assert download.value.suggested_filename == "2106.05237.bib"
