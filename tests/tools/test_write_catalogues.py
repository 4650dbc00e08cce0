"""What is marked for translation is found where Django finds it, and translations outlive a new extraction."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy as later, ngettext, npgettext_lazy, pgettext
def shown(name, count):
    return [
        _("Crossing"), later("Two parts " "of one text"), pgettext("verb", "Open"),
        ngettext("%(n)s truck", "%(n)s trucks", count), npgettext_lazy("cargo", "box", "boxes"),
        _(name), gettext("not imported"), print("Not a text"),
    ]
"""
TEMPLATE = """{% load i18n %}{% translate "Ledger" %}{% translate "Open" context "verb" as label %}
{% icon "back" label=_("Back") %}{{ name|default:_("nobody") }}{# {% translate "Left out" %} #}
{% blocktranslate with room=room.name %}Room <b>{{ room }}</b> holds 5 %{% endblocktranslate %}
{% blocktranslate count n=trucks trimmed %}
  {{ n }} truck
{% plural %}
  {{ n }} trucks
{% endblocktranslate %}"""


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    specification = importlib.util.spec_from_file_location("write_catalogues", TOOLS / "write_catalogues.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["write_catalogues"] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    templates = tmp_path / "tansiq" / "aid" / "templates" / "aid"
    templates.mkdir(parents=True)
    (templates / "page.html").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "tansiq" / "aid" / "views.py").write_text(PYTHON, encoding="utf-8")
    return tmp_path


def found(tool: ModuleType, repository: Path) -> list[tuple[str | None, str, str | None]]:
    borrowed = {message.source for message in tool.catalogues.read(tool.BORROWED.read_text(encoding="utf-8"))}
    return [(one.context, one.source, one.plural) for one in tool.texts(repository) if one.source not in borrowed]


def test_texts_of_python_and_templates_are_found(tool: ModuleType, repository: Path) -> None:
    assert found(tool, repository) == [
        (None, "%(n)s truck", "%(n)s trucks"),
        (None, "Back", None),
        (None, "Crossing", None),
        (None, "Ledger", None),
        ("verb", "Open", None),
        (None, "Room <b>%(room)s</b> holds 5 %%", None),
        (None, "Two parts of one text", None),
        ("cargo", "box", "boxes"),
        (None, "nobody", None),
    ]


def test_translations_outlive_a_new_extraction(tool: ModuleType) -> None:
    wanted = [tool.Wanted("Crossing"), tool.Wanted('New\n"text"'), tool.Wanted("%(n)s truck", None, "%(n)s trucks")]
    before = tool.catalogues.read('msgid "Crossing"\nmsgstr "מעבר"\n\nmsgid "Gone"\nmsgstr "נעלם"\n')
    fresh = tool.written("he", wanted, before)
    assert tool.written("he", wanted, tool.catalogues.read(fresh)) == fresh
    assert fresh.split("\n\n", 1)[1] == (
        'msgid "Crossing"\nmsgstr "מעבר"\n\n'
        'msgid "New\\n\\"text\\""\nmsgstr ""\n\n'
        '#, python-format\nmsgid "%(n)s truck"\nmsgid_plural "%(n)s trucks"\n'
        'msgstr[0] ""\nmsgstr[1] ""\nmsgstr[2] ""\n'
    )


def test_a_guessed_translation_is_not_kept(tool: ModuleType) -> None:
    guessed = tool.catalogues.read('msgid ""\nmsgstr "Language: he"\n\n#, fuzzy\nmsgid "Crossing"\nmsgstr "ניחוש"\n')
    assert 'msgid "Crossing"\nmsgstr ""\n' in tool.written("he", [tool.Wanted("Crossing")], guessed)
