"""Save and Follow act in place: the page stays, the focus too, and what went wrong is said."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.test_accounts import Visit
from tests.browser.watch import axe_violations, faint_text, layout_shifts, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.look]

SECOND = "2106.04803"  # of 10 June 2021


@pytest.fixture
def page(open_page: OpenPage, site: Site) -> Page:
    page = open_page("/about/", failing="/saved/mark/")
    Visit(page, site.mail).sign_in(site.curator, site.password, "About")
    return page


def row(page: Page, arxiv_id: str = SECOND) -> Locator:
    return page.locator(f"[id='{arxiv_id}']")


def leave_a_mark(page: Page) -> None:
    """What a new page would not have."""
    page.evaluate("window.isTheSame = true")


def has_stayed(page: Page) -> bool:
    return bool(page.evaluate("window.isTheSame === true"))


@pytest.mark.parametrize("width", [1280, 390])
def test_it_works(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/digests/2021-06-10/?view=list")
    leave_a_mark(page)
    save = row(page).locator(".save")
    save.focus()
    before = save.bounding_box(), page.evaluate("scrollY")
    page.keyboard.press("Enter")
    expect(save).to_have_accessible_name(re.compile("^Saved: "))
    expect(save).to_be_focused()
    page.keyboard.press("Enter")
    said = row(page).locator(".said")
    expect(said).to_have_text("Removed. Undo")
    expect(save).to_be_focused()
    after = save.bounding_box(), page.evaluate("scrollY")
    assert before[1] == after[1]
    assert before[0] is not None
    assert after[0] is not None
    assert abs(before[0]["y"] - after[0]["y"]) < 1
    page.keyboard.press("Tab")
    expect(said.get_by_role("button")).to_be_focused()
    assert too_wide(page) == []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert axe_violations(page) == []
        assert faint_text(page) == []
    page.keyboard.press("Enter")
    expect(save).to_have_accessible_name(re.compile("^Saved: "))
    expect(save).to_be_focused()
    expect(said).to_be_empty()
    assert has_stayed(page)
    assert layout_shifts(page) == []
    save.click()
    expect(said).to_have_text("Removed. Undo")


def test_one_undo_stands_at_a_time(page: Page) -> None:
    page.goto("/digests/2021-06-10/?view=read")
    for number in (0, 1):
        save = page.locator(".entry .save").nth(number)
        save.click()
        expect(save).to_have_attribute("aria-pressed", "true")
        save.click()
        expect(save).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("button", name="Undo")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".entry .save").nth(1)).to_have_attribute("aria-pressed", "true")
    page.locator(".entry .save").nth(1).click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(1)


@pytest.mark.parametrize("path", ["/categories/", "/categories/cs.LG/", "/settings/follows/"])
def test_fields_are_followed_in_place(page: Page, path: str) -> None:
    page.goto("/categories/cs.LG/")
    name = "cs.LG Machine Learning"
    page.get_by_role("button", name=f"Follow {name}").click()
    on = page.get_by_role("button", name=f"Following {name}")
    expect(on).to_be_focused()
    page.goto(path)
    leave_a_mark(page)
    assert axe_violations(page) == []
    on.click()
    off = page.get_by_role("button", name=f"Follow {name}")
    expect(off).to_be_focused()
    assert has_stayed(page)
    page.reload()
    expect(on).to_have_count(0)


def test_a_visitor_who_follows_goes_on_in_place(open_page: OpenPage) -> None:
    page = open_page("/categories/")
    assert not page.evaluate("'htmx' in window")
    page.get_by_role("link", name="Follow cs.CL Computation and Language").click()
    page.get_by_role("button", name="Follow cs.CL Computation and Language").click()
    expect(page).to_have_url("/categories/")
    leave_a_mark(page)
    page.get_by_role("button", name="Follow cs.CV").click()
    expect(page.get_by_role("button", name="Following cs.CV")).to_be_focused()
    assert has_stayed(page)


def test_of_what_is_saved_the_row_makes_way_and_comes_back(page: Page) -> None:
    page.goto("/digests/2021-06-10/?view=list")
    row(page).locator(".save").click()
    expect(row(page).locator(".save")).to_have_attribute("aria-pressed", "true")
    page.goto("/saved/")
    leave_a_mark(page)
    row(page).locator(".save").focus()
    page.keyboard.press("Enter")
    expect(row(page)).to_contain_text("removed.")
    expect(row(page)).to_be_focused()
    assert has_stayed(page)
    assert axe_violations(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(row(page).locator(".save")).to_have_attribute("aria-pressed", "true")
    row(page).locator(".save").click()
    expect(row(page)).to_contain_text("removed.")


def test_what_does_not_get_through_is_said_beside_the_button(page: Page) -> None:
    page.goto("/digests/2021-06-10/?view=list")
    save, said = row(page).locator(".save"), row(page).locator(".said")
    page.context.route("**/saved/mark/", lambda route: route.abort())
    page.context.set_offline(True)
    save.click()
    expect(said).to_have_text("This did not get through. Try again in a minute.")
    expect(save).to_be_focused()
    expect(save).to_have_attribute("aria-pressed", "false")
    assert axe_violations(page) == []
    page.context.set_offline(False)
    page.context.unroute_all()
    save.click()
    expect(save).to_have_attribute("aria-pressed", "true")
    expect(said).to_be_empty()
    save.click()
    expect(said).to_have_text("Removed. Undo")


def test_a_form_open_too_long_says_so(page: Page) -> None:
    page.goto("/digests/2021-06-10/?view=list")
    page.evaluate(
        "document.querySelector('#marks [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)"
    )
    save, said = row(page).locator(".save"), row(page).locator(".said")
    save.click()
    expect(said).to_contain_text("The form was open too long")
    expect(save).to_be_focused()


def test_whose_session_ended_signs_in_and_comes_back(page: Page) -> None:
    page.goto("/digests/2021-06-10/?view=list")
    page.context.clear_cookies(name="sessionid")
    row(page).locator(".save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/digests/2021-06-10/"))
