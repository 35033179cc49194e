"""Five thousand requests that nobody means well with, over all addresses: none is answered 500.

They are made of the addresses in tests/addresses.py, with a seed: the same ones every time.
"""

import random
import time
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

import pytest
from django.test import Client

from tests.accounts.conftest import MakeReader
from tests.addresses import ADDRESSES
from tests.factories import make_digest, make_paper, make_tweet

pytestmark = [pytest.mark.django_db, pytest.mark.long]

MANY = 5_000
PARTS = 10  # of them, each a test
SLOW = 1.0  # seconds
LONG = "a" * 1_000_000
# As they stand in an address: percent signs begin bytes.
VALUES = [
    *(
        "%00",
        "a%00b",
        "%ff%fe",
        "%c3",
        "%ed%a0%80",
        "%e2%80%ae",
        "%0d%0aSet-Cookie:%20a=b",
        "%",
        "%zz",
    ),
    *("9" * 20, "9" * 400, "-1", "-0", "1e309", "NaN", "0x10", "1.5", "%d9%a1%d9%a2", "%c2%b2"),
    *("2021-13-45", "0000-00-00", "99999-01-01", "2021-06-31", "-2021-06-10", "2021-06-10T25:00"),
    *map(quote, ['"', "'", '"a', 'a" b"', "(", "((((((", ")" * 50, "*", "a**", "-", "--a", "- -"]),
    *map(quote, ["OR", "a OR", "OR OR", "a OR OR b", "NOT", "AND", "NEAR(a b)", "a & | !b", ":*"]),
    *map(quote, ["cat:", "cat:*", "cat:..", "title:", 'title:"', "author:-", "id:", "tag:\u202e"]),
    *map(quote, ["since:", "since:2021-99-99", "until:0", "score:>" + "9" * 30, "score:>-1"]),
    *map(
        quote, ["is:", "is:open", "network:myspace", "from:@", "from:", "-is:withdrawn", "-cat:x"]
    ),
    *map(
        quote, ["' OR 1=1 --", "${7*7}", "{{ 7*7 }}", "<script>", "../../etc/passwd", "\\", "%s%d"]
    ),
    *map(quote, ["𝕏" * 200, "é" * 299, "\u0301" * 300, "\u200b", "\ufeff", "ﷺ" * 100, "ß" * 300]),
    *("null", "[]", "{}", "true", "~", "~~~~", "1~1", "1.0~9", "9" * 18 + "~" + "9" * 18, "1e9~1"),
    *("(" * 5_000, "-" * 5_000, quote('"') * 999, "a+" * 5_000, "a+OR+" * 500, "b*+" * 200),
]
NAMES = [
    *("q", "after", "window", "category", "tag", "author", "network", "fair", "sort", "kinds"),
    *("unread", "state", "list", "year", "revision", "view", "id", "size", "fields", "format"),
    *("paper", "target", "kind", "next", "since", "until", "page", "q", "after"),
]
DEEP = "[" * 100_000
BODIES = [
    *(
        DEEP,
        '{"a":' * 50_000,
        "{",
        "null",
        "[]",
        "1",
        '"a"',
        "NaN",
        '{"a": 1e999}',
        "\x00",
        "\ufeff{}",
    ),
    *(
        '{"\\u0000": "\\u0000"}',
        '{"name": "\\u0000"}',
        '{"name": "\\ud800"}',
        '{"name": {"name": []}}',
    ),
    *('{"papers": [' + "1," * 50_000 + "1]}", '{"note": "' + LONG + '"}', '{"state": 9e99}'),
    *('{"paper": "\\u0000"}', '{"kind": [], "target": {}}', '{"kind": "search", "target": "\\""}'),
]


class Request(NamedTuple):
    who: str
    address: str
    body: str | None = None  # of a POST


def requests() -> Iterator[Request]:
    chosen = random.Random(2106)  # noqa: S311
    paths = [address.path.partition("?")[0] for address in ADDRESSES]
    asked = [path for path in paths if not path.startswith("/admin/acts/")]
    bodies = [path for path in paths if path.startswith("/api/")]
    yield Request("visitor", f"/search/?q={LONG}")
    yield Request("visitor", f"/{LONG}")
    for number in range(MANY - 2):
        who = chosen.choice(["visitor", "reader"])
        path = chosen.choice(asked)
        if bodies and number % 10 == 0:
            yield Request("reader", chosen.choice(bodies), chosen.choice(BODIES))
        elif number % 3 == 0:
            yield Request(who, _broken(path, chosen))
        else:
            pairs = (
                f"{chosen.choice(NAMES)}={chosen.choice(VALUES)}"
                for _ in range(chosen.randint(1, 3))
            )
            yield Request(who, f"{path}?{'&'.join(pairs)}")


def _broken(path: str, chosen: random.Random) -> str:
    """Return a path with something else in place of one of its steps."""
    steps = path.strip("/").split("/")
    steps[chosen.randrange(len(steps))] = chosen.choice(VALUES).replace("?", "")[:2_000]
    return "/" + "/".join(steps) + chosen.choice(["/", "", ".bib", ".csl.json", ".atom"])


REQUESTS = list(requests())


@pytest.fixture
def browsers(settings) -> dict[str, Client]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    paper = make_paper(arxiv_id="2106.00001", score=60)
    paper.tags.add("weight")
    make_tweet(paper)
    make_digest(paper, state="published")
    found = {"visitor": Client(raise_request_exception=False)}
    found["reader"] = Client(raise_request_exception=False)
    found["reader"].force_login(MakeReader()("reader"))
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_no_request_breaks_the_site(browsers: dict[str, Client], part: int) -> None:
    failed = []
    for request in REQUESTS[part::PARTS]:
        status, seconds = ask(browsers[request.who], request)
        if seconds > SLOW:  # or was the machine busy?
            seconds = min(ask(browsers[request.who], request)[1] for _ in range(5))
        if status >= 500 or seconds > SLOW:
            failed.append((status, round(seconds, 2), request.address[:200], request.body))
    assert not failed


def ask(client: Client, request: Request) -> tuple[int, float]:
    started = time.perf_counter()
    if request.body is None:
        response = client.get(request.address)
    else:
        response = client.post(request.address, request.body, content_type="application/json")
    response.getvalue() if response.streaming else response.content
    return response.status_code, time.perf_counter() - started
