"""Who uses the site, and what they keep."""

from accounts.models.saved import SavedPaper
from accounts.models.subscriptions import Subscription
from accounts.models.user import User

__all__ = ["SavedPaper", "Subscription", "User"]
