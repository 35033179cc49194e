"""How readers order what they saved: tags of their own, and named lists."""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import models
from django.utils.text import slugify
from taggit.models import ItemBase, TagBase

from accounts.models.saved import SavedPaper
from papers import clock

_SLUG_LENGTH = 100


def free_slug(name: str, taken: Collection[str], otherwise: str) -> str:
    """Return a slug for `name` that is not among those `taken`; `otherwise` where it has none.

    Taggit's own would count the slugs of all readers, and so tell of theirs.
    """
    stem = slugify(name, allow_unicode=True)[:_SLUG_LENGTH].strip("-_") or otherwise
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem[: _SLUG_LENGTH - 8]}-{number}"
    return slug


class ReaderTagQuerySet(models.QuerySet["ReaderTag"]):
    def named(self, user_id: int, names: Iterable[str]) -> list["ReaderTag"]:
        """Return the reader's tag of each name, however it is capitalized; new ones are made."""
        held = {tag.name.casefold(): tag for tag in self.filter(user=user_id)}
        found: dict[str, ReaderTag] = {}
        for name in names:
            key = name.casefold()
            if key not in held:
                slug = free_slug(name, {tag.slug for tag in held.values()}, "tag")
                held[key] = self.create(user_id=user_id, name=name, slug=slug)
            found[key] = held[key]
        return list(found.values())


class ReaderTag(TagBase):
    """A tag of one reader. Its name is theirs: no other reader's tags know of it."""

    NAME_LENGTH = 60  # characters that a reader may give; of columns there are more

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100, allow_unicode=True)

    objects = ReaderTagQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="one_tag_a_name"),
            models.UniqueConstraint(fields=["user", "slug"], name="one_tag_a_slug"),
        ]

    def __str__(self) -> str:
        """Name no name: where a paper or an account is to be deleted, the admin lists what goes."""
        return f"tag {self.pk}"


class Tagging(ItemBase):
    """A tag on a saved paper; both are of the same reader."""

    tag = models.ForeignKey(ReaderTag, models.CASCADE, related_name="taggings")
    content_object = models.ForeignKey(SavedPaper, models.CASCADE, related_name="taggings")

    objects = models.Manager["Tagging"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tag", "content_object"], name="tagged_once")
        ]


class ReadingList(models.Model):
    """A named list of saved papers, in an order its reader gives."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="lists")
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=110, allow_unicode=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    # Of the secret link under which others may read it, if it is shared: the link's SHA-256.
    share_hash = models.CharField(max_length=64, blank=True, editable=False)
    shared_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="one_list_a_name"),
            models.UniqueConstraint(fields=["user", "slug"], name="one_list_a_slug"),
            models.UniqueConstraint(
                fields=["share_hash"], name="one_list_a_link", condition=~models.Q(share_hash="")
            ),
        ]

    def __str__(self) -> str:
        return f"list {self.pk}"  # without its name, as a tag


class ListEntry(models.Model):
    """A saved paper's place in a list."""

    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="entries")
    saved = models.ForeignKey(SavedPaper, models.CASCADE, related_name="places")
    position = models.PositiveIntegerField()  # from 0; a gap means nothing

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reading_list", "saved"], name="listed_once")
        ]

    def __str__(self) -> str:
        return f"{self.saved} at {self.position}"
