"""Files stand in their drawers, under their sizes, each with its first line."""

import ast
from pathlib import Path

import tansiq

ROOT = Path(tansiq.__file__).parent
DRAWERS = {"models", "rules", "queries", "actions", "forms", "views", "urls", "jobs", "apps", "__init__"}
FOLDERS = {"templates", "migrations", "models", "rules", "queries", "actions", "forms", "views", "jobs", "__pycache__"}
FORBIDDEN = {"utils", "helpers", "common", "misc", "core", "manager", "base"}
LARGE_FILES: dict[str, str] = {}
"""At most ten named exceptions to the size of a file, each with its reason."""


def sources() -> list[Path]:
    return [p for p in sorted(ROOT.rglob("*.py")) if "/migrations/" not in p.as_posix()]


def test_desks_have_the_same_drawers():
    odd = []
    for desk in (ROOT / "desks").iterdir():
        if desk.is_dir() and desk.name != "__pycache__":
            for place in desk.iterdir():
                known = FOLDERS if place.is_dir() else DRAWERS
                if place.stem not in known:
                    odd.append(place.relative_to(ROOT).as_posix())
    assert odd == []


def test_no_nameless_drawer():
    names = {p.stem for p in sources()} | {p.parent.name for p in sources()}
    # The database engine's module must be called "base": Django looks for that name.
    assert {p.relative_to(ROOT).as_posix() for p in sources() if p.stem in FORBIDDEN} == {
        "building/wall/postgresql/base.py"
    }
    assert names & (FORBIDDEN - {"base"}) == set()


def test_every_module_begins_with_its_line():
    assert [p.relative_to(ROOT).as_posix() for p in sources() if not ast.get_docstring(ast.parse(p.read_text()))] == []


def test_files_are_short():
    long = {p.relative_to(ROOT).as_posix(): n for p in sources() if (n := len(p.read_text().splitlines())) > 400}
    assert set(long) <= set(LARGE_FILES), long
    assert len(LARGE_FILES) <= 10


def test_functions_are_short():
    long = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > 50:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} {lines}")
    assert long == []


def test_no_unfinished_words():
    words = ("TO" + "DO", "FIX" + "ME", "XX" + "X:", "raise NotImplemented" + "Error")
    assert [f"{p.relative_to(ROOT)}: {w}" for p in sources() for w in words if w in p.read_text()] == []
