"""The shelf as its reader uses it: with and without JavaScript, by keyboard, on a telephone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site, running_site
from tests.browser.test_accounts import Visit, inspect
from tests.browser.test_keyboard import tab_to
from tests.browser.watch import axe_violations, faint_text, open_all_details, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.long]

PASSWORD = "heliotrope marzipan"
FIRST, SECOND = "2106.05237", "2106.04803"
# Four papers, of which one has news; a tag, a list of three, a note of every kind.
FILL = f"""
from allauth.account.models import EmailAddress
from django.core.management import call_command
from accounts import shelf
from accounts.models import SavedPaper, User
from papers.models import Paper
call_command("load_sample", verbosity=0)
for name in ("ada", "bo"):
    user = User.objects.create_user(name, f"{{name}}@papers.example", "{PASSWORD}")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    papers = Paper.objects.filter(arxiv_id__in=["{FIRST}", "{SECOND}", "2106.04624", "2010.01496"])
    rows = [SavedPaper.objects.keep(user, paper) for paper in papers.order_by("score")]
    group = shelf.new_list(user, "Reading group, on Tuesdays")
    shelf.enlist(user, group, rows[:3])
    shelf.tag(user, rows, ["a-long-tag-that-somebody-typed-without-any-blank-in-it"])
    note = "# Plan\\n\\n- *one*\\n- `two`\\n\\n> three **four**\\n\\n    code " + "x" * 200
    rows[0].change("reading", note + " [link](https://example.org/" + "y" * 200 + ")")
    rows[1].known |= {{"version": 1, "abstract": "Something else, said before."}}
    rows[1].save()
paper = rows[1].paper
Paper.objects.filter(pk=paper.pk).update(
    version=2, journal_ref="J. " + "z" * 120, abstract="Something new, said now.",
    abstract_is_summary=False, withdrawn=True,
)
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site(script=FILL) as running:
        yield running


@pytest.fixture
def page(open_page: OpenPage, site: Site) -> Page:
    page = open_page("/about/", failing="/edit/")
    Visit(page, site.mail).sign_in("ada", PASSWORD, "About")
    return page


@pytest.mark.parametrize("javascript", [True, False])
def test_it_works(open_page: OpenPage, site: Site, javascript: bool) -> None:
    page = open_page("/about/", width=390 if javascript else 1280, javascript=javascript)
    visit = Visit(page, site.mail)
    visit.sign_in("bo", PASSWORD, "About")
    visit.go("/saved/", "Saved")
    edit(page)
    change_several(page)
    order_a_list(page)
    merge_tags(page)


def row(page: Page, arxiv_id: str = FIRST) -> str:
    return f"[id='{arxiv_id}']"


def edit(page: Page) -> None:
    mine = page.locator(row(page))
    mine.get_by_role("link", name="(note, tags and lists)").click()
    mine.get_by_role("textbox", name="Note").fill("Ask **R.** about the <b>crops</b>.")
    mine.get_by_role("textbox", name="Tags").fill("distillation, ask")
    mine.get_by_label("Reading group, on Tuesdays").check()
    mine.get_by_role("button", name="Keep").click()
    expect(page).to_have_url(f"/saved/#{FIRST}")
    expect(mine.locator(".note strong")).to_have_text("R.")
    expect(mine.locator(".note")).to_contain_text("<b>crops</b>")
    mine.get_by_role("link", name="distillation", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("#distillation")
    expect(page.locator(".row")).to_have_count(1)
    page.goto("/saved/")


def change_several(page: Page) -> None:
    for arxiv_id in (FIRST, SECOND):
        page.locator(row(page, arxiv_id)).get_by_role("checkbox").check()
    tag = page.get_by_label("Tag for the selected papers")
    tag.fill("teaching")
    tag.press("Enter")  # adds it, and does nothing else
    expect(page.get_by_role("status").first).to_have_text("2 papers tagged teaching.")
    expect(
        page.locator(row(page, SECOND)).get_by_role("link", name="teaching", exact=True)
    ).to_be_visible()
    for arxiv_id in (FIRST, SECOND):
        page.locator(row(page, arxiv_id)).get_by_role("checkbox").check()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(".row")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".row")).to_have_count(4)
    expect(page.locator(row(page)).get_by_role("link", name="ask", exact=True)).to_be_visible()
    expect(page.locator(row(page)).locator(".note strong")).to_have_text("R.")


def order_a_list(page: Page) -> None:
    page.get_by_role("complementary").get_by_role("link", name="Reading group").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reading group, on Tuesdays")
    ids = "rows => rows.map(row => row.id)"
    before = page.locator(".row").evaluate_all(ids)
    page.locator(row(page, before[1])).get_by_role("button", name=re.compile("^Up")).click()
    expect(page).to_have_url(re.compile(f"#{before[1]}$"))
    expected = [before[1], before[0], *before[2:]]
    assert page.locator(".row").evaluate_all(ids) == expected
    page.get_by_text("delete this list").click()
    page.get_by_role("button", name=re.compile("^Make a (secret|new) link")).click()
    said = page.get_by_role("status").first
    expect(said).to_contain_text("/shared/")
    link = re.search(r"/shared/\S+", said.inner_text())
    assert link
    assert too_wide(page) == []
    page.get_by_role("button", name="Delete the list").is_hidden()
    read_as_a_stranger(page, link[0], len(before))


def read_as_a_stranger(page: Page, link: str, count: int) -> None:
    browser = page.context.browser
    assert browser
    context = browser.new_context(base_url=page.url.partition("/saved")[0])
    stranger = context.new_page()
    stranger.goto(link)
    expect(stranger.locator(".row")).to_have_count(count)
    assert context.cookies() == []
    assert axe_violations(stranger) == []
    context.close()


def merge_tags(page: Page) -> None:
    page.goto("/saved/tags/")
    page.get_by_label("New name of ask").fill("Teaching")
    page.get_by_role("button", name="Rename ask").click()
    expect(page.get_by_role("status")).to_have_text("“ask” is merged into “teaching”.")
    page.goto("/saved/?tag=teaching")
    expect(page.locator(".row")).to_have_count(2)


LIST = "/saved/?list=reading-group-on-tuesdays"
PAGES = ["/saved/", f"/saved/?edit={FIRST}", LIST, "/saved/tags/", "/saved/?q=zebra"]


@pytest.mark.look
@pytest.mark.parametrize("path", [*PAGES, "news"])
def test_every_page_is_fit_to_be_seen(page: Page, path: str) -> None:
    if path == "news":
        page.goto("/saved/")
        page.get_by_role("link", name="what changed").click()
        expect(page.locator("ins, del").first).to_be_visible()
    else:
        page.goto(path)
    inspect(page)
    open_all_details(page)
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert too_wide(page) == []
        assert axe_violations(page) == []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert faint_text(page) == []


def test_what_cannot_be_kept_is_shown_again(page: Page) -> None:
    page.goto(f"/saved/?edit={FIRST}")
    page.get_by_role("textbox", name="Note", exact=True).fill("Not to be lost.")
    page.get_by_role("textbox", name="Tags").fill("x" * 61)
    with page.expect_response(re.compile("/edit/")) as answer:
        page.get_by_role("button", name="Keep").click()
    assert answer.value.status == 400
    expect(page.get_by_role("heading", level=1)).to_have_text("Not kept yet")
    expect(page.get_by_role("textbox", name="Note", exact=True)).to_have_value("Not to be lost.")
    expect(page.get_by_text("A tag has 60 characters at most")).to_be_visible()
    inspect(page)


def test_by_keyboard_alone(page: Page) -> None:
    page.goto("/saved/")
    tab_to(page, ".fig .tick")
    page.keyboard.press("Space")
    expect(page.locator(".fig .tick").first).to_be_checked()
    page.goto(LIST)
    second = page.locator(".row").nth(1).get_attribute("id")
    down = page.get_by_role("button", name=re.compile("^Down")).nth(1)
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".row").nth(2)).to_have_id(str(second))
    # And Tab goes on from the row that moved.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.row')?.id") == second


def test_news_is_noted(page: Page) -> None:
    page.goto("/saved/")
    why = page.locator(".why")
    expect(why).to_contain_text("Version 2 since you saved it")
    why.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What changed")
    page.get_by_role("button", name="Noted").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Saved")
    expect(why).to_have_count(0)
