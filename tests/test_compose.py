"""compose.yaml, Dockerfile and deploy/: what they name is there. test_services.py runs the same."""

import configparser
import re
from typing import Any

import pytest
from django.core.management import CommandError, get_commands, load_command_class

from hotpapers import processes
from tests.compose import (
    ROOT,
    compose,
    dockerfile,
    environment_of_the_image,
    of_the_image,
    of_the_site,
    words,
)
from tests.test_docs import SETTINGS

VARIABLES = {
    "SITE_URL": "https://papers.example",
    "SECRET_KEY": "k" * 50,
    "POSTGRES_PASSWORD": "secret",
}
COMPOSE = compose(VARIABLES)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SITE = of_the_site(COMPOSE)
# What is read by Python itself, or by the shell that looks for a program.
PYTHON = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}


def can_be_run(command: list[str]) -> bool:
    """Whether manage.py knows the command, and the command its arguments."""
    name, *arguments = command
    if name not in get_commands():
        return name == "help"
    loaded = load_command_class(get_commands()[name], name)
    try:
        loaded.create_parser("manage.py", name).parse_args(arguments)
    except CommandError:
        return False
    return True


def test_it_works() -> None:
    ours = {name: service["command"] for name, service in SITE.items()}
    assert all(map(can_be_run, ours.values())), ours
    assert {tuple(command) for command in ours.values()} >= {
        ("up", process) for process in processes.COMMANDS
    }
    assert not can_be_run(["up", "clock"])


@pytest.mark.parametrize("name", VARIABLES)
def test_it_does_not_start_without_its_secrets(name: str) -> None:
    with pytest.raises(KeyError):
        compose({key: value for key, value in VARIABLES.items() if key != name})


def test_every_variable_is_one_that_settings_read() -> None:
    for name, service in SITE.items():
        assert set(service["environment"]) <= SETTINGS, name
    assert set(environment_of_the_image()) <= SETTINGS | PYTHON


def test_the_database_is_migrated_before_anything_reads_it() -> None:
    for name in ("web", "worker", "schedule", "manage"):
        needed = SITE[name]["depends_on"]
        assert needed["migrate"]["condition"] == "service_completed_successfully", name
    assert SITE["migrate"]["restart"] == "no"
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                disabled = SERVICES[other].get("healthcheck", {}).get("disable")
                assert not disabled, f"{name} waits for {other}, whose health nobody asks"


def test_every_process_is_asked_for_its_health_but_the_schedule() -> None:
    unasked = {n for n, s in SERVICES.items() if s.get("healthcheck", {}).get("disable")}
    assert unasked == {"schedule", "migrate", "manage"}
    by_image = {name for name, service in SERVICES.items() if "healthcheck" not in service}
    assert by_image == {"web"}
    assert words(of_the_image("HEALTHCHECK").rpartition(" CMD ")[2]) == [
        "python",
        "deploy/healthcheck.py",
    ]
    assert (ROOT / "deploy/healthcheck.py").is_file()


def test_the_queue_outlives_a_restart_and_the_cache_may_be_lost() -> None:
    def options(name: str) -> dict[str, str]:
        command = SERVICES[name]["command"][1:]
        return dict(zip(command[::2], command[1::2], strict=True))

    assert options("queue")["--appendonly"] == "yes"
    assert options("queue")["--maxmemory-policy"] == "noeviction"
    assert SERVICES["queue"]["volumes"] == ["queue:/data"]
    assert options("cache")["--maxmemory-policy"] == "allkeys-lru"
    environment = SITE["web"]["environment"]
    assert "@db:" in environment["DATABASE_URL"]
    assert "//queue:" in environment["REDIS_URL"]
    assert "//cache:" in environment["CACHE_URL"]


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert COMPOSE["networks"]["data"] == {"internal": True}
    for name in ("db", "queue", "cache"):
        assert SERVICES[name]["networks"] == ["data"], name
    assert "data" not in SERVICES["proxy"]["networks"]


def test_what_runs_our_code_can_write_nothing_but_its_folder() -> None:
    writable = environment_of_the_image()["VAR_DIR"]
    for name, service in SITE.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert writable in service["tmpfs"], name
    assert of_the_image("USER") not in {"root", "0"}
    instructions = [found for found, _ in dockerfile()]
    assert not {"RUN", "COPY", "ADD"} & set(instructions[instructions.index("USER") :])


def test_the_image_holds_what_the_lock_says_and_no_more_than_is_named() -> None:
    installs = [arguments for found, arguments in dockerfile() if "pip install" in arguments]
    assert installs
    assert all("--require-hashes -r requirements.txt" in arguments for arguments in installs)
    assert can_be_run(words(of_the_image("CMD")))
    assert words(of_the_image("ENTRYPOINT")) == ["python", "manage.py"]
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {line[1:] for line in rules if line.startswith("!")}
    assert all((ROOT / name).exists() for name in let_in)
    assert {"manage.py", "requirements.txt", "deploy/healthcheck.py"} <= let_in
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - let_in == {"tests", "benchmarks"}


def test_images_of_others_are_of_a_known_release() -> None:
    for name, service in SERVICES.items():
        if service["image"] != "hotpapers":
            assert re.search(r":\d", service["image"]), name
    bases = [arguments for found, arguments in dockerfile() if found == "FROM"]
    assert all(re.match(r"python:3\.\d+-slim-\w+", base) for base in bases)


def test_the_unit_starts_what_up_knows() -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(ROOT / "deploy/hotpapers@.service")
    _, script, *command = unit["Service"]["ExecStart"].split()
    assert (script, command) == ("manage.py", ["up", "%i"])
    for process in processes.COMMANDS:
        assert can_be_run([process if word == "%i" else word for word in command])
    assert unit["Service"]["User"] != "root"
