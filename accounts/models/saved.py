"""The papers that readers saved, each with its state and a private note."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from taggit.managers import TaggableManager

from papers import clock, search
from papers.models import Paper
from papers.words import words

if TYPE_CHECKING:
    from accounts.models.user import User


def words_of(note: str) -> str:
    """Return what a search reads of a note."""
    return " ".join(words(note))


def known_of(paper: Paper) -> dict[str, Any]:
    """Return what whoever saves this paper now knows of it, to be told later what changed.

    A summary of ours is not what its authors wrote: it is left out.
    """
    return {
        "version": paper.version,
        "title": paper.title,
        "abstract": "" if paper.abstract_is_summary else paper.abstract,
        "journal_ref": paper.journal_ref,
        "withdrawn": paper.withdrawn,
    }


class SavedPaperQuerySet(models.QuerySet["SavedPaper"]):
    def keep(self, user: "User", paper: Paper) -> "SavedPaper":
        """Save a paper for a reader, with what is known of it; one that is saved stays as it is.

        Every way to save a paper ends here, or below.
        """
        known = {"known": known_of(paper)}
        return self.get_or_create(user=user, paper=paper, defaults=known)[0]

    def keep_all(self, user: "User", papers: Iterable[tuple[Paper, str]]) -> None:
        """As `keep`, for many papers at once, each with a state."""
        rows = [
            self.model(user=user, paper=paper, state=state, known=known_of(paper))
            for paper, state in papers
        ]
        self.bulk_create(rows, ignore_conflicts=True, batch_size=500)

    def put(self, saved: Iterable["SavedPaper"], state: str) -> None:
        """Give these another state, with the moment where it is another one."""
        others = self.filter(pk__in=[each.pk for each in saved]).exclude(state=state)
        others.update(state=state, state_changed_at=clock.now())

    def holding(self, query: str) -> Self:
        """Keep those that a search finds, whose words may stand in the note as well, and whose tags
        may be the reader's own. Raises search.QueryError.
        """
        conditions = search.Conditions("paper__", also=_in_note, tagged=_tagged_by_reader)
        return self.filter(conditions.of(search.parse(query)))


def _in_note(node: search.Words) -> Q:
    """Return whether a note holds these words; a part of a word is enough in it."""
    return Q() if node.field else Q(folded_note__contains=" ".join(node.words))


def _tagged_by_reader(name: str) -> Q:
    tagged = Q(taggings__tag__slug=name) | Q(taggings__tag__name__iexact=name)
    return Q(pk__in=SavedPaper.objects.filter(tagged).values("pk"))


class SavedPaper(models.Model):  # type: ignore[django-manager-missing]  # taggit is untyped
    """A reader's bookmark. Nobody else ever sees it."""

    NOTE_LENGTH = 10_000  # characters

    class State(models.TextChoices):
        LATER = "later"
        READING = "reading"
        DONE = "done"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_papers")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.LATER)
    note = models.TextField(blank=True, max_length=NOTE_LENGTH)
    folded_note = models.TextField(blank=True, editable=False)  # its words, as searches read them
    saved_at = models.DateTimeField(default=clock.now, editable=False)
    state_changed_at = models.DateTimeField(default=clock.now, editable=False)
    # What its reader knows of the paper, to tell what changed since: version, title, abstract,
    # journal_ref, withdrawn.
    known = models.JSONField(default=dict, editable=False)
    tags = TaggableManager(through="accounts.Tagging", blank=True)

    objects = SavedPaperQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "paper"], name="saved_once")]
        indexes = [
            models.Index(fields=["user", "-saved_at", "-id"], name="saved_newest"),
            models.Index(fields=["user", "state", "-saved_at", "-id"], name="saved_in_state"),
        ]

    def __str__(self) -> str:
        return f"paper {self.paper_id}, {self.state}"

    def change(self, state: str, note: str) -> None:
        """Store the state, with the moment if it is another one, and the note."""
        if state != self.state:
            self.state, self.state_changed_at = state, clock.now()
        self.note, self.folded_note = note, words_of(note)
        self.save()

    def know(self) -> None:
        """Take the paper as known as it is now."""
        self.known = known_of(self.paper)
        self.save(update_fields=["known"])
