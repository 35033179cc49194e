"""A new reader's way through the site: from the first follow to the end of the account."""

import json
import re

import pytest
from django.conf import settings
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.test_accounts import FIRST, Visit, inspect
from tests.browser.test_keyboard import tab_to

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.mark.parametrize(("width", "javascript"), [(390, True), (1280, False)])
def test_it_works(open_page: OpenPage, site: Site, width: int, javascript: bool) -> None:
    page = open_page("/categories/cs.LG/", width=width, javascript=javascript)
    visit = Visit(page, site.mail)
    follow_before_signing_up(visit)
    sign_up(visit, f"new-{width}-{javascript}@papers.example".lower())
    read_the_feed(visit)
    hide_and_undo(visit, javascript=javascript)
    save_and_write(visit)
    put_into_a_list(visit)
    mute_and_end_it(visit)
    look_back(visit)
    finish_the_day(visit)
    take_all_along(visit)
    leave(visit)


def first_row(visit: Visit) -> Locator:
    return visit.page.locator("ol.list > li").first


def follow_before_signing_up(visit: Visit) -> None:
    visit.page.get_by_role("link", name="Follow cs.LG Machine Learning").click()
    visit.click("Follow cs.LG Machine Learning", "Machine Learning")
    visit.go("/feed/", "For you")
    expect(first_row(visit).locator(".why")).to_contain_text("cs.LG, which you follow")
    visit.page.get_by_role("link", name="Keep it: make an account").click()
    visit.see("Make an account")


def sign_up(visit: Visit, email: str) -> None:
    visit.fill(email=email, password1=FIRST, password2=FIRST)
    visit.page.get_by_role("main").get_by_role("button", name="Make the account").click()
    if not settings.IS_EMBEDDED:  # there an address has to be confirmed first
        visit.go(visit.mail_says(email, "confirm your address"), "Confirm the address")
        visit.page.get_by_role("button", name="Confirm").click()
    expect(visit.page.get_by_role("banner").get_by_text("reader-")).to_be_attached()


def read_the_feed(visit: Visit) -> None:
    visit.go("/feed/", "For you")
    lede = visit.page.locator(".lede")
    expect(lede).to_contain_text("Week to Thursday 10 June 2021, from 1 field you follow.")
    visit.page.locator(".daybar").get_by_role("link", name="Hot").click()
    expect(visit.page.locator(".daybar [aria-current=page]")).to_have_text("Hot")
    visit.page.locator(".daybar").get_by_role("link", name="Field-fair").click()
    expect(visit.page.locator(".daybar [aria-current=true]")).to_have_text("Field-fair")
    visit.page.locator(".aside").get_by_role("link", name="Month").click()
    expect(lede).to_contain_text("Month to Thursday 10 June 2021")
    visit.page.locator(".aside").get_by_role("link", name="Cross-listed").click()
    expect(visit.page.locator(".why", has_text="cross-listed")).to_have_count(0)


def hide_and_undo(visit: Visit, *, javascript: bool) -> None:
    page = visit.page
    visit.go("/feed/", "For you")
    title = first_row(visit).locator("h2").inner_text()
    first_row(visit).get_by_role("button", name="Hide: ").click()
    said = page.locator(".gone") if javascript else page.get_by_role("status")
    expect(said).to_contain_text("is hidden.")
    expect(page.get_by_role("heading", name=title, exact=True)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(first_row(visit).locator("h2")).to_have_text(title)


def save_and_write(visit: Visit) -> None:
    page = visit.page
    # By its name: once it is saved, what is close to it may stand first.
    save = page.locator(f"[id='save-{first_row(visit).get_attribute('id')}']")
    save.click()
    expect(save).to_have_attribute("aria-pressed", "true")
    visit.go("/saved/", "Saved")
    page.get_by_role("link", name="Add a note or tags").click()
    page.get_by_label("Note", exact=True).fill("Ask **R.** first.")
    page.get_by_label("Tags", exact=True).fill("distillation, to try")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".note strong")).to_have_text("R.")
    expect(page.locator(".row .chips .t")).to_have_text(["distillation", "to try"])


def put_into_a_list(visit: Visit) -> None:
    page = visit.page
    page.locator("summary", has_text="New list").click()
    page.get_by_label("Name of the new list").fill("Reading group")
    page.get_by_role("button", name="Make", exact=True).click()
    visit.see("Reading group")
    visit.go("/saved/", "Saved")
    page.get_by_role("checkbox", name=re.compile("^Select")).first.check()
    page.get_by_role("button", name="Add to list").click()
    expect(page.get_by_role("status")).to_contain_text("added to “Reading group”.")
    page.locator(".row .chips").get_by_role("link", name="Reading group").click()
    visit.see("Reading group")
    expect(page.locator("ol.list > li")).to_have_count(1)


def mute_and_end_it(visit: Visit) -> None:
    page = visit.page
    visit.go("/settings/feed/", "Feed")
    page.get_by_label("Word, name or code").fill("distillation")
    page.get_by_role("button", name="Mute", exact=True).click()
    visit.go("/feed/?window=month", "For you")
    expect(page.locator(".aside")).to_contain_text(re.compile(r"\d+ muted"))
    visit.go("/settings/feed/", "Feed")
    page.get_by_role("button", name="No longer mute distillation").click()
    expect(page.get_by_role("button", name="No longer mute")).to_have_count(0)


def look_back(visit: Visit) -> None:
    page = visit.page
    visit.go("/feed/", "For you")
    second = page.locator("ol.list > li").nth(1).locator("h2 a")
    title = second.inner_text()
    second.click()
    visit.see(title)
    visit.go("/feed/", "For you")
    expect(page.locator(".row.seen h2")).to_contain_text([title])
    visit.go("/history/", "History")
    expect(page.locator("ol.list h2")).to_have_text([title])
    page.get_by_role("button", name="Clear the history").click()
    expect(page.get_by_role("status")).to_have_text("Your history is cleared.")
    expect(page.locator("ol.list > li")).to_have_count(0)


def finish_the_day(visit: Visit) -> None:
    page = visit.page
    visit.go("/feed/", "For you")
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator(".masthead .big")).to_have_text("0")
    page.get_by_role("link", name="Unread only").click()
    expect(page.get_by_role("main")).to_contain_text("Nothing unread.")
    expect(page.get_by_role("heading", name="That’s all for Thursday.")).to_be_visible()


def take_all_along(visit: Visit) -> None:
    visit.go("/settings/data/", "Data")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("link", name="Everything, as JSON").click()
    found = json.loads(download.value.path().read_text())
    assert "Ask **R.** first." in json.dumps(found)
    assert "Reading group" in json.dumps(found)


def leave(visit: Visit) -> None:
    visit.go("/settings/data/", "Data")
    visit.click("Delete the account", "Delete", role="link")
    visit.fill(password=FIRST)
    visit.page.get_by_role("main").get_by_role("button", name=re.compile("^Delete")).click()
    expect(
        visit.page.get_by_role("contentinfo").get_by_role("link", name="Sign in")
    ).to_be_visible()


def test_the_feed_is_read_by_keyboard_alone(open_page: OpenPage, site: Site) -> None:
    page = open_page("/categories/cs.LG/")
    tab_to(page, "main a:text('Follow')")
    page.keyboard.press("Enter")
    tab_to(page, "main button:text('Follow')")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/categories/cs.LG/"))
    tab_to(page, "header a:text('For you')")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("For you")
    tab_to(page, "ol.list h2 a")
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("heading", name="Abstract").or_(
            page.get_by_role("heading", name="Summary")
        )
    ).to_be_visible()


@pytest.mark.look
def test_its_pages_are_for_everybody(open_page: OpenPage, site: Site) -> None:
    page = open_page("/feed/")
    visit = Visit(page, site.mail)
    inspect(page)
    visit.sign_in(site.curator, site.password, "About")
    visit.go("/categories/cs.CL/", "Language")
    follow = page.get_by_role("main").get_by_role("button", name="cs.CL")
    if follow.get_attribute("aria-pressed") == "false":
        follow.click()
    for path, heading in (
        ("/feed/?window=month", "For you"),
        ("/feed/?window=day&sort=rising&unread=1", "For you"),
        ("/settings/feed/", "Feed"),
        ("/settings/feeds/", "Feeds"),
        ("/history/", "History"),
        ("/history/hidden/", "Hidden"),
    ):
        visit.go(path, heading)
        inspect(page)
