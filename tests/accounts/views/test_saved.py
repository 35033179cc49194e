"""Saving from any page, and the page of what was saved."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import saved
from accounts.models import ReaderTag, SavedPaper, User
from papers.models import Paper
from tests.accounts.conftest import MakeReader, words
from tests.factories import DAY, MORNING, make_digest, make_paper, make_tweet

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, reader: User) -> Client:
    client.force_login(reader)
    return client


def mark(client: Client, **form: str) -> Any:
    return client.post("/saved/mark/", {"next": "/hot/?window=all", **form})


def save_many(user: User, count: int, **fields: Any) -> list[SavedPaper]:
    """Save new papers, a minute after each other; the last is the newest."""
    return [
        SavedPaper.objects.create(
            user=user,
            paper=make_paper(title=f"Paper number {n}"),
            saved_at=MORNING + timedelta(minutes=n),
            **fields,
        )
        for n in range(count)
    ]


def titles(response: Any) -> list[str]:
    return re.findall(r'<h2><a href="[^"]+">([^<]+)</a></h2>', response.content.decode())


def test_it_works(signed_in: Client, reader: User) -> None:
    paper = make_paper(score=60)
    response = mark(signed_in, save=paper.arxiv_id)
    assert (response.status_code, response["Location"]) == (303, "/hot/?window=all#2106.00001")
    page = signed_in.get("/hot/")
    assert f'id="{paper.arxiv_id}"' in page.content.decode()
    assert 'aria-pressed="true" aria-label="Saved: On the Weight of Paper"' in page.content.decode()
    assert titles(signed_in.get("/saved/")) == ["On the Weight of Paper"]
    mine = SavedPaper.objects.get()
    assert (mine.user, mine.paper, mine.state, mine.note) == (reader, paper, "later", "")


def test_saving_twice_is_saving_once(signed_in: Client) -> None:
    paper = make_paper()
    for _ in range(2):
        assert mark(signed_in, save=paper.arxiv_id).status_code == 303
    assert SavedPaper.objects.count() == 1
    for _ in range(2):
        assert mark(signed_in, remove=paper.arxiv_id).status_code == 303
    assert not SavedPaper.objects.exists()


def test_saving_keeps_what_is_known_of_the_paper(signed_in: Client) -> None:
    paper = make_paper(version=1, title="On $x$", abstract="We weigh.", journal_ref="J. Paper 1")
    mark(signed_in, save=paper.arxiv_id)
    known = SavedPaper.objects.get().known
    assert (known["version"], known["title"], known["abstract"]) == (1, "On $x$", "We weigh.")
    assert (known["journal_ref"], known["withdrawn"]) == ("J. Paper 1", False)
    Paper.objects.update(version=2)
    mark(signed_in, save=paper.arxiv_id)
    assert SavedPaper.objects.get().known == known  # saving again notes nothing


PAGES = ["/", "/digests/2021-06-10/?view=read", "/hot/", "/categories/cs.LG/", "/search/?q=paper"]
PAGES += ["/papers/2106.00001/", "/authors/ada-lark/", "/top/"]
CAN_BE_FOLLOWED = {"/categories/cs.LG/", "/search/?q=paper", "/authors/ada-lark/"}


@pytest.mark.parametrize("page", PAGES)
def test_what_is_saved_is_marked_wherever_it_stands(
    signed_in: Client, reader: User, page: str
) -> None:
    papers = [make_paper(score=60 + n) for n in range(2)]
    make_digest(*papers, state="published")
    SavedPaper.objects.create(user=reader, paper=papers[0])
    html = signed_in.get(page).content.decode()
    assert html.count('name="remove" value="2106.00001"') == 1
    assert html.count('name="save" value="2106.00002"') == (0 if "papers" in page else 1)
    # One of all Save buttons, one of signing out.
    assert html.count("csrfmiddlewaretoken") == 2
    visitor = Client().get(page)
    assert "Saved" not in words(visitor)
    assert b"/accounts/login/?next=" in visitor.content
    assert not visitor.cookies


def queries_of(client: Client, page: str) -> int:
    client.get(page)  # notices are kept for a minute
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    return len(queries)


@pytest.mark.parametrize("page", PAGES)
def test_marks_cost_one_query(signed_in: Client, page: str) -> None:
    papers = [make_paper(score=60 + n) for n in range(4)]
    make_digest(*papers, state="published")
    of_visitor = queries_of(Client(), page)
    # Who it is costs one: the account. The session is in the cache.
    of_reader = queries_of(signed_in, page) - 1
    # That its page was opened is written down.
    is_paper = page.startswith("/papers/")
    assert of_reader == of_visitor + 1 + (page in CAN_BE_FOLLOWED) + is_paper
    assert of_reader - is_paper <= 8


def test_what_is_saved_costs_the_same_however_much_it_is(signed_in: Client, reader: User) -> None:
    save_many(reader, 3)
    few = queries_of(signed_in, "/saved/")
    for mine in save_many(reader, 12, note="Weigh it again."):
        make_tweet(mine.paper, posted_at=MORNING)
    assert queries_of(signed_in, "/saved/?q=paper&state=later") == few <= 8
    assert "on X, 11 June 2021, 09:30" in words(signed_in.get("/saved/"))


def test_a_visitor_signs_in_first_and_comes_back(client: Client) -> None:
    paper = make_paper(score=60)
    link = f"/accounts/login/?next=%2Fhot%2F%23{paper.arxiv_id}"
    assert link in client.get("/hot/").content.decode()
    assert "/accounts/login/?next=/hot/" in mark(client, save=paper.arxiv_id)["Location"]
    assert not SavedPaper.objects.exists()
    assert client.get("/saved/")["Location"] == "/accounts/login/?next=/saved/"


@pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_no_form_leads_away(signed_in: Client, away: str) -> None:
    paper = make_paper()
    response = mark(signed_in, save=paper.arxiv_id, next=away)
    assert response["Location"] == f"/saved/#{paper.arxiv_id}"


@pytest.mark.parametrize("arxiv_id", ["2106.99999", "", "paper", "\x00", "9" * 5000])
def test_a_paper_that_is_not_there_is_not_saved(signed_in: Client, arxiv_id: str) -> None:
    assert mark(signed_in, save=arxiv_id).status_code == 404


def test_what_a_curator_hid_is_not_shown(signed_in: Client, reader: User) -> None:
    save_many(reader, 2)
    Paper.objects.filter(arxiv_id="2106.00001").update(hidden=True)
    page = signed_in.get("/saved/")
    assert titles(page) == ["Paper number 1"]
    assert "All 1" in words(page)
    assert mark(signed_in, save="2106.00001").status_code == 404


# The page -----------------------------------------------------------------------------------------


def test_pages_follow_each_other_without_gap_or_repeat(
    signed_in: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "PAGE_SIZE", 3)
    save_many(reader, 7)
    SavedPaper.objects.update(saved_at=MORNING)  # all at once: the key decides
    seen: list[str] = []
    page = "/saved/"
    for _ in range(3):
        response = signed_in.get(page)
        seen += titles(response)
        page = f"/saved/{response.context['more']}"
    assert page == "/saved/"
    assert seen == [f"Paper number {n}" for n in reversed(range(7))]


def test_states_filter_and_are_counted(signed_in: Client, reader: User) -> None:
    first, second, _ = save_many(reader, 3)
    first.change("done", "")
    second.change("reading", "")
    page = signed_in.get("/saved/?state=done")
    assert titles(page) == ["Paper number 0"]
    assert "All 3 Later 1 Reading 1 Done 1" in words(page)


def test_words_are_found_in_papers_and_notes(signed_in: Client, reader: User) -> None:
    first, second = save_many(reader, 2)
    first.change("later", "Für Zoë: the 100% case_a")
    assert titles(signed_in.get("/saved/?q=zoe+number")) == ["Paper number 0"]
    assert titles(signed_in.get("/saved/?q=100%25")) == ["Paper number 0"]
    assert titles(signed_in.get("/saved/?q=caseXa")) == []
    assert titles(signed_in.get("/saved/?q=LARK")) == ["Paper number 1", "Paper number 0"]
    assert "No saved paper holds “zebra”" in words(signed_in.get("/saved/?q=zebra"))


def test_saved_papers_take_the_grammar_of_searches(signed_in: Client, reader: User) -> None:
    first, second = save_many(reader, 2)
    first.change("later", r"About $\beta$-VAE, for Zoë")
    [tag] = ReaderTag.objects.named(reader.pk, ["Reading Group"])
    tag.taggings.create(content_object=second)
    for query, found in {
        "beta": ["Paper number 0"],
        "beta OR number": ["Paper number 1", "Paper number 0"],
        "number -zoe": ["Paper number 1"],
        "title:zoe": [],
        "tag:reading-group": ["Paper number 1"],
        'tag:"reading group" number': ["Paper number 1"],
        "-tag:reading-group": ["Paper number 0"],
        "cat:cs.* since:2000 number": ["Paper number 1", "Paper number 0"],
        "author:lark score:0": ["Paper number 1", "Paper number 0"],
    }.items():
        assert titles(signed_in.get("/saved/", {"q": query})) == found, query
    refused = signed_in.get("/saved/", {"q": '"beta'})
    assert refused.status_code == 400
    assert "The quotation mark at character 1 is not closed." in words(refused)


def test_another_readers_tag_and_note_find_nothing(
    signed_in: Client, reader: User, make_reader: MakeReader
) -> None:
    save_many(reader, 1)
    other = make_reader("eve")
    theirs = SavedPaper.objects.keep(other, SavedPaper.objects.get().paper)
    theirs.change("later", "zebra")
    [tag] = ReaderTag.objects.named(other.pk, ["Zebra"])
    tag.taggings.create(content_object=theirs)
    for query in ("zebra", "tag:zebra"):
        assert titles(signed_in.get("/saved/", {"q": query})) == []


def test_who_saved_nothing_is_told_how(signed_in: Client) -> None:
    assert "Nothing is saved yet." in words(signed_in.get("/saved/"))


@pytest.mark.parametrize(
    "query",
    ["state=lost", "q=%00", "q=" + "x" * 400, "after=x", "after=2021-13-01T00:00:00%2B00:00~1"]
    + ["after=2021-06-10T00:00:00~1", "after=2021-06-10T00:00:00%2B00:00~" + "9" * 30],
)
def test_nonsense_is_answered_and_never_breaks(signed_in: Client, query: str) -> None:
    assert signed_in.get(f"/saved/?{query}").status_code == 400


# Changes ------------------------------------------------------------------------------------------


def test_a_state_is_changed_in_one_tap(signed_in: Client, reader: User) -> None:
    [mine] = save_many(reader, 1, note="Keep me.", state_changed_at=MORNING)
    response = signed_in.post("/saved/2106.00001/", {"state": "done", "next": "/saved/?q=paper"})
    assert response["Location"] == "/saved/?q=paper#2106.00001"
    mine.refresh_from_db()
    assert (mine.state, mine.note) == ("done", "Keep me.")
    assert mine.state_changed_at > MORNING
    assert mine.saved_at == MORNING


def test_a_note_is_kept_and_its_markup_is_text(signed_in: Client, reader: User) -> None:
    [mine] = save_many(reader, 1, state="reading")
    note = "First line\nsecond <script>alert(1)</script>\n\nnext"
    signed_in.post("/saved/2106.00001/edit/", {"note": note})
    mine.refresh_from_db()
    assert (mine.state, mine.note) == ("reading", note)
    html = signed_in.get("/saved/").content.decode()
    assert "<p>First line<br>\nsecond &lt;script&gt;alert(1)&lt;/script&gt;</p>" in html
    assert "<script>" not in html


@pytest.mark.parametrize(
    "form", [{"state": "lost"}, {"note": "x" * 10_001}, {"note": "\x00"}, {"state": ""}]
)
def test_what_cannot_be_kept_is_refused(
    signed_in: Client, reader: User, form: dict[str, str]
) -> None:
    [mine] = save_many(reader, 1, note="Keep me.")
    assert signed_in.post("/saved/2106.00001/", form).status_code == 400
    mine.refresh_from_db()
    assert (mine.state, mine.note) == ("later", "Keep me.")


def test_what_was_removed_comes_back_as_it_was(signed_in: Client, reader: User) -> None:
    [mine] = save_many(reader, 1, state="reading", note="Ask R.", folded_note="ask r")
    before = SavedPaper.objects.values().get()
    mark(signed_in, remove="2106.00001")
    page = signed_in.get("/hot/")
    assert "“Paper number 0” removed. Undo" in words(page)
    assert "Undo" not in words(signed_in.get("/hot/"))  # said once
    response = signed_in.post("/saved/undo/", {"next": "/hot/"})
    assert response["Location"] == "/hot/#2106.00001"
    after = SavedPaper.objects.values().get()
    assert after | {"id": before["id"]} == before
    assert signed_in.post("/saved/undo/").status_code == 303  # and nothing twice
    assert SavedPaper.objects.count() == 1


def test_what_was_saved_again_meanwhile_stays(signed_in: Client, reader: User) -> None:
    save_many(reader, 1, note="old")
    mark(signed_in, remove="2106.00001")
    mark(signed_in, save="2106.00001")
    signed_in.post("/saved/2106.00001/edit/", {"note": "new"})
    signed_in.post("/saved/undo/")
    assert SavedPaper.objects.get().note == "new"


def test_nobody_reads_or_changes_anothers(client: Client, make_reader: MakeReader) -> None:
    save_many(make_reader("ada"), 1, note="Mine alone.")
    client.force_login(make_reader("eve", is_staff=True))
    assert "Mine alone." not in words(client.get("/saved/"))
    assert client.post("/saved/2106.00001/", {"note": "Not yours."}).status_code == 404
    mark(client, remove="2106.00001")
    assert SavedPaper.objects.get().note == "Mine alone."


CHANGES = ["/saved/mark/", "/saved/undo/", "/saved/2106.00001/"]


@pytest.mark.parametrize("address", CHANGES)
def test_changes_want_a_post_with_a_token(reader: User, address: str) -> None:
    save_many(reader, 1)
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)
    assert client.get(address).status_code == 405
    form = {"remove": "2106.00001", "note": "forged"}
    assert client.post(address, form).status_code == 403
    assert SavedPaper.objects.get().note == ""


def test_a_form_sets_nothing_else(signed_in: Client, reader: User) -> None:
    save_many(reader, 1)
    before = SavedPaper.objects.values("user", "paper", "saved_at").get()
    form = {"note": "x", "user": "99", "paper": "99", "saved_at": "2000-01-01", "id": "99"}
    signed_in.post("/saved/2106.00001/", form)
    assert SavedPaper.objects.values("user", "paper", "saved_at").get() == before


def test_what_is_saved_is_kept_by_no_cache(signed_in: Client, reader: User) -> None:
    save_many(reader, 1)
    assert signed_in.get("/saved/")["Cache-Control"] == "private, no-store"
    assert mark(signed_in, remove="2106.00001")["Cache-Control"] == "private, no-store"


# In place -----------------------------------------------------------------------------------------

HTMX = {"HX-Request": "true"}


def test_a_button_is_answered_with_itself(signed_in: Client, reader: User) -> None:
    make_paper()
    on = signed_in.post("/saved/mark/", {"save": "2106.00001"}, headers=HTMX).content.decode()
    assert "<html" not in on
    assert 'id="save-2106.00001"' in on
    assert 'name="remove" value="2106.00001" aria-pressed="true"' in on
    off = signed_in.post("/saved/mark/", {"remove": "2106.00001"}, headers=HTMX).content.decode()
    assert 'name="save" value="2106.00001" aria-pressed="false"' in off
    assert 'formaction="/saved/undo/"' in off
    assert not reader.saved_papers.exists()
    assert "removed" not in words(signed_in.get("/saved/"))  # it is said already


def test_undo_in_place_is_for_its_own_paper(signed_in: Client, reader: User) -> None:
    save_many(reader, 2, note="Kept.")
    for arxiv_id in ("2106.00001", "2106.00002"):
        mark(signed_in, remove=arxiv_id)
    answers = [
        signed_in.post("/saved/undo/", {"paper": arxiv_id}, headers=HTMX).content.decode()
        for arxiv_id in ("2106.00001", "2106.00002")
    ]
    assert "That can no longer be brought back." in answers[0]
    assert 'name="save" value="2106.00001"' in answers[0]
    assert 'name="remove" value="2106.00002"' in answers[1]
    assert [mine.note for mine in reader.saved_papers.all()] == ["Kept."]
    assert [mine.paper.arxiv_id for mine in reader.saved_papers.all()] == ["2106.00002"]


@pytest.mark.parametrize("paper", ["", "\x00", "x" * 500, "2106.99999"])
def test_undo_of_nothing_breaks_nothing(signed_in: Client, paper: str) -> None:
    assert signed_in.post("/saved/undo/", {"paper": paper}).status_code == 303
    answer = signed_in.post("/saved/undo/", {"paper": paper}, headers=HTMX)
    assert answer.status_code == 404


def test_in_place_too_who_is_signed_out_signs_in(client: Client) -> None:
    make_paper()
    form = {"save": "2106.00001", "next": "/hot/"}
    answer = client.post("/saved/mark/", form, headers=HTMX)
    assert answer["HX-Redirect"] == "/accounts/login/?next=/hot/"


def test_of_what_is_saved_the_whole_row_goes(signed_in: Client, reader: User) -> None:
    save_many(reader, 1, note="Kept.")
    assert "closest .row" in signed_in.get("/saved/").content.decode()
    form = {"remove": "2106.00001", "row": "1"}
    answer = signed_in.post("/saved/mark/", form, headers=HTMX).content.decode()
    assert answer.count("<li") == 1
    assert "“Paper number 0” removed." in answer
    assert not reader.saved_papers.exists()
    undone = signed_in.post("/saved/undo/", {"paper": "2106.00001", "next": "/saved/?q=x"})
    assert undone["Location"] == "/saved/?q=x#2106.00001"
    assert reader.saved_papers.get().note == "Kept."


def test_buttons_act_in_place_where_there_are_any(client: Client, reader: User) -> None:
    make_paper()
    assert b"htmx" not in client.get("/hot/").content
    client.force_login(reader)
    assert b"htmx-2.min.js" in client.get("/hot/").content
    assert b"htmx" not in client.get("/settings/profile/").content


# Orders -------------------------------------------------------------------------------------------


def fill_for_sorting(reader: User) -> None:
    """Save papers whose order is another one by each sort, some alike."""
    facts = [("beta", 60, DAY), ("Alpha", 90, None), ("ALPHA", 60, DAY), ("gamma", 0, None)]
    facts += [("delta " * 40, 70, DAY + timedelta(days=1)), ("delta " * 40, 70, DAY)]
    for n, (title, score, day) in enumerate(facts):
        paper = make_paper(title=title, score=score, announced_on=day)
        SavedPaper.objects.create(user=reader, paper=paper, saved_at=MORNING + timedelta(hours=n))


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", [6, 5, 4, 3, 2, 1]),
        ("saved", [6, 5, 4, 3, 2, 1]),
        ("score", [2, 6, 5, 3, 1, 4]),
        ("title", [2, 3, 1, 5, 6, 4]),
        ("listed", [5, 6, 3, 1, 4, 2]),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 10])
def test_each_order_goes_over_pages(
    signed_in: Client,
    reader: User,
    monkeypatch: pytest.MonkeyPatch,
    sort: str,
    order: list[int],
    size: int,
) -> None:
    monkeypatch.setattr(saved, "PAGE_SIZE", size)
    fill_for_sorting(reader)
    seen: list[int] = []
    page = f"/saved/?sort={sort}"
    while page:
        response = signed_in.get(page)
        html = response.content.decode()
        seen += [int(n) for n in re.findall(r'<li class="row pair[^>]* id="2106\.0000(\d)"', html)]
        page = response.context["more"] and f"/saved/{response.context['more']}"
    assert seen == order


@pytest.mark.parametrize(
    "query",
    ["sort=lost", "sort=score&after=x~1", "sort=score&after=-1~1", "sort=score&after=1~1~x"]
    + ["sort=title&after=%00~1", "sort=title&after=a", f"sort=title&after={'a' * 81}~1"]
    + ["sort=listed&after=2021-02-30~1", "sort=listed&after=20210210~1", "sort=score&after=²~1"]
    + ["sort=score&after=" + "9" * 11 + "~1", "sort=saved&after=60~1"],
)
def test_a_cursor_of_another_order_is_refused(signed_in: Client, query: str) -> None:
    assert signed_in.get(f"/saved/?{query}").status_code == 400
