"""SQL time of every list of the admin, with everything that leads from it, at 1,000,000 papers.

    python -m tests.services python -m benchmarks.admin
    python -m tests.services python -m benchmarks.admin --papers 100000

Runs on PostgreSQL, in a database of the benchmark's own: beside the papers of `benchmarks.rows` a
tweet for every second paper, its samples, authors, topic tags, the digests of all days, the ledger
of ten years, acts, reports, and an account for every tenth paper. Asked are, as an administrator,
each list, each choice of its filters, its last page, each order a heading offers, the first and
last of its years, months and days, searches, and the page of a row; twice, of which the second
counts. Summed is the time of every query, the account's included. It takes some minutes and some
gigabytes.
"""

# isort: off
from benchmarks import rows  # sets Django up
from benchmarks.rows import A_DAY, chance, draw, fill

# isort: on
import argparse
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.db import connection, reset_queries
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from taggit.models import Tag, TaggedItem

from accounts.models import User
from papers import models as world

AIM, QUERIES = 300.0, 12  # milliseconds of SQL, and queries, a page at most
A_YEAR_OF_RUNS = 12_000  # of five sources, several times a day
TAGS = 500
Asked = tuple[float, int, str]  # milliseconds of SQL, queries, address
# By model, what a curator would type or paste.
SEARCHES: dict[type[Model], list[str]] = {
    world.Paper: ["1501.00042", "https://arxiv.org/abs/1501.00042v2", "15", "1501.0", "nothing"],
    world.Tweet: ["@user7", "https://x.com/user7/status/1000000007", "1501.00042", "@nobody"],
    world.Author: ["Author 77", "a", "Nobody"],
    world.Digest: ["2026-11-27", "nothing"],
    world.Category: ["cs.LG", "learning"],
    world.Quarantine: ["item 7", "nothing"],
    world.Verdict: ["user7"],
    world.Act: ["1501.00042", "spam"],
    Tag: ["topic 7", "nothing"],
    User: ["reader7", "reader7@papers.example", "nobody@papers.example"],
    EmailAddress: ["reader7"],
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.admin",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__,
    )
    parser.add_argument("--papers", type=int, default=1_000_000, help="how many papers")
    papers = parser.parse_args().papers
    if connection.vendor != "postgresql":
        parser.error("this runs on PostgreSQL: python -m tests.services python -m benchmarks.admin")
    with rows.own_database():
        started = time.monotonic()
        add_rows(papers)
        rows.settle()
        print(f"{papers:,} papers, {time.monotonic() - started:.0f} s to fill", flush=True)
        report(list(measure()))


def report(found: list[Asked]) -> None:
    for milliseconds, queries, path in found:
        over = "  over the aim" if milliseconds > AIM or queries > QUERIES else ""
        print(f"{milliseconds:8.0f} ms {queries:3} queries  {path}{over}")
    most = max(found)
    count = sum(milliseconds > AIM for milliseconds, _, _ in found)
    print(f"{len(found)} pages; most {most[0]:.0f} ms ({most[2]});", end=" ")
    print(f"{count} over {AIM:g} ms; at most {max(each[1] for each in found)} queries")


# What is asked -----------------------------------------------------------------------------------


def measure() -> Iterator[Asked]:
    """Ask for every page; what it costs does not depend on what was asked before."""
    client = Client()
    client.force_login(User.objects.create_superuser("root", "root@papers.example"))
    yield ask(client, reverse("admin:index"))[0]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        start = reverse(f"{name}_changelist")
        asked, listed = ask(client, start)
        yield asked
        searches = [f"?{urlencode({'q': words})}" for words in SEARCHES.get(model, [])]
        for query in dict.fromkeys([*led_from(listed), *searches]):
            yield ask(client, start + query)[0]
        yield from into_days(client, start, listed)
        if listed.result_list:
            yield ask(client, reverse(f"{name}_change", args=[listed.result_list[0].pk]))[0]


def ask(client: Client, path: str) -> tuple[Asked, Any]:
    for _ in range(2):
        reset_queries()  # of more than 9,000 the first are forgotten
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    spent = 1000 * sum(float(query["time"]) for query in queries)
    return (spent, len(queries), path), (response.context or {}).get("cl")


def led_from(listed: Any) -> list[str]:
    """Return the query strings that a list offers beside its days."""
    specs = listed.filter_specs
    found = [choice["query_string"] for spec in specs for choice in spec.choices(listed)]
    for place, name in enumerate(listed.list_display):
        if name in (listed.sortable_by or ()):
            found += [f"?o={place}", f"?o=-{place}"]
    return [query for query in found if query != "?"] + [f"?p={listed.paginator.num_pages}"]


def into_days(client: Client, start: str, listed: Any) -> Iterator[Asked]:
    """Go into the first and the last year, month or day that a list offers; on from the last."""
    while choices := led_into(listed):
        for query in (choices[0], choices[-1]):
            asked, listed = ask(client, start + query)
            yield asked


def led_into(listed: Any) -> list[str]:
    choices = (listed.days or {}).get("choices", [])
    return [choice["link"] for choice in choices if "link" in choice]


# Rows --------------------------------------------------------------------------------------------


def add_rows(papers: int) -> None:
    days = papers // A_DAY
    rows.add_days(days)
    rows.add_papers(0, papers)
    add_catalogue(papers)
    add_tweets(papers // 2, papers)
    add_digests(papers)
    add_ledger()
    add_accounts(papers // 10)
    add_curation(papers // 50, papers)


def add_catalogue(papers: int) -> None:
    fill(
        world.Author,
        f"generate_series(1, {papers // 2}) i",
        id="i",
        name="'Author ' || i",
        slug="'author-' || i",
    )
    fill(
        world.PaperAuthor,
        f"generate_series(1, {papers}) i, generate_series(0, 1) n",
        paper="i",
        author=f"1 + {draw('i * 10 + n', 50, papers // 2)}",
        position="n",
    )
    fill(Tag, f"generate_series(1, {TAGS}) i", id="i", name="'topic ' || i", slug="'topic-' || i")
    about = "(SELECT id FROM django_content_type WHERE app_label = 'papers' AND model = 'paper')"
    fill(
        TaggedItem,
        f"generate_series(1, {papers}, 20) i",
        tag=f"1 + {draw('i', 51, TAGS)}",
        object_id="i",
        content_type=about,
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE papers_paper SET hidden = true WHERE id % 5003 = 0")
        cursor.execute("UPDATE papers_paper SET withdrawn = true WHERE id % 3001 = 0")


def add_tweets(tweets: int, papers: int) -> None:
    network = "(ARRAY['x','x','x','x','x','x','bluesky','bluesky','hackernews','huggingface'])"
    fill(
        world.Tweet,
        f"(SELECT i, '2026-11-27'::timestamptz - i * interval '1 minute' AS moment"
        f" FROM generate_series(1, {tweets}) i) t",
        id="i",
        network=f"{network}[1 + {draw('i', 52, 10)}]",
        external_id="(1000000000 + i)::text",
        url="'https://x.com/user/status/' || (1000000000 + i)",
        handle=f"'user' || {draw('i', 53, max(1, tweets // 20))}",
        text="repeat(md5(i::text) || ' ', 6)",
        embed_html="repeat(md5(i::text) || ' ', 20)",
        posted_at="moment",
        fetched_at="moment",
        told_at="'{}'",
        retweets=draw("i", 54, 90),
        favorites=draw("i", 55, 300),
        hidden=f"{chance('i', 56)} < 0.0005",
    )
    fill(
        world.TweetPaper,
        f"generate_series(1, {tweets}) i",
        tweet="i",
        paper=f"1 + {draw('i', 57, papers)}",
    )
    fill(
        world.Sample,
        f"generate_series(1, {papers // 2}) i, generate_series(1, 2) n",
        paper=f"1 + {draw('i', 58, papers)}",
        network="'x'",
        observed_at="'2026-11-27'::timestamptz - (i + n) * interval '1 minute'",
        retweets="n",
        favorites="n",
        kind="'counted'",
    )
    fill(
        world.Verdict,
        "generate_series(1, 500) i",
        network="'x'",
        handle="'user' || i",
        kind="(ARRAY['blocked','bot'])[1 + i % 2]",
    )


def add_digests(papers: int) -> None:
    fill(
        world.Digest,
        "own_day",
        id="place + 1",
        date="day",
        state="CASE WHEN place = 0 THEN 'draft' ELSE 'published' END",
        stamp="day",
        publish_at="day",
        published_at="day",
        entry_count="20",
    )
    fill(
        world.DigestEntry,
        f"own_day, generate_series(1, 20) rank WHERE place * {A_DAY} + rank <= {papers}",
        digest="place + 1",
        rank="rank",
        paper=f"place * {A_DAY} + rank",
        title="'A paper'",
        title_html="'A paper'",
        author_line="'Ada Lark'",
        retweets="10",
        favorites="100",
        observed_at="day",
    )
    fill(
        world.DigestRevision,
        "own_day, generate_series(1, 2) n",
        digest="place + 1",
        number="n",
        markdown="repeat('words ', 2000)",
        created_at="day",
    )


def add_ledger() -> None:
    fill(
        world.IngestRun,
        f"generate_series(1, {10 * A_YEAR_OF_RUNS}) i",
        id="i",
        source="(ARRAY['arxiv','x','bluesky','hackernews','huggingface'])[1 + i % 5]",
        kind="(ARRAY['papers','tweets','counts'])[1 + i % 3]",
        due_at="'2026-11-27'::timestamptz - i * interval '43 minutes'",
        state="CASE WHEN i % 97 = 0 THEN 'failed' ELSE 'complete' END",
        counts="""'{"papers": 20}'""",
    )
    fill(
        world.Quarantine,
        f"generate_series(1, {10 * A_YEAR_OF_RUNS}, 4) i",
        run="i",
        item="'item ' || i",
        reason="'It has no title.'",
        seen_at="'2026-11-27'::timestamptz - i * interval '43 minutes'",
        resolved_at="CASE WHEN i > 500 THEN now() END",
    )


def add_accounts(readers: int) -> None:
    fill(
        User,
        f"generate_series(1, {readers}) i",
        id="i",
        username="'reader' || i",
        email="'reader' || i || '@papers.example'",
        is_active="true",
        is_staff=f"{chance('i', 59)} < 0.0005",
        feed_kinds="""'["new", "cross"]'""",
    )
    fill(
        EmailAddress,
        f"generate_series(1, {readers}) i",
        id="i",
        user="i",
        email="'reader' || i || '@papers.example'",
        primary="true",
        verified="i % 3 > 0",
    )


def add_curation(acts: int, papers: int) -> None:
    paper = f"1 + {draw('i', 60, papers)}"
    fill(
        world.Act,
        f"generate_series(1, {acts}) i",
        id="i",
        kind="(ARRAY['hide-paper','hide-tweet','tag','revise'])[1 + i % 4]",
        subject=f"(SELECT arxiv_id FROM papers_paper WHERE id = {paper})",
        reason="'It is spam.'",
        at="'2026-11-27'::timestamptz - i * interval '9 minutes'",
        paper=paper,
        before="'{}'",
        after="'{}'",
    )
    fill(
        world.Report,
        f"generate_series(1, {acts // 2}) i",
        by="i",
        paper=paper,
        kind="'spam'",
        at="'2026-11-27'::timestamptz - i * interval '19 minutes'",
        settled_at="CASE WHEN i > 300 THEN now() END",
    )


if __name__ == "__main__":
    main()
