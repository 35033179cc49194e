"""A site with something to report and something hidden, for the pages that tell of both."""

from papers.curation import papers as of_papers
from tests.accounts.conftest import MakeReader
from tests.factories import make_curator, make_digest, make_paper, make_tweet

PAPER = "/papers/2106.00001/"


def fill() -> None:
    first = make_paper(score=90)
    second, third = make_paper(score=70), make_paper(score=60)
    make_tweet(first, handle="spam", text="Cheap barns!", retweets=2, favorites=3)
    make_digest(first, second, third, state="published", entry_count=3)
    of_papers.hide(third, make_curator("another"), "Not a paper.")
    MakeReader()("reporter")
