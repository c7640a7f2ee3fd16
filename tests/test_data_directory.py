"""One directory, one process."""

import subprocess
import sys
from pathlib import Path

import pytest

from graph.data_directory import DataDirectory, DirectoryInUse
from servers import ROOT


def test_a_directory_is_made_and_held_until_it_is_given_back(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path / "new" / "data")
    assert directory.is_new
    with pytest.raises(DirectoryInUse):
        DataDirectory(tmp_path / "new" / "data")
    directory.close()
    DataDirectory(tmp_path / "new" / "data").close()


def test_a_killed_process_gives_the_directory_back(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from graph.data_directory import DataDirectory\n"
        "held = DataDirectory(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(DirectoryInUse):
        DataDirectory(tmp_path)
    holder.kill()
    holder.communicate()
    DataDirectory(tmp_path).close()
