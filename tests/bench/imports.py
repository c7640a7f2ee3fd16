"""How long imports take and how much memory they need: a dry run of a usual list, and a very large list written.

    python tests/bench/imports.py [--rows 200000] [--few 500] [--folder DIR]

Each run is a process of its own, as a coordinator would start it; the server runs on a free port of this machine.
Memory is the sum over the process and those that it started, at its highest, by the pages that are theirs (PSS).
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from api.running import RunningServer  # noqa: E402 - the path is set first
from servers import served  # noqa: E402

HEADINGS = (
    "序号",
    "单位名称",
    "医院等级",
    "所在市县",
    "联盟角色",
    "加入时间",
    "科室名称",
    "新生儿床位",
    "NICU床位",
    "科室负责人",
    "联系人",
    "办公电话",
    "备注",
)
GRADES = ("三级甲等", "三级乙等", "二级甲等", "二级乙等", "未定级", "")
ROLES = ("成员单位", "理事单位", "成员单位", "成员单位")
KINDS = ("人民医院", "中心医院", "妇幼保健院", "儿童医院")


@dataclass(frozen=True)
class Run:
    """How long a command took (seconds), the most memory that it needed (MB), and what it printed last."""

    seconds: float
    memory: float
    said: str


def rows(number: int) -> Iterator[list[str | int]]:
    """Yield the rows of an invented list, its title and header first."""
    with (ROOT / "ontology/data/areas.csv").open(encoding="utf-8") as file:
        counties = [row["name_zh"] for row in csv.DictReader(file) if row["level"] == "county"]
    yield [f"示例联盟成员单位一览表（{number} 家，2026年3月）"]
    yield list(HEADINGS)
    for n in range(1, number + 1):
        county = counties[n % len(counties)]
        yield [
            n,
            f"示例{county}第{n}{KINDS[n % 4]}",
            GRADES[n % 6],
            county,
            ROLES[n % 4],
            ("2021.3", "2021年3月", "2022/3/5", "", "2023")[n % 5],
            "新生儿科" if n % 3 else "",
            n % 60,
            n % 20 if n % 2 else "",
            "主任甲" if n % 4 == 0 else "",
            "联系人乙" if n % 3 == 0 else "",
            f"0431-8{n % 10_000_000:07}" if n % 3 == 0 else "",
            "同上" if n % 50 == 0 else "",
        ]


def write_workbook(file: Path, content: Iterator[Sequence[str | int]]) -> None:
    """Write rows as an .xlsx file, quickly."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="名单" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
        with packed.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{main}"><sheetData>'.encode())
            for number, row in enumerate(content, 1):
                cells = "".join(_cell(value, f"{chr(65 + at)}{number}") for at, value in enumerate(row))
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")


def _cell(value: str | int, place: str) -> str:
    if value == "":
        return ""
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def measured(*command: str) -> Run:
    """Run a command of the program and return what it took."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "api", *command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "MEDALLIANCE_LANG": "en"},
    )
    watch = _Watch(process.pid)
    said, _ = process.communicate()
    return Run(time.perf_counter() - started, watch.stop(), (said.strip().splitlines() or [""])[-1])


class _Watch(threading.Thread):
    """Looks at the memory of a process and those that it started, four times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self._done = pid, 0, threading.Event()
        self.start()

    def run(self) -> None:
        """Look until it is stopped."""
        while not self._done.wait(0.25):
            self.most = max(self.most, sum(map(_own_pages, _family(self.pid))))

    def stop(self) -> float:
        """Return the most that was seen, in MB."""
        self._done.set()
        self.join()
        return self.most / 1024


def _family(pid: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = [int(one) for task in tasks for one in (task / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(child))]


def _own_pages(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--few", type=int, default=500)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.folder or Path(made)
        few, many, data = folder / "few.xlsx", folder / "many.xlsx", folder / "data"
        write_workbook(few, rows(asked.few))
        write_workbook(many, rows(asked.rows))
        print(f"{'':44} {'seconds':>8} {'MB':>7}")
        measured("check", "--data", str(data))
        options = ("--data", str(data), "--accept-new", "--why", "benchmark")
        show("dry run, stopped instance, first start", measured("import", str(few), "--dry-run", *options))
        measured("import", str(few), *options)
        show(
            f"dry run of {asked.few} rows, stopped instance",
            measured("import", str(few), "--dry-run", *options),
        )
        with served(data) as server:
            running = RunningServer.of(data, "en")
            show(
                f"dry run of {asked.few} rows, command, served",
                measured("import", str(few), "--dry-run", *options),
            )
            assert running is not None
            for _ in range(3):
                started = time.perf_counter()
                running.send(
                    "/api/v1/imports",
                    [(few.name, few.read_bytes())],
                    {"dry_run": "true", "accept_new": "true"},
                )
                took = time.perf_counter() - started
                show(f"dry run of {asked.few} rows, HTTP ({server.address[-4:]})", Run(took, 0, ""))
        large = folder / "large"
        run = measured("import", str(many), "--data", str(large), "--accept-new", "--why", "benchmark")
        show(f"import of {asked.rows} rows, new instance", run)
        print(run.said)


def show(what: str, run: Run) -> None:
    """Print one line."""
    print(f"{what:44} {run.seconds:8.2f} {run.memory:7.0f}", flush=True)


if __name__ == "__main__":
    main()
