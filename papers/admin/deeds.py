"""What can be done, kind by kind: to which rows, by whom, with which form.

One line a kind in DEEDS; the pages, the buttons and the actions of lists follow from it.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.http import Http404
from django.urls import reverse
from taggit.models import Tag

from papers.admin import act_forms
from papers.admin.act_forms import ReasonForm
from papers.converters import number
from papers.curation import papers as of_papers
from papers.curation import runs, tags
from papers.curation import tweets as of_tweets
from papers.curation.log import Refused
from papers.curation.tweets import Account
from papers.models import Act, IngestRun, Paper, Quarantine, Tweet, Verdict

Kind = Act.Kind
CURATE, OPERATE = "papers.curate", "papers.operate"
MOST = 100  # rows at once: more than anybody looks through


@dataclass(frozen=True)
class Subjects:
    """Rows that something is done to: their model, and the key an address names them by."""

    model: type[Model]
    column: str
    noun: str
    nouns: str

    def is_of(self, model: type[Model]) -> bool:
        """Tell whether rows of this model lead to such subjects."""
        return model is self.model

    def key(self, row: Any) -> str:
        return str(getattr(row, self.column))

    def find(self, keys: Collection[str]) -> list[Any]:
        """Return the rows in the order of the keys; raise Http404 where one is not there."""
        if self.column == "pk" and any(number(key) < 0 for key in keys):
            raise Http404("There is no such row.")
        try:
            rows = self.model._default_manager.filter(**{f"{self.column}__in": keys})
            found = {self.key(row): row for row in rows}
            return [found[key] for key in keys]
        except (KeyError, ValueError):
            raise Http404("There is no such row.") from None

    def back(self, subjects: Sequence[Any]) -> str:
        """Return the page of the one row, or of all where there are several or it is gone."""
        name = f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}"
        if len(subjects) == 1 and self.model._default_manager.filter(pk=subjects[0].pk).exists():
            return reverse(f"{name}_change", args=[subjects[0].pk])
        return reverse(f"{name}_changelist")


class Accounts(Subjects):
    """Accounts that post, named as "x:ada"; no table holds them, so tweets lead to them."""

    def is_of(self, model: type[Model]) -> bool:
        return model in (Tweet, Verdict)

    def key(self, row: Tweet | Verdict | Account) -> str:
        return f"{row.network}:{row.handle}"

    def find(self, keys: Collection[str]) -> list[Any]:
        try:
            parts = [key.partition(":") for key in keys]
            named = [of_tweets.account(network, handle) for network, _, handle in parts]
        except Refused as refusal:
            raise Http404(str(refusal)) from refusal
        return list(dict.fromkeys(named))

    def back(self, subjects: Sequence[Account]) -> str:
        return f"{reverse('admin:papers_tweet_changelist')}?{urlencode({'q': subjects[0].handle})}"


PAPERS = Subjects(Paper, "arxiv_id", "paper", "papers")
TWEETS = Subjects(Tweet, "pk", "tweet", "tweets")
TAGS = Subjects(Tag, "slug", "topic tag", "topic tags")
RUNS = Subjects(IngestRun, "pk", "run", "runs")
ITEMS = Subjects(Quarantine, "pk", "item", "items")
ACTS = Subjects(Act, "pk", "act", "acts")
ACCOUNTS = Accounts(Tweet, "pk", "account", "accounts")


def _decided(row: Tweet | Verdict) -> str | None:
    """Return what was decided about the account of a row."""
    if isinstance(row, Verdict):
        return row.kind
    kinds = Verdict.Kind
    return kinds.BLOCKED if row.by_blocked else kinds.BOT if row.by_bot else None


@dataclass(frozen=True)
class Deed:
    """A kind of act: `does(subject, by, reason, **what the form asks)`."""

    kind: Act.Kind
    of: Subjects
    verb: str  # "Hide {}": with "this paper" in headings and on buttons
    does: Callable[..., Act]
    says: str
    form: type[ReasonForm] = ReasonForm
    rights: tuple[str, ...] = (CURATE,)
    is_single: bool = False
    fits: Callable[[Any], bool] = lambda row: True

    def may(self, user: Any) -> bool:
        return any(map(user.has_perm, self.rights))

    def title(self, count: int = 1) -> str:
        """Return "Hide this paper", "Hide 3 papers"."""
        noun = f"this {self.of.noun}" if count == 1 else f"{count} {self.of.nouns}"
        return self.verb.format(noun)

    @property
    def button(self) -> str:
        """What a button on the page of a row says: "Hide this paper", "Correct the totals"."""
        return re.sub(r" (of|for) {}$", "", self.verb).format(f"this {self.of.noun}")

    @property
    def titles(self) -> str:
        return self.verb.format(f"selected {self.of.nouns}")

    def address(self, rows: Sequence[Any]) -> str:
        keys = dict.fromkeys(map(self.of.key, rows))
        return f"{reverse('admin:act', args=[self.kind])}?{urlencode([('id', k) for k in keys])}"

    def do(self, subjects: Sequence[Any], by: Any, reason: str, what: dict[str, Any]) -> list[Act]:
        """Do it to each; what is refused says to which. The caller holds the transaction."""
        acts = []
        for subject in subjects:
            try:
                acts.append(self.does(subject, by, reason, **what))
            except Refused as refusal:
                if len(subjects) == 1:
                    raise
                raise Refused(f"{subject}: {refusal}") from refusal
        return acts


DEEDS: dict[str, Deed] = {
    deed.kind: deed
    for deed in (
        Deed(
            Kind.HIDE_PAPER,
            PAPERS,
            "Hide {}",
            of_papers.hide,
            "A hidden paper is in no list, feed or search, and its page is gone.",
            fits=lambda paper: not paper.hidden,
        ),
        Deed(
            Kind.SHOW_PAPER,
            PAPERS,
            "Show {} again",
            of_papers.show,
            "It is in all lists, feeds and searches again.",
            fits=lambda paper: paper.hidden,
        ),
        Deed(
            Kind.HIDE_TWEET,
            TWEETS,
            "Hide {}",
            of_tweets.hide,
            "A hidden tweet is not seen and does not count.",
            fits=lambda tweet: not tweet.hidden,
        ),
        Deed(
            Kind.SHOW_TWEET,
            TWEETS,
            "Show {} again",
            of_tweets.show,
            "It is seen and counts again.",
            fits=lambda tweet: tweet.hidden,
        ),
        Deed(
            Kind.BLOCK,
            ACCOUNTS,
            "Block {}",
            of_tweets.block,
            "Tweets of a blocked account are hidden and do not count, those that come later too.",
            fits=lambda row: bool(row.handle) and _decided(row) != Verdict.Kind.BLOCKED,
        ),
        Deed(
            Kind.MARK_BOT,
            ACCOUNTS,
            "Mark {} as a bot",
            of_tweets.mark_bot,
            "The tweets of a bot are seen, and do not count unless the site is set to count them.",
            fits=lambda row: bool(row.handle) and _decided(row) != Verdict.Kind.BOT,
        ),
        Deed(
            Kind.CLEAR,
            ACCOUNTS,
            "Clear what is decided about {}",
            of_tweets.clear,
            "The account is neither blocked nor a bot any more: its tweets are seen and count.",
            fits=lambda row: _decided(row) is not None,
        ),
        Deed(
            Kind.TAG,
            PAPERS,
            "Set the topic tags of {}",
            tags.set_tags,
            "Topic tags are this site's own words for what papers are about.",
            act_forms.TagsForm,
            is_single=True,
        ),
        Deed(
            Kind.RENAME_TAG,
            TAGS,
            "Rename {}",
            tags.rename,
            "Its address follows the name; links to the old one lead nowhere.",
            act_forms.RenameForm,
            is_single=True,
        ),
        Deed(
            Kind.MERGE_TAG,
            TAGS,
            "Merge {} into another",
            tags.merge,
            "Its papers have the other topic tag then, and it is gone.",
            act_forms.MergeForm,
            is_single=True,
        ),
        Deed(
            Kind.CATEGORIES,
            PAPERS,
            "Correct the categories of {}",
            of_papers.correct_categories,
            "The correction holds against what sources say later. Undone, it gives what they say by"
            " then.",
            act_forms.CategoriesForm,
            is_single=True,
        ),
        Deed(
            Kind.LISTING_DAY,
            PAPERS,
            "Correct the listing day of {}",
            of_papers.correct_listing_day,
            "The correction holds against what sources say later. Undone, it gives what they say by"
            " then.",
            act_forms.ListingDayForm,
        ),
        Deed(
            Kind.TOTALS,
            PAPERS,
            "Correct the totals of {}",
            of_papers.correct_totals,
            "These totals hold on their network whatever is counted later, and the paper says so.",
            act_forms.TotalsForm,
            is_single=True,
        ),
        Deed(
            Kind.REFETCH,
            PAPERS,
            "Ask arXiv again for {}",
            runs.refetch,
            "A run asks within a minute or two, and says what came.",
            rights=(CURATE, OPERATE),
        ),
        Deed(
            Kind.RERUN,
            RUNS,
            "Start {} again",
            runs.rerun,
            "It begins anew within a minute or two. What comes twice is stored once.",
            rights=(OPERATE,),
            fits=lambda run: not run.is_open,
        ),
        Deed(
            Kind.GIVE_UP,
            RUNS,
            "Give up {}",
            runs.give_up,
            "A run that is given up has failed, and the next one of its kind may go. One that a"
            " worker is at is not taken from it.",
            rights=(OPERATE,),
            fits=lambda run: run.is_open,
        ),
        Deed(
            Kind.RESOLVE,
            ITEMS,
            "Settle {}",
            runs.resolve,
            "It needs nothing more: it was looked into, or does not matter.",
            rights=(CURATE, OPERATE),
            fits=lambda item: item.resolved_at is None,
        ),
    )
}


def deeds_for(model: type[Model], user: Any) -> list[Deed]:
    """Return what this user may do to rows of a model."""
    return [deed for deed in DEEDS.values() if deed.of.is_of(model) and deed.may(user)]


def may_undo(act: Act, user: Any) -> bool:
    """Tell whether this user may undo an act: whoever may do such a thing."""
    deed = DEEDS.get(act.kind)
    return any(map(user.has_perm, deed.rights if deed else (CURATE,)))
