"""The API as people meet it: the page that describes it, and the examples of docs/api.md."""

import json
import re
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.compose import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.look]
SAID = "http://127.0.0.1:8000"
# An address, and what docs/api.md says that it answers.
EXAMPLE = re.compile(rf"^    curl -s '{SAID}(\S+)'\n\n```json\n(.+?)```", re.MULTILINE | re.DOTALL)
EXAMPLES = EXAMPLE.findall((ROOT / "docs/api.md").read_text())


def test_it_works(open_page: OpenPage) -> None:
    """An operation can be tried on its page, whose policy no part of it breaks."""
    page = open_page("/api/docs/", theme="dark", width=390)
    page.locator("#operations-papers-list_papers .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    status = page.locator(".live-responses-table tbody .response-col_status")
    expect(status).to_contain_text("200")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.context.cookies()


@pytest.mark.parametrize(("address", "said"), EXAMPLES, ids=[path for path, _ in EXAMPLES])
def test_the_examples_are_what_is_answered(site: Site, address: str, said: str) -> None:
    try:
        with urlopen(site.url + address) as response:
            text = response.read().decode()
    except HTTPError as error:
        text = error.read().decode()
    found, expected = json.loads(text.replace(site.url, SAID)), json.loads(said)
    # Where the next page begins depends on the keys that the database gave.
    if "next" in expected:
        assert bool(found.pop("next")) == bool(expected.pop("next"))
    assert found == expected


def test_there_are_ten_tasks() -> None:
    assert len(re.findall(r"^## \d+\. ", (ROOT / "docs/api.md").read_text(), re.MULTILINE)) == 10
    assert len(EXAMPLES) == 10
