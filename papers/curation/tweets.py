"""What a curator can do to tweets, and to the accounts that post them."""

from typing import NamedTuple

from papers.curation.log import Curator, Refused, recorded
from papers.models import Act, Network, Tweet, Verdict


class Account(NamedTuple):
    """Who posts on a network; the handle in lower case, without @."""

    network: str
    handle: str

    def __str__(self) -> str:
        return f"@{self.handle} on {Network(self.network).label}"


def account(network: str, handle: str) -> Account:
    """Return the account, whatever the spelling of its handle; raise Refused where it is none."""
    plain = handle.strip().removeprefix("@").lower()
    if network not in Network.values:
        raise Refused("Choose the network of the account.")
    if not plain or len(plain) > Tweet.NAME_LENGTH or any(c.isspace() or c == "\0" for c in plain):
        raise Refused("Give the handle of an account: one word, as its network writes it.")
    return Account(network, plain)


def hide(tweet: Tweet, by: Curator, reason: str) -> Act:
    """Take a tweet out of every list and count; a digest that printed it stays as it is."""
    return _set_hidden(Act.Kind.HIDE_TWEET, tweet, by, reason, hidden=True)


def show(tweet: Tweet, by: Curator, reason: str) -> Act:
    """Bring a hidden tweet back."""
    return _set_hidden(Act.Kind.SHOW_TWEET, tweet, by, reason, hidden=False)


def _set_hidden(kind: Act.Kind, tweet: Tweet, by: Curator, reason: str, *, hidden: bool) -> Act:
    act = Act(kind=kind, subject=str(tweet)[:300], reason=reason, by=by)
    row = Tweet.objects.filter(pk=tweet.pk)
    with recorded(act, row):
        row.update(hidden=hidden)
    return act


def block(account: Account, by: Curator, reason: str) -> Act:
    """Hide the tweets of an account, those it has and those that come."""
    return _decide(Act.Kind.BLOCK, account, by, reason, Verdict.Kind.BLOCKED)


def mark_bot(account: Account, by: Curator, reason: str) -> Act:
    """Let the tweets of an account count no more, unless COUNT_BOTS; they stay to be seen."""
    return _decide(Act.Kind.MARK_BOT, account, by, reason, Verdict.Kind.BOT)


def clear(account: Account, by: Curator, reason: str) -> Act:
    """Take back whatever was decided about an account."""
    return _decide(Act.Kind.CLEAR, account, by, reason, None)


def _decide(
    kind: Act.Kind, account: Account, by: Curator, reason: str, verdict: Verdict.Kind | None
) -> Act:
    act = Act(kind=kind, subject=str(account), reason=reason, by=by)
    named = Verdict.objects.filter(network=account.network, handle=account.handle)
    with recorded(act, named):
        if verdict is None:
            named.delete()
        else:
            Verdict.objects.update_or_create(
                network=account.network, handle=account.handle, defaults={"kind": verdict}
            )
    return act
