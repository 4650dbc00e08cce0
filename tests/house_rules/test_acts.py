"""Every act has one name and one action; only actions write."""

import ast
import importlib
import pkgutil
from pathlib import Path

import tansiq
from tansiq.building.rooms.acts import ACTIONS

ROOT = Path(tansiq.__file__).parent
WRITES = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "delete", "update"}
WRITERS = {
    "building/rooms/acts.py": "the act itself: submissions and news",
    "building/people/models.py": "makes accounts, for the operation loader",
}


def rules_modules() -> list[str]:
    return [
        module.name
        for module in pkgutil.walk_packages(tansiq.__path__, "tansiq.")
        if module.name.endswith(".rules") and module.name.split(".")[1] in ("building", "desks", "floor")
    ]


def load_actions() -> None:
    for name in rules_modules():
        for drawer in ("actions", "jobs"):
            place = ROOT.parent / (name.removesuffix("rules").replace(".", "/") + drawer)
            if place.with_suffix(".py").exists() or place.is_dir():
                importlib.import_module(name.removesuffix("rules") + drawer)


def acts() -> dict[str, str]:
    return {str(act): name for name in rules_modules() for act in getattr(importlib.import_module(name), "Act", [])}


def test_every_writing_act_is_one_action_and_every_action_is_a_listed_act():
    load_actions()
    listed = {name for name in acts() if not name.endswith((".read", ".export"))}
    product = {name for name, action in ACTIONS.items() if action.__module__.startswith("tansiq.")}
    assert product == listed


def test_act_names_follow_the_grammar():
    assert [
        name for name in acts() if len(name.split(".")) != 3 or not name.replace(".", "").replace("_", "").islower()
    ] == []


def querysets_written(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            source = ast.unparse(node.func.value)
            if ".objects" in source or node.func.attr == "save":
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {source}.{node.func.attr}")
    return found


def test_only_actions_write():
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if place.startswith(("engine/", "console/")) or "/migrations/" in place or place in WRITERS:
            continue
        if path.name in ("actions.py", "loading.py") or "/actions/" in place:
            continue
        found += querysets_written(path)
    assert found == []
