"""An installation of its own for a test: data directory, database, web server, worker; each can be killed."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS_TO_START = 60
ISOLATED = ("CHENGYUN_", "DJANGO_", "PYTEST_")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ServerEnded(AssertionError):
    """The web server ended by itself; the end of its log follows."""


@dataclass
class Installation:
    directory: Path
    database: str  # a blank for SQLite in the directory
    port: int = field(default_factory=free_port)
    web_options: tuple[str, ...] = ()
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(ISOLATED)}
        own = {"CHENGYUN_DATA": str(self.directory), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        return inherited | own | ({"CHENGYUN_DATABASE": self.database} if self.database else {})

    # --- one command at a time ------------------------------------------------------------------------------------

    def chengyun(self, *arguments: str, check: bool = True) -> str:
        """What a command says; fails with its own words."""
        return self._run([sys.executable, "-m", "chengyun", *arguments], check=check)

    def ask(self, question: str, *, module: str = "tests.e2e.questions", **arguments: Any) -> Any:
        """Call a function of tests/e2e/questions.py, or of another module, inside the installation."""
        command = [sys.executable, "-m", "tests.e2e.questions", f"{module}:{question}"]
        return json.loads(self._run(command, said=json.dumps(arguments), seconds=3600).splitlines()[-1])

    def _run(self, command: list[str], *, check: bool = True, said: str = "", seconds: int = 300) -> str:
        result = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment(),
            input=said,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
        assert not check or result.returncode == 0, f"{command[2:]} failed:\n{result.stdout}\n{result.stderr}"
        return result.stdout

    # --- processes ------------------------------------------------------------------------------------------------

    def start(self, name: str) -> None:
        arguments = ["serve", "--port", str(self.port), *self.web_options] if name == "web" else [name]
        with (self.directory / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "chengyun", *arguments],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_all(self) -> None:
        self.start("web")
        self.start("worker")
        self.wait_until_answering()

    def wait_until_answering(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"{self.address}/health", timeout=5).close()
                return
            if self.running["web"].poll() is not None:
                raise ServerEnded(self.log_end("web"))
            time.sleep(0.1)
        raise AssertionError(f"the web server does not answer: {self.log_end('web')}")

    def log_end(self, name: str) -> str:
        with contextlib.suppress(FileNotFoundError):
            return (self.directory / f"{name}.log").read_text(errors="replace")[-3000:]
        return ""

    def kill(self, name: str) -> None:
        """kill -9 of the process and of everything it has started, at once: a machine that loses power asks nobody."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.running[name].pid, signal.SIGKILL)
        self.running.pop(name).wait()

    def stop(self) -> None:
        for child in self.running.values():
            child.terminate()
        for child in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        self.running.clear()


@contextlib.contextmanager
def own_database(directory: Path, like: str = "") -> Iterator[str]:
    """The address of a database beside the one that the suite runs on, empty or `like` another that nobody uses at the
    moment; a blank for SQLite."""
    address = os.environ.get("CHENGYUN_DATABASE", "")
    if not address.startswith("postgres"):
        yield ""
        return
    import psycopg

    parts = urlsplit(address)
    name = re.sub(r"\W", "_", f"{parts.path.lstrip('/')}_{directory.name}_{os.getpid()}").lower()[:60]
    with psycopg.connect(address, autocommit=True) as connection:
        template = f' TEMPLATE "{urlsplit(like).path.lstrip("/")}"' if like else ""
        connection.execute(f'CREATE DATABASE "{name}"{template}')
    try:
        yield parts._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def installed(directory: Path, *web_options: str) -> Iterator[Installation]:
    """A prepared installation, empty and not yet running; everything is gone afterwards."""
    with own_database(directory) as database:
        installation = Installation(directory, database, web_options=web_options)
        try:
            installation.chengyun("setup", "--without-administrator")
            yield installation
        finally:
            installation.stop()


@contextlib.contextmanager
def copied(mould: Installation, directory: Path) -> Iterator[Installation]:
    """An installation that begins as `mould`, which does not run, is now."""
    shutil.copytree(mould.directory, directory, dirs_exist_ok=True)
    with own_database(directory, mould.database) as database:
        installation = Installation(directory, database)
        try:
            yield installation
        finally:
            installation.stop()
