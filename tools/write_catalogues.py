"""Writes the message catalogues (.po) anew from templates and Python, keeping every translation.

No program of gettext is needed. What is written depends on the sources and the translations alone, so that two
people who run this get the same bytes: entries sorted, no dates, no places, nothing obsolete, nothing fuzzy.
"""

import ast
import re
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tools"))

import catalogues  # noqa: E402
from django.utils.translation.template import templatize  # noqa: E402

BORROWED = REPOSITORY / "locale" / "borrowed.pot"  # sentences of libraries that our pages show
TEMPLATES = (".html", ".txt")
PLURALS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;",
    "he": "nplurals=3; plural=n==1 ? 0 : n==2 ? 1 : 2;",
}
ARGUMENTS = {
    "gettext": ("source",),
    "ngettext": ("source", "plural"),
    "pgettext": ("context", "source"),
    "npgettext": ("context", "source", "plural"),
}
IN_TEMPLATE = re.compile(r"\b(_|n?p?gettext)\(")
QUOTED = re.compile(r"""\s*u?((?:"(?:[^"\\]|\\.)*")|(?:'(?:[^'\\]|\\.)*'))\s*,?""")
PERCENT = re.compile(r"%\(\w+\)[sd]|%[sd]")


@dataclass(frozen=True, order=True)
class Wanted:
    """One text that a page or a sentence of the program asks for."""

    source: str
    context: str | None = None
    plural: str | None = None


def main(arguments: list[str]) -> int:
    """Write the catalogues; with --check only say whether they are those of the sources, and whole."""
    wanted = texts(REPOSITORY)
    wrong = [line for language in PLURALS for line in _settle(language, wanted, check="--check" in arguments)]
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong and "--check" in arguments else 0


def _settle(language: str, wanted: list[Wanted], *, check: bool) -> list[str]:
    """Bring one catalogue up to date; tell what a person has still to do in it."""
    path = catalogue_path(REPOSITORY, language)
    present = path.read_text(encoding="utf-8") if path.exists() else ""
    messages = catalogues.read(present, str(path)) if present else []
    fresh = written(language, wanted, messages)
    name = path.relative_to(REPOSITORY)
    if check and fresh != present:
        return [f"{name} is not that of these sources; `make docs` writes it."]
    if fresh != present:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(fresh, encoding="utf-8")
    missing = [message.source for message in catalogues.read(fresh, str(path)) if not message.counts()]
    return [f"{name}: without translation: {source!r}" for source in missing]


def catalogue_path(repository: Path, language: str) -> Path:
    """Say where the catalogue of a language stands."""
    return repository / "locale" / language / "LC_MESSAGES" / "django.po"


def texts(repository: Path) -> list[Wanted]:
    """List what is marked for translation in our own sources, and what we translate for libraries."""
    found: set[Wanted] = set()
    for path in sorted((repository / "tansiq").rglob("*")):
        if path.suffix == ".py":
            found |= _in_python(path.read_text(encoding="utf-8"))
        elif path.suffix in TEMPLATES and "templates" in path.parts:
            found |= _in_template(path.read_text(encoding="utf-8"), str(path))
    for message in catalogues.read(BORROWED.read_text(encoding="utf-8"), str(BORROWED)):
        found.add(Wanted(message.source or "", message.context, message.plural))
    return _each_once(found)


def _each_once(found: set[Wanted]) -> list[Wanted]:
    """Sort them; where a text is asked for alone and with a plural, the entry with the plural serves both."""
    both = {(one.source, one.context): one for one in sorted(found, key=_order)}
    return [one for one in both.values() if one.source]


def _order(one: Wanted) -> tuple[str, str, str]:
    return (one.source, one.context or "", one.plural or "")


def _in_python(source: str) -> set[Wanted]:
    if "translation" not in source:
        return set()
    tree = ast.parse(source)
    names = _translating_names(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    found = set()
    for call in calls:
        parts = ARGUMENTS.get(names.get(call.func.id, ""), ())
        given = [argument.value for argument in call.args[: len(parts)] if isinstance(argument, ast.Constant)]
        if parts and len(given) == len(parts):
            found.add(Wanted(**dict(zip(parts, given, strict=True))))
    return found


def _translating_names(tree: ast.Module) -> dict[str, str]:
    """Map the names under which a module imports Django's functions to the plain functions."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {
        name.asname or name.name: name.name.removesuffix("_lazy").removesuffix("_noop")
        for node in imports
        if node.module == "django.utils.translation"
        for name in node.names
    }


def _in_template(source: str, name: str) -> set[Wanted]:
    """Read what Django turns a template into: calls of gettext among blanked-out text."""
    code = templatize(source, origin=name)
    found = set()
    for call in IN_TEMPLATE.finditer(code):
        parts = ARGUMENTS["gettext" if call[1] == "_" else call[1]]
        given, at = [], call.end()
        while len(given) < len(parts) and (quoted := QUOTED.match(code, at)):
            given.append(ast.literal_eval(quoted[1]))
            at = quoted.end()
        if len(given) == len(parts):
            found.add(Wanted(**dict(zip(parts, given, strict=True))))
    return found


def written(language: str, wanted: list[Wanted], present: list[catalogues.Message]) -> str:
    """Write a catalogue: the wanted texts with the translations that are present."""
    known = {(message.source, message.context): message for message in present if not message.fuzzy}
    head = (
        f"# Tansiq in this language: {language}. Written by `make docs`; translate here, between the quotation marks.\n"
        '#\nmsgid ""\nmsgstr ""\n'
        f'"Project-Id-Version: tansiq\\n"\n"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {PLURALS[language]}\\n"\n'
    )
    count = int(PLURALS[language].split(";")[0].removeprefix("nplurals="))
    return head + "".join(_entry(one, known.get((one.source, one.context)), count) for one in wanted)


def _entry(one: Wanted, known: catalogues.Message | None, count: int) -> str:
    lines = ["", "#, python-format"] if PERCENT.search(one.source + (one.plural or "")) else [""]
    if one.context is not None:
        lines.append(f"msgctxt {_quoted(one.context)}")
    lines.append(f"msgid {_quoted(one.source)}")
    forms = known.forms if known else {}
    if one.plural is None:
        lines.append(f"msgstr {_quoted(forms.get(0, '') if len(forms) < 2 else '')}")
    else:
        lines.append(f"msgid_plural {_quoted(one.plural)}")
        lines += [f"msgstr[{index}] {_quoted(forms.get(index, ''))}" for index in range(count)]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Quote a text as catalogues do; one line, whatever its length, so that a change is one line too."""
    for sign, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(sign, escaped)
    return f'"{text}"'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
