"""A day as its editors make it: with and without JavaScript, by mouse and by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site, running_site
from tests.browser.test_accounts import Visit, inspect
from tests.browser.watch import too_wide

pytestmark = [pytest.mark.browser, pytest.mark.long]

PASSWORD = "heliotrope marzipan"
DAYS = ("2021-06-10", "2021-06-11", "2021-06-14")
# Two curators, and three drafts of five papers each.
FILL = f"""
from datetime import date
from allauth.account.models import EmailAddress
from accounts import roles
from accounts.models import User
from papers import digests
from tests.factories import make_paper, make_tweet
for name in ("ada", "bo"):
    user = User.objects.create_user(name, f"{{name}}@papers.example", "{PASSWORD}")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    roles.give(user, [roles.Role.CURATOR])
for day in map(date.fromisoformat, {DAYS}):
    for number, word in enumerate(("Barns", "Crops", "Ducks", "Eggs", "Fowl")):
        paper = make_paper(title=f"On {{word}}: a study", announced_on=day, score=300 - 50 * number)
        make_tweet(paper, text=f"Of {{word}}.", retweets=40, favorites=30)
    digests.build(day)
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site(script=FILL) as running:
        yield running


class Editor:
    """A curator with a day open."""

    def __init__(self, page: Page, day: str) -> None:
        self.page, self.day = page, day

    @classmethod
    def open(cls, page: Page, site: Site, day: str, name: str = "ada") -> "Editor":
        Visit(page, site.mail).sign_in(name, PASSWORD, "About")
        page.goto(f"/admin/digests/{day}/edit/")
        return cls(page, day)

    def press(self, name: str, paper: str) -> None:
        self.page.get_by_role("button", name=f"{name}: On {paper}", exact=True).click()

    def stands(self, *papers: str) -> None:
        """Look at the order; what is left out stands as "-"."""
        expect(self.page.locator(".ed h3")).to_have_text([f"On {name}: a study" for name in papers])

    def note(self, paper: str, text: str) -> None:
        note = self.page.get_by_label(f"Note on On {paper}, Markdown")
        if not note.is_visible():
            self.page.locator("summary", has_text=f"Note on On {paper}").click()
        note.fill(text)

    def publish(self, reason: str, button: str) -> None:
        self.page.get_by_role("textbox", name="Why").fill(reason)
        self.page.get_by_role("button", name=button).click()
        expect(self.page).to_have_url(f"/digests/{self.day}/")
        expect(self.page.get_by_role("status").first).to_contain_text("This is what readers see")

    def undo_last(self, reason: str) -> None:
        self.page.goto(f"/admin/digests/{self.day}/edit/")
        self.page.get_by_role("link", name="Undo", exact=True).first.click()
        self.page.locator("[name=reason]").fill(reason)
        self.page.get_by_role("button", name="Undo").click()
        expect(self.page).to_have_url("/admin/papers/act/")


def titles(page: Page, *papers: str) -> None:
    expect(page.locator(".entry h2")).to_have_text([f"On {name}: a study" for name in papers])


@pytest.mark.parametrize("javascript", [True, False])
def test_it_works(open_page: OpenPage, site: Site, javascript: bool) -> None:
    width = 390 if javascript else 1280
    page = open_page("/about/", width=width, javascript=javascript, failing="/edit/")
    editor = Editor.open(page, site, DAYS[javascript])
    arrange(editor)
    look_ahead(editor)
    editor.publish("Ducks matter more.", "Publish 1")
    titles(page, "Ducks", "Barns", "Eggs", "Fowl")
    expect(page.locator(".remark strong").first).to_have_text("lead")
    expect(page.locator(".entry").first).to_contain_text("pinned by the editors")
    expect(page.locator(".entry .remark")).to_contain_text("They quack.")
    correct(editor)
    read_both(editor, is_inspected=javascript)
    editor.undo_last("Eggs is right after all.")
    page.goto(f"/digests/{editor.day}/")
    titles(page, "Ducks", "Barns", "Eggs", "Fowl")
    editor.undo_last("Too early.")
    page.goto(f"/admin/digests/{editor.day}/edit/")
    expect(page.locator(".lede")).to_contain_text("A draft that waits to be published")
    editor.stands("Ducks", "Crops", "Barns", "Eggs", "Fowl")


def arrange(editor: Editor) -> None:
    page = editor.page
    editor.stands("Barns", "Crops", "Ducks", "Eggs", "Fowl")
    page.get_by_role("textbox", name="Introduction").fill("Ducks **lead**.")
    editor.press("Up", "Ducks")
    editor.stands("Barns", "Ducks", "Crops", "Eggs", "Fowl")
    expect(page.get_by_role("button", name="Up: On Ducks")).to_be_focused()
    editor.press("Up", "Ducks")
    editor.stands("Ducks", "Barns", "Crops", "Eggs", "Fowl")
    editor.note("Ducks", "They *quack*.")
    editor.press("Pin", "Ducks")
    expect(page.get_by_role("button", name="Pin: On Ducks")).to_have_attribute(
        "aria-pressed", "true"
    )
    editor.press("Leave out", "Crops")
    expect(page.locator(".ed.out .pos")).to_have_text("–")
    expect(page.locator("#changes .big")).to_have_text("5")
    expect(page.get_by_role("textbox", name="Introduction")).to_have_value("Ducks **lead**.")
    expect(page.locator("#preview li").first).to_contain_text("They quack.")
    assert too_wide(page) == []
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    editor.stands("Ducks", "Crops", "Barns", "Eggs", "Fowl")


def look_ahead(editor: Editor) -> None:
    with editor.page.context.expect_page() as opened:
        editor.page.get_by_role("button", name="Preview").click()
    preview = opened.value
    expect(preview.get_by_role("status").first).to_contain_text("A preview")
    titles(preview, "Ducks", "Barns", "Eggs", "Fowl")
    preview.close()


def correct(editor: Editor) -> None:
    page = editor.page
    page.get_by_role("link", name="Edit", exact=True).click()
    editor.press("Leave out", "Eggs")
    expect(page.locator(".ed.out")).to_have_count(2)
    page.get_by_role("button", name="Publish the correction").click()
    expect(page.get_by_text("Say why in a line")).to_be_visible()
    editor.publish("Eggs was withdrawn.", "Publish the correction")
    titles(page, "Ducks", "Barns", "Fowl")


def read_both(editor: Editor, *, is_inspected: bool) -> None:
    page = editor.page
    expect(page.locator(".corrections")).to_contain_text("Eggs was withdrawn. (revision 2")
    if is_inspected:
        inspect(page)
    page.get_by_role("link", name="revision 1").click()
    expect(page.get_by_text("This is revision 1")).to_be_visible()
    titles(page, "Ducks", "Barns", "Eggs", "Fowl")
    if is_inspected:
        inspect(page)


def test_by_keyboard_and_by_dragging(open_page: OpenPage, site: Site) -> None:
    page = open_page("/about/", failing="/edit/")
    editor = Editor.open(page, site, DAYS[2])
    page.get_by_role("link", name="On Ducks").focus()
    page.keyboard.press("Alt+ArrowUp")
    editor.stands("Barns", "Ducks", "Crops", "Eggs", "Fowl")
    page.get_by_role("button", name="Up: On Ducks").press("Alt+ArrowUp")
    editor.stands("Ducks", "Barns", "Crops", "Eggs", "Fowl")
    expect(page.locator("#order-said")).to_have_text("Now number 1.")
    page.keyboard.press("Tab")  # from where the row went
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".ed").first).to_contain_text("Pinned")
    page.locator(".ed .pos").nth(4).drag_to(page.locator(".ed .pos").nth(1))
    editor.stands("Ducks", "Fowl", "Barns", "Crops", "Eggs")
    expect(page.locator(".ed").nth(1).locator(".pos")).to_have_text("2")
    be_second(editor, open_page("/about/"), site)


def be_second(editor: Editor, other: Page, site: Site) -> None:
    """Somebody else saves first; nothing of either is lost."""
    bo = Editor.open(other, site, editor.day, "bo")
    expect(other.get_by_text("ada opened this day at")).to_be_visible()
    bo.page.get_by_role("textbox", name="Introduction").fill("What Bo wrote.")
    bo.page.get_by_role("button", name="Save draft").click()
    expect(other.get_by_role("status").first).to_contain_text("Saved")
    page = editor.page
    page.get_by_role("textbox", name="Introduction").fill("What Ada wrote.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", name="bo was quicker")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("What Bo wrote.")
    expect(page.get_by_role("textbox", name="Introduction")).to_have_value("What Ada wrote.")
    assert page.evaluate("dispatchEvent(new Event('beforeunload', {cancelable: true}))") is False
    editor.stands("Ducks", "Fowl", "Barns", "Crops", "Eggs")
    inspect(page)
