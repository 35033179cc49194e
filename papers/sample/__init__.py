"""The sample a new site begins with: real days of the blog as facts, with words of our own.

`archive.json.gz` holds ids, titles, authors, categories, counts and times; `words.json` a summary
for the papers and a line for the tweets of six days. Other people's text is in neither.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Min

from papers import fairness, ranking
from papers.models import Author, Digest, DigestEntry, Paper, Sample, Tweet
from papers.posts import Outcome, import_posts
from papers.sample import archive

BATCH = 50  # posts of one transaction


def load() -> int:
    """Load the days that are not held yet; return how many."""
    posts = archive.read()
    outcomes = []
    for start in range(0, len(posts), BATCH):
        outcomes += import_posts(posts[start : start + BATCH], sample=True)
    fairness.refresh()
    return outcomes.count(Outcome.ADDED)


@transaction.atomic
def remove() -> int:
    """Take away every day of the sample and what only it said; return how many days."""
    days = Digest.objects.filter(from_sample=True)
    count = days.count()
    shared = DigestEntry.objects.filter(digest__in=days, paper__from_sample=False)
    said = list(shared.values_list("paper", "observed_at"))
    days.delete()
    leaving = Paper.objects.filter(from_sample=True, entries=None)
    # By their keys: PostgreSQL, which has just seen days go, would look for each one in all rows.
    ranking.leave_fields(list(leaving.only("pk")))
    leaving.delete()
    Tweet.objects.filter(from_sample=True, printings=None).delete()
    Author.objects.filter(authorships=None).delete()
    _take_back(said)
    fairness.refresh()
    return count


def _take_back(said: list[tuple[int, datetime]]) -> None:
    """Let papers that stay forget the totals and the listing day that removed days gave them."""
    for paper_id, observed_at in said:
        held = DigestEntry.objects.filter(paper=paper_id)
        if not held.filter(observed_at=observed_at).exists():
            Sample.objects.filter(
                paper=paper_id, observed_at=observed_at, kind=Sample.Kind.IMPORTED
            ).delete()
        first = held.aggregate(day=Min("digest__date"))["day"]
        for paper in Paper.objects.filter(pk=paper_id, announced_by_arxiv=False):
            paper.tell("announced_on", first)
            paper.save(update_fields=["announced_on", "overruled"])
    ranking.rescore([paper_id for paper_id, _ in said])
