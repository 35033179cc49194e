"""Where a page of a list begins: behind the row with this value, and this key.

A cursor is "value~key"; whatever else it is, it names no page.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from papers.selection import SelectionError


def moment(text: str) -> datetime:
    if not re.fullmatch(r"[0-9T:.-]{19,26}\+00:00", text):
        raise ValueError(text)
    return datetime.fromisoformat(text)


def day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(text)
    return date.fromisoformat(text)


def number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", text):
        raise ValueError(text)
    return int(text)


def read(after: str, value_of: Callable[[str], Any]) -> tuple[Any, int]:
    """Return value and key; SelectionError where `value_of` raises ValueError, or no key is."""
    value, _, key = after.rpartition("~")
    try:
        if not re.fullmatch(r"[0-9]{1,18}", key):
            raise ValueError(key)
        return value_of(value), int(key)
    except ValueError:
        raise SelectionError("This page of the list does not exist.") from None


def write(value: Any, key: int) -> str:
    """Return the cursor of a row; moments and days as ISO 8601 has them."""
    return f"{value.isoformat() if isinstance(value, date) else value}~{key}"
