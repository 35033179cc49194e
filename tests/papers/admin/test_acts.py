"""Everything that can be done, through its page; tests/papers/curation/cases.py has the cases."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from papers.admin.deeds import DEEDS
from papers.models import Act, Paper, Tweet, Verdict
from tests.factories import make_paper, make_tweet
from tests.papers.curation.cases import CASES, COUNTED, IMPORTED, Case, draft, world

pytestmark = pytest.mark.django_db
Kind = Act.Kind
# Done on pages of their own.
ELSEWHERE = {Kind.PUBLISH, Kind.REVISE, Kind.SETTLE}
REASON = "It is spam, as three readers say."
every_kind = pytest.mark.parametrize("kind", sorted(CASES))


def address(kind: str, *keys: str) -> str:
    return f"{reverse('admin:act', args=[kind])}?{urlencode([('id', key) for key in keys])}"


def of_case(kind: str) -> tuple[Case, str]:
    """Return the case of a kind, with what it needs made, and its address."""
    case = CASES[kind]
    case.before()
    assert not case.effect()
    return case, address(kind, case.key())


def test_it_works() -> None:
    assert CASES.keys() == DEEDS.keys(), "give each kind of act a case"
    assert set(Kind.values) - DEEDS.keys() == ELSEWHERE


@every_kind
def test_it_is_done_logged_and_undone(browser: Client, curator: User, kind: str) -> None:
    case, there = of_case(kind)
    before, last = world(), Act.objects.count()
    answer = browser.post(there, case.form | {"reason": REASON}, follow=True)
    act = Act.objects.first()
    assert act, answer.content.decode()
    assert Act.objects.count() == last + 1
    assert case.effect()
    assert (act.reason, act.by) == (REASON, curator)
    assert act.before.keys() == act.after.keys()
    undo = f"{reverse('admin:undo')}?id={act.pk}"
    assert f'<a href="{undo}">Undo</a>' in answer.content.decode()
    assert "Before and after" in browser.get(undo).content.decode()
    assert browser.post(undo, {"reason": "It is none."}).status_code == 302
    assert world() == before
    assert Act.objects.get(undoes=act).reason == "It is none."


@every_kind
def test_a_look_shows_it_and_changes_nothing(browser: Client, kind: str) -> None:
    case, there = of_case(kind)
    before, last = world(), Act.objects.count()
    for answer in (browser.get(there), browser.post(there, case.form | {"look": "1"})):
        assert answer.status_code == 200
        assert (world(), Act.objects.count()) == (before, last)
    assert "Before and after" in answer.content.decode()


@every_kind
def test_it_is_refused_without_the_right(client: Client, curator: User, kind: str) -> None:
    case, there = of_case(kind)
    before, last = world(), Act.objects.count()
    take_away(curator, kind)
    client.force_login(curator)
    for answer in (client.get(there), client.post(there, case.form | {"reason": REASON})):
        assert answer.status_code == 403
    assert (world(), Act.objects.count()) == (before, last)


def take_away(curator: User, kind: str) -> None:
    """Leave the role, without the rights to this."""
    names = [right.partition(".")[2] for right in DEEDS[kind].rights]
    rights = Permission.objects.filter(codename__in=names)
    curator.user_permissions.remove(*rights)
    for group in curator.groups.all():
        group.permissions.remove(*rights)


@every_kind
def test_it_asks_for_a_reason(browser: Client, kind: str) -> None:
    case, there = of_case(kind)
    last = Act.objects.count()
    for reason in ("", "  ", "x" * 501, "NUL \0"):
        answer = browser.post(there, case.form | {"reason": reason})
        assert answer.status_code == 200
        assert "errornote" in answer.content.decode()
    assert Act.objects.count() == last


@every_kind
def test_fields_that_no_form_has_change_nothing(browser: Client, curator: User, kind: str) -> None:
    case, there = of_case(kind)
    other = User.objects.create_user("other")
    group = Group.objects.create(name="everything")
    more = dict.fromkeys(["is_superuser", "is_staff", "hidden", "score", "from_sample"], "on")
    more |= {"groups": str(group.pk), "user": str(other.pk), "by": str(other.pk), "by_id": "1"}
    people = sorted(map(str, User.objects.values_list()))
    browser.post(there, more | case.form | {"reason": REASON})
    act = Act.objects.first()
    assert act
    assert act.by == curator
    assert case.effect()
    assert sorted(map(str, User.objects.exclude(pk=curator.pk).values_list())) == [
        row for row in people if "'curator'" not in row
    ]
    curator.refresh_from_db()
    assert not curator.is_superuser
    assert not User.objects.filter(groups=group).exists()


# The page ----------------------------------------------------------------------------------------


def test_the_page_says_which_scores_change_and_what_stays(browser: Client) -> None:
    page = browser.get(address(Kind.BLOCK, "x:spamfactory")).content.decode()
    assert '<td class="n">530</td><td class="n">30</td>' in page
    assert f"{IMPORTED} Imported: 90 on X, imported with a post" in page
    assert "Wednesday 9 June 2021" in page


def test_of_several_all_are_done_or_none(browser: Client) -> None:
    hidden = make_paper(arxiv_id="2106.00009", hidden=True)
    there = address(Kind.HIDE_PAPER, COUNTED, hidden.arxiv_id)
    answer = browser.post(there, {"reason": REASON})
    assert "2106.00009 On the Weight of Paper: Nothing would change." in answer.content.decode()
    assert not Act.objects.exists()
    answer = browser.post(address(Kind.HIDE_PAPER, COUNTED, IMPORTED), {"reason": REASON})
    assert answer.status_code == 302
    assert draft() == []
    acts = Act.objects.all()
    undo = f"{reverse('admin:undo')}?{urlencode([('id', act.pk) for act in acts])}"
    assert browser.post(undo, {"reason": "None is."}).status_code == 302
    assert draft() == [COUNTED, IMPORTED]


@pytest.mark.parametrize(
    "path",
    [
        "/admin/acts/publish/?id=1",
        "/admin/acts/made-up/?id=1",
        "/admin/acts/hide-paper/",
        "/admin/acts/hide-paper/?id=2106.77777",
        "/admin/acts/hide-tweet/?id=x",
        "/admin/acts/hide-tweet/?id=99999999999999999999999",
        "/admin/acts/block/?id=nowhere:ada",
        "/admin/acts/block/?id=x:",
        "/admin/acts/hide-paper/?id=%00",
        "/admin/acts/hide-paper/?" + "&".join(f"id={n}" for n in range(101)),
        "/admin/undo/",
        "/admin/undo/?id=x",
        "/admin/undo/?id=9999999999999999999999",
    ],
)
def test_what_is_not_there_is_not_found(browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 404
    assert browser.post(path, {"reason": REASON}).status_code == 404


def test_an_account_is_found_by_its_handle(browser: Client) -> None:
    there = reverse("admin:act", args=[Kind.BLOCK])
    assert "Which account?" in browser.get(there).content.decode()
    answer = browser.get(f"{there}?network=x&handle=two+words")
    assert "one word, as its network writes it" in answer.content.decode()
    answer = browser.get(f"{there}?network=x&handle=%40SpamFactory")
    assert answer["Location"] == address(Kind.BLOCK, "x:spamfactory")


def test_buttons_and_actions_of_lists_lead_there(browser: Client) -> None:
    paper, tweet = Paper.objects.get(arxiv_id=COUNTED), Tweet.objects.get(handle="SpamFactory")
    page = browser.get(reverse("admin:papers_paper_change", args=[paper.pk])).content.decode()
    assert address(Kind.HIDE_PAPER, COUNTED) in page
    assert address(Kind.SHOW_PAPER, COUNTED) not in page
    page = browser.get(reverse("admin:papers_tweet_change", args=[tweet.pk])).content.decode()
    assert address(Kind.BLOCK, "x:SpamFactory") in page
    chosen = {"action": "hide_paper", "_selected_action": [paper.pk]}
    answer = browser.post(reverse("admin:papers_paper_changelist"), chosen)
    assert answer["Location"] == address(Kind.HIDE_PAPER, COUNTED)


def test_a_verdict_leads_to_what_can_be_done_to_its_account(browser: Client) -> None:
    verdict = Verdict.objects.create(network="x", handle="spamfactory", kind="bot")
    page = browser.get(reverse("admin:papers_verdict_change", args=[verdict.pk])).content.decode()
    assert address(Kind.CLEAR, "x:spamfactory") in page
    assert address(Kind.BLOCK, "x:spamfactory") in page
    assert address(Kind.MARK_BOT, "x:spamfactory") not in page


def test_a_tweet_of_nobody_leads_to_no_account(browser: Client) -> None:
    tweet = make_tweet(make_paper(), handle="")
    page = browser.get(reverse("admin:papers_tweet_change", args=[tweet.pk])).content.decode()
    assert "/admin/acts/hide-tweet/" in page
    assert "/admin/acts/block/" not in page


def test_who_has_no_right_sees_no_button(client: Client, curator: User) -> None:
    take_away(curator, Kind.REFETCH)
    client.force_login(curator)
    paper = Paper.objects.get(arxiv_id=COUNTED)
    page = client.get(reverse("admin:papers_paper_change", args=[paper.pk])).content.decode()
    assert "/admin/acts/" not in page
