"""How readers order what they saved: tags of their own, and named lists."""

from django.conf import settings
from django.db import models
from taggit.models import ItemBase, TagBase

from accounts.models.saved import SavedPaper
from papers import clock


class ReaderTag(TagBase):
    """A tag of one reader. Its name is theirs: no other reader's tags know of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100, allow_unicode=True)

    objects = models.Manager["ReaderTag"]()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="one_tag_a_name"),
            models.UniqueConstraint(fields=["user", "slug"], name="one_tag_a_slug"),
        ]


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
        return self.name


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
