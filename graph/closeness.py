"""How far two texts are apart, in single mistakes: a wrong, missing, extra or swapped character."""

from __future__ import annotations

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA


def mistakes(one: str, other: str, most: int) -> int:
    """Return the number of mistakes between two texts, or ``most + 1`` when there are more than ``most``."""
    return OSA.distance(one, other, score_cutoff=most)


def mistakes_within(part: str, whole: str, most: int) -> int:
    """Return the number of mistakes between a text and the closest piece of another, or ``most + 1``."""
    best = most + 1
    for length in sorted(
        range(max(1, len(part) - most), len(part) + most + 1), key=lambda n: abs(n - len(part))
    ):
        for start in range(max(1, len(whole) - length + 1)):
            best = min(best, OSA.distance(part, whole[start : start + length], score_cutoff=best))
            if not best:
                return best
    return best


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 100; order and length count."""
    return fuzz.ratio(one, other)
