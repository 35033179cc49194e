"""Papers, their authors and their arXiv categories."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Self

from django.db import models
from django.urls import reverse
from taggit.managers import TaggableManager

from papers import clock
from papers.words import fold


class CategoryQuerySet(models.QuerySet["Category"]):
    def ensure(self, codes: Collection[str]) -> None:
        """Add a bare row for each code arXiv opened after our list was made."""
        known = set(self.filter(code__in=codes).values_list("code", flat=True))
        self.bulk_create(
            [
                self.model(code=code, name=code, archive=code.partition(".")[0], is_active=False)
                for code in sorted(set(codes) - known)
            ],
            ignore_conflicts=True,
        )

    def listed_since(self, day: date) -> dict[str, int]:
        """Return of each code how many visible papers were listed from that day on, if any."""
        listings = PaperCategory.objects.filter(announced_on__gte=day, paper__hidden=False)
        return dict(listings.values_list("category").annotate(models.Count("pk")).order_by())


class Category(models.Model):
    """An arXiv category. Its code is its key, so a row that points at one needs no join."""

    code = models.CharField(max_length=32, primary_key=True)
    name = models.CharField(max_length=100)
    archive = models.CharField(max_length=32)
    archive_name = models.CharField(max_length=100, blank=True)
    group = models.CharField(max_length=32, blank=True)
    group_name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True, help_text="arXiv still lists new papers in it.")
    # An active alias (math-ph for math.MP) or the successor of a legacy code (alg-geom, math.AG).
    same_as = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return f"{self.code} ({self.name})"

    def get_absolute_url(self) -> str:
        return reverse("papers:category", args=[self.code])


class AuthorQuerySet(models.QuerySet["Author"]):
    def ids_of(self, names: Iterable[str]) -> dict[str, int]:
        """Return the key of each name (in NFC), adding authors not met before.

        Two processes may add the same name at once; the loser reads the winner's row.
        """
        wanted = set(names)
        found: dict[str, int] = {}
        while missing := sorted(wanted - found.keys()):
            found |= self._keys(missing)
            new = [name for name in missing if name not in found]
            self.bulk_create(self._with_slugs(new), ignore_conflicts=True, batch_size=500)
            found |= self._keys(new)
        return found

    def _keys(self, names: list[str]) -> dict[str, int]:
        keys: dict[str, int] = {}
        for start in range(0, len(names), 500):
            rows = self.filter(name__in=names[start : start + 500])
            keys |= dict(rows.values_list("name", "pk"))
        return keys

    def _with_slugs(self, names: list[str]) -> list[Any]:
        """Give each name a free slug: its ASCII spelling, with a number where that is taken."""
        stems = [Author.slug_of(name) for name in names]
        taken: set[str] = set()
        for start in range(0, len(stems), 500):
            same = self.filter(slug__in=stems[start : start + 500])
            taken |= set(same.values_list("slug", flat=True))
        authors = []
        for name, stem in zip(names, stems, strict=True):
            slug, number = stem, 1
            if stem in taken:  # rare: only then look for the numbers given before
                taken |= set(
                    self.filter(slug__startswith=f"{stem}-").values_list("slug", flat=True)
                )
            while slug in taken:
                number += 1
                slug = f"{stem}-{number}"
            taken.add(slug)
            authors.append(self.model(name=name, slug=slug))
        return authors


class Author(models.Model):
    """A name on papers. One spelling is one author: names are never merged by themselves."""

    NAME_LENGTH = 255

    name = models.CharField(max_length=NAME_LENGTH, unique=True)  # in NFC
    slug = models.CharField(max_length=280, unique=True)

    objects = AuthorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("papers:author", args=[self.slug])

    @staticmethod
    def slug_of(name: str) -> str:
        """Return the name in ASCII ("Amélie Royer": "amelie-royer"); "author" if none is left."""
        return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:260] or "author"


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible(self) -> Self:
        return self.filter(hidden=False)

    def for_list(self, *, with_abstract: bool = False) -> Self:
        """Leave out the columns a row of a list does not show; a search quotes the abstract."""
        left_out = ["comment", "journal_ref", "licence", "title"]
        return self.defer(*left_out if with_abstract else [*left_out, "abstract"])

    def in_order(self, keys: Sequence[int], chunk: int = 100) -> Iterator["Paper"]:
        """Yield the papers of these keys as the keys stand, no more in memory than a chunk."""
        for start in range(0, len(keys), chunk):
            found = self.in_bulk(keys[start : start + chunk])
            yield from (found[key] for key in keys[start : start + chunk] if key in found)

    def newest_day(self) -> date | None:
        """Return the newest listing day held: where every window ends."""
        return (
            self.visible()
            .filter(announced_on__isnull=False)
            .order_by("-announced_on")
            .values_list("announced_on", flat=True)
            .first()
        )


class Paper(models.Model):
    """One arXiv paper, whatever its version.

    The totals, `hot`, `rising`, `fair` and the rendered HTML are derived: `ranking.rescore`,
    `fairness.refresh` and `ingest.store_papers` make them, nobody else writes them.
    """

    arxiv_id = models.CharField("arXiv id", max_length=32, unique=True)
    version = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.TextField()
    abstract = models.TextField(blank=True)
    abstract_is_summary = models.BooleanField(
        default=False, help_text="The abstract is not arXiv's: it is a summary in our words."
    )
    title_html = models.TextField(editable=False)
    title_text = models.TextField(editable=False)
    abstract_html = models.TextField(blank=True, editable=False)
    # When the source of title, abstract, authors and categories said so; older news is ignored.
    recorded_at = models.DateTimeField()
    comment = models.TextField(blank=True)
    journal_ref = models.TextField("journal reference", blank=True)
    doi = models.CharField("DOI", max_length=255, blank=True)
    licence = models.CharField(max_length=255, blank=True)
    code_url = models.URLField("code", max_length=500, blank=True)
    primary_category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="primary_papers"
    )
    categories = models.ManyToManyField(Category, through="PaperCategory", related_name="papers")
    category_codes = models.JSONField(default=list, help_text="In order, the primary one first.")
    authors = models.ManyToManyField(Author, through="PaperAuthor", related_name="papers")
    author_names = models.JSONField(default=list, help_text="In the order printed.")
    submitted_at = models.DateTimeField(null=True, blank=True)
    revised_at = models.DateTimeField(null=True, blank=True)
    announced_on = models.DateField("listing day", null=True, blank=True)
    announced_by_arxiv = models.BooleanField(
        default=False, help_text="The listing day is arXiv's own, not that of the first digest."
    )
    # What sources say where a curator says otherwise, by the name of the column: the column holds
    # the curator's value, and the ingest keeps this up to date.
    overruled = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    withdrawn = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    from_sample = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    retweets = models.PositiveBigIntegerField(default=0, editable=False)
    favorites = models.PositiveBigIntegerField(default=0, editable=False)
    score = models.PositiveBigIntegerField(default=0, editable=False)
    tweet_count = models.PositiveBigIntegerField(default=0, editable=False)
    observed_at = models.DateTimeField(null=True, blank=True, editable=False)  # no counts: NULL
    hot = models.FloatField(default=0.0, editable=False)
    rising = models.FloatField(default=0.0, editable=False)
    fair = models.FloatField(default=0.0, editable=False)

    tags = TaggableManager(blank=True, verbose_name="topic tags")

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["arxiv_id"]
        indexes = [
            # Searches walk these two past many papers: so they tell at once which are hidden.
            models.Index(fields=["-announced_on", "-score", "-id", "hidden"], name="paper_newest"),
            models.Index(fields=["-hot", "-id", "hidden"], name="paper_hottest"),
            models.Index(fields=["-score", "-id"], name="paper_top"),
            models.Index(fields=["-rising", "-id"], name="paper_rising"),
            models.Index(fields=["-fair", "-id"], name="paper_fair"),
            # All that a search asks of the papers it found, whose rows are wide.
            models.Index(
                fields=["id", "hidden", "hot", "announced_on", "score"], name="paper_found"
            ),
            # Few: what a feed leaves out, without a look at every paper it could show.
            models.Index(fields=["id"], name="paper_hidden", condition=models.Q(hidden=True)),
            models.Index(fields=["id"], name="paper_withdrawn", condition=models.Q(withdrawn=True)),
        ]

    def __str__(self) -> str:
        return f"{self.arxiv_id} {self.title_text}"

    def get_absolute_url(self) -> str:
        return reverse("papers:paper", args=[self.arxiv_id])

    def told(self, name: str) -> Any:
        """Return what sources say of a column, whatever a curator says."""
        if name not in self.overruled:
            return getattr(self, name)
        column: Any = self._meta.get_field(name)
        return column.to_python(self.overruled[name])

    def tell(self, name: str, value: Any) -> None:
        """Take what a source says of a column; a curator's value stays, and this beside it."""
        if name in self.overruled:
            plain = value.isoformat() if isinstance(value, date) else value
            self.overruled = self.overruled | {name: plain}
        else:
            setattr(self, name, value)


class PaperAuthor(models.Model):
    """An author's place on a paper."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="authorships")
    author = models.ForeignKey(Author, models.PROTECT, related_name="authorships")
    position = models.PositiveSmallIntegerField()  # from 0

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="one_author_a_position")
        ]

    def __str__(self) -> str:
        return f"author {self.position} of paper {self.paper_id}"


class PaperCategory(models.Model):
    """A paper in a category, with what lists sort by: they read this narrow table alone."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="listings")
    category = models.ForeignKey(Category, models.PROTECT, related_name="listings")
    position = models.PositiveSmallIntegerField()  # from 0, the primary category
    announced_on = models.DateField(null=True)
    score = models.PositiveBigIntegerField(default=0)
    hot = models.FloatField(default=0.0)
    rising = models.FloatField(default=0.0)
    fair = models.FloatField(default=0.0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "category"], name="one_listing_a_category")
        ]
        indexes = [
            models.Index(
                fields=["category", "-announced_on", "-score", "-paper"], name="listing_new"
            ),
            models.Index(fields=["category", "-score", "-paper"], name="listing_top"),
            models.Index(fields=["category", "-hot", "-paper"], name="listing_hot"),
            models.Index(fields=["category", "-rising", "-paper"], name="listing_rising"),
            models.Index(fields=["category", "-fair", "-paper"], name="listing_fair"),
        ]

    def __str__(self) -> str:
        return f"paper {self.paper_id} in {self.category_id}"


class FieldChange(models.Model):
    """What changed in a field: `fair` of its papers from that listing day on is to be made anew.

    Only ever added and taken away, so that no run of the ingest waits for another.
    """

    category = models.ForeignKey(Category, models.CASCADE, related_name="+")
    listed_on = models.DateField()

    def __str__(self) -> str:
        return f"change in {self.category_id} on {self.listed_on}"


class SearchEntry(models.Model):
    """That a paper can be found by words. What is read for it stands beside, as the database keeps
    it: `papers.search` alone writes and reads that.
    """

    paper = models.OneToOneField(
        Paper, models.CASCADE, primary_key=True, related_name="search_entry", db_column="rowid"
    )

    class Meta:
        db_table = "papers_search"
        default_permissions = ()  # nobody looks at it

    def __str__(self) -> str:
        return f"search entry of paper {self.paper_id}"
