"""Bringing papers in and taking them along, on a telephone and without JavaScript."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.test_accounts import Visit

pytestmark = pytest.mark.browser

BIBTEX = b"@misc{a, eprint = {2106.05237}}\n@book{b, title = {The Art of Programming}}\n"


def test_it_works(open_page: OpenPage, site: Site, tmp_path: Path) -> None:
    page = open_page("/accounts/login/", width=390, javascript=False)
    visit = Visit(page, site.mail)
    visit.sign_in(site.curator, site.password, "About")
    visit.go("/settings/data/", "Data")
    page.get_by_role("link", name="Bring papers in").click()
    visit.see("Bring in")
    file = {"name": "mine.bib", "mimeType": "text/plain", "buffer": BIBTEX}
    page.get_by_label("A file").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Look at it").click()
    visit.see("Bring in")
    expect(page.get_by_role("row", name="1 here, to be saved")).to_be_visible()
    expect(page.get_by_role("row", name="2 The Art of Programming")).to_be_visible()
    page.get_by_role("button", name="Save them").click()
    visit.see("Data")
    expect(page.get_by_role("status")).to_contain_text("Saved: 1.")
    with page.expect_download() as download:
        page.get_by_role("link", name="BibTeX").click()
    assert download.value.suggested_filename.endswith(".bib")
    download.value.save_as(tmp_path / "saved.bib")
    assert "eprint = {2106.05237}" in (tmp_path / "saved.bib").read_text()
    visit.go("/saved/", "Saved")
    page.locator("[id='2106.05237'] .save").click()  # others find it as it was
    expect(page.locator(".row")).to_have_count(0)
