"""compose.yaml and the Dockerfile, read as Docker reads them."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(:[?-][^}]*)?\})")


def compose(variables: Mapping[str, str]) -> dict[str, Any]:
    """Return compose.yaml with its variables put in; KeyError for one it requires."""

    def value(match: re.Match[str]) -> str:
        name, otherwise = match.groups()
        if not name:
            return "$"
        is_required = (otherwise or "").startswith(":?")
        return variables[name] if is_required else variables.get(name, (otherwise or "")[2:])

    return yaml.safe_load(VARIABLE.sub(value, (ROOT / "compose.yaml").read_text()))


def of_the_site(composed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the services that run the image of the Dockerfile."""
    return {name: s for name, s in composed["services"].items() if s["image"] == "hotpapers"}


def dockerfile() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile, each with its arguments on one line."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    pairs = (line.split(maxsplit=1) for line in lines if line.strip())
    return [(instruction, " ".join(rest.split())) for instruction, rest in pairs]


def of_the_image(instruction: str) -> str:
    """Return the arguments of the last `instruction`, the one that holds for what is run."""
    return [arguments for found, arguments in dockerfile() if found == instruction][-1]


def words(arguments: str) -> list[str]:
    """Return the words of an instruction in the exec form."""
    found = json.loads(arguments)
    assert isinstance(found, list)
    return found


def environment_of_the_image() -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in of_the_image("ENV").split())
