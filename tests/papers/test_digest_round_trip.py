from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.digest_markdown import (
    DigestPost,
    DigestSyntaxError,
    PostEntry,
    TweetEmbed,
    decode,
    default_head,
    parse,
    render,
)
from tests.papers.test_digest_markdown import POST


def test_no_cut_of_a_post_is_taken_for_another():
    whole = parse(POST)
    for length in range(len(POST)):
        try:
            post = parse(POST[:length])
        except DigestSyntaxError:
            continue
        assert render(post) == POST[:length]
        assert post.entries[:-1] == whole.entries[: len(post.entries)][:-1]


# Everything but control characters, surrogates and the two separators that break lines.
characters = st.characters(blacklist_categories=("Cc", "Cs"))
line_text = (
    st.text(characters, max_size=40)
    | st.sampled_from(
        ["<b>&amp;", "# 2. x", "\\# 2. x", '"', "שלום", "👩🏽‍🔬", "</p>", " ", "<blockquote x"]
    )
    | st.sampled_from(["> x", ">", "\\> x", "---", "- retweets: 1, favorites: 2"])
)
full_line = line_text.filter(lambda line: line.strip())
moments = st.datetimes(datetime(2010, 1, 1), datetime(2099, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
seconds = moments.map(lambda moment: moment.replace(microsecond=0))
abstracts = st.just("") | st.lists(line_text, min_size=1, max_size=4).map("\n".join).filter(
    lambda text: not text or (text[0] != "\n" and text[-1] != "\n")
)
notes = st.lists(line_text, max_size=4).map("\n".join)
tweets = st.builds(
    TweetEmbed,
    network=st.sampled_from(["x", "bluesky", "mastodon", "hackernews", "huggingface"]),
    external_id=full_line,
    url=st.from_regex(r"https?://[a-z]{1,5}/[^\s\x00-\x1f\x7f-\x9f]{0,9}", fullmatch=True),
    handle=st.from_regex(r"[^\s()\x00-\x1f\x7f-\x9f]{0,9}", fullmatch=True),
    author_name=line_text,
    text=st.lists(line_text, max_size=3).map("\n".join),
    language=st.sampled_from(["", "en", "ar", "und"]),
    direction=st.sampled_from(["", "ltr", "rtl"]),
    posted_at=st.none() | moments,
    html=st.just(""),
) | st.just(parse(POST).entries[0].tweets[0])
identifiers = st.integers(1, 99_999).map("2106.{:05}".format) | st.integers(1, 999).map(
    "hep-th/9901{:03}".format
)


@st.composite
def posts(draw):
    day, stamp = draw(st.dates(date(2000, 1, 1), date(2099, 1, 1))), draw(moments)
    entries = []
    for rank, identifier in enumerate(draw(st.lists(identifiers, max_size=3, unique=True)), 1):
        entries.append(
            PostEntry(
                rank=rank,
                title=draw(full_line),
                author_line=draw(full_line),
                retweets=draw(st.integers(0, 10**9 - 1)),
                favorites=draw(st.integers(0, 10**9 - 1)),
                observed_at=draw(seconds),
                arxiv_id=identifier,
                version=draw(st.none() | st.integers(1, 99)),
                categories=draw(
                    st.sampled_from([("cs.LG",), ("cond-mat.dis-nn", "hep-th"), ("q-bio.NC",)])
                ),
                abstract=draw(abstracts),
                tweets=tuple(draw(st.lists(tweets, max_size=2))),
                note=draw(notes),
            )
        )
    introduction = draw(abstracts) if entries else ""
    return DigestPost(day, stamp, default_head(day, stamp), tuple(entries), introduction)


@given(posts())
@settings(deadline=None, max_examples=200)
def test_what_is_written_is_read_back(post):
    text = render(post)
    again = parse(text)
    assert again == post
    assert render(again) == text
    assert decode(text.encode()) == text


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_a_damaged_post_is_refused_or_kept_byte_for_byte(data):
    start = data.draw(st.integers(0, len(POST)))
    end = data.draw(st.integers(start, min(len(POST), start + 60)))
    text = POST[:start] + data.draw(st.text(max_size=8)) + POST[end:]
    try:
        post = parse(text)
    except DigestSyntaxError:
        return
    assert render(post) == text


@pytest.mark.data
def test_every_post_of_the_blog_is_kept_byte_for_byte(posts_dir):
    files = sorted(posts_dir.glob("*.md"))
    entries, embeds, distinct = 0, 0, set()
    for file in files:
        data = file.read_bytes()
        post = parse(decode(data))
        assert render(post).encode() == data
        assert file.name.startswith(post.date.isoformat())
        assert (post.introduction, {entry.note for entry in post.entries}) == ("", {""})
        entries += len(post.entries)
        for entry in post.entries:
            embeds += len(entry.tweets)
            distinct |= {tweet.external_id for tweet in entry.tweets}
    assert (len(files), entries, embeds, len(distinct)) == (230, 2537, 2829, 2815)
