"""The report of an import as lines for a terminal: short, with places, values, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.texts import text
from graph.imports.grid import column_letter

Json = Mapping[str, Any]

MOST = {"error": 50, "warning": 20, "info": 10}
"""Remarks of each severity that are printed."""
NAMES = 20
"""Names to decide that are printed."""
CANDIDATES = 3
"""Candidates of each of them."""


def report_lines(report: Json, language: str) -> Iterator[str]:
    """Yield what a report says."""
    yield from _source_lines(report, language)
    yield from remark_lines(report["remarks"]["items"], language)
    yield from _more(report["remarks"], language)
    yield from _name_lines(report, language)
    yield from _blank_lines(report["unknown"], language)
    yield _plan_line(report["plan"], language)
    for title in report["plan"]["withdrawn"]:
        yield text("import-replaces", language, title=title)


def obstacle_lines(report: Json, language: str) -> Iterator[str]:
    """Yield why an import cannot be committed."""
    for one in report["why_not"]:
        yield one[language]


def remark_lines(items: Sequence[Json], language: str) -> Iterator[str]:
    """Yield remarks, the most serious first; very many are cut short."""
    for severity, most in MOST.items():
        for remark in [one for one in items if one["severity"] == severity][:most]:
            yield text(
                "import-remark",
                language,
                where=f"{text(f'remark-{severity}', language)} {place(remark, language)}".strip(),
                value=text("import-value", language, value=remark["value"]) if remark["value"] else "",
                what=remark["what"][language],
                remedy=remark["remedy"][language],
            )


def place(remark: Json, language: str) -> str:
    """Return where a remark belongs: file, sheet, row and column, as far as it says."""
    parts = [remark["file"], remark["sheet"]]
    if remark["row"]:
        parts.append(text("import-row", language, row=remark["row"]))
    if remark["column"]:
        letter, field = column_letter(remark["column"]), remark["field"]
        parts.append(text("import-column", language, letter=letter, field=field))
    return " ".join(part for part in dict.fromkeys(parts) if part)


def _source_lines(report: Json, language: str) -> Iterator[str]:
    for source in report["sources"]:
        yield text(
            "import-source",
            language,
            file=source["file"],
            title=source["title"],
            dated=source["dated"] or text("date-unknown", language),
            alliance=_label(source["alliance_labels"], language) or text("no-alliance", language),
        )
    for table in report["tables"]:
        name = f"{table['file']} {table['sheet']}"
        said = "import-table" if table["used"] else "import-table-unused"
        yield text(said, language, table=name, rows=table["rows"], kind=table["kind"] or "–")


def _more(remarks: Json, language: str) -> Iterator[str]:
    shown = sum(
        min(most, sum(one["severity"] == severity for one in remarks["items"]))
        for severity, most in MOST.items()
    )
    if remarks["total"] > shown:
        yield text("import-more-remarks", language, count=remarks["total"] - shown)
    counts = {name: remarks[name] for name in ("errors", "warnings", "infos")}
    yield text("import-remark-counts", language, **counts)


def _name_lines(report: Json, language: str) -> Iterator[str]:
    counts = report["resolution_counts"]
    if not counts["open"] + counts["unlike"]:
        return
    yield text("import-names", language, open=counts["open"], unlike=counts["unlike"])
    waiting = [one for one in report["resolutions"] if one["kept_back"]]
    for one in waiting[:NAMES]:
        rows = ", ".join(str(row) for row in dict.fromkeys(place["row"] for place in one["places"][:5]))
        yield text(
            "import-name", language, name=one["text"], rows=rows, candidates=_candidates(one, language)
        )
    if len(waiting) > NAMES:
        yield text("import-more-names", language, count=counts["open"] + counts["unlike"] - NAMES)


def _candidates(resolution: Json, language: str) -> str:
    listed = [
        text(
            "import-candidate",
            language,
            name=_label(one["labels"], language) or one["matched"],
            area=_label(one["area"], language),
            iri=one["iri"],
        )
        for one in resolution["candidates"][:CANDIDATES]
    ]
    return text("list-separator", language).join(listed) or text("import-no-candidate", language)


def _blank_lines(unknown: Sequence[Json], language: str) -> Iterator[str]:
    blanks = [f"{one['field'][language]} {one['blank']}/{one['of']}" for one in unknown]
    if blanks:
        yield text("import-blank", language, fields=text("list-separator", language).join(blanks))


def _plan_line(plan: Json, language: str) -> str:
    counts = {name.replace("-", "_"): number for name, number in plan["counts"].items()}
    return text("import-plan", language, quads=plan["added"], gone=plan["removed"], **counts)


def _label(labels: Mapping[str, str], language: str) -> str:
    return labels.get(language) or next(iter(labels.values()), "")
