"""The sample a new site begins with: real days of the blog as facts, with words of our own.

`archive.json.gz` holds ids, titles, authors, categories, counts and times; `words.json` a summary
for the papers and a line for the tweets of six days. Other people's text is in neither.
"""

from django.db import transaction

from papers import digests
from papers.models import Author, Digest, Paper, Tweet
from papers.sample import archive

BATCH = 50  # posts of one transaction


def load() -> int:
    """Load the days that are not held yet; return how many."""
    posts = archive.read()
    outcomes = []
    for start in range(0, len(posts), BATCH):
        outcomes += digests.import_posts(posts[start : start + BATCH], sample=True)
    return outcomes.count(digests.Outcome.ADDED)


@transaction.atomic
def remove() -> int:
    """Take away every day of the sample and what stands in no other day; return how many days."""
    days = Digest.objects.filter(from_sample=True)
    count = days.count()
    days.delete()
    Paper.objects.filter(from_sample=True, entries=None).delete()
    Tweet.objects.filter(from_sample=True, links=None, printings=None).delete()
    Author.objects.filter(authorships=None).delete()
    return count
