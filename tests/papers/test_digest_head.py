from datetime import UTC, date, datetime

import pytest

from papers.digest_markdown import DigestPost, default_head, parse, render
from tests.papers.test_digest_markdown import HEAD, POST


@pytest.mark.parametrize(
    ("lines", "day", "stamp"),
    [
        ('slug: "hot-papers-2020-06-26"\ndate: 2020-06-27T10:00:00', 26, (27, 10, 0, 0, 0)),
        ("slug: '/x/2020-06-26/'\ntitle: 2020-06-25\ndate: 2020-06-27", 26, (27, 0, 0, 0, 0)),
        ("date: '2020-06-27T10:00:05.123Z'\ntitle: Hot 2020-06-26", 26, (27, 10, 0, 5, 123000)),
        ("title: Hot\ndate: 2020-06-27 10:00\ndescription: of 2020/6/26", 26, (27, 10, 0, 0, 0)),
        ("date: 2020-06-27T10:00:00+09:00\ntitle: Hot  # 2020-06-20", 24, (27, 1, 0, 0, 0)),
        ("tags: [a]\n\ndate:   2020-06-27T10:00:00.Z\ntitle:", 24, (27, 10, 0, 0, 0)),
    ],
)
def test_front_matter_of_other_layouts_is_read_and_kept(lines, day, stamp):
    text = f"---\n{lines}\n---\n\n\n{POST.removeprefix(HEAD)}"
    post = parse(text, fallback_date=date(2020, 6, 24))
    assert post.date == date(2020, 6, day)
    assert post.stamp == datetime(2020, 6, *stamp).replace(tzinfo=UTC)
    assert render(post) == text


def test_default_head_is_the_blogs():
    day, stamp = date(2021, 6, 10), datetime(2021, 6, 11, 9, 50, 30, tzinfo=UTC)
    head = default_head(day, stamp)
    assert head.startswith("---\ntitle: Hot Papers 2021-06-10\ndate: 2021-06-11T09:50:30.Z\n")
    assert parse(head) == DigestPost(day, stamp, head, ())


def test_default_head_keeps_fractions():
    stamp = datetime(2021, 6, 11, 9, 50, 30, 120_000, tzinfo=UTC)
    assert parse(default_head(date(2021, 6, 10), stamp)).stamp == stamp
