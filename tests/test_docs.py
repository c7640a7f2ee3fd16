"""The documentation: its links, its versions, and what no file of the project may name."""

import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\)")
# The hosts are written in pieces, so that this file does not name them itself.
REGISTRIES = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com", "debian" + ".org")
REGISTRY = re.compile(rf"(?i)(?<![\w-])(?:{'|'.join(map(re.escape, REGISTRIES))})(?![\w-])")
MACHINE_PATH = re.compile(r"(?<![\w.:/*}-])/(?:root|work|tmp|home/\w+|Users/\w+)/|[A-Z]:\\Users\\")


def is_ignored(path: Path) -> bool:
    """Say whether .gitignore leaves the path out; read here so that a copy without git is tested too."""
    for pattern in ["/.git/", *(ROOT / ".gitignore").read_text("utf-8").split()]:
        name = pattern.strip("/")
        rooted = "/" in pattern.rstrip("/")
        if fnmatch(path.relative_to(ROOT).as_posix() if rooted else path.name, name):
            return True
    return False


def project_files(folder: Path = ROOT) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if is_ignored(path):
            continue
        if path.is_dir():
            yield from project_files(path)
        else:
            yield path


def text_of(path: Path) -> str | None:
    """Return the text of a file, or nothing for a picture."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


def pages() -> list[Path]:
    return [path for path in project_files() if path.suffix == ".md"]


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Return the anchors that the headings of a page make."""
    headings = re.findall(r"^#+ (.+)$", without_code(page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_broken(page: Path, target: str) -> bool:
    path, _, anchor = unquote(target).partition("#")
    file = (page.parent / path) if path else page
    return not file.exists() or bool(anchor and file.suffix == ".md" and anchor not in anchors(file))


def broken_links(page: Path) -> list[str]:
    targets = LINK.findall(without_code(page.read_text("utf-8")))
    relative = [target for target in targets if not re.match(r"[a-z][a-z0-9+.-]*:|//", target)]
    return [target for target in relative if is_broken(page, target)]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_link_to_a_missing_page_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One\n[gone](gone.md) [here](#one) [nowhere](#two) [out](https://example.org/x)\n", "utf-8"
    )
    assert broken_links(page) == ["gone.md", "#two"]


def named_in_files(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()[:120]}"
        for path in project_files()
        for number, line in enumerate((text_of(path) or "").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_registry() -> None:
    assert named_in_files(REGISTRY) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert named_in_files(MACHINE_PATH) == []


@pytest.mark.parametrize("host", REGISTRIES)
def test_a_registry_is_recognized_in_any_spelling(host: str) -> None:
    assert REGISTRY.search(f"see https://files.{host.upper()}/x")
    assert not REGISTRY.search(f"see https://{host}anization.example/x")


@pytest.mark.parametrize("folder", ["root", "work", "home/someone"])
def test_a_path_of_a_machine_is_recognized(folder: str) -> None:
    assert MACHINE_PATH.search(f'open("/{folder}/x")')
    assert not MACHINE_PATH.search(f"http://127.0.0.1:8000/{folder}/x")


def test_the_newest_version_of_the_changelog_is_the_version_of_the_project() -> None:
    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert versions[0] == project["version"]


def test_every_page_speaks_both_languages() -> None:
    chinese, english = re.compile(r"[\u4e00-\u9fff]{4}"), re.compile(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}")
    silent = [
        page.name
        for page in pages()
        if not (chinese.search(t := page.read_text("utf-8")) and english.search(t))
    ]
    assert silent == []


def test_every_page_of_the_documentation_is_reached_from_its_index() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "docs" / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        targets = LINK.findall(without_code(page.read_text("utf-8")))
        linked = [page.parent / unquote(t).partition("#")[0] for t in targets if ":" not in t]
        waiting.extend(path for path in linked if path.is_file())
    assert {page for page in pages() if page.is_relative_to(ROOT / "docs")} <= reached
