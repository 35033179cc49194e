"""The account of a reader or curator."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Django's user as a model of our own from the first migration: changing later is costly."""
