"""The program as it is used: real servers, in processes of their own on free ports of 127.0.0.1, and its commands."""

import http.client
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Reply:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass
class Server:
    """A running server: its address, data directory and process."""

    address: str
    data: Path
    process: subprocess.Popen[str] = field(repr=False)

    def ask(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float = 60,
    ) -> Reply:
        """Send one request as it stands; nothing is followed or decoded."""
        at = urlsplit(self.address)
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=timeout)
        try:
            connection.request(method, target, body, dict(headers or {}))
            response = connection.getresponse()
            content = response.read()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, content)
        finally:
            connection.close()

    def get(self, target: str, accept: str = "*/*", **headers: str) -> Reply:
        """Send a GET."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("GET", target, {"Accept": accept, **named})

    def stop(self) -> int:
        """Ask it to end, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def command(
    *arguments: str,
    data: Path,
    env: Mapping[str, str] | None = None,
    timeout: float = 120,
    data_option: bool = True,
    alone: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a command of the program and return what it said.

    It runs in this process, which is twice as quick, unless it is to be ``alone``: in a process of its own.
    """
    given = [*arguments, *(("--data", str(data)) if data_option else ())]
    around = {"PYTHONPATH": str(ROOT), "MEDALLIANCE_LANG": "en"} | dict(env or {})
    if not alone:
        return _said_here(given, around)
    return subprocess.run(
        [sys.executable, "-m", "api", *given],
        cwd=ROOT,
        env=os.environ | around,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )


def _said_here(arguments: list[str], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    from api.cli import main

    out, told = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    code = 0
    with (
        chdir(ROOT),
        patch.dict(os.environ, env),
        patch.object(sys, "argv", ["medalliance", *arguments]),
        redirect_stdout(out),
        redirect_stderr(told),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
    said = (_text_of(stream) for stream in (out, told))
    return subprocess.CompletedProcess(arguments, code, *said)


def _text_of(stream: io.TextIOWrapper) -> str:
    stream.seek(0)  # what is still on the way is written first
    return stream.read().replace("\r\n", "\n")


@contextmanager
def served(data: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Serve a data directory until the block ends; without budgets, for all tests have one address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "serve", "--data", str(data), "--port", "0", *arguments],
        cwd=ROOT,
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "MEDALLIANCE_LANG": "en"}
        | {"MEDALLIANCE_BUDGET_SECONDS": "0", "MEDALLIANCE_BUDGET_ERRORS": "0"}
        | dict(env or {}),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Ready: "), line
        yield Server(line.split()[1], data, process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
