"""Rows of SPARQL results in TSV, as terms: how answers of the program's own queries come from workers.

The engine writes this form many times faster than Python could, and nothing in it needs a library to be read.
"""

from __future__ import annotations

import re

from graph.bulk import term_of
from graph.quads import Term

# TSV writes these as they are inside a value; tabs and line ends it escapes, so that they only stand between values.
_CONTROL = {
    code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF) if chr(code) not in "\t\n\r"
} | {8: "\\b", 12: "\\f"}
_HAS_CONTROL = re.compile("[" + "".join(map(chr, _CONTROL)) + "]")
_BEGINS_TERM = frozenset('<"_')


def rows(data: bytes) -> list[dict[str, Term]]:
    """Return the solutions that TSV text holds; unbound variables are absent."""
    text = data.decode()
    if _HAS_CONTROL.search(text):
        text = text.translate(_CONTROL)
    header, *lines = text.split("\n")[:-1]
    if not header:  # no variables
        return [{} for _ in lines]
    names = [name[1:] for name in header.split("\t")]
    return [
        {
            name: field if field[0] in _BEGINS_TERM else term_of(field)
            for name, field in zip(names, line.split("\t"), strict=True)
            if field
        }
        for line in lines
    ]
