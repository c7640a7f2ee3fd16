"""Confinement: a process that locked itself in opens, writes and takes nothing more, and ends in time."""

import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def after_confinement(
    program: str, *, memory: int = 200 << 20, seconds: float = 20
) -> subprocess.CompletedProcess[str]:
    """Run a program after it confined itself."""
    confined = (
        "import os, signal, socket\n"
        "from graph.confinement import confine\n"
        f"{{}}confine({memory}, {seconds})\n"
    )
    before, _, rest = program.rpartition("---\n")
    return subprocess.run(
        [sys.executable, "-c", confined.format(before) + rest],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def attempt(what: str) -> str:
    done = after_confinement(
        f"try:\n    {what}\nexcept BaseException as fault:\n    print(type(fault).__name__)"
    )
    return done.stdout.strip()


def test_no_connection_and_no_file_can_be_opened() -> None:
    assert attempt("socket.socket()") == "OSError"
    assert attempt("open('/etc/hosts')") == "OSError"
    assert attempt("os.pipe()") == "OSError"


def test_memory_ends_where_it_was_said_to() -> None:
    assert attempt("bytearray(400 << 20)") == "MemoryError"
    assert attempt("bytearray(50 << 20)") == ""


def test_what_is_open_already_takes_no_more(tmp_path: Path) -> None:
    target = tmp_path / "out"
    done = after_confinement(f"out = open({str(target)!r}, 'wb', 0)\n---\nout.write(b'x')\n")
    assert "File too large" in done.stderr
    assert target.stat().st_size == 0


def test_a_process_that_waits_or_works_for_ever_ends_by_itself() -> None:
    assert -after_confinement("import time\n---\ntime.sleep(20)", seconds=0.2).returncode == signal.SIGALRM
    assert -after_confinement("while True: pass", seconds=0.2).returncode == signal.SIGALRM


def test_standard_output_stays_open() -> None:
    assert after_confinement("print('x' * 100_000)").stdout == "x" * 100_000 + "\n"
