"""Writes the generated part of ARCHITECTURE.md: every module with the first line of its docstring."""

import ast
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
DOCUMENT = REPOSITORY / "ARCHITECTURE.md"
BEGIN, END = "<!-- modules: written by `make docs` -->", "<!-- end of modules -->"
LEFT_OUT = {"migrations", "templates", "__pycache__"}


def main(arguments: list[str]) -> int:
    """Write the part anew; with --check only say whether it is that of these modules."""
    present = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else f"# Architecture\n\n{BEGIN}\n{END}\n"
    if BEGIN not in present or END not in present:
        print(f"{DOCUMENT.name} has no place for the modules: put in the lines {BEGIN} and {END}.", file=sys.stderr)
        return 1
    wanted = with_modules(present, listing(REPOSITORY))
    if DOCUMENT.exists() and wanted == present:
        return 0
    if "--check" in arguments:
        print(f"{DOCUMENT.name} is not that of these modules; `make docs` writes it.", file=sys.stderr)
        return 1
    DOCUMENT.write_text(wanted, encoding="utf-8")
    return 0


def with_modules(document: str, modules: str) -> str:
    """Put the listing between its two marks."""
    before, rest = document.split(BEGIN, 1)
    return f"{before}{BEGIN}\n{modules}{END}{rest.split(END, 1)[1]}"


def listing(repository: Path) -> str:
    """List the modules by folder, in the order of their names."""
    lines: list[str] = []
    for folder in [
        repository / "tansiq",
        *sorted(path for path in (repository / "tansiq").rglob("*") if path.is_dir()),
    ]:
        modules = [module for module in sorted(folder.glob("*.py")) if _first_line(module)]
        if LEFT_OUT.intersection(folder.parts) or not modules:
            continue
        lines.append(f"\n### {folder.relative_to(repository)}/\n\n")
        lines += [f"- `{module.name}` {_first_line(module)}\n" for module in modules]
    return "".join(lines) + "\n"


def _first_line(module: Path) -> str:
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return docstring.split("\n", 1)[0].strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
