"""Refusals: a file that cannot be read, and why, in words of ``remarks.toml``."""

from __future__ import annotations

from graph.imports.remarks import Remark


class FileRefused(Exception):
    """A file is not read.

    Attributes:
        code: why, as a code of ``remarks.toml``.
        said: what fills the blanks of its texts.
        file: name of the file (empty while nobody has said it).
    """

    def __init__(self, code: str, *, file: str = "", **said: str | int) -> None:
        super().__init__(code)
        self.code, self.file, self.said = code, file, said

    def remark(self) -> Remark:
        """Return what there is to say to the one who sent the file."""
        return Remark(self.code, "error", file=self.file, said=self.said)
