"""The pictures of the README and of docs/, made anew from the sample: `make screenshots`."""

from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.site import ACCOUNTS, ROOT, Site, running_site
from tests.conftest import chromium

FOLDER = ROOT / "docs" / "pictures"


@dataclass(frozen=True)
class Picture:
    name: str
    path: str
    width: int = 1280
    height: int = 960
    theme: Literal["light", "dark"] = "light"
    of_reader: bool = False


PICTURES = (
    Picture("day-light", "/"),
    Picture("day-dark", "/", theme="dark"),
    Picture("read", "/digests/2021-06-10/?view=read", height=1100),
    Picture("archive", "/digests/?year=2021"),
    Picture("for-you", "/feed/", of_reader=True),
    Picture("phone", "/", width=390, height=844),
)


def sign_in(browser: Browser, site: Site, name: str, path: str) -> Page:
    """Sign in with an account of the first start; return its page, at `path`."""
    accounts = (site.mail.parent / ACCOUNTS).read_text().split()
    page = browser.new_page(base_url=site.url, viewport={"width": 1280, "height": 960})
    page.goto(f"/accounts/login/?next={path}")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(accounts[accounts.index(name) + 1])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    return page


def reader(browser: Browser, site: Site) -> StorageState:
    """Sign in as the reader, and wait until papers are compared."""
    page = sign_in(browser, site, "reader", "/feed/")
    while "close to" not in page.locator("main").inner_text():
        page.wait_for_timeout(5_000)
        page.reload()
    return page.context.storage_state()


def take(browser: Browser, url: str, picture: Picture, state: StorageState | None) -> None:
    """Photograph the top of a page."""
    page = browser.new_page(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.theme,
        device_scale_factor=1,
        storage_state=state,
    )
    page.goto(f"{url}{picture.path}")
    page.reload()  # a face that came too late for the first painting is there for the second
    shoot(page, picture.name)
    page.close()


def curate(browser: Browser, site: Site) -> None:
    """Photograph a curator's morning: the desk, a report, its spam, a day, the log of it."""
    page = sign_in(browser, site, "curator", "/admin/")
    shoot(page, "curating-desk")
    page.get_by_role("region", name="What waits").get_by_role("link", name="@").click()
    report = page.url
    shoot(page, "curating-report", height=480)
    page.get_by_role("link", name="Hide this tweet").click()
    page.get_by_label("Reason").fill("An advertisement, under every paper of the day.")
    shoot(page, "curating-spam", height=800)
    page.get_by_role("button", name="Hide this tweet").click()
    page.goto(report)
    page.get_by_label("Reason").fill("It is; the tweet is hidden.")
    page.get_by_role("button", name="Mark as answered").click()
    edit(page)
    page.goto("/curation/")
    page.reload()
    shoot(page, "curating-log", height=640)


def edit(page: Page) -> None:
    """Photograph the editor at work on the day that was held back, and publish it."""
    page.goto("/admin/digests/2021-05-28/edit/")
    page.get_by_role("textbox", name="Introduction").fill("A day of pictures, and of *touch*.")
    rows = page.locator("ol.order > li")
    rows.nth(1).get_by_role("button", name="Up").click()
    expect(rows.nth(0)).to_contain_text("PyTouch")
    rows.nth(0).get_by_role("button", name="Pin").click()
    expect(rows.nth(0)).to_contain_text("Pinned")
    shoot(page, "curating-editor", height=1100)
    page.get_by_label("Why now, and why so").fill("Robots that feel, before pictures of words.")
    page.get_by_role("button", name="Publish 28 May").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Friday")


def shoot(page: Page, name: str, height: int = 0) -> None:
    size = page.viewport_size
    if height and size:
        page.set_viewport_size({"width": size["width"], "height": height})
    page.evaluate("scrollTo(0, 0)")
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} kB")
    if size:
        page.set_viewport_size(size)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_site(is_ticking=True) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        state = reader(browser, site)
        for picture in PICTURES:
            take(browser, site.url, picture, state if picture.of_reader else None)
        curate(browser, site)
        browser.close()


if __name__ == "__main__":
    main()
