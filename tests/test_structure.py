"""The layers, and the one place where each library is known."""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("ontology", "graph", "api")
OURS = {*LAYERS, "tests", "bootstrap"}
WITHOUT_PACKAGE = {*sys.stdlib_module_names, "_typeshed"}


@dataclass(frozen=True)
class Package:
    """One row of the tables in docs/dependencies.md."""

    name: str
    imported_as: tuple[str, ...]
    used_in: tuple[str, ...]


def code_spans(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


def tables() -> list[tuple[list[str], list[list[str]]]]:
    """Return each table of the page: its header and its rows, cells stripped."""
    found: list[tuple[list[str], list[list[str]]]] = []
    for block in re.findall(
        r"(?:^\|.*\n)+", (ROOT / "docs/dependencies.md").read_text("utf-8"), re.MULTILINE
    ):
        header, _, *rows = [
            [cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()
        ]
        found.append((header, rows))
    return found


def python_packages() -> list[Package]:
    return [
        Package(row[0], code_spans(row[1]), code_spans(row[2]))
        for header, rows in tables()
        if header[1] == "import name"
        for row in rows
    ]


def web_packages() -> set[str]:
    return {row[0] for header, rows in tables() if header[1] != "import name" for row in rows}


def imports_in(source: str) -> set[str]:
    """Return the full names of all absolute imports, those inside functions included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module)
    return names


def top(name: str) -> str:
    return name.partition(".")[0]


def modules(*folders: str) -> Iterator[tuple[str, set[str]]]:
    """Yield the path of each module and the top names that it imports."""
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if "node_modules" not in file.parts:
                names = {top(name) for name in imports_in(file.read_text("utf-8"))}
                yield file.relative_to(ROOT).as_posix(), names


@pytest.mark.parametrize(("layer", "above"), [("ontology", {"graph", "api"}), ("graph", {"api"})])
def test_no_layer_knows_the_one_above(layer: str, above: set[str]) -> None:
    looking_up = {path: names & above for path, names in modules(layer) if names & above}
    assert not looking_up


def test_nothing_but_tests_imports_the_tests() -> None:
    assert not [path for path, names in modules(*LAYERS) if names & {"tests", "bootstrap"}]


def test_each_library_is_imported_only_where_the_table_says() -> None:
    places = {name: package.used_in for package in python_packages() for name in package.imported_as}
    strays = [
        f"{path} imports {name}; the table says {', '.join(places.get(name, ('nothing',)))}"
        for path, names in modules(*LAYERS)
        for name in sorted(names - OURS - WITHOUT_PACKAGE)
        if not any(fnmatch(path, place) for place in places.get(name, ()))
    ]
    assert not strays


def test_tests_import_only_packages_of_the_table() -> None:
    known = {name for package in python_packages() for name in package.imported_as}
    helpers = {file.stem for file in (ROOT / "tests").glob("*.py")}
    strays = {path: names - OURS - WITHOUT_PACKAGE - known - helpers for path, names in modules("tests")}
    assert not {path: names for path, names in strays.items() if names}


def test_the_set_up_needs_nothing_but_the_standard_library() -> None:
    names = {top(name) for name in imports_in((ROOT / "bootstrap.py").read_text("utf-8"))}
    assert names <= sys.stdlib_module_names


def test_imports_inside_functions_and_below_conditions_are_seen() -> None:
    source = (
        "def f():\n    import rdflib.term\nif True:\n    from pyvis.network import Network\nfrom . import x\n"
    )
    assert imports_in(source) == {"rdflib.term", "pyvis.network"}


def requirement_name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]


def test_the_table_names_the_packages_of_the_project_and_no_others() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *chain(*project["dependency-groups"].values())]
    assert sorted(map(requirement_name, asked)) == sorted(package.name for package in python_packages())


def test_the_tables_name_the_packages_in_javascript_and_no_others() -> None:
    asked: set[str] = set()
    for folder in ("api/web", "tests/clients"):
        package = json.loads((ROOT / folder / "package.json").read_text("utf-8"))
        asked |= {*package.get("dependencies", {}), *package["devDependencies"]}
    assert asked == web_packages()


def test_every_package_says_where_and_why() -> None:
    for header, rows in tables():
        for row in rows:
            assert len(row) == len(header)
            assert code_spans(row[-2]), row[0]
            assert " · " in row[-1], f"{row[0]}: the reason is given in both languages"
