"""What the roles of an account let it do."""

import pytest
from django.contrib.auth.models import Group, Permission

from accounts import roles
from accounts.models import User
from accounts.roles import Role, RoleError

pytestmark = pytest.mark.django_db
OF_PAPERS = {"papers", "taggit"}


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada")


def rights(name: str) -> set[str]:
    """Return what an account may do, as the site asks: not as this process remembers."""
    return set(User.objects.get(username=name).get_all_permissions())


def test_it_works(ada: User) -> None:
    assert roles.of(ada) == ["reader"]
    roles.give(ada, [Role.CURATOR])
    assert roles.of(ada) == ["curator"]
    assert {"papers.curate", "papers.view_paper", "taggit.view_tag"} <= rights("ada")
    assert User.objects.get(username="ada").is_staff


def test_a_curator_looks_and_curates_and_changes_no_row(ada: User) -> None:
    roles.give(ada, [Role.CURATOR])
    others = {right for right in rights("ada") if ".view_" not in right}
    assert others == {"papers.curate"}
    outside = {right for right in rights("ada") if right.partition(".")[0] not in OF_PAPERS}
    assert outside == {"accounts.view_user"}


def test_an_operator_looks_and_operates(ada: User) -> None:
    roles.give(ada, [Role.OPERATOR])
    assert {right for right in rights("ada") if ".view_" not in right} == {"papers.operate"}
    assert {right.partition(".")[0] for right in rights("ada")} == OF_PAPERS


def test_every_table_of_papers_is_looked_at_by_both() -> None:
    looks = Permission.objects.filter(
        content_type__app_label__in=OF_PAPERS, codename__startswith="view_"
    )
    for group in Group.objects.all():
        assert set(looks) <= set(group.permissions.all()), group.name


def test_an_administrator_may_do_everything(ada: User) -> None:
    roles.give(ada, [Role.ADMINISTRATOR])
    assert roles.of(ada) == ["administrator"]
    assert rights("ada") == set(User(is_superuser=True).get_all_permissions())


def test_what_is_given_takes_the_place_of_what_was(ada: User) -> None:
    roles.give(ada, [Role.ADMINISTRATOR])
    ada.user_permissions.set(Permission.objects.filter(codename="delete_paper"))
    roles.give(ada, [Role.CURATOR, Role.OPERATOR])
    assert roles.of(ada) == ["curator", "operator"]
    assert "papers.delete_paper" not in rights("ada")
    roles.give(ada, [])
    assert roles.of(ada) == ["reader"]
    assert rights("ada") == set()
    ada.refresh_from_db()
    assert (ada.is_staff, ada.is_superuser) == (False, False)


def test_a_group_that_is_no_role_is_not_told_as_one(ada: User) -> None:
    ada.groups.add(Group.objects.create(name="choir"))
    assert roles.of(ada) == ["reader"]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["reader"], set()),
        (["curator"], {Role.CURATOR}),
        (["operator", "curator", "curator"], {Role.CURATOR, Role.OPERATOR}),
        (["administrator"], {Role.ADMINISTRATOR}),
    ],
)
def test_names_are_read(names: list[str], found: set[Role]) -> None:
    assert roles.parse(names) == found


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["king"], "There is no role king; there are reader, curator, operator, administrator."),
        (["Curator"], "There is no role Curator"),
        (["reader", "curator"], "Say reader alone"),
        (["curator", "administrator"], "Say administrator alone"),
    ],
)
def test_what_cannot_be_is_told(names: list[str], message: str) -> None:
    with pytest.raises(RoleError, match=message):
        roles.parse(names)
