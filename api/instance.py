"""Opening an instance: from settings to a repository."""

from __future__ import annotations

import os
from collections.abc import Callable

from api.settings import Settings, WrongSetting
from graph.allow_list import AllowList, WrongEntry
from graph.data_directory import DataDirectory
from graph.federation import Federation
from graph.nursery import DiskNursery, ForkNursery, Nursery
from graph.repository import Report, Repository


class NotEmpty(Exception):
    """A plain dataset was asked for in a directory that holds an alliance's graph, or the other way round."""


class AddressTaken(Exception):
    """The address to listen on is in use, or may not be used."""


def open_repository(settings: Settings, report: Report = lambda *_: None) -> Repository:
    """Return the repository of the data directory that the settings name.

    Raises:
        DirectoryInUse, DamagedJournal, DamagedStore: see ``graph.repository``.
        NotEmpty: ``bare`` does not fit what the directory holds.
    """
    nurse = _nurse(settings)
    directory = DataDirectory(settings.data)
    repository = Repository(
        directory,
        nurse,
        base=settings.base.rstrip("/") + "/",
        plain=settings.bare,
        workers=settings.workers,
        long=settings.long_queries,
        waiting=settings.queries_waiting,
        report=report,
        federation=_federation(settings),
    )
    if repository.plain != settings.bare:
        repository.close()
        raise NotEmpty(str(settings.data))
    return repository


def _federation(settings: Settings) -> Federation:
    return Federation(
        allow_list(settings),
        base=f"{settings.base.rstrip('/')}/sparql",
        bytes_at_most=settings.remote_bytes,
        seconds=settings.remote_seconds,
    )


def allow_list(settings: Settings) -> AllowList:
    """Return the other servers that may be asked; raises WrongSetting for an entry that is none of the kinds."""
    try:
        return AllowList.of(settings.remote)
    except WrongEntry as fault:
        raise WrongSetting("remote", str(fault), "remote") from fault


def _nurse(settings: Settings) -> Callable[[], Nursery]:
    match settings.processes:
        case "fork":
            return ForkNursery
        case "disk":
            return DiskNursery
        case "auto":
            return ForkNursery if hasattr(os, "fork") else DiskNursery
    raise WrongSetting("processes", settings.processes, "auto, fork, disk")
