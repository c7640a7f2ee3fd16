"""The log of slow queries holds what was slow, in bounded files, and no addresses."""

import json
from pathlib import Path

from api.slow_log import FILE, LONGEST, SlowLog


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_only_what_was_slow_is_noted(tmp_path: Path) -> None:
    log = SlowLog(tmp_path, 1.0)
    log.note("ASK {}", 0.9, "-", "answered")
    log.note("SELECT * { ?s ?p '某某\n' }", 1.25, "token 示例", "query-timeout")
    (line,) = lines(tmp_path / FILE)
    assert line.pop("time")
    assert line == {
        "seconds": 1.25,
        "who": "token 示例",
        "outcome": "query-timeout",
        "query": "SELECT * { ?s ?p '某某\n' }",
    }


def test_zero_turns_it_off(tmp_path: Path) -> None:
    SlowLog(tmp_path, 0).note("ASK {}", 100, "-", "answered")
    assert not list(tmp_path.iterdir())


def test_its_files_stay_small(tmp_path: Path) -> None:
    log = SlowLog(tmp_path, 0.1, largest=5_000)
    for number in range(200):
        log.note(f"ASK {{}} # {number}", 1, "-", "answered")
    files = sorted(tmp_path.iterdir())
    assert len(files) == 2
    assert all(file.stat().st_size <= 5_000 for file in files)
    assert lines(tmp_path / FILE)[-1]["query"] == "ASK {} # 199"


def test_a_long_query_is_cut_and_a_log_that_cannot_be_written_keeps_nobody_waiting(tmp_path: Path) -> None:
    log = SlowLog(tmp_path, 0.1)
    log.note("x" * (LONGEST + 5), 1, "-", "answered")
    assert len(str(lines(tmp_path / FILE)[0]["query"])) == LONGEST
    SlowLog(tmp_path / "missing", 0.1).note("ASK {}", 1, "-", "answered")
