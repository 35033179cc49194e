"""Frames of Bluesky's stream, as one invented account makes them."""

from datetime import UTC, datetime
from typing import Any

from papers.sources.bluesky_answers import to_microseconds

BEGIN = to_microseconds(datetime(2021, 6, 10, 11, 0, tzinfo=UTC))
DID = "did:plc:invented0000000000000001"
PAPER = "https://arxiv.org/abs/2106.01234"


def commit(
    rkey: str = "3k1", text: str = PAPER, at: int = BEGIN + 1, operation: str = "create"
) -> dict[str, Any]:
    inside: dict[str, Any] = {
        "rev": "3r",
        "operation": operation,
        "collection": "app.bsky.feed.post",
        "rkey": rkey,
    }
    if operation != "delete":
        inside |= {"record": {"$type": "app.bsky.feed.post", "text": text}, "cid": "bafy"}
    return {"did": DID, "time_us": at, "kind": "commit", "commit": inside}


def account(active: Any = False, status: str = "deleted", at: int = BEGIN + 1) -> dict[str, Any]:
    told = {"active": active, "did": DID, "seq": 1, "status": status, "time": "2021-06-10T11:00Z"}
    return {"did": DID, "time_us": at, "kind": "account", "account": told}


def uri_of(rkey: str) -> str:
    return f"at://{DID}/app.bsky.feed.post/{rkey}"
