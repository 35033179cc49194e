"""What a curator can do to topic tags. Readers' own tags are another table."""

import unicodedata
from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from taggit.models import Tag, TaggedItem

from papers.curation.log import Curator, Refused, recorded
from papers.models import Act, Paper

NAME_LENGTH = 100  # of the columns of a tag
MOST_TAGS = 20


def named(text: str) -> str:
    """Return a name as it is stored; raise Refused where it is none."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise Refused("A topic tag needs a name.")
    if len(name) > NAME_LENGTH:
        raise Refused(f"A topic tag has {NAME_LENGTH} characters at most.")
    if "," in name or not name.isprintable():
        raise Refused(f"“{name[:40]}” holds a comma or a character that nobody sees.")
    if not any(c.isalnum() for c in name) or not Tag().slugify(name):
        raise Refused(f"“{name[:40]}” has neither a letter nor a digit.")
    return name


def set_tags(paper: Paper, by: Curator, reason: str, names: Sequence[str]) -> Act:
    """Let a paper have these topic tags and no others; those not met before are made."""
    wanted = [named(name) for name in names]
    if len(wanted) > MOST_TAGS:
        raise Refused(f"A paper has {MOST_TAGS} topic tags at most.")
    act = Act(kind=Act.Kind.TAG, subject=paper.arxiv_id, reason=reason, by=by, paper=paper)
    of_paper = {"content_type": ContentType.objects.get_for_model(Paper), "object_id": paper.pk}
    items = TaggedItem.objects.filter(**of_paper)
    with recorded(act, items, Tag.objects.filter(name__in=wanted)):
        paper.tags.set(wanted)
    return act


def rename(tag: Tag, by: Curator, reason: str, name: str) -> Act:
    """Give a topic tag another name, and the address that goes with it.

    Where another tag has that name, however it is written, the two are merged.
    """
    wanted = named(name)
    if other := Tag.objects.filter(name__iexact=wanted).exclude(pk=tag.pk).first():
        return merge(tag, by, reason, other)
    subject = f"{tag.name} → {wanted}"
    act = Act(kind=Act.Kind.RENAME_TAG, subject=subject, reason=reason, by=by)
    row = Tag.objects.filter(pk=tag.pk)
    with recorded(act, row):
        row.update(name=wanted, slug=_free_slug(tag, wanted))
    return act


def _free_slug(tag: Tag, name: str) -> str:
    others, number = Tag.objects.exclude(pk=tag.pk), 0
    slug = tag.slugify(name)[:NAME_LENGTH]
    while others.filter(slug=slug).exists():
        number += 1
        slug = tag.slugify(name[: NAME_LENGTH - 10], number)
    return slug


def merge(tag: Tag, by: Curator, reason: str, into: Tag) -> Act:
    """Let the papers of a topic tag have another one in its place."""
    if tag.pk == into.pk:
        raise Refused("A topic tag cannot be merged with itself.")
    subject = f"{tag.name} → {into.name}"
    act = Act(kind=Act.Kind.MERGE_TAG, subject=subject, reason=reason, by=by)
    items = TaggedItem.objects.filter(tag=tag)
    with recorded(act, items, Tag.objects.filter(pk=tag.pk)):
        for item in items:
            same = {"content_type": item.content_type_id, "object_id": item.object_id}
            if TaggedItem.objects.filter(tag=into, **same).exists():
                item.delete()
        items.update(tag=into)
        Tag.objects.filter(pk=tag.pk).delete()
    return act
