"""The shape of each answer: for its description, and for `fields=`. `plain` writes the data itself.

Nothing is serialized by these: for lists that takes several times as long.
"""

from typing import Any

from rest_framework import serializers
from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    FloatField,
    IntegerField,
    ListField,
    URLField,
)

from papers.models import IngestRun, Network, Sample


class Shape(serializers.Serializer[Any]):
    """All fields are there, unless `fields=` asks for some of them."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for field in fields.values():
            field.read_only, field.required = True, False
        return fields


def words(help_text: str = "", **options: Any) -> CharField:
    return CharField(help_text=help_text, **options)


def maybe(field: type[Any], help_text: str = "", **options: Any) -> Any:
    """Return a field that may be null."""
    return field(help_text=help_text, allow_null=True, **options)


def texts(help_text: str = "") -> ListField:
    return ListField(child=CharField(), help_text=help_text)


class Wrong(serializers.Serializer[Any]):
    name = words("The parameter or the field.")
    detail = words("What is wrong with it.")


class Problem(serializers.Serializer[Any]):
    """RFC 9457."""

    type = words("Always about:blank: the status says which problem it is.")
    title = words("The status in words.")
    status = IntegerField()
    detail = words("What went wrong, in a sentence.")
    errors = Wrong(many=True, required=False)  # type: ignore[assignment]


class PaperRow(Shape):
    """A paper as lists have it."""

    id = words("Its arXiv id, without version.")
    url = URLField(help_text="Its page here.")
    arxiv_url = URLField(help_text="Its page at arXiv.")
    version = maybe(IntegerField, "The newest version that is known.")
    title = words("With its TeX.")
    title_text = words("Without TeX.")
    authors = texts("Names, in order.")
    abstract = words("With its TeX; empty where it is not known.", allow_blank=True)
    abstract_is_summary = BooleanField(help_text="It is not arXiv's: a summary in our words.")
    categories = texts("Codes of arXiv's categories, the primary one first.")
    announced_on = maybe(DateField, "The listing day.")
    submitted_at = maybe(DateTimeField, "When version 1 was submitted.")
    revised_at = maybe(DateTimeField, "When the newest version was.")
    withdrawn = BooleanField(help_text="Its authors withdrew it.")
    comment = words(allow_blank=True)
    journal_ref = words(allow_blank=True)
    doi = words(allow_blank=True)
    licence = words(allow_blank=True)
    code_url = words("Where its code is.", allow_blank=True)
    score = IntegerField(help_text="Retweets and favorites over all its tweets.")
    retweets = IntegerField()
    favorites = IntegerField()
    tweet_count = IntegerField()
    observed_at = maybe(DateTimeField, "When that was counted; null: never.")
    hot = FloatField(help_text="What hot papers are ordered by.")
    rising = FloatField(help_text="What rising papers are ordered by.")
    fair = FloatField(help_text="What field-fair hot papers are ordered by.")


class Standing(serializers.Serializer[Any]):
    """What counts of a paper on one network."""

    network = ChoiceField(Network.choices)
    retweets = IntegerField()
    favorites = IntegerField()
    score = IntegerField()
    observed_at = DateTimeField()
    kind = ChoiceField(Sample.Kind.choices)


class Printing(serializers.Serializer[Any]):
    """A digest that printed a paper."""

    date = DateField()
    rank = IntegerField()
    retweets = IntegerField()
    favorites = IntegerField()


class Near(serializers.Serializer[Any]):
    """A paper that is like another one by the words of title and abstract."""

    id = words()
    title_text = words()
    similarity = FloatField(help_text="From 0 to 1.")


class Paper(PaperRow):
    """A paper with all that its page says of it."""

    author_slugs = texts("What `/authors/` knows its authors by, in their order.")
    tags = texts("Slugs of its topic tags.")
    networks = Standing(many=True, help_text="How it stands on each network.")
    digests = Printing(many=True, help_text="The digests that printed it, the oldest first.")
    neighbours = Near(many=True, help_text="The papers closest to it.")


class Tweet(Shape):
    """A public post that links papers."""

    network = ChoiceField(Network.choices)
    external_id = words("What the network knows it by.")
    url = words("Where it stands.")
    handle = words("Of its account, without @.", allow_blank=True)
    author_name = maybe(CharField, "Null of X.", allow_blank=True)
    text = maybe(CharField, "Null of X, and where it was deleted.", allow_blank=True)
    text_is_ours = BooleanField(help_text="The text says in our words what the post says.")
    language = words("As the network says: a tag of BCP 47.", allow_blank=True)
    posted_at = maybe(DateTimeField)
    retweets = maybe(IntegerField, "Null where nobody told.")
    favorites = maybe(IntegerField, "Null where nobody told.")
    deleted_at = maybe(DateTimeField, "When it was seen to be deleted at its source.")
    papers = texts("The arXiv ids that it links.")


class TweetOfPaper(Tweet):
    """A tweet under a paper."""

    by_author = BooleanField(help_text="An author of the paper wrote it.")


class DigestRow(Shape):
    """A listing day as the archive has it."""

    date = DateField(help_text="The listing day.")
    url = URLField()
    published_at = maybe(DateTimeField)
    entry_count = IntegerField()
    retweets = IntegerField()
    favorites = IntegerField()
    score = IntegerField()


class Revision(serializers.Serializer[Any]):
    """A printing of a day."""

    number = IntegerField()
    reason = words(allow_blank=True)
    created_at = DateTimeField()


class Digest(DigestRow):
    """A listing day; its papers are at `entries/`."""

    introduction = words("Markdown, by an editor.", allow_blank=True)
    revisions = Revision(many=True, help_text="Its printings, the newest first.")
    previous = maybe(DateField, "The digest before.")
    next = maybe(DateField, "The digest after.")


class DigestEntry(Shape):
    """A paper as a digest printed it; nothing of it changes later."""

    rank = IntegerField()
    paper = words("Its arXiv id.")
    title = words()
    author_line = words("As it was printed.")
    abstract = words(allow_blank=True)
    abstract_is_summary = BooleanField()
    categories = texts()
    retweets = IntegerField()
    favorites = IntegerField()
    score = IntegerField()
    observed_at = DateTimeField(help_text="When that was counted.")
    listed_on = maybe(DateField, "The paper's own listing day, where it came late.")
    below_threshold = BooleanField(help_text="It is here because the day was quiet.")
    pinned = BooleanField(help_text="Editors gave it its place.")
    note = words("Markdown, by an editor.", allow_blank=True)
    tweets = Tweet(many=True, help_text="Those that were printed and are not hidden.")


class Category(Shape):
    code = words()
    name = words()
    url = URLField()
    archive = words()
    group = words(allow_blank=True)
    group_name = words(allow_blank=True)
    is_active = BooleanField(help_text="arXiv still lists new papers in it.")
    same_as = maybe(CharField, "The code that took its place, or that it is another name of.")
    month_count = IntegerField(help_text="Papers listed in the last 30 days that are held.")


class AuthorRow(Shape):
    slug = words()
    name = words()
    url = URLField()


class Author(AuthorRow):
    paper_count = IntegerField()


class Tag(Shape):
    slug = words()
    name = words()
    url = URLField()
    paper_count = IntegerField()


class Source(serializers.Serializer[Any]):
    source = words()  # type: ignore[assignment]
    name = words()
    what = words("What comes from there.")
    standing = ChoiceField(["on time", "late", "waiting", "off"])
    in_words = words()
    last_answer = maybe(DateTimeField)
    next_at = maybe(DateTimeField)


class Status(Shape):
    newest_day = maybe(DateField, "The newest listing day held: where every window ends.")
    latest_digest = maybe(DateField)
    is_late = BooleanField(help_text="A source is late.")
    sources = Source(many=True)


class Run(Shape):
    """A unit of ingest work."""

    id = IntegerField()
    source = words()  # type: ignore[assignment]
    kind = words()
    state = ChoiceField(IngestRun.State.choices)
    due_at = DateTimeField()
    started_at = maybe(DateTimeField)
    ended_at = maybe(DateTimeField)
    attempts = IntegerField()
    losses = IntegerField(help_text="How often its worker was lost.")
    counts = serializers.DictField(help_text="What came, by kind of record.")
    reason = words("Why it is not complete.", allow_blank=True)
