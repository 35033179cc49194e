"""Who uses the site."""

from accounts.models.user import User

__all__ = ["User"]
