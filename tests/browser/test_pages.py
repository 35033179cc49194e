"""What holds for every page: it stands still, is accessible, fits its window, asks nobody else."""

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.watch import (
    axe_violations,
    faces,
    faint_text,
    layout_shifts,
    open_all_details,
    too_wide,
)

pytestmark = [pytest.mark.browser, pytest.mark.look, pytest.mark.long]

PAGES = {
    "/": 200,
    "/digests/2021-06-10/": 200,
    "/digests/2021-06-10/?view=list": 200,
    "/digests/2021-06-10/?view=list&category=cs.CV": 200,
    "/digests/2020-10-06/": 200,  # no summaries, no words of tweets
    "/digests/2020-10-06/?view=list": 200,
    "/digests/2020-08-24/?view=list": 200,  # a day of one paper
    "/digests/": 200,
    "/digests/?year=2020": 200,
    "/hot/": 200,
    "/hot/?fair=1": 200,
    "/new/": 200,
    "/top/?window=month": 200,
    "/hot/?category=cs.LG&network=bluesky": 200,  # holds nothing
    "/papers/2106.05237/": 200,
    "/papers/2010.01496/": 200,  # no summary
    "/papers/2007.05084/": 200,  # no tweet
    "/categories/": 200,
    "/welcome/": 200,
    "/categories/cs.LG/": 200,
    "/authors/lucas-beyer/": 200,
    "/search/": 200,
    "/search/?q=attention": 200,
    "/search/?q=heliotrope+marzipan": 200,  # finds nothing
    "/search/?q=1706.03762": 200,  # an arXiv id that is not held
    "/about/": 200,
    "/about/ranking/": 200,
    "/privacy/": 200,
    "/papers/1706.03762/": 404,
    "/nowhere/": 404,
    "/abs/heliotrope": 400,
}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", PAGES)
def test_it_works(open_page: OpenPage, path: str, width: int) -> None:
    page = open_page(path, width=width, status=PAGES[path])
    assert layout_shifts(page) == []
    assert faces(page) == {"Inter", "Source Serif 4"}
    # Open, a page shows all that it shows closed, and the rest.
    open_all_details(page)
    assert axe_violations(page) == []
    assert faint_text(page) == []
    # Without motion: else the colours are still on their way from one theme to the other.
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert faint_text(page) == []


def test_no_page_scrolls_sideways(open_page: OpenPage) -> None:
    first = open_page("/")
    found: dict[tuple[str, int, str], list[str]] = {}
    for path, status in PAGES.items():
        page = open_page(path, status=status) if status >= 400 else first
        page.goto(path)
        for state in ("closed", "open"):
            if state == "open":
                open_all_details(page)
            for width in (320, 390, 768, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                if sticking_out := too_wide(page):
                    found[path, width, state] = sticking_out
    assert found == {}
