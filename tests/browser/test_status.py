"""The status page and the lines above the others: nothing ran, no way out, all well, one late.

X is off in all of them. Their clocks are set, so each says above its pages that it is invented.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site, running_site
from tests.browser.watch import (
    axe_violations,
    faces,
    faint_text,
    layout_shifts,
    open_all_details,
    too_wide,
)
from tests.papers import ledgers

pytestmark = [pytest.mark.browser, pytest.mark.look, pytest.mark.long]

STATES = {
    "empty": "Nothing has been fetched yet",
    "unreachable": "Nothing has been fetched yet",
    "well": "Everything is on time",
    "late": "One source is late",
}
OF_THE_SAMPLE = {"empty", "unreachable"}  # a new site has nothing else yet
# Of the scrolling box that has the focus; the pages' policy refuses `wait_for_function`.
SCROLLED = """box => new Promise(answer => {
    const look = () => box.scrollLeft > 0 && answer(true);
    box.addEventListener("scroll", look);
    look();
    setTimeout(() => answer(false), 5000);
})"""


@pytest.fixture(scope="module", params=STATES)
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """One site a state, all at the same moment."""
    beginning = "ledgers.of_the_sample(); " if request.param in OF_THE_SAMPLE else ""
    script = f"from tests.papers import ledgers; {beginning}ledgers.{request.param}()"
    with running_site(script=script, moment=ledgers.NOW) as running:
        yield running


@pytest.fixture
def state(request: pytest.FixtureRequest, site: Site) -> str:
    return str(request.node.callspec.params["site"])


@pytest.mark.parametrize("width", [1280, 390])
def test_it_works(open_page: OpenPage, state: str, width: int) -> None:
    page = open_page("/status/", width=width)
    expect(page.locator("h1")).to_have_text(STATES[state])
    assert layout_shifts(page) == []
    assert faces(page) == {"Inter", "Source Serif 4"}
    open_all_details(page)
    assert axe_violations(page) == []
    assert faint_text(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert faint_text(page) == []


def test_it_does_not_scroll_sideways(open_page: OpenPage) -> None:
    page = open_page("/status/")
    found = {}
    for path in ("/status/", "/about/"):
        page.goto(path)
        open_all_details(page)
        for width in (320, 390, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if sticking_out := too_wide(page):
                found[path, width] = sticking_out
    assert found == {}


def test_the_line_above_a_page_moves_nothing(open_page: OpenPage, state: str) -> None:
    page = open_page("/about/", width=390)
    assert layout_shifts(page) == []
    assert axe_violations(page) == []
    assert faint_text(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert faint_text(page) == []
    expect(page.locator(".strip > p")).to_have_count(1 if state == "well" else 2)


@pytest.mark.parametrize("site", ["late"], indirect=True)
def test_the_line_leads_to_the_page(open_page: OpenPage) -> None:
    page = open_page("/about/", javascript=False)
    notice = page.get_by_role("complementary", name="Notice")
    expect(notice.locator("p").last).to_have_text(
        "Bluesky has not answered since 24 November, 20:14 UTC. Status"
    )
    notice.get_by_role("link", name="Status").click()
    expect(page).to_have_url("/status/")
    expect(page.locator(".strip > p")).to_have_text(re.compile("Invented world"))


@pytest.mark.parametrize("site", ["late"], indirect=True)
def test_bars_are_told_apart_by_their_shape_and_in_words(open_page: OpenPage) -> None:
    page = open_page("/status/")
    bluesky = page.get_by_role("img", name="Last 14 runs: 10 complete, 4 failed")
    heights = bluesky.locator("rect").evaluate_all(
        "bars => bars.map((bar) => bar.getBoundingClientRect().height)"
    )
    assert len(heights) == 14
    assert heights[0] > 1.5 * heights[-1]
    broken = page.get_by_role("img", name="13 complete, 1 partial").locator("path")
    expect(broken).to_have_count(1)


@pytest.mark.parametrize("site", ["late"], indirect=True)
def test_a_table_wider_than_the_window_scrolls_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/status/", width=390)
    box = page.get_by_role("group", name="Sources")
    page.get_by_role("combobox").focus()
    for _ in range(9):
        page.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    expect(box).to_be_focused()
    expect(box).to_have_css("outline-style", "solid")
    page.keyboard.press("ArrowRight")
    assert box.evaluate(SCROLLED)


@pytest.mark.parametrize("site", ["late"], indirect=True)
def test_fields_open_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/status/", javascript=False)
    cell = page.get_by_role("rowheader", name="Computer Science")
    expect(cell).not_to_be_visible()
    page.locator("summary", has_text="New papers by field").focus()
    page.keyboard.press("Enter")
    expect(cell).to_be_visible()
