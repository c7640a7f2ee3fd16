"""Names of files as they may be shown and kept: a sender may call a file anything."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
"""Characters of a name that are kept."""
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Kinds of characters that nobody sees, or that make others read in another order."""
_FORBIDDEN = re.compile(r'[<>:"|?*]')
"""What Windows does not take."""
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)")
"""What Windows takes for a device, whatever its ending."""
_NAMELESS = "file"


def shown_name(name: str) -> str:
    """Return the last part of a path as a name that is harmless on every system and reads as it is written."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(character for character in last if unicodedata.category(character) not in _HIDDEN)
    plain = _FORBIDDEN.sub("_", " ".join(seen.split())).strip(". ") or _NAMELESS
    return _shortened(f"_{plain}" if _DEVICE.match(plain) else plain)


def _shortened(name: str) -> str:
    """Return a name of bearable length, its ending kept."""
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:LONGEST]
    return f"{stem[: LONGEST - len(ending) - 2]}….{ending}"


def stem(name: str) -> str:
    """Return a name without its ending."""
    return name.rpartition(".")[0] or name
