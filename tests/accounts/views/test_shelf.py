"""Tags, notes and lists of saved papers, one paper at a time."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import saved, shelf
from accounts.models import ListEntry, ReaderTag, ReadingList, SavedPaper, User
from papers.models import Paper
from tests.accounts.conftest import MakeReader, words
from tests.accounts.views.test_saved import save_many, signed_in, titles
from tests.factories import MORNING, make_paper, make_tweet

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = (f"2106.0000{n}" for n in (1, 2, 3))


def edit(client: Client, arxiv_id: str = FIRST, **form: Any) -> Any:
    return client.post(f"/saved/{arxiv_id}/edit/", {"next": "/saved/", **form})


def several(client: Client, act: str, *ids: str, **form: Any) -> Any:
    form = {"act": act, "id": ids, "next": "/saved/", **form}
    return client.post("/saved/several/", form, follow=True)


def make_list(user: User, *rows: SavedPaper, name: str = "Reading group") -> ReadingList:
    made = shelf.new_list(user, name)
    shelf.enlist(user, made, rows)
    return made


def tags_of(row: SavedPaper) -> list[str]:
    return sorted(row.tags.names())


def test_it_works(signed_in: Client, reader: User) -> None:
    first, second = save_many(reader, 2)
    group = make_list(reader)
    form: dict[str, Any] = {
        "note": "Ask **R.**",
        "tags": "distillation, Reading  group,,",
        "lists": [group.pk],
    }
    response = edit(signed_in, **form)
    assert (response.status_code, response["Location"]) == (303, f"/saved/#{FIRST}")
    first.refresh_from_db()
    assert (first.note, tags_of(first)) == ("Ask **R.**", ["Reading group", "distillation"])
    page = signed_in.get("/saved/")
    assert "<strong>R.</strong>" in page.content.decode()
    assert "Later Reading Done distillation Reading group in Reading group Edit" in words(page)
    assert "Lists Reading group 1" in words(page)
    assert titles(signed_in.get("/saved/?tag=reading-group")) == ["Paper number 0"]
    assert titles(signed_in.get("/saved/?list=reading-group")) == ["Paper number 0"]


# One paper ----------------------------------------------------------------------------------------


def test_the_form_holds_what_is_kept(signed_in: Client, reader: User) -> None:
    [mine] = save_many(reader, 1, note="Keep <me>.")
    make_list(reader, mine)
    shelf.tag(reader, [mine], ["b", "a"])
    html = signed_in.get(f"/saved/?edit={FIRST}").content.decode()
    assert "Keep &lt;me&gt;.</textarea>" in html
    assert 'name="tags" value="a, b"' in html
    assert re.search(r'<input type="checkbox" name="lists"[^>]* checked', html)
    assert '<form class="edit"' not in signed_in.get("/saved/?edit=2106.99999").content.decode()


def test_what_is_no_longer_named_is_taken_off(signed_in: Client, reader: User) -> None:
    [mine] = save_many(reader, 1, note="old")
    make_list(reader, mine)
    shelf.tag(reader, [mine], ["a", "b"])
    edit(signed_in, tags="b, c")
    mine.refresh_from_db()
    assert (mine.note, tags_of(mine), mine.places.count()) == ("", ["b", "c"], 0)


def test_a_tag_is_one_however_it_is_capitalized(signed_in: Client, reader: User) -> None:
    save_many(reader, 2)
    edit(signed_in, FIRST, tags="NLP, nlp")
    edit(signed_in, SECOND, tags="Nlp, Ünïcode, 🔥, c++, c#")
    assert sorted(reader.tags.values_list("name", "slug")) == [
        ("NLP", "nlp"),
        ("c#", "c-2"),
        ("c++", "c"),
        ("Ünïcode", "ünïcode"),
        ("🔥", "tag"),
    ]
    for slug in ("c-2", "ünïcode", "tag"):
        assert titles(signed_in.get("/saved/", {"tag": slug})) == ["Paper number 1"]


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"note": "x" * 10_001}, "at most 10000 characters"),
        ({"note": "\x00"}, "Null characters are not allowed"),
        ({"tags": "x" * 61}, "60 characters at most"),
        ({"tags": ",".join(map(str, range(31)))}, "30 tags at most"),
        ({"lists": ["999"]}, "not one of the available choices"),
        ({"lists": ["x"]}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_kept_is_shown_again(
    signed_in: Client, reader: User, form: dict[str, Any], says: str
) -> None:
    [mine] = save_many(reader, 1, note="Keep me.")
    response = edit(signed_in, **{"tags": "mine", "note": "New words.", **form})
    assert response.status_code == 400
    assert says in words(response).replace("&#x27;", "’")
    if "note" not in form:
        assert "New words.</textarea>" in response.content.decode()
    mine.refresh_from_db()
    assert (mine.note, tags_of(mine)) == ("Keep me.", [])


def test_tags_have_a_bound(
    signed_in: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "MOST_TAGS", 2)
    save_many(reader, 1)
    response = edit(signed_in, tags="a, b, c", note="Mine.")
    assert response.status_code == 400
    assert "You have 2 tags already." in words(response)
    assert "Mine.</textarea>" in response.content.decode()
    assert not ReaderTag.objects.exists()


def test_a_note_is_safe_html(signed_in: Client, reader: User) -> None:
    save_many(reader, 1)
    edit(signed_in, note="<script>alert(1)</script> [x](javascript:alert(1)) ![i](https://e.org/p)")
    html = signed_in.get("/saved/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "javascript:" not in re.sub(r">[^<]*<", "><", html)
    assert "<img" not in html


# Filters ------------------------------------------------------------------------------------------


def test_filters_go_together(signed_in: Client, reader: User) -> None:
    rows = save_many(reader, 4)
    shelf.tag(reader, rows[:3], ["a"])
    make_list(reader, *rows[1:])
    rows[2].change("done", "")
    page = signed_in.get("/saved/?tag=a&list=reading-group&q=number")
    assert titles(page) == ["Paper number 1", "Paper number 2"]
    page = signed_in.get("/saved/?tag=a&list=reading-group&state=done")
    assert titles(page) == ["Paper number 2"]
    assert "?state=later&tag=a&list=reading-group" in page.content.decode().replace("&amp;", "&")


@pytest.mark.parametrize("query", ["tag=lost", "list=lost", "tag=%00", "list=" + "x" * 999])
def test_what_a_reader_has_not_is_not_found(signed_in: Client, query: str) -> None:
    assert signed_in.get(f"/saved/?{query}").status_code == 404


def test_hidden_papers_are_not_counted(signed_in: Client, reader: User) -> None:
    rows = save_many(reader, 2)
    shelf.tag(reader, rows, ["a"])
    make_list(reader, *rows)
    Paper.objects.filter(arxiv_id=FIRST).update(hidden=True)
    page = signed_in.get("/saved/?tag=a")
    whole = page.context["shelf"]
    assert (whole.total, whole.tags[0].count, whole.lists[0].count) == (1, 1, 1)
    assert titles(page) == titles(signed_in.get("/saved/?list=reading-group")) == ["Paper number 1"]


def test_the_page_costs_the_same_however_much_is_on_it(signed_in: Client, reader: User) -> None:
    def cost(page: str) -> int:
        signed_in.get(page)
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(page)
        return len(queries) - 1  # the account

    save_many(reader, 1)
    few = cost("/saved/")
    rows = save_many(reader, 20, note="*Weigh* it again.")
    for n in range(4):
        shelf.tag(reader, rows, [f"t{n}"])
        make_list(reader, *rows, name=f"List {n}")
    for row in rows:
        make_tweet(row.paper, posted_at=MORNING)
    for page in ("/saved/", f"/saved/?edit={FIRST}", "/saved/?tag=t1&list=list-2&q=number"):
        assert cost(page) == few <= 8


# Lists --------------------------------------------------------------------------------------------


def test_a_list_is_made_renamed_and_deleted(signed_in: Client, reader: User) -> None:
    response = signed_in.post("/saved/lists/", {"name": " Thesis,  chapter 3 "})
    assert response["Location"] == "/saved/?list=thesis-chapter-3"
    assert "This list is empty." not in words(signed_in.get("/saved/"))
    [mine] = save_many(reader, 1)
    assert "This list is empty." in words(signed_in.get("/saved/?list=thesis-chapter-3"))
    edit(signed_in, lists=[ReadingList.objects.get().pk])
    response = signed_in.post("/saved/lists/thesis-chapter-3/", {"name": "研究"})
    assert titles(signed_in.get(response["Location"])) == ["Paper number 0"]
    response = signed_in.post("/saved/lists/研究/delete/", follow=True)
    assert "The list “研究” is deleted; its papers stay saved." in words(response)
    assert not ReadingList.objects.exists()
    assert SavedPaper.objects.get() == mine
    signed_in.post("/saved/undo/")
    assert titles(signed_in.get("/saved/?list=研究")) == ["Paper number 0"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "\x00", "reading GROUP"])
def test_a_list_wants_a_name_of_its_own(signed_in: Client, reader: User, name: str) -> None:
    make_list(reader)
    other = make_list(reader, name="Other")
    for address in ("/saved/lists/", "/saved/lists/other/"):
        response = signed_in.post(address, {"name": name}, follow=True)
        assert response.status_code == 200
        assert 'role="alert"' in response.content.decode()
    other.refresh_from_db()
    assert (other.name, ReadingList.objects.count()) == ("Other", 2)


def test_a_list_may_keep_its_name_with_other_capitals(signed_in: Client, reader: User) -> None:
    make_list(reader)
    signed_in.post("/saved/lists/reading-group/", {"name": "Reading Group"})
    assert ReadingList.objects.values_list("name", "slug").get() == (
        "Reading Group",
        "reading-group",
    )


def test_lists_have_a_bound(
    signed_in: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "MOST_LISTS", 1)
    make_list(reader)
    response = signed_in.post("/saved/lists/", {"name": "One more"}, follow=True)
    assert "You have 1 lists already." in words(response)
    assert ReadingList.objects.count() == 1


def move(client: Client, way: str, arxiv_id: str) -> Any:
    form = {way: arxiv_id, "next": "/saved/?list=reading-group"}
    return client.post("/saved/lists/reading-group/move/", form)


def test_a_list_has_an_order_of_its_own(signed_in: Client, reader: User) -> None:
    make_list(reader, *save_many(reader, 3))
    page = "/saved/?list=reading-group"
    assert titles(signed_in.get(page)) == ["Paper number 0", "Paper number 1", "Paper number 2"]
    assert move(signed_in, "up", THIRD)["Location"] == f"{page}#{THIRD}"
    assert titles(signed_in.get(page)) == ["Paper number 0", "Paper number 2", "Paper number 1"]
    move(signed_in, "down", FIRST)
    move(signed_in, "up", THIRD)  # it is the first: there is no place above
    assert titles(signed_in.get(page)) == ["Paper number 2", "Paper number 0", "Paper number 1"]
    html = signed_in.get(page).content.decode()
    assert (html.count('name="up"'), html.count('name="down"')) == (2, 2)
    assert move(signed_in, "up", "2106.99999")["Location"] == page
    assert 'name="up"' not in signed_in.get(f"{page}&sort=title").content.decode()


def test_moving_steps_over_what_is_hidden_and_gaps(signed_in: Client, reader: User) -> None:
    rows = save_many(reader, 4)
    make_list(reader, *rows)
    Paper.objects.filter(arxiv_id=SECOND).update(hidden=True)
    ListEntry.objects.filter(saved=rows[3]).update(position=90)
    move(signed_in, "down", FIRST)
    page = signed_in.get("/saved/?list=reading-group")
    assert titles(page) == ["Paper number 2", "Paper number 0", "Paper number 3"]
    ListEntry.objects.update(position=5)  # nobody knows how: it is put right
    move(signed_in, "down", FIRST)
    page = signed_in.get("/saved/?list=reading-group")
    assert titles(page) == ["Paper number 2", "Paper number 0", "Paper number 3"]


def test_a_list_goes_over_pages_in_its_order(
    signed_in: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "PAGE_SIZE", 2)
    rows = save_many(reader, 5)
    make_list(reader, *rows)
    ListEntry.objects.filter(saved__in=rows[1:4]).update(position=1)
    seen: list[str] = []
    page = "/saved/?list=reading-group"
    while page:
        response = signed_in.get(page)
        seen += titles(response)
        page = response.context["more"] and f"/saved/{response.context['more']}"
    assert seen == [f"Paper number {n}" for n in range(5)]


# Whose it is --------------------------------------------------------------------------------------


CHANGES: list[tuple[str, dict[str, str]]] = [
    (f"/saved/{FIRST}/edit/", {"note": "forged"}),
    ("/saved/several/", {"act": "remove", "id": FIRST}),
    ("/saved/lists/", {"name": "forged"}),
    ("/saved/lists/reading-group/", {"name": "forged"}),
    ("/saved/lists/reading-group/move/", {"down": FIRST}),
    ("/saved/lists/reading-group/delete/", {}),
]


def state_of_all() -> list[Any]:
    rows = SavedPaper.objects.order_by("pk").values_list("user", "paper", "note", "state")
    lists = ReadingList.objects.order_by("pk").values_list("user", "name", "slug", "share_hash")
    entries = ListEntry.objects.order_by("pk").values_list("reading_list", "saved", "position")
    tags = ReaderTag.objects.order_by("pk").values_list("user", "name", "slug")
    return [*rows, *lists, *entries, *tags]


@pytest.mark.parametrize(("address", "form"), CHANGES)
def test_changes_want_a_post_a_token_and_the_owner(
    make_reader: MakeReader, reader: User, address: str, form: dict[str, str]
) -> None:
    make_list(reader, *save_many(reader, 2, note="Mine."))
    before = state_of_all()
    owner = Client(enforce_csrf_checks=True)
    owner.force_login(reader)
    assert owner.get(address).status_code == 405
    assert owner.post(address, form).status_code == 403
    assert "/accounts/login/" in Client().post(address, form)["Location"]
    assert state_of_all() == before
    other = Client()
    other.force_login(make_reader("eve", is_staff=True))
    answer = other.post(address, form)
    if address in {"/saved/several/", "/saved/lists/"}:
        ReadingList.objects.filter(name="forged").delete()
    else:
        assert answer.status_code == 404
    assert state_of_all() == before


def test_papers_of_another_reader_come_into_no_list(
    signed_in: Client, make_reader: MakeReader, reader: User
) -> None:
    ada, eve = reader, make_reader("eve")
    [hers] = save_many(eve, 1)
    theirs = make_list(eve, hers, name="Hers")
    make_list(ada)
    page = several(signed_in, "list", hers.paper.arxiv_id, list="reading-group")
    assert "Select papers first" in words(page)
    assert edit(signed_in, hers.paper.arxiv_id, lists=[theirs.pk]).status_code == 404
    SavedPaper.objects.keep(ada, hers.paper)
    assert edit(signed_in, hers.paper.arxiv_id, lists=[theirs.pk]).status_code == 400
    page = several(signed_in, "list", hers.paper.arxiv_id, list="hers")
    assert "Choose a list first" in words(page)
    assert list(ListEntry.objects.values_list("saved", flat=True)) == [hers.pk]


SECRET, UNUSED = "zanzibarproject", "timbuktuproject"
PAGES = ["/", "/hot/", "/search/?q=paper", "/saved/", "/status/", "/categories/"]
PAGES += [f"/papers/{FIRST}/", f"/saved/?edit={FIRST}", "/categories/cs.LG/", "/authors/ada-lark/"]
ASKING = [f"/tags/{SECRET}/", f"/saved/?tag={SECRET}", f"/saved/?list={SECRET}", f"/{SECRET}"]
ASKING += [f"/search/?q={SECRET}", f"/saved/?q={SECRET}", f"/top/?tag={SECRET}"]
ADMIN = ["/admin/", f"/admin/papers/paper/?q={FIRST}", "/admin/papers/paper/{paper}/change/"]
ADMIN += ["/admin/accounts/user/{user}/change/", "/admin/accounts/user/", "/admin/taggit/tag/"]
ADMIN += ["/admin/papers/act/", "/admin/accounts/user/{user}/delete/"]
ADMIN += ["/admin/autocomplete/?app_label=papers&model_name=paper&field_name=tags&term=zan"]


def answer(client: Client, address: str) -> str:
    text = client.get(address, follow=True).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


def test_a_private_name_is_said_to_nobody_else(
    make_reader: MakeReader, reader: User, client: Client
) -> None:
    paper = make_paper(score=60)
    mine = SavedPaper.objects.keep(reader, paper)
    reader.mutes.create(kind="word", target=SECRET)
    reader.subscriptions.create(kind="search", target=SECRET)
    shelf.edit(reader, mine, f"Note of {SECRET}", [SECRET], [make_list(reader, name=SECRET)])
    eve = make_reader("eve", is_staff=True, is_superuser=True)
    SavedPaper.objects.keep(eve, paper)
    other = Client()
    other.force_login(eve)
    admin = [page.format(paper=paper.pk, user=reader.pk) for page in ADMIN]
    assert "Summary" in answer(other, admin[-2])
    for who, pages in ((client, PAGES), (other, PAGES + admin)):
        for page in pages:
            assert SECRET not in answer(who, page), page
        for page in ASKING:  # and who asks for it learns what one learns of any word
            unused = answer(who, page.replace(SECRET, UNUSED))
            assert answer(who, page) == unused.replace(UNUSED, SECRET), page
    # Nor does the number in a slug tell that another reader has the name.
    [tag] = ReaderTag.objects.named(eve.pk, [SECRET])
    assert tag.slug == SECRET


def test_no_curator_sees_what_readers_keep(
    signed_in: Client, reader: User, admin_client: Client
) -> None:
    make_list(reader, *save_many(reader, 1))
    for name in ("savedpaper", "readertag", "tagging", "readinglist", "listentry"):
        assert admin_client.get(f"/admin/accounts/{name}/").status_code == 404
