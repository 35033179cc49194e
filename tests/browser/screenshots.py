"""The pictures of the README, made anew from the sample: `make screenshots`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, StorageState, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.site import ROOT, Site, running_site
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


def sign_in(browser: Browser, site: Site) -> StorageState:
    """Sign in as the reader of the first start, whose papers are compared by then."""
    accounts = (site.mail.parent / "demo-accounts.txt").read_text().split()
    page = browser.new_page(base_url=site.url)
    page.goto("/accounts/login/?next=/feed/")
    page.locator("[name=login]").fill("reader")
    page.locator("[name=password]").fill(accounts[accounts.index("reader") + 1])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    while "close to" not in page.locator("main").inner_text():
        page.wait_for_timeout(5_000)
        page.reload()
    return page.context.storage_state()


def take(browser: Browser, url: str, picture: Picture, state: StorageState | None) -> Path:
    """Photograph the top of a page; return the file."""
    page = browser.new_page(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.theme,
        device_scale_factor=1,
        storage_state=state,
    )
    page.goto(f"{url}{picture.path}")
    page.reload()  # a face that came too late for the first painting is there for the second
    file = FOLDER / f"{picture.name}.png"
    page.screenshot(path=file)
    page.close()
    return file


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_site(is_ticking=True) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        reader = sign_in(browser, site)
        for picture in PICTURES:
            file = take(browser, site.url, picture, reader if picture.of_reader else None)
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} kB")
        browser.close()


if __name__ == "__main__":
    main()
