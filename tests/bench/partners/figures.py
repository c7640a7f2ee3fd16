"""Statistics: percentiles, geometric means, ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share (0 to 1) of all values does not exceed; 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    # The tiny amount taken off keeps 0.95 * 20, which is a little more than 19 in binary, at the 19th value.
    position = int(max(0.0, share * len(ordered) - 1e-9))
    return ordered[min(position, len(ordered) - 1)]


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean; 0 for none."""
    return sum(values) / len(values) if values else 0.0


def geometric_mean(ratios: Mapping[str, float], weights: Mapping[str, float] | None = None) -> float:
    """Return the geometric mean of positive ratios by kind, each counting by its weight (all the same without)."""
    shares = {name: 1.0 if weights is None else weights[name] for name in ratios}
    total = sum(shares.values())
    return exp(sum(shares[name] * log(ratio) for name, ratio in ratios.items()) / total) if total else 0.0


def ratios(theirs: Mapping[str, float], ours: Mapping[str, float]) -> dict[str, float]:
    """Return how many times as long they take as we do, for the kinds that both have."""
    return {name: theirs[name] / ours[name] for name in ours if theirs.get(name) and ours[name]}
