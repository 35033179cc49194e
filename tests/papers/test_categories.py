"""The taxonomy that the migrations load."""

from collections import Counter

import pytest

from papers.models import Category

pytestmark = pytest.mark.django_db


def test_it_works():
    learning = Category.objects.get(code="cs.LG")
    assert (learning.name, learning.group_name) == ("Machine Learning", "Computer Science")
    assert (learning.is_active, learning.same_as) == (True, None)


def test_155_are_active_and_21_are_legacy():
    assert Counter(Category.objects.values_list("is_active", flat=True)) == {True: 155, False: 21}


@pytest.mark.parametrize(
    ("alias", "code"),
    [
        ("cs.NA", "math.NA"),
        ("cs.SY", "eess.SY"),
        ("math.IT", "cs.IT"),
        ("math.MP", "math-ph"),
        ("q-fin.EC", "econ.GN"),
        ("stat.TH", "math.ST"),
    ],
)
def test_an_alias_is_active_and_points_at_its_category(alias: str, code: str):
    found = Category.objects.get(code=alias)
    assert (found.same_as_id, found.is_active) == (code, True)


@pytest.mark.parametrize(
    ("code", "successor"),
    [
        ("alg-geom", "math.AG"),
        ("cmp-lg", "cs.CL"),
        ("chao-dyn", "nlin.CD"),
        ("supr-con", "cond-mat.supr-con"),
        ("q-alg", "math.QA"),
        # Split into several: none of them is the successor.
        ("astro-ph", None),
        ("cond-mat", None),
        ("q-bio", None),
    ],
)
def test_a_legacy_code_points_at_its_successor(code: str, successor: str | None):
    found = Category.objects.get(code=code)
    assert (found.same_as_id, found.is_active) == (successor, False)


def test_what_is_pointed_at_is_active_and_points_no_further():
    for found in Category.objects.exclude(same_as=None).select_related("same_as"):
        assert found.same_as is not None
        assert found.same_as.is_active, found.code
        assert found.same_as.same_as_id is None, found.code


def test_the_six_aliases_are_all():
    assert Category.objects.filter(is_active=True).exclude(same_as=None).count() == 6


def test_every_category_is_named_and_placed():
    for found in Category.objects.all():
        assert found.name, found.code
        assert found.archive == found.code.partition(".")[0]
        assert found.archive_name, found.code
        assert found.group_name, found.code


def test_bare_archives_are_categories_where_they_have_no_parts():
    bare = {"gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th"}
    assert Category.objects.filter(code__in=bare | {"quant-ph"}, is_active=True).count() == 9


def test_ensuring_known_codes_adds_nothing():
    before = Category.objects.count()
    Category.objects.ensure({"cs.LG", "alg-geom"})
    Category.objects.ensure(set())
    assert Category.objects.count() == before
