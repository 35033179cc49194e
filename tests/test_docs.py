"""What README, docs/ and .env.example name is there, and what there is they name."""

import re

from django.core.management import get_commands

from papers import upstreams
from papers.models import Network
from tests.compose import ROOT

READ = re.compile(r'\benv(?:\.\w+)?\(\s*"(\w+)"')
SETTINGS = set(READ.findall((ROOT / "hotpapers/settings.py").read_text()))
DOCS = {path.name: path.read_text() for path in [ROOT / "README.md", *ROOT.glob("docs/*.md")]}


def test_it_works() -> None:
    example = (ROOT / ".env.example").read_text()
    in_the_table = {
        name
        for line in DOCS["README.md"].splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([A-Z_…]+)`", line)
    }
    families = [name.split("…") for name in in_the_table if "…" in name]
    for name in SETTINGS:
        assert f"# {name}=" in example, f"{name} is not in .env.example"
        known = any(name.startswith(begin) and name.endswith(end) for begin, end in families)
        assert known or name in in_the_table, f"{name} is not in the README"


def test_every_command_is_one_of_ours() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for name, text in DOCS.items():
        for command in re.findall(r"(?:manage\.py|run --rm manage) (\w+)", text):
            assert command in get_commands(), f"{name}: manage.py {command}"
        for target in re.findall(r"(?:^    |`)make ([\w-]+)", text, re.MULTILINE):
            assert f"\n{target}:" in makefile, f"{name}: make {target}"


def test_every_network_has_its_endpoint_limits_cost_and_terms() -> None:
    section = DOCS["sources.md"].partition("## Networks")[2].partition("\n## ")[0]
    for network in upstreams.NETWORKS:
        rows = [
            line
            for line in section.splitlines()
            if line.startswith(f"| {Network(network).label} |")
        ]
        assert len(rows) == 3, network


def test_links_lead_somewhere() -> None:
    for name, text in DOCS.items():
        folder = ROOT if name == "README.md" else ROOT / "docs"
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (folder / target).exists(), f"{name}: {target}"
