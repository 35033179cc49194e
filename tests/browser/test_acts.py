"""A curator blocks a spammer, sees the ranking change, and takes it back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site, running_site
from tests.browser.watch import Watch, axe_violations, faint_text, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.long]

PASSWORD = "heliotrope marzipan"
SCRIPT = f"""
from datetime import timedelta
from papers import counting, ranking
from tests.factories import MORNING, make_curator, make_paper, make_tweet
spammed, honest = make_paper(title="Buy Paper Now"), make_paper(title="On Barns")
make_tweet(spammed, handle="SpamFactory", retweets=500, favorites=40)
make_tweet(spammed, handle="ada", favorites=3)
make_tweet(honest, handle="bo", retweets=20, favorites=41)
counting.count([spammed.pk, honest.pk], "x", MORNING)
ranking.rescore([spammed.pk, honest.pk])
user = make_curator("warden")
user.set_password("{PASSWORD}")
user.save()
"""


@pytest.fixture(scope="module")
def spammed() -> Iterator[Site]:
    with running_site(script=SCRIPT) as site:
        yield site


def titles(page: Page) -> list[str]:
    page.goto("/hot/")
    return [text.strip() for text in page.locator(".row h2").all_inner_texts()]


def look(page: Page, *, javascript: bool) -> None:
    """Ask of the page, in both themes, what a script must be there for."""
    for theme in ("dark", "light") if javascript else ():
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert axe_violations(page) == []
        assert faint_text(page) == []


@pytest.mark.parametrize(
    ("javascript", "width", "theme"), [(True, 1280, "light"), (False, 390, "dark")]
)
def test_it_works(
    chromium: Browser, spammed: Site, javascript: bool, width: int, theme: str
) -> None:
    context = chromium.new_context(
        base_url=spammed.url,
        java_script_enabled=javascript,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
    )
    watch = Watch(context, spammed.url)
    page = context.new_page()
    page.goto("/accounts/login/?next=/admin/papers/tweet/")
    page.get_by_label("E-mail or user name").fill("warden")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="SpamFactory").click()
    page.get_by_role("link", name="Block this account").click()
    expect(page.locator("tr", has_text="Buy Paper Now")).to_contain_text("543")
    look(page, javascript=javascript)
    assert not too_wide(page)
    page.get_by_label("Reason").fill("It sells paper.")
    page.get_by_role("button", name="Block this account").click()
    expect(page.locator(".messagelist")).to_contain_text("Blocked an account: @spamfactory on X.")
    assert titles(page) == ["On Barns", "Buy Paper Now"]
    page.goto("/admin/papers/act/")
    page.get_by_role("link", name="Blocked an account").first.click()
    expect(page.get_by_role("link", name="Undo this")).to_be_visible()
    look(page, javascript=javascript)
    page.get_by_role("link", name="Undo this").click()
    expect(page.get_by_label("Reason")).to_be_visible()
    look(page, javascript=javascript)
    page.get_by_label("Reason").fill("It does not.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".messagelist")).to_contain_text("Undone")
    assert titles(page) == ["Buy Paper Now", "On Barns"]
    context.close()
    assert watch.complaints == []
