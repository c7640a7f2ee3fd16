"""Imports of an instance: staged, looked at, decided, committed as one change, and taken back.

The work of an import (reading, understanding, matching, planning) is done in a thread of its own, one import after
another; who asks waits a moment for it and is told how far it is otherwise. When the graph has moved on, the draft is
made anew, and a commit names the plan that its reader has seen.
"""

from __future__ import annotations

import io
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from graph.catalogue import entries
from graph.current import Current
from graph.imports.collect_id import CollectId
from graph.imports.collections import Collections
from graph.imports.corrected import corrected_copy
from graph.imports.draft import Draft, Drafting, drafted, with_findings
from graph.imports.faults import Conflict, ImportRefused, NotReady, NotStaged
from graph.imports.file_name import stem
from graph.imports.files import ReadFiles, Report, read_files
from graph.imports.known_names import KnownNames
from graph.imports.options import Options
from graph.imports.report import About, head, iris_of, lasting, obstacles, part, remark_json, report
from graph.imports.sources import Surroundings, alliances
from graph.imports.staging import Remembered, Staged, Staging
from graph.journal import Change
from graph.quads import Term, iri, is_iri, literal_parts, text_of
from graph.repository import ChecksFailed, Recorded, Repository, VersionMoved
from graph.settle import Refused
from ontology.library import query

Json = dict[str, Any]

MOST_CELLS = 3_000_000
"""Cells of the files that are held in memory together, for imports that were looked at lately."""
ATTEMPTS = 5
"""How often a commit is planned anew because other changes came first."""
_CORRECTED = {"zh": "标出问题", "en": "problems marked"}
MOST_THINGS = 20
"""Things that are named of another's change."""


class Download(NamedTuple):
    """A file to be sent: its name and bytes."""

    name: str
    data: bytes


@dataclass
class _Work:
    """The work on one import: under way, or done for one revision and one version of the graph."""

    revision: int
    future: Future[Draft]
    progress: tuple[str, int, int] = ("read", 0, 0)


@dataclass(frozen=True)
class _Setting:
    """What the importer is told about its instance beside the graph."""

    area: str
    today: Callable[[], date]


def _untold(_what: str, _done: int, _of: int) -> None:
    """Tell nobody about progress."""


class Importer:
    """The imports of one instance. All methods may be called from any thread; they wait for their answer."""

    def __init__(
        self,
        repository: Repository,
        staging: Staging,
        known: Current[KnownNames],
        collections: Collections | None = None,
        *,
        area: str = "",
        today: Callable[[], date] = date.today,
    ) -> None:
        """Remember what imports work with.

        Args:
            repository: the graph.
            staging: where imports wait; closed with the importer.
            known: the names that the graph holds, by version.
            collections: which workbooks were sent out (``None``: none).
            area: code of the division where the instance is.
            today: tells the day.
        """
        self._repository, self._staging, self._known = repository, staging, known
        self._collections = collections
        self._setting = _Setting(area, today)
        self._lock = threading.RLock()
        self._committing = threading.Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="import")
        self._works: dict[str, _Work] = {}
        self._read: OrderedDict[str, ReadFiles] = OrderedDict()
        self._seen: dict[tuple[str, str], int] = {}

    def close(self) -> None:
        """Give up what is under way and close the staging."""
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._staging.close()

    # --- Coming in ----------------------------------------------------------------------------------------

    def stage(
        self,
        files: Sequence[tuple[str, bytes]],
        options: Options | None = None,
        *,
        who: str,
        patience: float = 2.0,
        tell: Report = _untold,
    ) -> Json:
        """Keep files as a new import and return its report, or how far it is when that takes longer.

        Args:
            files: names and bytes.
            options: what is said of them already.
            who: who brings them.
            patience: seconds to wait for the report.
            tell: told about progress.

        Raises:
            ImportRefused: nothing in the files can be read; nothing is kept.
            Refused: the instance takes no real data.
            StagingFull: too much waits already.
        """
        self._check_instance()
        version = self._repository.engine.version
        staged = self._staging.add(files, options or Options(), by=who, base=version)
        try:
            return self._report(staged, patience, tell)
        except ImportRefused:
            self._staging.forget(staged.id)
            raise

    def dry_run(
        self, files: Sequence[tuple[str, bytes]], options: Options | None = None, *, tell: Report = _untold
    ) -> Json:
        """Return the report that files would get, and keep nothing.

        Raises:
            ImportRefused, Refused: as ``stage``.
        """
        self._check_instance()
        chosen = options or Options()
        draft = self._drafted(self._read_or_refused(files, tell), chosen, b"dry run", tell)
        return report(draft, self._labelled(About("", "staged", "", "", chosen), draft))

    # --- Looking ------------------------------------------------------------------------------------------

    def listed(self) -> list[Json]:
        """Return all imports, the newest first, without what is in them."""
        return [
            {**head(_about(staged)), "source": {"title": staged.title}} for staged in self._staging.listed()
        ]

    def report(self, name: str, *, patience: float = 2.0) -> Json:
        """Return the report of an import; raises NotStaged."""
        staged = self._staging.get(name)
        if staged.state == "staged":
            return self._report(staged, patience)
        kept = self._staging.last_report(name)
        return {**kept, **head(_about(staged)), "can_commit": False, "why_not": []}

    def part(self, name: str, which: str, offset: int, limit: int, show: str = "") -> Json:
        """Return a stretch of one of the lists of a report; see ``graph.imports.report.part``.

        Raises:
            NotStaged: there is no such import, or it does not wait any more.
            KeyError: there is no such list.
        """
        staged = self._waiting(name)
        draft = self._work(staged).future.result()
        return part(draft, self._labelled(_about(staged), draft), which, offset, limit, show)

    def draft(self, name: str) -> Draft:
        """Return the draft of a waiting import; raises NotStaged."""
        return self._work(self._waiting(name)).future.result()

    def corrected(self, name: str, language: str) -> Download:
        """Return the files of a waiting import with every problem marked in its cell; several come as a zip.

        Raises:
            NotStaged: there is no such import, or its files are gone.
        """
        draft, day = self.draft(name), self._setting.today()
        copies = [
            (
                f"{stem(file.name)} ({_CORRECTED[language]}).xlsx",
                corrected_copy(
                    file.grids,
                    [remark for remark in draft.remarks if remark.file == file.name],
                    language,
                    day,
                    [one.table for one in draft.tables if one.table.file == file.name],
                ),
            )
            for file in draft.files
        ]
        return (
            Download(*copies[0])
            if len(copies) == 1
            else Download(f"{_CORRECTED[language]}.zip", _zip(copies))
        )

    def alliances(self) -> list[Json]:
        """Return the alliances that the members of a list may be in."""
        return [
            {
                "iri": one.iri,
                "labels": dict(one.labels),
                "area": one.area,
                "illustrative": one.is_illustrative,
            }
            for one in alliances(self._repository.engine)
        ]

    # --- Deciding -----------------------------------------------------------------------------------------

    def decide(self, name: str, said: Mapping[str, Any], *, patience: float = 2.0) -> Json:
        """Take in what the reader says of an import, and return its report.

        Raises:
            NotStaged: there is no such import, or it does not wait any more.
            WrongOption: what was said has no meaning.
        """
        with self._lock:
            staged = self._waiting(name)
            staged = self._staging.revise(name, staged.options.revised(said))
        return self._report(staged, patience)

    def discard(self, name: str) -> None:
        """Give an import up; its files are deleted. One that was finished stays as it is."""
        with self._committing:
            if self._staging.get(name).state == "staged":
                self._staging.finish(name, "discarded", {})
                self._forget_work(name)
                if self._collections:
                    self._collections.forget_import(name)

    # --- Committing ---------------------------------------------------------------------------------------

    def commit(self, name: str, *, digest: str, why: str, who: str) -> Json:
        """Write an import into the graph as one change, and return what became of it; twice gives the first answer.

        Args:
            name: the import.
            digest: of the plan that was seen.
            why: why it is made (empty: as said before).
            who: who commits.

        Raises:
            NotStaged: there is no such import.
            NotReady: something stands in its way.
            Conflict: the plan is no longer the one that was seen.
            ChecksFailed: the change brings violations.
        """
        with self._committing:
            staged = self._staging.get(name)
            if staged.state in ("committed", "undone"):
                return dict(self._staging.last_report(name)["recorded"])
            if staged.state != "staged":
                raise NotReady(self.report(name))
            recorded, draft = self._written(staged, digest, why or staged.options.why, who)
            self._remember(draft)
            return self._finished(staged, draft, recorded)

    def undo(self, change: int, *, why: str, who: str) -> Json:
        """Take a change back by a new one, and return what became of it.

        Raises:
            NothingToUndo, LaterChanges, Refused: see ``Repository.undo``.
        """
        recorded = self._repository.undo(change, who=who, why=why)
        if recorded.change:
            self._note_undone(change, recorded.change.number)
        return recorded_json(recorded)

    def _note_undone(self, change: int, by: int) -> None:
        (undone,) = self._repository.journal.changes(since=change - 1, limit=1)
        if undone.header.undoes:
            self._staging.redone(undone.header.undoes)
        else:
            self._staging.undone(change, by=by)

    def run(
        self,
        files: Sequence[tuple[str, bytes]],
        options: Options,
        *,
        who: str,
        tell: Report = _untold,
    ) -> Json:
        """Import files at once, without keeping them meanwhile, and return the report with what became of them.

        Raises:
            ImportRefused, Refused, NotReady: as ``stage`` and ``commit``.
        """
        self._check_instance()
        read = self._read_or_refused(files, tell)
        about = About("", "staged", "", who, options)
        for _ in range(ATTEMPTS):
            # The change itself asks the checks; asking them before would take as long again.
            draft = self._drafted(read, options, b"", tell, checked=options.leave_out_errors)
            if next(obstacles(draft, about), None):
                draft = self._drafted(read, options, b"", tell)
                raise NotReady(report(draft, self._labelled(about, draft)))
            tell("settle", 0, 0)
            try:
                recorded = self._propose(draft, why=options.why, who=who)
            except VersionMoved:
                continue
            except ChecksFailed as failed:
                draft = with_findings(draft, failed.findings)
                raise NotReady(report(draft, self._labelled(about, draft))) from failed
            self._remember(draft)
            return self._written_report(draft, about, recorded)
        raise Conflict(draft.plan.digest, draft.version, self._changes_since(draft.version))

    def _written_report(self, draft: Draft, about: About, recorded: Recorded) -> Json:
        """Return the report of an import that was written at once."""
        if not about.options.leave_out_errors:
            draft = with_findings(draft, recorded.findings)
        said = report(draft, self._labelled(about, draft))
        return {**said, "state": "committed", "recorded": recorded_json(recorded)} | _number(recorded)

    # --- The work -----------------------------------------------------------------------------------------

    def _check_instance(self) -> None:
        """Raise Refused where real data may not come."""
        if self._repository.plain:
            raise Refused("plain-dataset")
        refuse_among_invented(self._repository)

    def _waiting(self, name: str) -> Staged:
        staged = self._staging.get(name)
        if staged.state != "staged":
            raise NotStaged(name)
        return staged

    def _report(self, staged: Staged, patience: float, tell: Report = _untold) -> Json:
        work = self._work(staged, tell)
        try:
            draft = work.future.result(timeout=patience)
        except TimeoutError:
            return _unfinished(staged, work)
        except ImportRefused as refused:
            said = {**head(_about(staged)), "state": "refused", "remarks": _refusals(refused)}
            self._staging.finish(staged.id, "refused", said)
            self._forget_work(staged.id)
            raise
        self._seen[staged.id, draft.plan.digest] = draft.version
        said = report(draft, self._labelled(_about(staged), draft))
        if said["source"]["title"] not in ("", staged.title):
            self._staging.entitle(staged.id, said["source"]["title"])
        return said

    def _work(self, staged: Staged, tell: Report = _untold) -> _Work:
        """Return the work on an import as it is said now, over the graph as it is now; it is begun if need be."""
        with self._lock:
            work = self._works.get(staged.id)
            if work is None or work.revision != staged.revision or self._is_stale(work):
                work = self._works[staged.id] = _Work(staged.revision, Future())
                self._worker.submit(self._do, staged, work, tell)
            return work

    def _is_stale(self, work: _Work) -> bool:
        if not work.future.done():
            return False
        is_failed = work.future.exception() is not None
        return is_failed or work.future.result().version != self._repository.engine.version

    def _do(self, staged: Staged, work: _Work, tell: Report) -> None:
        def told(what: str, done: int, of: int) -> None:
            work.progress = (what, done, of)
            tell(what, done, of)

        try:
            read = self._files_of(staged, told)
            work.future.set_result(self._drafted(read, staged.options, staged.seed, told))
        except BaseException as fault:  # noqa: BLE001 - it is raised again where the work is asked for
            work.future.set_exception(fault)

    def _files_of(self, staged: Staged, tell: Report) -> ReadFiles:
        with self._lock:
            read = self._read.get(staged.id)
            if read is not None:
                self._read.move_to_end(staged.id)
                return read
        read = self._read_or_refused(self._staging.files(staged.id), tell)
        self._note_returned(staged, read)
        with self._lock:
            self._read[staged.id] = read
            while len(self._read) > 1 and sum(one.cells for one in self._read.values()) > MOST_CELLS:
                self._forget_work(next(iter(self._read)))
        return read

    def _read_or_refused(self, files: Sequence[tuple[str, bytes]], tell: Report) -> ReadFiles:
        read = read_files(files, tell, self._asked)
        if not read.files:
            raise ImportRefused(read.remarks)
        return read

    def _asked(self, sent: CollectId) -> Mapping[str, str] | None:
        unit = self._collections.asked(sent) if self._collections else None
        return unit.labels if unit else None

    def _note_returned(self, staged: Staged, read: ReadFiles) -> None:
        for file in read.files:
            if file.back and self._collections:
                self._collections.came_back(file.back.id, staged.made, staged.id, file.back.changed)

    def _drafted(
        self, read: ReadFiles, options: Options, seed: bytes, tell: Report, *, checked: bool = True
    ) -> Draft:
        repository = self._repository
        around = Surroundings.of(
            repository.engine, repository.names, self._setting.area, self._setting.today()
        )
        drafting = Drafting(
            repository, self._known.current(), around, self._staging.remembered, seed, tell, checked
        )
        return drafted(read, options, drafting)

    def _forget_work(self, name: str) -> None:
        with self._lock:
            self._works.pop(name, None)
            self._read.pop(name, None)

    # --- The commit ---------------------------------------------------------------------------------------

    def _written(self, staged: Staged, digest: str, why: str, who: str) -> tuple[Recorded, Draft]:
        for _ in range(ATTEMPTS):
            draft = self._work(staged).future.result()
            about = _about(staged)
            if draft.plan.digest != digest:
                raise self._conflict(staged, draft, digest)
            if next(obstacles(draft, about), None):
                raise NotReady(report(draft, self._labelled(about, draft)))
            try:
                return self._propose(draft, why=why, who=who), draft
            except VersionMoved:
                continue
        raise self._conflict(staged, draft, digest)

    def _propose(self, draft: Draft, *, why: str, who: str) -> Recorded:
        return self._repository.propose(
            draft.proposal,
            who=who,
            why=why,
            source=", ".join(source.title for source in draft.sources.by_file.values()),
            restricted=draft.restricted,
            identities=draft.identities,
            expected=draft.version,
        )

    def _finished(self, staged: Staged, draft: Draft, recorded: Recorded) -> Json:
        about = replace(_about(staged), state="committed", **_number(recorded))
        said = recorded_json(recorded)
        kept = lasting(report(draft, self._labelled(about, draft))) | {"recorded": said}
        self._staging.finish(staged.id, "committed", kept, change=said["change"])
        self._forget_work(staged.id)
        return said

    def _remember(self, draft: Draft) -> None:
        """Remember how columns are called in each document, for its next version."""
        for file, source in draft.sources.by_file.items():
            tables = [
                one for one in draft.tables if one.table.file == file and one.recognition.used and one.records
            ]
            columns: dict[str, dict[str, str]] = {}
            for one in tables:
                columns.setdefault(one.recognition.kind, {}).update(one.recognition.choices())
            sheets = {one.table.sheet: one.recognition.kind for one in tables}
            self._staging.remember(source.document, Remembered(columns, sheets))

    def _conflict(self, staged: Staged, draft: Draft, digest: str) -> Conflict:
        seen = self._seen.get((staged.id, digest), staged.base)
        self._seen[staged.id, draft.plan.digest] = draft.version
        return Conflict(draft.plan.digest, draft.version, self._changes_since(seen))

    def _changes_since(self, version: int) -> list[Json]:
        return [self._change(change) for change in self._repository.journal.changes(since=version)]

    def _change(self, change: Change) -> Json:
        header = change.header
        things = self._things_of(change.number)
        labels = self._labels(things)
        return {
            "number": change.number,
            "time": header.time,
            "who": header.who,
            "why": header.why,
            "source": header.source,
            "added": header.added,
            "removed": header.removed,
            "things": [{"iri": one, "labels": dict(labels[one])} for one in things if one in labels],
        }

    def _things_of(self, number: int) -> list[str]:
        """Return the things that a change speaks of: what has a name, at most so many."""
        delta = self._repository.journal.delta(number)
        named = {
            text_of(term)
            for quads in (delta.added, delta.removed)
            for quad in quads
            for term in (quad.subject, quad.object)
            if is_iri(term) and "/id/org/" in term
        }
        return sorted(named)[: MOST_THINGS * 5]

    # --- Names of things ----------------------------------------------------------------------------------

    def _labelled(self, about: About, draft: Draft) -> About:
        return replace(about, labels=self._labels(iris_of(draft)))

    def _labels(self, things: Iterable[str]) -> dict[str, Mapping[str, str]]:
        terms: list[Term] = [iri(thing) for thing in things]
        labels: dict[str, dict[str, str]] = {}
        if terms:
            rows = self._repository.engine.select(query("labels-of-things").bound({"thing": terms}))
            for row in rows:
                label = literal_parts(row["label"])
                labels.setdefault(text_of(row["thing"]), {})[label.language] = label.lexical
        return dict(labels)


def _zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return packed.getvalue()


def refuse_among_invented(repository: Repository) -> None:
    """Raise Refused in an instance that holds the illustrative network: real data does not come among invented."""
    if any(entry.illustrative for entry in entries(repository.engine, repository.names)):
        raise Refused("illustrative-instance")


def recorded_json(recorded: Recorded) -> Json:
    """Return what became of a change: its number (``None``: it had no effect), and what came and went."""
    change = recorded.change
    return {
        "change": change.number if change else None,
        "added": change.header.added if change else 0,
        "removed": change.header.removed if change else 0,
        "quads": change.quads if change else None,
    }


def _number(recorded: Recorded) -> dict[str, Any]:
    return {"change": recorded.change.number if recorded.change else None}


def _about(staged: Staged) -> About:
    return About(
        staged.id,
        staged.state,
        staged.made,
        staged.by,
        staged.options,
        staged.files,
        staged.change,
        staged.undone_by,
    )


def _unfinished(staged: Staged, work: _Work) -> Json:
    """Return what there is to say of an import while it is worked on."""
    what, done, of = work.progress
    state = "reading" if what == "read" else "checking"
    return {**head(_about(staged)), "state": state, "progress": {"what": what, "done": done, "of": of}}


def _refusals(refused: ImportRefused) -> Json:
    items = [remark_json(remark) for remark in refused.remarks]
    return {"errors": len(items), "warnings": 0, "infos": 0, "total": len(items), "items": items}
