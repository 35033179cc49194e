from dataclasses import replace
from datetime import UTC, datetime

import pytest

from papers.tweet_embed import EmbedError, TweetEmbed, read_embed, snowflake_time, write_embed

LINK = "https://twitter.com/ada/status/1402907931406909440"
SCRIPT = '<script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>'


def embed(words="A fine paper", name="Ada", handle="ada", attributes="", link=LINK):
    return (
        f'<blockquote class="twitter-tweet"{attributes}><p lang="en" dir="ltr">{words}</p>'
        f'&mdash; {name} (@{handle}) <a href="{link}?ref_src=twsrc%5Etfw">June 10, 2021</a>'
        "</blockquote>"
    )


OWN = TweetEmbed(
    network="bluesky",
    external_id="at://did:plc:abc/app.bsky.feed.post/3k",
    url="https://bsky.app/profile/ada.example/post/3k",
    handle="ada.example",
    author_name="Ada",
    text="Two lines,\n1 < 2 & more",
    language="en",
    direction="ltr",
    posted_at=datetime(2021, 6, 10, 8, 38, tzinfo=UTC),
    html="",
)


def test_it_works():
    html = f"{embed()}\n{SCRIPT}"
    assert read_embed(html) == TweetEmbed(
        network="x",
        external_id="1402907931406909440",
        url=LINK,
        handle="ada",
        author_name="Ada",
        text="A fine paper",
        language="en",
        direction="ltr",
        posted_at=datetime(2021, 6, 10, 8, 38, 10, 273000, tzinfo=UTC),
        html=html,
    )


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("one<br>two", "one\ntwo"),
        ("one<br><br><br><br>two", "one\n\ntwo"),
        ("<br> one <br> two <br><br>", "one\ntwo"),
        ("a &lt; b &amp; &#39;c&#39; &quot;d&quot;", "a < b & 'c' \"d\""),
        ('by <a href="https://twitter.com/bo">@bo</a>, new', "by @bo, new"),
        ('.<a href="https://twitter.com/bo">@bo</a>', ".@bo"),
        ('<a href="https://twitter.com/hashtag/nlp?src=hash">#nlp</a> day', "#nlp day"),
        ('Paper: <a href="https://t.co/A1">https://t.co/A1</a>', "Paper: link"),
        ('word<a href="https://t.co/A1">https://t.co/A1</a>next', "word link next"),
        ('(<a href="https://t.co/A1">https://t.co/A1</a>).', "(link)."),
        (
            '<a href="https://t.co/A1">https://t.co/A1</a><a href="https://t.co/B2">'
            "pic.twitter.com/B2</a>",
            "link picture on X",
        ),
        ('see<a href="https://t.co/A1">https://example.org/a</a>', "see https://example.org/a"),
        ("source\nline", "source line"),
    ],
)
def test_text_is_readable(words, text):
    assert read_embed(embed(words)).text == text


@pytest.mark.parametrize(
    "name", ["Ada (she/her)", "Ada @ Home", "Bo (@conf)", "🍂 آدا", "", "(((Ada)))", "A — B"]
)
def test_names_may_hold_what_surrounds_them(name):
    tweet = read_embed(embed(name=name))
    assert (tweet.author_name, tweet.handle) == (name, "ada")


@pytest.mark.parametrize(
    "html",
    [
        embed(),
        embed() + SCRIPT,
        f"{embed()}\n\n{SCRIPT}",
        embed(attributes=' data-conversation="none" data-lang="en" data-dnt="true"'),
        embed().replace("><", ">\n<"),
        embed("a<br/>b"),
        embed().replace("twitter-tweet", "twitter-tweet tw-align-center"),
        embed(link="https://x.com/ada/status/1402907931406909440"),
        embed(link="https://mobile.twitter.com/ada/status/1402907931406909440/photo/1"),
        f'<blockquote class="twitter-tweet"><a href="{LINK}"></a></blockquote>',
    ],
)
def test_variations_are_read_and_kept(html):
    tweet = read_embed(html)
    assert (tweet.handle, tweet.external_id) == ("ada", "1402907931406909440")
    assert tweet.url.endswith("/ada/status/1402907931406909440")
    assert write_embed(tweet) == html


def test_an_embed_without_words_has_no_text():
    html = f'<blockquote class="twitter-tweet"><a href="{LINK}"></a></blockquote>'
    assert read_embed(html).text == ""


def test_ids_of_the_counter_hold_no_time():
    assert snowflake_time("20") is None


@pytest.mark.parametrize(
    "html",
    [
        embed("<script>alert(1)</script>"),
        embed('<iframe src="https://example.org"></iframe>'),
        embed("<style>p{}</style>"),
        embed("<svg onload=alert(1)>"),
        embed(attributes=' onclick="alert(1)"'),
        embed(attributes=' ONCLICK="alert(1)"'),
        embed(attributes=' style="color:red"'),
        embed('<a href="javascript:alert(1)">x</a>'),
        embed('<a href="&#106;avascript:alert(1)">x</a>'),
        embed('<a href=" java\tscript:alert(1)">x</a>'),
        embed('<a href="data:text/html,x">x</a>'),
        embed() + '<script src="https://example.org/widgets.js"></script>',
        embed() + SCRIPT + SCRIPT,
    ],
)
def test_html_that_scripts_is_refused(html):
    with pytest.raises(EmbedError, match="HTML that scripts"):
        read_embed(html)


@pytest.mark.parametrize(
    "html",
    [
        embed('<img src="https://example.org/a.png">'),
        embed("<!-- a -->"),
        embed("a < b"),
        embed("<b>bold</b>"),
        embed("<blockquote>inner</blockquote>"),
        embed()[:-20],
        embed().removesuffix("</blockquote>"),
        embed("long " * 20_000),
        embed().replace("</p>", ""),
        embed() + "and more",
        embed() + embed(),
        embed() + SCRIPT.replace("></", ">alert(1)</"),
        SCRIPT + embed(),
        embed().replace('class="twitter-tweet"', ""),
        embed().replace(" (@ada)", ""),
        embed(link="https://example.org/ada/status/1402907931406909440"),
        embed(link="https://twitter.com/ada"),
        embed(link="https://twitter.com/ada/status/99999999999999999999"),
        '<blockquote class="post" data-network="myspace" data-id="1"></blockquote>',
        write_embed(OWN).replace("2021-06-10T08:38:00Z", "yesterday"),
        write_embed(OWN).replace("2021-06-10T08:38:00Z", "2021-06-10T08:38:00"),
        write_embed(OWN).replace(" (@ada.example)", ""),
    ],
)
def test_what_is_no_embed_is_refused(html):
    with pytest.raises(EmbedError):
        read_embed(html)


def test_a_refusal_counts_lines():
    with pytest.raises(EmbedError) as refusal:
        read_embed(embed("one\ntwo\n<iframe>"))
    assert refusal.value.offset == 2


def test_own_form_is_plain():
    assert write_embed(OWN) == (
        '<blockquote class="post" data-network="bluesky"'
        ' data-id="at://did:plc:abc/app.bsky.feed.post/3k">'
        '<p lang="en" dir="ltr">Two lines,<br>1 &lt; 2 &amp; more</p>'
        '&mdash; Ada (@ada.example) <a href="https://bsky.app/profile/ada.example/post/3k">'
        '<time datetime="2021-06-10T08:38:00Z">June 10, 2021</time></a></blockquote>'
    )


@pytest.mark.parametrize(
    "tweet",
    [
        OWN,
        replace(OWN, text=""),
        replace(OWN, text="", language="", direction=""),
        replace(OWN, posted_at=None),
        replace(OWN, network="x", external_id="1402907931406909440", url=LINK),
        replace(OWN, network="hackernews", url="https://news.example.org/item?id=1&p=2"),
        replace(OWN, text="https://t.co/A1\n\n\n  kept as it is "),
        replace(OWN, author_name='"Bo" (@conf) <b>', handle="bo@social.example"),
        replace(OWN, text="مرحبا 👩🏽‍🔬", language="ar", direction="rtl"),
    ],
)
def test_own_form_is_read_back_whole(tweet):
    assert read_embed(write_embed(tweet)) == tweet


@pytest.mark.parametrize(
    "tweet",
    [
        replace(OWN, network="myspace"),
        replace(OWN, url="javascript:alert(1)"),
        replace(OWN, url="https://example.org/a\n# 2. b"),
        replace(OWN, handle="ada\n# 2. b"),
        replace(OWN, external_id="1\n# 2. b"),
    ],
)
def test_own_form_refuses_what_it_cannot_carry(tweet):
    with pytest.raises(ValueError, match="not a"):
        write_embed(tweet)


def test_line_breaks_of_other_systems_are_line_breaks():
    written = write_embed(replace(OWN, text="a\r\nb\rc", author_name="A\nB"))
    assert "\n" not in written
    assert "\r" not in written
    assert read_embed(written).text == "a\nb\nc"
