"""The pictures of the README, made anew from the sample: `make screenshots`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.site import ROOT, running_site
from tests.conftest import chromium

FOLDER = ROOT / "docs" / "pictures"


@dataclass(frozen=True)
class Picture:
    name: str
    path: str
    width: int = 1280
    height: int = 960
    theme: Literal["light", "dark"] = "light"


PICTURES = (
    Picture("day-light", "/"),
    Picture("day-dark", "/", theme="dark"),
    Picture("read", "/digests/2021-06-10/?view=read", height=1100),
    Picture("archive", "/digests/?year=2021"),
    Picture("phone", "/", width=390, height=844),
)


def take(browser: Browser, url: str, picture: Picture) -> Path:
    """Photograph the top of a page; return the file."""
    page = browser.new_page(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.theme,
        device_scale_factor=1,
    )
    page.goto(f"{url}{picture.path}")
    page.reload()  # a face that came too late for the first painting is there for the second
    file = FOLDER / f"{picture.name}.png"
    page.screenshot(path=file)
    page.close()
    return file


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for picture in PICTURES:
            file = take(browser, site.url, picture)
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} kB")
        browser.close()


if __name__ == "__main__":
    main()
