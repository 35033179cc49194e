"""Authors: one spelling is one author, each with an address of its own."""

import unicodedata

import pytest

from papers.models import Author, Paper
from papers.posts import import_posts
from papers.words import fold
from tests.factories import make_entry, make_post

COMPOSED = "Zo\u00eb Nu\u00f1ez"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)


@pytest.mark.django_db
def test_it_works():
    keys = Author.objects.ids_of(["Ada Lark", "Bo Finch"])
    assert dict(Author.objects.values_list("name", "slug")) == {
        "Ada Lark": "ada-lark",
        "Bo Finch": "bo-finch",
    }
    assert set(keys.values()) == set(Author.objects.values_list("pk", flat=True))


@pytest.mark.django_db
def test_a_name_met_before_keeps_its_row():
    first = Author.objects.ids_of(["Ada Lark"])
    assert Author.objects.ids_of(["Ada Lark", "Cy Wren"])["Ada Lark"] == first["Ada Lark"]
    assert Author.objects.count() == 2


@pytest.mark.django_db
def test_spellings_that_share_a_slug_get_numbers():
    Author.objects.ids_of(["Zoe Nunez"])
    Author.objects.ids_of([COMPOSED, "Zoe-Nunez"])
    Author.objects.ids_of(["zoe nunez"])
    slugs = Author.objects.order_by("pk").values_list("slug", flat=True)
    assert sorted(slugs) == ["zoe-nunez", "zoe-nunez-2", "zoe-nunez-3", "zoe-nunez-4"]
    assert slugs[0] == "zoe-nunez"


@pytest.mark.django_db
def test_a_number_in_a_name_is_no_number_of_ours():
    Author.objects.ids_of(["Ada Lark 2"])
    Author.objects.ids_of(["Ada Lark"])
    Author.objects.ids_of(["Ada-Lark"])
    slugs = dict(Author.objects.values_list("name", "slug"))
    assert slugs == {"Ada Lark 2": "ada-lark-2", "Ada Lark": "ada-lark", "Ada-Lark": "ada-lark-3"}


@pytest.mark.django_db
def test_names_in_other_scripts_have_an_address_too():
    Author.objects.ids_of(["山田太郎", "Иван Петров", "🙂"])
    slugs = set(Author.objects.values_list("slug", flat=True))
    assert slugs == {"author", "author-2", "author-3"}


@pytest.mark.django_db
def test_a_thousand_names_at_once():
    names = [f"Ada {number:04}" for number in range(1_100)]
    assert len(Author.objects.ids_of(names)) == 1_100
    assert Author.objects.ids_of(names) == Author.objects.ids_of(reversed(names))


@pytest.mark.django_db
def test_decomposed_names_are_the_composed_ones():
    line = f"{COMPOSED}, Ada Lark"
    other = make_entry(rank=2, arxiv_id="2106.00002", author_line=f"{DECOMPOSED}, Bo Finch")
    import_posts([make_post(make_entry(author_line=line), other)])
    author = Author.objects.get(name=COMPOSED)
    assert Paper.objects.filter(authors=author).count() == 2
    assert not Author.objects.filter(name=DECOMPOSED).exists()


@pytest.mark.django_db
def test_accents_keep_authors_apart():
    import_posts([make_post(make_entry(author_line=f"{COMPOSED}, Zoe Nunez"))])
    assert Author.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Amélie O'Wren", "amelie-o-wren"),
        ("Łukasz Żółć", "lukasz-zolc"),
        ("Bo Finch, Jr.", "bo-finch-jr"),
        ("Øre Æsk ß", "ore-aesk-ss"),
        ("<script>", "script"),
        ("../..", "author"),
        ("", "author"),
        ("a" * 300, "a" * 260),
    ],
)
def test_a_slug_is_the_name_in_ascii(name: str, slug: str):
    assert Author.slug_of(name) == slug


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ada LARK", "ada lark"),
        (DECOMPOSED, "zoe nunez"),
        ("İstanbul ı STRASSE Straße", "istanbul i strasse strasse"),
        ("𝐀𝐝𝐚 ℡ ｆｕｌｌ", "ada tel full"),
        ("Ångström Å", "angstrom a"),
        ("ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"),
    ],
)
def test_folding_leaves_plain_letters(text: str, folded: str):
    assert fold(text) == folded
    assert fold(fold(text)) == folded
