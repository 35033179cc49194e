"""The log in the admin: in words, with an Undo, and written by nobody's hand."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from papers.admin.deeds import DEEDS
from papers.curation import log
from papers.models import Act
from tests.papers.curation.cases import CASES

pytestmark = pytest.mark.django_db

LIST = "admin:papers_act_changelist"
TOLD, CORRECTED = "(as sources say)", "(corrected by a curator)"
# What the page says of each kind, where before and after stand beside each other.
SAID = {
    "hide-paper": "paper 2106.00001|hidden|no|yes",
    "show-paper": "paper 2106.00003|hidden|yes|no",
    "hide-tweet": "tweet @SpamFactory on X (1402900000000000099)|hidden|no|yes",
    "show-tweet": "hidden|yes|no",
    "block": "account @spamfactory on X||–|blocked: its tweets are hidden",
    "mark-bot": "account @spamfactory on X||–|a bot: its tweets do not count",
    "clear": "account @spamfactory on X||blocked: its tweets are hidden|–",
    "tag": "paper 2106.00001|topic tag|–|barns",
    "rename-tag": "name|weighing|paper in scales",
    "merge-tag": "paper 2106.00002|topic tag|weighing|scales",
    "categories": f"categories|cs.LG, stat.ML {TOLD}|math.CO, cs.LG {CORRECTED}",
    "listing-day": f"listing day|10 June 2021 {TOLD}|14 June 2021 {CORRECTED}",
    "totals": "paper 2106.00002|totals on X|–|7 retweets, 5 favorites, corrected by a curator",
    "refetch": "||–|planned",
    "rerun": "state|failed|planned",
    "give-up": "state|planned|failed",
    "resolve": "quarantine 2106.00077|resolved at|–|",
}


def do(browser: Client, kind: str) -> Act:
    case = CASES[kind]
    case.before()
    there = f"{reverse('admin:act', args=[kind])}?id={case.key()}"
    assert browser.post(there, case.form | {"reason": "It is wrong."}).status_code == 302
    return Act.objects.latest("pk")


def page_of(act: Act) -> str:
    return reverse("admin:papers_act_change", args=[act.pk])


def said(page: str) -> str:
    """The table of changes, its cells between bars."""
    table = page[page.index("Before and after") :].partition("<tbody>")[2].partition("</tbody>")[0]
    for tag in ("</th><td>", "</td><td>"):
        table = table.replace(tag, "|")
    return table.replace("&gt;", ">")


@pytest.mark.parametrize("kind", sorted(DEEDS))
def test_it_works(browser: Client, kind: str) -> None:
    page = browser.get(page_of(do(browser, kind))).content.decode()
    assert SAID[kind] in said(page)
    assert "Undo this" in page
    assert "It is wrong." in page
    assert "{" not in said(page)


def test_what_was_undone_says_so_and_has_no_undo(browser: Client) -> None:
    act = do(browser, "hide-paper")
    undoing = log.undo(act, None, "It is right.")
    for each, word in ((act, "undone"), (undoing, "an undoing")):
        page = browser.get(page_of(each)).content.decode()
        assert word in page
        assert "Undo this" not in page
    answer = browser.post(f"{reverse('admin:undo')}?id={act.pk}", {"reason": "Again."})
    assert "undone already" in answer.content.decode()


def test_who_may_not_do_it_may_not_undo_it(browser: Client, curator: User) -> None:
    act = do(browser, "give-up")
    curator.user_permissions.remove(curator.user_permissions.get(codename="operate"))
    assert "Undo this" not in browser.get(page_of(act)).content.decode()
    undo = f"{reverse('admin:undo')}?id={act.pk}"
    assert browser.get(undo).status_code == 403
    assert browser.post(undo, {"reason": "No."}).status_code == 403


def test_a_run_that_was_asked_for_says_what_came(browser: Client) -> None:
    act = do(browser, "refetch")
    assert "What came of it" in browser.get(page_of(act)).content.decode()


def test_nobody_writes_it_by_hand(browser: Client) -> None:
    act = do(browser, "hide-paper")
    before = list(Act.objects.values())
    for action in ("change", "delete"):
        there = reverse(f"admin:papers_act_{action}", args=[act.pk])
        assert browser.post(there, {"reason": "x", "post": "yes"}).status_code == 403
    assert browser.get(reverse("admin:papers_act_add")).status_code == 403
    assert list(Act.objects.values()) == before


def test_the_list_costs_the_same_whatever_its_length(browser: Client) -> None:
    counts = []
    for kinds in (["hide-paper"], ["block", "tag", "totals", "refetch"]):
        for kind in kinds:
            do(browser, kind)
        browser.get(reverse(LIST))
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(reverse(LIST)).content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
    assert "Blocked an account" in page
    found = browser.get(reverse(LIST), {"kind": "block"}).content.decode()
    assert "@spamfactory on X" in found
    assert "2106.00001" not in found
