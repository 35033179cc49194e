"""The shape of each answer about what is a reader's; `plain` writes the data itself."""

from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    IntegerField,
    Serializer,
    URLField,
)

from accounts.interests import KINDS
from accounts.models import AccessToken, SavedPaper
from papers.api.shapes import PaperRow, Shape, maybe, texts, words
from papers.readers import Kind

KINDS_FOLLOWED = [kind.value for kind in Kind]


class Access(Serializer[object]):
    """The token that is shown."""

    name = words()
    scope = ChoiceField(AccessToken.Scope.values)
    expires_at = maybe(DateTimeField, "Null: it holds until it is revoked.")


class Me(Shape):
    """Who asks."""

    username = words()
    time_zone = words()
    feed_window = words("How far the feed goes back, unless asked otherwise.")
    feed_kinds = texts("Which papers it shows, unless asked otherwise.")
    feed_is_fair = BooleanField(help_text="Whether each field has the same chance in it.")
    read_through = maybe(DateField, "What was listed up to this day is read.")
    token = Access(allow_null=True, help_text="Null: a session asks.")


class Subscription(Shape):
    id = IntegerField()
    kind = ChoiceField(KINDS_FOLLOWED)
    target = words("A category's code, an author's slug, or words.")
    name = words("What it is called.")
    url = URLField()
    created_at = DateTimeField()


class SavedPaperRow(PaperRow):
    """A paper, and what its reader keeps with it."""

    state = ChoiceField(SavedPaper.State.values)
    note = words("Markdown.", allow_blank=True)
    tags = texts("Names of the reader's own tags.")
    lists = texts("Slugs of the lists it stands in.")
    saved_at = DateTimeField()
    state_changed_at = DateTimeField()
    has_news = BooleanField(help_text="It changed since its reader last looked at what is new.")


class OwnTag(Shape):
    """A tag of the reader's own."""

    slug = words()
    name = words()
    paper_count = IntegerField()


class OwnList(OwnTag):
    """A reader's list."""

    is_shared = BooleanField(help_text="Whoever has its link may read it.")


class ListLink(Shape):
    """The secret link of a list, which is told once."""

    url = URLField(help_text="For people.")
    api_url = URLField(help_text="For programs; no token is needed.")


class SharedList(Shape):
    """A list that its reader shares."""

    name = words()
    shared_at = DateTimeField()


class HiddenPaper(PaperRow):
    """A paper that its reader hid from the feed."""

    hidden_at = DateTimeField()


class Reason(Serializer[object]):
    """Why a paper is in a feed."""

    kind = ChoiceField([*KINDS_FOLLOWED, "close"])
    target = words("What is followed; of `close` the arXiv id of a saved paper it is like.")
    name = words("What that is called.")


class FeedPaper(PaperRow):
    """A paper of the feed, with why it is there."""

    why = Reason(many=True, help_text="The reasons, those by what is followed first.")
    came_as = ChoiceField(KINDS, help_text="New in a field, cross-listed in it, or replaced.")
    listed_on = DateField(help_text="The day that brought it here.")
    state = maybe(CharField, "Its state where it is saved; null where it is not.")
    is_unread = BooleanField()
