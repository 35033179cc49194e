"""Who asks, and what they follow."""

from collections.abc import Iterable

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import interests, reader
from accounts.api import plain, shapes
from accounts.api.endpoint import CHANGES, Mine, gone
from accounts.api.inputs import Following
from accounts.api.parameters import KEY
from accounts.models import AccessToken, Subscription
from accounts.reader import AccountReader
from papers.api.endpoint import Row
from papers.api.operation import operation
from papers.readers import Follow, Kind


class MeView(Mine):
    @operation("Show who asks", answers=shapes.Me)
    def get(self, request: Request) -> Response:
        """The account, how its feed is set up, and the token that is shown."""
        row: Row = {name: getattr(self.user, name, None) for name in self.fields}
        return self.one(row | {"token": _token(self.token)})


def _token(shown: AccessToken | None) -> Row | None:
    if shown is None:
        return None
    return {"name": shown.name, "scope": shown.scope, "expires_at": shown.expires_at}


class SubscriptionList(Mine):
    @operation("List subscriptions", answers=shapes.Subscription, many=True)
    def get(self, request: Request) -> Response:
        """All that is followed, on one page."""
        return self.page(_rows(self.user.subscriptions.all()))

    @operation("Follow", answers=shapes.Subscription, takes=Following, errors=CHANGES)
    def post(self, request: Request) -> Response:
        """Follow a category, an author or a search. What is followed already stays so."""
        sent = self.taken(Following)
        try:
            target = interests.named(sent["kind"], sent["target"])
        except LookupError as error:
            raise ValidationError({"target": [str(error)]}) from None
        AccountReader(self.user).follow(Kind(sent["kind"]), target)
        found = self.user.subscriptions.filter(kind=sent["kind"], target=target)
        return self.one(_rows(found)[0])


class SubscriptionView(Mine):
    @operation("Show a subscription", KEY, answers=shapes.Subscription, errors=(404,))
    def get(self, request: Request, key: int) -> Response:
        """What it is about."""
        return self.one(_rows([self._one(key)])[0])

    @operation("Unfollow", KEY, status=204, errors=(*CHANGES, 404))
    def delete(self, request: Request, key: int) -> Response:
        """No longer follow it."""
        found = self._one(key)
        AccountReader(self.user).unfollow(Kind(found.kind), found.target)
        return gone()

    def _one(self, key: int) -> Subscription:
        return self.found(self.user.subscriptions.all(), "You follow no such thing.", pk=key)


def _rows(found: Iterable[Subscription]) -> list[Row]:
    """Return subscriptions with what they are called; two queries."""
    rows = list(found)
    called = {
        (each.kind, each.target): each
        for each in reader.described((row.kind, row.target) for row in rows)
    }
    return [
        {"id": row.pk, "created_at": row.created_at}
        | plain.follow(
            called.get((Kind(row.kind), row.target))
            or Follow(Kind(row.kind), row.target, row.target, is_on=True)
        )
        for row in rows
    ]
