"""What X's API v2 answers: posts, partial errors, refusals.

Knows X's fields and problems; must not know how or when it is asked, sockets, or the database. X is
renaming its fields from tweets to posts; both names are read. Each version of an edited post has an
id and counts of its own and stays a tweet of its own. Retweets are reposts without quotes: a quote
is a post, counted itself where it links the paper.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from papers.sources.answers import (
    JsonObject,
    Unreadable,
    as_list,
    as_object,
    count_of,
    decode_object,
    first_of,
    language_of,
    line_of,
    moment_of,
    papers_of,
    reject,
    text_of,
)
from papers.sources.base import Batch, Reject, SourceError, TweetRecord
from papers.tweet_embed import snowflake_time

NAME = "x"

_ID = re.compile(r"[1-9][0-9]{0,18}")
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,50}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,200}")
_SHORTENED = re.compile(r"https?://t\.co/[A-Za-z0-9]+")
_OPENING, _CLOSING = " \n([{\"'“‘«", " \n)]}.,;:!?…\"'”’»"
_FAR = datetime.max.replace(tzinfo=UTC)
_LONGEST_WAIT = 86_400.0
_RATE_WINDOW = 900.0


# Posts -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search."""

    batch: Batch
    newest_id: str  # "" on a page without posts
    next_token: str  # "" on the last page
    posts: int  # that were read, and are paid for


def parse_search(body: bytes, fetched_at: datetime) -> Page:
    """Read one page of a search. No posts is an answer only where X says that there are none."""
    answer = decode_object(body, "X")
    meta = answer.get("meta")
    total = count_of(as_object(meta).get("result_count"))
    if total is None:
        raise SourceError(f"X answered a search without a result_count: {_problem(answer)}")
    posts = as_list(answer.get("data"))
    if total and not posts:
        raise SourceError(f"X speaks of {total} results and shows none")
    batch = _read_posts(answer, fetched_at)
    if len(posts) != total:
        reason = f"the page speaks of {total} results and holds {len(posts)}"
        batch.rejects.append(Reject("page", reason))
    token = as_object(meta).get("next_token")
    if token is not None and not (isinstance(token, str) and _TOKEN.fullmatch(token)):
        raise SourceError("X answered a search with a next_token that is none")
    return Page(batch, _newest(as_object(meta), posts, fetched_at), token or "", len(posts))


def parse_look_up(body: bytes, asked: Sequence[str], fetched_at: datetime) -> Page:
    """Read an answer about these ids: each is there, or in `gone` because an error says so.

    Not found is deleted. Not authorized is gone too: its account is protected or suspended, and
    what its author no longer shows to everybody is not ours to show.
    """
    answer = decode_object(body, "X")
    errors = answer.get("errors")
    if "data" not in answer and not isinstance(errors, list):
        raise SourceError(f"X answered a look-up with neither data nor errors: {_problem(answer)}")
    batch = _read_posts(answer, fetched_at)
    open_ids = dict.fromkeys(asked)
    for post in as_list(answer.get("data")):
        open_ids.pop(_name_of(post), None)
    batch.tweets = [tweet for tweet in batch.tweets if tweet.external_id in asked]
    for error in map(as_object, as_list(errors)):
        kind, name = str(error.get("type")), error.get("resource_id", error.get("value"))
        is_gone = kind.endswith(("/resource-not-found", "/not-authorized-for-resource"))
        if is_gone and isinstance(name, str) and name in open_ids:
            batch.gone.append(name)
            del open_ids[name]
    batch.rejects += [Reject(name, "neither found nor called missing") for name in open_ids]
    return Page(batch, "", "", len(as_list(answer.get("data"))))


def is_id(name: str) -> bool:
    return _ID.fullmatch(name) is not None


def is_token(token: str) -> bool:
    return _TOKEN.fullmatch(token) is not None


def id_until(name: str, now: datetime) -> str:
    """The id, or "" for what is none and for one of the future: search would wait for that day."""
    written = snowflake_time(name) if is_id(name) else _FAR
    return name if (written or now) <= now + timedelta(hours=1) else ""


def _newest(meta: JsonObject, posts: list[object], fetched_at: datetime) -> str:
    """The id at which the next search begins."""
    named = [meta.get("newest_id"), *(_name_of(post) for post in posts)] if posts else []
    ids = [id_until(name, fetched_at) for name in named if isinstance(name, str)]
    return max(filter(None, ids), key=int, default="")


def _name_of(post: object) -> str:
    name = as_object(post).get("id")
    return name if isinstance(name, str) and _ID.fullmatch(name) else ""


def _read_posts(answer: JsonObject, fetched_at: datetime) -> Batch:
    if not isinstance(answer.get("data", []), list):
        raise SourceError("X answered with data that is not a list of posts")
    users: dict[object, JsonObject] = {}
    for user in map(as_object, as_list(as_object(answer.get("includes")).get("users"))):
        if isinstance(user.get("id"), str):
            users[user["id"]] = user
    batch = Batch()
    for post in as_list(answer.get("data")):
        try:
            tweet = _read_post(as_object(post), users, fetched_at)
        except Unreadable as error:
            batch.rejects.append(reject(post, as_object(post).get("id"), error))
            continue
        if tweet is not None:
            batch.tweets.append(tweet)
    return batch


def _read_post(
    post: JsonObject, users: dict[object, JsonObject], fetched_at: datetime
) -> TweetRecord | None:
    """The record of a post; None for a repost, and for a link to arXiv that is no paper's."""
    external_id = _name_of(post)
    if not external_id:
        raise Unreadable("its id is no id of X")
    if _is_repost(post):  # it would show the counts of the original a second time
        return None
    note = as_object(first_of(post, "note_tweet", "note_post"))  # the whole of a long post
    links = _links(post, note)
    arxiv_ids = _arxiv_ids(links)
    if not arxiv_ids:
        return None
    author = post.get("author_id")
    user = users.get(author, {}) if isinstance(author, str) else {}
    handle = user.get("username")
    handle = handle if isinstance(handle, str) and _HANDLE.fullmatch(handle) else ""
    metrics = as_object(post.get("public_metrics"))
    return TweetRecord(
        network=NAME,
        external_id=external_id,
        url=f"https://x.com/{handle or 'i/web'}/status/{external_id}",
        handle=handle,
        author_name=line_of(user.get("name")),
        text=readable_text(text_of(note.get("text")) or text_of(post.get("text")), links),
        language=language_of(post.get("lang")),
        posted_at=moment_of(post.get("created_at")) or snowflake_time(external_id),
        fetched_at=fetched_at,
        arxiv_ids=arxiv_ids,
        retweets=count_of(first_of(metrics, "retweet_count", "repost_count")),
        favorites=count_of(metrics.get("like_count")),
    )


def _is_repost(post: JsonObject) -> bool:
    references = as_list(first_of(post, "referenced_tweets", "referenced_posts"))
    kinds = {str(as_object(reference).get("type")) for reference in references}
    return bool(kinds & {"retweeted", "reposted"})


def _links(post: JsonObject, note: JsonObject) -> list[JsonObject]:
    """The links of a post. It was found by one, so a post that shows none is not understood."""
    found: list[JsonObject] = []
    for holder in (post, note):
        found += map(as_object, as_list(as_object(holder.get("entities")).get("urls")))
    if not found:
        raise Unreadable("it was found by a link and shows none (entities.urls)")
    return found


def _arxiv_ids(links: list[JsonObject]) -> tuple[str, ...]:
    found: list[str] = []
    unreadable = False
    for link in links:
        addresses = [link.get("unwound_url"), link.get("expanded_url")]
        # A shortener is unwound; where that ends at a page without an id, the link itself may do.
        found += papers_of(addresses[0]) or papers_of(addresses[1])
        told = [address for address in addresses if address is not None]
        unreadable |= not told or not all(isinstance(address, str) for address in told)
    if unreadable and not found:
        raise Unreadable("a link of it has no address")
    return tuple(dict.fromkeys(found))


def readable_text(text: str, links: list[JsonObject]) -> str:
    """The post as people read it: X's own short addresses say nothing, so words replace them."""
    pictures = {
        str(link.get("url"))
        for link in links
        if "media_key" in link
        or str(link.get("display_url")).startswith(("pic.x.", "pic.twitter."))
    }

    def word(match: re.Match[str]) -> str:
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        words = "picture on X" if match.group() in pictures else "link"
        lead = "" if before in _OPENING else " "
        return f"{lead}{words}{'' if after in _CLOSING else ' '}"

    return html.unescape(_SHORTENED.sub(word, text))


# Refusals ----------------------------------------------------------------------------------------


def explain(error: SourceError, now: datetime) -> SourceError:
    """The same error, with what X means by its status and body.

    A used-up budget of credits or posts is refused with 402 or 429 and lasts till somebody pays or
    a period ends; it is asked again on the next day (UTC), for which X counts. A 429 without it is
    the pace, and ends at x-rate-limit-reset.
    """
    if error.status is None:
        return error
    answer = _body_of(error)
    title, kind = str(answer.get("title")), str(answer.get("type"))
    used_up = error.status == 402 or title in {"UsageCapExceeded", "CreditsDepleted"}
    used_up |= kind.endswith(("/usage-capped", "/credits"))
    wait = error.retry_after
    if used_up:
        wait = _until_tomorrow(now)
    elif error.status == 429:
        wait = _until_reset(error.headers, now) or wait or _RATE_WINDOW
    return SourceError(
        f"X refused with {error.status}: {_problem(answer)}",
        permanent=used_up or error.status in (400, 401, 403, 404, 410),
        retry_after=wait,
        status=error.status,
        body=error.body,
        headers=error.headers,
    )


def _body_of(error: SourceError) -> JsonObject:
    try:
        return decode_object(error.body, "X")
    except SourceError:
        return {}


def _problem(answer: JsonObject) -> str:
    """What an answer of X complains of, in its words."""
    first = as_object(next(iter(as_list(answer.get("errors"))), None))
    said = [answer.get("title"), answer.get("detail"), first.get("message"), first.get("detail")]
    words = dict.fromkeys(line_of(value) for value in said)
    return ": ".join(word for word in words if word) or "it does not say why"


def _until_tomorrow(now: datetime) -> float:
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(days=1) - now).total_seconds()


def _until_reset(headers: dict[str, str], now: datetime) -> float | None:
    named = {name.lower(): value for name, value in headers.items()}.get("x-rate-limit-reset", "")
    if not re.fullmatch(r"[0-9]{1,12}", named):
        return None
    return min(max(int(named) - now.timestamp(), 1.0), _LONGEST_WAIT)
