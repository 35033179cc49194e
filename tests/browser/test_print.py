"""On paper: all that is folded on the screen is open, and nothing that asks to be pressed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.look]

DAY = "/digests/2021-06-10/"


def sheets(page: Page) -> int:
    """Return how many sheets of A4 a page takes."""
    document = page.pdf(format="A4")
    assert document.startswith(b"%PDF-")
    return len(re.findall(rb"/Type\s*/Page\b", document))


def test_it_works(open_page: OpenPage) -> None:
    assert 2 <= sheets(open_page(f"{DAY}?view=read")) <= 12


def test_closed_details_are_printed_open(open_page: OpenPage) -> None:
    page = open_page(f"{DAY}?view=list")
    folded = page.locator(".row").nth(1).locator(".more :is(.sum, .tweet p)")
    assert folded.count() > 1
    for number in range(folded.count()):
        expect(folded.nth(number)).to_be_hidden()
    closed = sheets(page)
    page.emulate_media(media="print")
    for number in range(folded.count()):
        expect(folded.nth(number)).to_be_visible()
    assert closed >= 2  # the whole text of sixteen papers, not their titles


def test_controls_are_not_printed(open_page: OpenPage) -> None:
    page = open_page(f"{DAY}?view=list")
    controls = page.locator("nav, form, aside, .acts, .skip, summary .i")
    page.emulate_media(media="print")
    for number in range(controls.count()):
        expect(controls.nth(number)).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".row .score").first).to_be_visible()
