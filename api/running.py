"""The running server as commands on this machine reach it: by what it left in its data directory."""

from __future__ import annotations

import http.client
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from api.control import ControlFile

SECONDS = 3600.0
"""How long a command waits for an answer."""


@dataclass(frozen=True)
class Answer:
    """What the server answered: status, body, the address of what it made (empty: none), and the media type."""

    status: int
    body: bytes
    location: str = ""
    media_type: str = ""

    def json(self) -> Any:
        """Return the body as JSON says it."""
        return json.loads(self.body)


class ServerRefused(Exception):
    """The server could not do it; ``said`` is the problem as it says it."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        super().__init__(f"{said.get('title', '')}: {said.get('detail', '')}")
        self.said = said


@dataclass(frozen=True)
class RunningServer:
    """A server at work on this machine."""

    address: str
    secret: str = field(repr=False)
    language: str = "zh"

    @classmethod
    def of(cls, data: Path, language: str) -> RunningServer | None:
        """Return the server of a data directory, if it left its address."""
        left = ControlFile(data).read()
        return cls(*left, language) if left else None

    def ask(
        self, method: str, path: str, body: bytes = b"", media_type: str = "", *, accept: str = ""
    ) -> Answer:
        """Return the answer to a request.

        Raises:
            ServerRefused: the answer is a problem.
            OSError: nobody listens there.
        """
        at = urlsplit(self.address)
        connection = http.client.HTTPConnection(at.hostname or "127.0.0.1", at.port, timeout=SECONDS)
        headers = {"Authorization": f"Bearer {self.secret}", "Accept-Language": self.language}
        if media_type:
            headers["Content-Type"] = media_type
        if accept:
            headers["Accept"] = accept
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            kind = response.getheader("Content-Type", "").partition(";")[0]
            answer = Answer(response.status, response.read(), response.getheader("Location", ""), kind)
        finally:
            connection.close()
        if answer.status >= 400:
            raise ServerRefused(answer.json())
        return answer

    def ask_json(self, method: str, path: str, said: object = None) -> Any:
        """Return what the server answers as JSON; raises as ``ask``."""
        body = b"" if said is None else json.dumps(said, ensure_ascii=False).encode()
        answer = self.ask(method, path, body, "application/json" if body else "")
        return answer.json() if answer.body else None

    def send(self, path: str, files: Sequence[tuple[str, bytes]], fields: Mapping[str, str]) -> Any:
        """Return what the server answers to files and fields of a form; raises as ``ask``."""
        boundary = secrets.token_hex(16)
        kind = f"multipart/form-data; boundary={boundary}"
        return self.ask("POST", path, multipart(files, fields, boundary), kind).json()


def multipart(files: Sequence[tuple[str, bytes]], fields: Mapping[str, str], boundary: str) -> bytes:
    """Return a form as it is sent."""
    parts = [(f'name="{_quoted(name)}"', value.encode()) for name, value in fields.items()]
    parts += [(f'name="file"; filename="{_quoted(name)}"', data) for name, data in files]
    heads = (
        (f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode(), data)
        for head, data in parts
    )
    return b"".join(head + data + b"\r\n" for head, data in heads) + f"--{boundary}--\r\n".encode()


def _quoted(name: str) -> str:
    """Return a name as forms write it between quotes."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
