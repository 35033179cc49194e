"""Who uses the site, and what they keep."""

from accounts.models.access import AccessToken, FeedLink
from accounts.models.pending import PendingSave
from accounts.models.saved import SavedPaper
from accounts.models.seen import Mute, Seen
from accounts.models.shelf import ListEntry, ReaderTag, ReadingList, Tagging
from accounts.models.subscriptions import Subscription
from accounts.models.user import User

__all__ = [
    "AccessToken",
    "FeedLink",
    "ListEntry",
    "Mute",
    "PendingSave",
    "ReaderTag",
    "ReadingList",
    "SavedPaper",
    "Seen",
    "Subscription",
    "Tagging",
    "User",
]
