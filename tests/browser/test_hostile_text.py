"""A day whose every text was written to break a page, in every place that shows it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import expect

from papers import digest_markdown
from papers.digest_markdown import DigestPost, PostEntry, TweetEmbed
from tests.browser.conftest import OpenPage
from tests.browser.site import Site, running_site
from tests.browser.watch import axe_violations, open_all_details, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.look]

DAY = date(2021, 6, 10)
MOMENT = datetime(2021, 6, 10, 8, 38, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(1)>"
CLOSING = "</title></p></blockquote></style>--><svg onload=alert(1)>"
ARABIC = "ورقة بحثية جديدة عن التعلم العميق والشبكات العصبية"
HEBREW = "מאמר חדש על למידה עמוקה ורשתות נוירונים"
JAPANESE = "深層学習についての新しい論文が公開されました。とても面白いです。"
LONG_WORD = "Pneumono" * 37 + "ultr"
FORMULA = "$" + " + ".join(f"\\frac{{x_{{{n}}}^2}}{{y_{{{n}}}}}" for n in range(20)) + "$"
TEX = "$" + " + ".join(f"\\alpha_{{{n}}}" for n in range(120)) + "$"  # too long to be set
AUTHORS = ", ".join(f"Author {IMAGE} Number{n}" for n in range(300))


def tweet(number: int, text: str, language: str = "en", direction: str = "ltr") -> TweetEmbed:
    return TweetEmbed(
        network="bluesky",
        external_id=str(number),
        url=f"https://bsky.app/profile/somebody/post/{number}",
        handle=f"somebody{number}{'long' * 20 if number == 1 else ''}",
        author_name=f"{SCRIPT} {HEBREW}",
        text=text,
        language=language,
        direction=direction,
        posted_at=MOMENT,
        html="",
    )


def entry(rank: int, title: str, authors: str, abstract: str, *tweets: TweetEmbed) -> PostEntry:
    return PostEntry(
        rank=rank,
        title=title,
        author_line=authors,
        retweets=9_876_543 // rank,
        favorites=1_234_567 // rank,
        observed_at=MOMENT,
        arxiv_id=f"2106.0000{rank}",
        version=1,
        categories=("cs.LG", "stat.ML"),
        abstract=abstract,
        tweets=tweets,
    )


ENTRIES = (
    entry(
        1,
        f"{SCRIPT} {IMAGE}",
        AUTHORS,
        f"{SCRIPT}\n\n{IMAGE} {CLOSING} & &lt;b&gt;",
        tweet(1, f"{SCRIPT}\n{IMAGE}\n{CLOSING}"),
        tweet(2, ARABIC, "ar", "rtl"),
        tweet(3, f"{HEBREW} {LONG_WORD}", "he", "rtl"),
        tweet(4, JAPANESE * 5, "ja"),
    ),
    entry(2, LONG_WORD, f"{LONG_WORD}, {ARABIC}", f"{LONG_WORD} {FORMULA} {TEX}"),
    entry(
        3,
        f"{FORMULA} for all",
        HEBREW,
        f"{ARABIC} {FORMULA}",
        tweet(5, f"https://{LONG_WORD}.example"),
    ),
    entry(4, f"{HEBREW} {ARABIC} {JAPANESE}", JAPANESE, JAPANESE * 9, tweet(6, LONG_WORD * 9)),
    entry(5, f"{TEX} {CLOSING}", CLOSING, CLOSING, tweet(7, TEX)),
)
# Not `wait_for_function`: it evaluates a string in the page, which the pages' policy refuses.
SCROLLED = """box => new Promise(answer => {
    const look = () => box.scrollLeft > 0 && answer(true);
    box.addEventListener("scroll", look);
    look();
    setTimeout(() => answer(false), 5000);
})"""
PAGES = (
    "/",
    f"/digests/{DAY}/?view=read",
    "/digests/",
    "/hot/",
    "/papers/2106.00001/",
    "/papers/2106.00002/",
    "/papers/2106.00003/",
    "/papers/2106.00005/",
    f"/search/?q={SCRIPT}",
    f"/search/?q={LONG_WORD}",
    "/categories/",
)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """In place of the sample's: no test of the sample meets this day, here or in a list."""
    head = digest_markdown.default_head(DAY, MOMENT)
    post = DigestPost(date=DAY, stamp=MOMENT, head=head, entries=ENTRIES)
    with running_site(digest_markdown.render(post)) as running:
        yield running


# That nothing ran is what `open_page` checks at the end: no dialog, no message, no request.
@pytest.mark.parametrize("path", PAGES)
def test_it_works(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    open_all_details(page)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert too_wide(page) == [], f"at {width} px"
    # Of a formula that scrolls in its box axe asks for a tabindex; browsers stop there anyway.
    assert axe_violations(page, but=("scrollable-region-focusable",)) == []


@pytest.mark.parametrize("view", ["list", "read"])
def test_markup_is_read_as_it_was_written(open_page: OpenPage, view: str) -> None:
    page = open_page(f"/digests/{DAY}/?view={view}")
    open_all_details(page)
    expect(page.locator("h2").first).to_have_text(f"{SCRIPT} {IMAGE}")
    expect(page.locator(".sum").first).to_contain_text(f"{IMAGE} {CLOSING} & &lt;b&gt;")
    expect(page.locator(".tweet").first).to_contain_text(CLOSING)
    expect(page.locator("main :is(img, script)")).to_have_count(0)


@pytest.mark.parametrize("view", ["list", "read"])
def test_a_tweet_runs_in_its_own_direction(open_page: OpenPage, view: str) -> None:
    page = open_page(f"/digests/{DAY}/?view={view}")
    open_all_details(page)
    for text, language in ((ARABIC, "ar"), (HEBREW, "he")):
        said = page.locator(f"p[lang={language}]", has_text=text)
        expect(said).to_have_css("direction", "rtl")
    expect(page.locator("p[lang=ja]")).to_have_css("direction", "ltr")


def test_three_hundred_authors_are_few_in_a_list_and_all_on_the_paper(
    open_page: OpenPage,
) -> None:
    page = open_page("/")
    expect(page.locator(".by").first).to_contain_text("and 296 more")
    page.goto("/papers/2106.00001/")
    expect(page.locator(".by a")).to_have_count(300)


def test_a_formula_is_set_unless_it_is_endless(open_page: OpenPage) -> None:
    page = open_page("/papers/2106.00002/", width=320)
    expect(page.locator(".sum math")).to_have_count(1)
    expect(page.locator(".sum code")).to_contain_text("alpha_{119}")
    formula = page.locator(".sum .wide")
    page.locator(".go-row .save").focus()
    page.keyboard.press("Tab")
    expect(formula).to_be_focused()
    page.keyboard.press("ArrowRight")
    assert formula.evaluate(SCROLLED)
