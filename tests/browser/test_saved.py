"""Following and saving, as a reader does both, on a telephone and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.test_accounts import Visit

pytestmark = pytest.mark.browser


def test_it_works(open_page: OpenPage, site: Site) -> None:
    page = open_page("/categories/cs.LG/", width=390, javascript=False)
    visit = Visit(page, site.mail)
    follow_as_a_visitor(visit)
    visit.sign_in(site.curator, site.password, "About")
    visit.go("/settings/follows/", "Follows")
    # Others may have signed in as the curator before, and followed something too.
    follow = page.locator(".follows").get_by_role("button", name="Following cs.LG Machine Learning")
    follow.click()
    expect(follow).to_have_count(0)
    save_from_a_list(visit)
    write_a_note(visit)
    remove_and_undo(visit)


def follow_as_a_visitor(visit: Visit) -> None:
    button = visit.page.get_by_role("main").get_by_role("button", name=re.compile("^Follow"))
    visit.page.get_by_role("link", name="Follow cs.LG Machine Learning").click()
    visit.see("cs.LG Machine Learning")
    button.click()
    expect(visit.page).to_have_url("/categories/cs.LG/")
    expect(button).to_have_text("Following")


def save_from_a_list(visit: Visit) -> None:
    visit.page.goto("/")
    save = visit.page.locator("[id='2106.05237'] .save")
    save.click()
    expect(visit.page).to_have_url("/#2106.05237")
    expect(save).to_have_accessible_name(re.compile("^Saved: Knowledge distillation"))
    visit.page.get_by_role("banner").get_by_role("link", name="Saved").click()
    visit.see("Saved")


def write_a_note(visit: Visit) -> None:
    page = visit.page
    page.get_by_text("Add a note or tags").click()
    page.get_by_role("textbox", name="Note", exact=True).fill(
        "Ask R. about <b>crops</b>.\nThen again."
    )
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".note")).to_have_text(re.compile(r"Ask R\. about <b>crops</b>\."))
    page.locator(".row").get_by_role("button", name="Done").click()
    page.get_by_role("link", name="Done 1").click()
    expect(page.locator(".row").get_by_role("button", name="Done")).to_have_attribute(
        "aria-pressed", "true"
    )


def remove_and_undo(visit: Visit) -> None:
    page = visit.page
    page.goto("/saved/")
    page.locator(".row .save").click()
    expect(page.get_by_role("status")).to_contain_text("removed.")
    expect(page.locator(".row")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".note")).to_contain_text("Then again.")
    page.locator(".row .save").click()
    expect(page.get_by_role("main")).to_contain_text("Nothing is saved yet.")
