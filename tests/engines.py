"""Every engine there is, for tests that all of them must pass."""

import os
from collections.abc import Callable

from graph.embedded import EmbeddedEngine
from graph.engine import Engine
from graph.local import LocalEngine
from graph.nursery import DiskNursery, ForkNursery, Nursery
from graph.oxigraph import OxigraphStore
from graph.reference import RdflibStore
from graph.settle import Knowledge
from samples import NAMES


def nursery() -> Nursery:
    """Return the source of workers that MEDALLIANCE_PROCESSES asks for, so that the suite can run on either."""
    return DiskNursery() if os.environ.get("MEDALLIANCE_PROCESSES") == "disk" else ForkNursery()


ENGINES: dict[str, Callable[[Knowledge], Engine]] = {
    "reference": lambda knowledge: LocalEngine(RdflibStore(), knowledge),
    "local": lambda knowledge: LocalEngine(OxigraphStore(), knowledge),
    "forked": lambda knowledge: EmbeddedEngine(ForkNursery, NAMES, lambda _: knowledge, workers=2),
    "disk": lambda knowledge: EmbeddedEngine(DiskNursery, NAMES, lambda _: knowledge, workers=2),
}
