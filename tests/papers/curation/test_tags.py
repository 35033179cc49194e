"""Topic tags: names that are none, names that are taken, and tags that others use."""

import pytest
from taggit.models import Tag

from papers.curation import log, tags
from papers.curation.log import Refused
from papers.models import Act, Paper
from tests.factories import make_paper

pytestmark = pytest.mark.django_db

WHY = "For a test."


def names(paper: Paper) -> set[str]:
    return set(paper.tags.names())


def test_it_works() -> None:
    paper = make_paper()
    act = tags.set_tags(paper, None, WHY, ["  Weighing   paper ", "barns"])
    assert names(paper) == {"Weighing paper", "barns"}
    assert Tag.objects.get(name="Weighing paper").slug == "weighing-paper"
    tags.set_tags(paper, None, WHY, ["barns"])
    assert names(paper) == {"barns"}
    with pytest.raises(Refused, match="changed since"):
        log.undo(act, None, WHY)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "needs a name"),
        (" \t ", "needs a name"),
        ("x" * 101, "100 characters"),
        ("a, b", "comma"),
        ("a\0b", "nobody sees"),
        ("a\u202eb", "nobody sees"),
        ("!!!", "neither a letter nor a digit"),
        ("🐄", "neither a letter nor a digit"),
    ],
)
def test_what_is_no_name_is_refused(name: str, words: str) -> None:
    paper = make_paper()
    paper.tags.add("weight")
    tag = Tag.objects.get()
    for refused in (
        lambda: tags.rename(tag, None, WHY, name),
        lambda: tags.set_tags(paper, None, WHY, ["barns", name]),
    ):
        with pytest.raises(Refused, match=words):
            refused()
    assert names(paper) == {"weight"}
    assert not Act.objects.exists()


def test_a_name_in_other_letters_is_the_same_tag() -> None:
    paper = make_paper()
    Tag.objects.create(name="Weight")
    tags.set_tags(paper, None, WHY, ["weight"])
    assert names(paper) == {"Weight"}


def test_a_name_of_more_letters_than_ours_is_a_name() -> None:
    paper = make_paper()
    tags.set_tags(paper, None, WHY, ["重さ", "C++"])
    assert set(Tag.objects.values_list("slug", flat=True)) == {"重さ", "c"}


def test_renaming_to_a_name_that_is_taken_is_merging() -> None:
    one, both = make_paper(), make_paper()
    one.tags.add("weigth")
    both.tags.add("weigth", "Weight")
    act = tags.rename(Tag.objects.get(name="weigth"), None, WHY, "weight")
    assert (act.kind, act.subject) == (Act.Kind.MERGE_TAG, "weigth → Weight")
    assert names(one) == names(both) == {"Weight"}
    log.undo(act, None, WHY)
    assert names(one) == {"weigth"}
    assert names(both) == {"weigth", "Weight"}


def test_only_capitals_are_a_new_name_too() -> None:
    make_paper().tags.add("llm")
    act = tags.rename(Tag.objects.get(), None, WHY, "LLM")
    assert act.kind == Act.Kind.RENAME_TAG
    assert (Tag.objects.get().name, Tag.objects.get().slug) == ("LLM", "llm")


def test_an_address_that_is_taken_gets_a_number() -> None:
    make_paper().tags.add("c", "barns")
    tags.rename(Tag.objects.get(name="barns"), None, WHY, "C++")
    assert Tag.objects.get(name="C++").slug == "c_1"


def test_a_tag_that_others_use_by_now_is_not_taken_away() -> None:
    paper, other = make_paper(), make_paper()
    act = tags.set_tags(paper, None, WHY, ["barns"])
    later = tags.set_tags(other, None, WHY, ["barns"])
    with pytest.raises(Refused, match="in use by now"):
        log.undo(act, None, WHY)
    assert names(paper) == names(other) == {"barns"}
    log.undo(later, None, WHY)
    log.undo(act, None, WHY)
    assert not Tag.objects.exists()


def test_a_tag_is_not_merged_with_itself() -> None:
    make_paper().tags.add("barns")
    with pytest.raises(Refused, match="with itself"):
        tags.merge(Tag.objects.get(), None, WHY, Tag.objects.get())
