"""Imports point one way. The order is docs/architecture.md's; what breaks it fails here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Lower layers first; modules of one layer do not import each other unless they are one package.
LAYERS: list[set[str]] = [
    {
        "papers.identifiers",
        "papers.latex",
        "papers.markdown",
        "papers.digest_head",
        "papers.tweet_embed",
        "papers.clock",
    },
    {"papers.digest_entry", "papers.references", "papers.words"},
    {"papers.digest_markdown", "papers.search.query"},
    {"papers.sources"},
    {"papers.models"},
    {"papers.heartbeat"},
    {"papers.bulk", "papers.gate", "papers.search"},
    {"papers.ranking", "papers.authorship", "papers.likeness"},
    {"papers.selection", "papers.readers", "papers.fairness"},
    {"papers.cursor", "papers.atom_links"},
    {"papers.counting", "papers.ingest"},
    {"papers.arrangement", "papers.posts"},
    {"papers.digests"},
    {"papers.sample", "papers.upstreams", "papers.ledger"},
    {"papers.intake"},
    {"papers.wanted"},
    {"papers.curation"},
    {"papers.harvest"},
    {"papers.exports", "papers.status"},
    {"papers.overview"},
    {"papers.converters", "papers.problems", "papers.proxies", "papers.tasks"},
    {"papers.admin_site", "papers.api", "papers.views"},
    {"papers.admin", "papers.feeds"},
    {"papers.urls", "papers.management", "papers.templatetags", "papers.apps"},
    {
        "accounts.models",
        "accounts.stages",
        "accounts.checks",
        "accounts.outgoing",
    },
    {
        "accounts.deletion",
        "accounts.interests",
        "accounts.guessing",
        "accounts.history",
        "accounts.news",
        "accounts.providers",
        "accounts.reader",
        "accounts.feed_links",
        "accounts.removal",
        "accounts.reports",
        "accounts.roles",
        "accounts.saved",
        "accounts.welcome",
        "accounts.shelf",
        "accounts.tokens",
    },
    {
        "accounts.demo",
        "accounts.exports",
        "accounts.feed",
        "accounts.imports",
        "accounts.middleware",
    },
    {"accounts.catch_up"},
    {"accounts.adapter"},
    {"accounts.forms", "accounts.tasks"},
    {"accounts.passkeys"},
    {"accounts.api", "accounts.feeds", "accounts.views", "accounts.admin_site", "accounts.admin"},
    {"accounts.apps", "accounts.provider_urls", "accounts.urls", "accounts.templatetags"},
    {"hotpapers"},
]
RANK = {module: rank for rank, layer in enumerate(LAYERS) for module in layer}
PURE = {
    "papers.identifiers",
    "papers.latex",
    "papers.markdown",
    "papers.digest_entry",
    "papers.digest_head",
    "papers.tweet_embed",
    "papers.digest_markdown",
    "papers.references",
    "papers.words",
    "papers.search.query",
    "papers.clock",
    "papers.sources",
}
SOCKETS = {
    "socket",
    "http",
    "urllib.request",
    "httpx",
    "requests",
    "websockets",
    "smtplib",
    "ftplib",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app in ("papers", "accounts", "hotpapers"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                yield name.removesuffix(".__init__"), ast.parse(path.read_text())


MODULES = list(modules())


def layer_of(name: str) -> str | None:
    """Return the entry of LAYERS a module belongs to."""
    parts = name.split(".")
    prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((prefix for prefix in prefixes if prefix in RANK), None)


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield every module a tree imports, function-level imports too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            # "from papers import ranking" imports papers.ranking.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_ours(name: str) -> bool:
    return name.partition(".")[0] in {"papers", "accounts", "hotpapers", "tests", "benchmarks"}


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_imports_point_down(name: str, tree: ast.Module) -> None:
    layer = layer_of(name)
    if name in {"papers", "accounts"}:
        assert not list(imports(tree))
        return
    assert layer, f"{name} stands in no layer: give it one here and in docs/architecture.md"
    for imported in filter(is_ours, imports(tree)):
        below = layer_of(imported)
        assert below, f"{name} imports {imported}"
        assert below == layer or RANK[below] < RANK[layer], f"{name} must not import {imported}"


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_no_import_hides_in_a_function(name: str, tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = [found for found in imports(node) if is_ours(found)]
            assert not hidden, f"{name}.{node.name} imports {hidden}"


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_pure_modules_know_no_django(name: str, tree: ast.Module) -> None:
    if layer_of(name) in PURE:
        assert not [found for found in imports(tree) if found.startswith("django")]


def test_one_module_opens_sockets() -> None:
    for name, tree in MODULES:
        if name.startswith("papers") and name != "papers.sources.http":
            for found in imports(tree):
                assert not any(found == s or found.startswith(s + ".") for s in SOCKETS), name


def test_other_peoples_text_is_never_marked_safe_in_python() -> None:
    for name, tree in MODULES:
        assert not [found for found in imports(tree) if found.endswith("mark_safe")], name


def test_size_ceilings() -> None:
    for name, tree in MODULES:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 40, f"{name}.{node.name} has {length} lines"
    for path in ROOT.glob("templates/**/*.html"):
        assert len(path.read_text().splitlines()) <= 90, path
    for app in ("papers", "accounts", "hotpapers"):
        for path in (ROOT / app).rglob("*.py"):
            ceiling = 500 if "models" in path.parts else 400
            assert len(path.read_text().splitlines()) <= ceiling, path
    for path in ROOT.glob("static/css/*.css"):
        assert len(path.read_text().splitlines()) <= 400, path


def test_templates_mark_safe_only_what_latex_or_notes_rendered() -> None:
    for path in ROOT.glob("templates/**/*.html"):
        for piece in path.read_text().split("|safe")[:-1]:
            assert piece.endswith(("title_html", "abstract_html", "note_html")), path
        assert "autoescape off" not in path.read_text(), path
        assert "style=" not in path.read_text(), path
