"""Checking a file without an instance."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from api.instance import open_repository
from api.settings import Settings
from graph.findings import Finding
from graph.repository import SourceFile


def findings_of(file: SourceFile, settings: Settings) -> tuple[Finding, ...]:
    """Return what the checks find in a file, with the packaged ontology, vocabularies and areas in view."""
    with tempfile.TemporaryDirectory() as folder:
        repository = open_repository(replace(settings, data=Path(folder), bare=False))
        try:
            return repository.findings([file])
        finally:
            repository.close()
