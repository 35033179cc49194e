"""Finding papers by words. One `search()`, one `index()`, the same set on every database."""

from collections.abc import Collection

from django.db.models import QuerySet

from papers.models import Paper, SearchText
from papers.models.catalogue import fold

MAX_WORDS = 12  # every word costs a scan of the texts; nobody types more


def search(query: str, papers: QuerySet[Paper]) -> QuerySet[Paper]:
    """Keep the papers whose id, title, authors or abstract hold every word of `query`.

    Case and accents do not matter. An empty query keeps nothing.
    """
    words = fold(query).split()[:MAX_WORDS]
    if not words:
        return papers.none()
    texts = SearchText.objects.all()
    for word in words:
        texts = texts.filter(text__contains=word)
    return papers.filter(pk__in=texts.values("paper"))


def index(paper_ids: Collection[int]) -> None:
    """Make these papers findable as they are now."""
    papers = Paper.objects.filter(pk__in=paper_ids)
    SearchText.objects.bulk_create(
        [SearchText(paper_id=paper.pk, text=_text(paper)) for paper in papers.iterator(500)],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["paper"],
        update_fields=["text"],
    )


def _text(paper: Paper) -> str:
    # On lines of their own, so that a word never matches across title and authors.
    parts = [paper.arxiv_id, paper.title_text, *paper.author_names, paper.abstract]
    return "\n".join(map(fold, parts))
