"""What arXiv's three interfaces share: the taxonomy, escaping, and which papers can be seen."""

import csv
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from tests.upstream.model import State
from tests.upstream.wire import Request
from tests.upstream.world import World

_TABLE = Path(__file__).parents[2] / "papers" / "migrations" / "0002_categories.tsv"


@cache
def taxonomy() -> dict[str, tuple[str, str]]:
    """Return every category's (archive, group), as arXiv's taxonomy has them."""
    with _TABLE.open(encoding="utf-8") as rows:
        table = csv.DictReader(rows, delimiter="\t")
        return {row["code"]: (row["archive"], row["group"]) for row in table}


def covers(spec: str, category: str) -> bool:
    """Whether a category, or an archive that stands for all of its categories, holds another."""
    return spec in (category, taxonomy().get(category, ("", ""))[0])


def known(spec: str) -> bool:
    return spec in taxonomy() or any(spec == archive for archive, _ in taxonomy().values())


def set_spec(category: str) -> str:
    archive, group = taxonomy().get(category, (category.partition(".")[0], "physics"))
    if group == archive:
        return f"{group}:{archive}:{category.partition('.')[2]}"
    short = category.partition(".")[2]
    return f"{group}:{archive}" + (f":{short}" if short else "")


def states(world: World, request: Request) -> list[State]:
    found = world.states(request.at)
    return [_first(state) for state in found] if request.first_versions else found


def _first(state: State) -> State:
    return state._replace(version=state.paper.versions[0])


def state_of(world: World, request: Request, arxiv_id: str) -> State | None:
    paper = world.paper(arxiv_id)
    state = world.state(paper, request.at) if paper else None
    return _first(state) if state and request.first_versions else state


def element(name: str, text: str) -> str:
    """Return an element, or nothing where there is no text."""
    return f"<{name}>{escape(text)}</{name}>" if text else ""
