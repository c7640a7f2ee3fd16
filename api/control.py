"""How commands on this machine reach the running server."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path


class ControlFile:
    """A file in the data directory that only its owner may read, with the address and a secret of the server.

    Whoever may read the data directory may write to it, so the file gives away nothing.
    """

    def __init__(self, directory: Path) -> None:
        self.file = directory / "control.json"

    def write(self, address: str) -> str:
        """Write the file for a server at an address and return the secret that it names."""
        secret = secrets.token_urlsafe(32)
        content = json.dumps({"address": address, "secret": secret, "process": os.getpid()})
        self.file.unlink(missing_ok=True)
        descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
        return secret

    def read(self) -> tuple[str, str] | None:
        """Return address and secret of the running server, if it left them."""
        try:
            content = json.loads(self.file.read_text(encoding="utf-8"))
            return str(content["address"]), str(content["secret"])
        except (OSError, ValueError, KeyError):
            return None

    def remove(self) -> None:
        """Remove the file when the server stops."""
        self.file.unlink(missing_ok=True)
