"""What tests are made of: posts as plain data, and rows stored the way the site stores them."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db.models import F, ForeignKey, Model

from accounts import roles
from accounts.models import User
from papers import counting, digest_markdown, fairness, ingest, ranking, search
from papers.digest_markdown import DigestPost, PostEntry, TweetEmbed
from papers.models import (
    Author,
    Category,
    Digest,
    DigestEntry,
    Neighbour,
    Network,
    Paper,
    PaperCategory,
    Report,
    Sample,
    Tweet,
)
from papers.sources.base import PaperRecord, SampleRecord, TweetRecord

DAY = date(2021, 6, 10)
MORNING = datetime(2021, 6, 11, 9, 30, tzinfo=UTC)

# Posts -------------------------------------------------------------------------------------------


def make_embed(**overrides: Any) -> TweetEmbed:
    """A post as a digest prints it, in our own form: without HTML of a network."""
    values: dict[str, Any] = {
        "network": "x",
        "external_id": "1402900000000000001",
        "url": "https://twitter.com/ada/status/1402900000000000001",
        "handle": "ada",
        "author_name": "Ada Lark",
        "text": "We weighed the paper.",
        "language": "en",
        "direction": "ltr",
        "posted_at": MORNING - timedelta(hours=20),
        "html": "",
    }
    return TweetEmbed(**values | overrides)


def make_entry(**overrides: Any) -> PostEntry:
    values: dict[str, Any] = {
        "rank": 1,
        "title": "On the Weight of Paper",
        "author_line": "Ada Lark, Bo Finch",
        "retweets": 40,
        "favorites": 70,
        "observed_at": MORNING,
        "arxiv_id": "2106.00001",
        "version": None,
        "categories": ("cs.LG", "stat.ML"),
        "abstract": "We weigh paper.",
        "tweets": (),
        "spacing": (),
    }
    return PostEntry(**values | overrides)


def make_post(
    *entries: PostEntry, day: date = DAY, stamp: datetime | None = None, head: str | None = None
) -> DigestPost:
    """The post of `day`, written the next morning; its head is the blog's."""
    moment = stamp or datetime(day.year, day.month, day.day, 9, 50, 30, tzinfo=UTC) + timedelta(1)
    return DigestPost(
        date=day,
        stamp=moment,
        head=digest_markdown.default_head(day, moment) if head is None else head,
        entries=entries,
    )


# Rows --------------------------------------------------------------------------------------------


def make_paper(**overrides: Any) -> Paper:
    """A paper as a source tells of it, listed on DAY; `score` becomes a sample of X.

    Names of PaperRecord go into the record, all others are columns set afterwards.
    """
    values: dict[str, Any] = {
        "arxiv_id": f"2106.{Paper.objects.count() + 1:05}",
        "title": "On the Weight of Paper",
        "authors": ("Ada Lark",),
        "categories": ("cs.LG",),
        "abstract": "",
        "recorded_at": MORNING,
        "announced_on": DAY,
    }
    values |= overrides
    score = values.pop("score", 0)
    told = {field.name for field in fields(PaperRecord)} & values.keys()
    record = PaperRecord(**{name: values.pop(name) for name in told})
    keys = ingest.store_papers([record])
    if values:
        Paper.objects.filter(pk__in=keys.values()).update(**values)
    if score:
        sample = SampleRecord(
            arxiv_id=record.arxiv_id,
            network="x",
            observed_at=MORNING,
            retweets=0,
            favorites=score,
        )
        counting.store([sample], keys, Sample.Kind.IMPORTED)
    ranking.rescore(keys.values())
    search.index(keys.values())
    return Paper.objects.get(arxiv_id=record.arxiv_id)


def let_all_rise() -> None:
    """Make every paper rise as high as it is hot: what gained nothing is in no list of risers."""
    Paper.objects.update(rising=F("hot"))
    PaperCategory.objects.update(rising=F("hot"))


def make_alike(one: Paper, other: Paper, similarity: float = 0.5) -> None:
    """Let two papers be neighbours, as the task that compares them would."""
    for paper, to in ((one, other), (other, one)):
        day = to.announced_on
        Neighbour.objects.create(paper=paper, other=to, similarity=similarity, listed_on=day)


def make_tweet(*papers: Paper, **overrides: Any) -> Tweet:
    """A tweet that links `papers`; names that TweetRecord does not know are columns."""
    external_id = overrides.pop("external_id", f"{1402900000000000001 + Tweet.objects.count()}")
    values: dict[str, Any] = {
        "network": Network.X,
        "url": f"https://twitter.com/ada/status/{external_id}",
        "handle": "ada",
        "author_name": "Ada Lark",
        "text": "We weighed the paper.",
        "fetched_at": MORNING,
    }
    values |= overrides
    told = {field.name for field in fields(TweetRecord)} & values.keys()
    record = TweetRecord(
        external_id=external_id,
        arxiv_ids=tuple(paper.arxiv_id for paper in papers),
        **{name: values.pop(name) for name in told},
    )
    ingest.store_tweets([record], {paper.arxiv_id: paper.pk for paper in papers})
    found = Tweet.objects.filter(network=record.network, external_id=external_id)
    if values:
        found.update(**values)
    return found.get()


def make_digest(*papers: Paper, **overrides: Any) -> Digest:
    """A draft of our own that prints `papers` in this order, due since MORNING."""
    values: dict[str, Any] = {"date": DAY, "stamp": MORNING, "publish_at": MORNING}
    digest = Digest.objects.create(**values | overrides)
    for rank, paper in enumerate(papers, start=1):
        DigestEntry.objects.create(
            digest=digest,
            rank=rank,
            paper=paper,
            title=paper.title,
            author_line=", ".join(paper.author_names),
            title_html=paper.title_html,
            category_codes=paper.category_codes,
            retweets=paper.retweets,
            favorites=paper.favorites,
            observed_at=MORNING,
        )
    return digest


# People ------------------------------------------------------------------------------------------


def make_curator(name: str = "curator", *more: str) -> User:
    """An account with the role of a curator, and with the rights of these names beside it."""
    user = User.objects.create_user(name)
    roles.give(user, [roles.Role.CURATOR])
    user.user_permissions.set(Permission.objects.filter(codename__in=more))
    return user


def make_report(paper: Paper, by: User | None = None, **values: Any) -> Report:
    """A reader's report on a paper, or on a `tweet` under it."""
    count = Report.objects.count()
    by = by or User.objects.create_user(f"reporter{count}")
    return Report.objects.create(**{"by": by, "paper": paper, "kind": Report.Kind.SPAM, **values})


# What the database holds -------------------------------------------------------------------------

# By what a row is known to people: the keys that databases hand out differ from run to run.
_NAMES: dict[Any, Sequence[str]] = {
    Author: ["name"],
    Category: ["code"],
    Digest: ["date"],
    DigestEntry: ["digest__date", "rank"],
    Paper: ["arxiv_id"],
    Tweet: ["network", "external_id"],
}


def raw_tables() -> dict[str, list[str]]:
    """Every row of the tables of papers, keys and times of writing included."""
    return {
        model.__name__: sorted(map(repr, model._default_manager.values_list().order_by()))
        for model in apps.get_app_config("papers").get_models()
    }


def contents() -> dict[str, list[str]]:
    """Every row of the tables of papers without the keys and times that depend on the run.

    Papers are placed in their fields first. Authors who have no paper (any more) are left out:
    nothing shows them.
    """
    fairness.refresh()
    tables = {}
    for model in apps.get_app_config("papers").get_models():
        rows = model._default_manager.order_by().values_list(*_told_by(model))
        if model is Author:
            rows = rows.exclude(authorships=None).distinct()
        tables[model.__name__] = sorted(map(repr, rows))
    return tables


def _told_by(model: type[Model]) -> list[str]:
    names: list[str] = []
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            names += [f"{field.name}__{name}" for name in _NAMES.get(field.related_model, ["pk"])]
        elif field.name not in {"id", "created_at"}:
            names.append(field.name)
    return names
