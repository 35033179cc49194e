"""One paper."""

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from papers import exports, identifiers, likeness, readers
from papers.models import Act, Digest, DigestEntry, Paper, PaperAuthor, Sample
from papers.views import citing, rows
from papers.views.errors import bad_request
from papers.views.standing import NOWHERE, of_papers


def paper(request: HttpRequest, arxiv_id: str) -> HttpResponse:
    """Its abstract, why it is hot, its tweets, its digests, its samples, its neighbours."""
    corrections = Act.objects.corrections().only("kind", "at", "reason")
    corrected = Exists(corrections.filter(paper=OuterRef("pk")))
    found = get_object_or_404(
        Paper.objects.visible().annotate(is_corrected=corrected), arxiv_id=arxiv_id
    )
    printed = _printed(found)
    entries = [entry for entry in printed if entry.paper_id == found.pk]
    readers.of(request).opened(found.pk)
    standing = of_papers([found.pk]).get(found.pk, NOWHERE)
    tweets = rows.best_tweets([found])[found.pk]
    tags = list(found.tags.all())
    context = {
        "paper": found,
        "marks": readers.of(request).marks([found.pk]),
        "citing": citing.of(found, tags),
        "exports": exports.links(found.get_absolute_url()),
        "authors": PaperAuthor.objects.filter(paper=found).select_related("author"),
        "entries": entries,
        "first": entries[0] if entries else None,
        "day": _scores_of_day(printed),
        "standing": standing,
        "is_imported": any(s.kind == Sample.Kind.IMPORTED for s in standing.networks),
        "tweets": tweets,
        "shown": sum(1 + len(view.folded) for view in tweets),
        "in_our_words": any(view.tweet.text_is_ours for view in tweets),
        "tags": tags,
        "corrections": corrections.filter(paper=found),  # read where there are any
        "neighbours": likeness.neighbours_of(found),
    }
    return render(request, "papers/paper.html", context)


def _printed(paper: Paper) -> list[DigestEntry]:
    """Return of each day it was in all that was printed: its own place, and the scores around."""
    return list(
        DigestEntry.objects.printed()
        .filter(digest__entries__paper=paper, digest__state=Digest.State.PUBLISHED)
        .select_related("digest")
        .defer("title", "abstract", "abstract_html", "title_html", "digest__head")
        .order_by("digest__date", "rank")
    )


def _scores_of_day(printed: list[DigestEntry]) -> list[tuple[int, float]]:
    """Return rank and height (0 to 60) of each score of the first day, for the drawing."""
    day = [(e.rank, e.retweets + e.favorites) for e in printed if e.digest == printed[0].digest]
    highest = max((score for _, score in day), default=0) or 1
    return [(rank, round(60 * score / highest, 1)) for rank, score in day]


def any_abs(request: HttpRequest, raw: str) -> HttpResponse:
    """Redirect any spelling of an arXiv id, with or without version, to its paper."""
    arxiv_id = identifiers.canonical(raw[:200].rstrip("/"))
    if arxiv_id is None:
        return bad_request(request, f"“{raw[:60]}” is not an arXiv id.")
    return redirect("papers:paper", arxiv_id, permanent=True)
