"""The services of compose.yaml on PostgreSQL and Redis, started by hand behind the real proxy.

Commands and settings are those of compose.yaml; hosts, ports and folders are this machine's.
"""

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.compose import ROOT, compose, of_the_site
from tests.hotpapers.test_up import NOBODY
from tests.services import database, execute, free_port, redis_of_sites

pytestmark = [pytest.mark.services, pytest.mark.redis, pytest.mark.long]
HOST = "papers.localhost"  # no loopback site: as strict as any other
PATIENCE = 90.0  # seconds for anything to happen, on a machine that may be busy


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Machine:
    """One machine with the services of compose.yaml; each is started and stopped by its name."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.database_url = database_url
        self.web_port, self.proxy_port = free_port(), free_port()
        self.url = f"https://{HOST}:{self.proxy_port}"
        # Each request has a connection of its own, as those of many readers have.
        alone = httpx.Limits(max_keepalive_connections=0)
        self.direct = httpx.Client(limits=alone, timeout=PATIENCE)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        variables = {"SITE_URL": self.url, "SECRET_KEY": "k3" * 30, "POSTGRES_PASSWORD": "none"}
        self.services = of_the_site(compose(variables))

    def environment(self, name: str) -> dict[str, str]:
        here = {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": redis_of_sites(),
            "CACHE_URL": redis_of_sites(),
            "BIND": "127.0.0.1",
            "PORT": str(self.web_port),
            "VAR_DIR": str(self.folder),
            "STATIC_ROOT": str(self.folder / "static"),
            "TICK": "1",
            "HOSTNAME": socket.gethostname(),
        }
        return {**os.environ, **NOBODY, **self.services[name]["environment"], **here}

    def start(self, service: str, name: str = "", **changed: str) -> subprocess.Popen[bytes]:
        """Start a service; under another `name`, one more of it, with settings `changed`."""
        command = [sys.executable, "manage.py", *self.services[service]["command"]]
        return self._start(name or service, command, self.environment(service) | changed)

    def start_proxy(self) -> None:
        text = (ROOT / "deploy/Caddyfile").read_text()
        here = f"{{\n\tadmin off\n\tskip_install_trust\n\thttp_port {free_port()}\n"
        text = text.replace("{\n", here, 1).replace("web 8000", f"127.0.0.1 {self.web_port}")
        (self.folder / "Caddyfile").write_text(text)
        caddy = [str(Path(sys.executable).parent / "caddy"), "run", "--adapter", "caddyfile"]
        folders = {"XDG_DATA_HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder)}
        self._start(
            "proxy",
            [*caddy, "--config", str(self.folder / "Caddyfile")],
            {**os.environ, **folders, "SITE_URL": self.url},
        )

    def _start(
        self, name: str, command: list[str], environment: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            started = subprocess.Popen(
                command, cwd=ROOT, env=environment, stderr=log, stdout=log, start_new_session=True
            )
        self.running[name] = started
        return started

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def says(self, name: str, text: str) -> bool:
        return text in self.log(name)

    def stop(self, name: str) -> None:
        """End it as Docker does, and see that it ends well and leaves nothing behind."""
        process = self.running.pop(name)
        process.terminate()
        assert process.wait(PATIENCE) == 0, self.log(name)
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)

    def is_healthy(self, name: str) -> bool:
        """Run its health check: its own of compose.yaml, else the image's."""
        command = [sys.executable, "deploy/healthcheck.py"]
        if check := self.services[name].get("healthcheck"):
            program, _, arguments = check["test"][1].partition(" ")
            command = ["sh", "-c", f"{sys.executable} -m {program} {arguments}"]
        done = subprocess.run(command, cwd=ROOT, env=self.environment(name), capture_output=True)
        return done.returncode == 0

    def client(self) -> httpx.Client:
        """A reader's browser: it believes the proxy's certificate, and asks the proxy alone."""
        authority = self.folder / "caddy/pki/authorities/local/root.crt"
        wait_for(authority.exists)
        address = httpx.HTTPTransport(verify=ssl.create_default_context(cafile=str(authority)))
        return httpx.Client(transport=address, headers={"Host": HOST}, timeout=PATIENCE)

    def get(self, client: httpx.Client, path: str, **headers: str) -> httpx.Response:
        return self.ask(client, "GET", path, headers)

    def ask(
        self,
        client: httpx.Client,
        method: str,
        path: str,
        headers: Mapping[str, str],
        data: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        return client.request(
            method,
            f"https://127.0.0.1:{self.proxy_port}{path}",
            headers={**headers, "Host": f"{HOST}:{self.proxy_port}"},
            data=data,
            extensions={"sni_hostname": HOST},
        )

    def web(self, path: str, proto: str = "http", port: int = 0) -> httpx.Response:
        """Ask a web server without the proxy, as one that says how it was asked itself."""
        headers = {"Host": f"{HOST}:{self.proxy_port}", "X-Forwarded-Proto": proto}
        return self.direct.get(f"http://127.0.0.1:{port or self.web_port}{path}", headers=headers)

    def holds(self, statement: str) -> int:
        return int(execute(self.database_url, statement)[0][0])


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("machine")
    with database(folder) as url:
        machine = Machine(folder, url)
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"],
            cwd=ROOT,
            env=machine.environment("web"),
            check=True,
        )
        try:
            yield machine
        finally:
            for process in machine.running.values():
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def reader(machine: Machine) -> Iterator[httpx.Client]:
    machine.start_proxy()
    with machine.client() as client:
        yield client


def test_it_works(machine: Machine, reader: httpx.Client) -> None:
    """Processes that come too early wait; of three migrations at once one is made."""
    for name in ("web", "worker", "schedule"):
        machine.start(name)
    for name in ("web", "worker", "schedule"):
        wait_for(partial(machine.says, name, "waiting for the database"))
    assert not machine.is_healthy("web")
    migrations = [machine.start("migrate") for _ in range(3)]
    assert [migration.wait(PATIENCE) for migration in migrations] == [0, 0, 0], machine.log(
        "migrate"
    )
    del machine.running["migrate"]
    again = "SELECT count(*) - count(DISTINCT (app, name)) FROM django_migrations"
    assert machine.holds(again) == 0

    wait_for(lambda: machine.is_healthy("web"))
    page = machine.get(reader, "/")
    assert page.status_code == 200
    assert f"http://{HOST}" not in page.text
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    stylesheet = next(p for p in page.text.split('"') if p.startswith("/static/css/base."))
    assert "immutable" in machine.get(reader, stylesheet).headers["Cache-Control"]


def test_the_worker_does_what_the_schedule_rings_for(
    machine: Machine, reader: httpx.Client
) -> None:
    attempted = "SELECT count(*) FROM papers_ingestrun WHERE attempts > 0"
    wait_for(lambda: machine.holds(attempted) > 0)
    assert machine.is_healthy("worker")
    ready = machine.get(reader, "/readyz")
    assert ready.json()["database"]
    assert ready.json()["broker"]


def test_https_is_what_the_proxy_says_and_nobody_else(
    machine: Machine, reader: httpx.Client
) -> None:
    lie = {"X-Forwarded-Proto": "http"}
    assert machine.get(reader, "/", **lie).status_code == 200
    chosen = machine.ask(reader, "POST", "/appearance/", lie, {"theme": "dark"})
    assert "Secure" in chosen.headers["Set-Cookie"]
    moved = machine.web("/")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"{machine.url}/")
    port = free_port()
    machine.start("web", "distrustful", PORT=str(port), TRUSTED_PROXIES="192.0.2.1")
    wait_for(lambda: answers(port))
    assert machine.web("/", "https", port).status_code == 301
    machine.stop("distrustful")


@contextmanager
def readers_at_work(get: Callable[[], httpx.Response]) -> Iterator[list[int | str]]:
    """Ask all the time, from four threads; yield the statuses so far, and errors in words."""
    statuses: list[int | str] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            try:
                statuses.append(get().status_code)
            except httpx.HTTPError as error:
                statuses.append(repr(error))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def children(process: subprocess.Popen[bytes]) -> set[str]:
    return set(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split())


def test_a_reload_fails_no_request(machine: Machine) -> None:
    """As systemd reloads: new processes of the web server take over from the old ones."""
    web = machine.running["web"]
    before = children(web)
    with readers_at_work(lambda: machine.web("/", "https")) as statuses:
        wait_for(lambda: len(statuses) > 20)
        web.send_signal(signal.SIGHUP)
        wait_for(lambda: children(web) and not before & children(web))
        served = len(statuses)
        wait_for(lambda: len(statuses) > served + 20)
    assert set(statuses) == {200}


def test_another_web_server_in_its_place_fails_no_request(
    machine: Machine, reader: httpx.Client
) -> None:
    """As Compose replaces a container: readers wait at the proxy for the one that comes."""
    with readers_at_work(lambda: machine.get(reader, "/")) as statuses:
        wait_for(lambda: len(statuses) > 20)
        machine.stop("web")
        machine.start("web")
        wait_for(lambda: machine.is_healthy("web"))
        served = len(statuses)
        wait_for(lambda: len(statuses) > served + 20)
    assert set(statuses) == {200}


def test_sigterm_ends_every_process(machine: Machine) -> None:
    for name in list(machine.running):
        machine.stop(name)
