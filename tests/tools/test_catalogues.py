"""Message catalogues compiled by our own tool read the same as by gettext's."""

import gettext
import importlib.util
import io
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = r"""
# translator's note
msgid ""
msgstr ""
"Language: ar\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;\n"

#: somewhere.py:1
msgid "Crossing"
msgstr "معبر"

msgctxt "verb"
msgid "Open"
msgstr "افتح"

msgid ""
"Two lines\n"
"and a \"quotation\""
msgstr ""
"سطران\n"
"و\"اقتباس\""

#, python-format
msgid "%(n)s truck"
msgid_plural "%(n)s trucks"
msgstr[0] "لا شاحنات"
msgstr[1] "شاحنة"
msgstr[2] "شاحنتان"
msgstr[3] "%(n)s شاحنات"
msgstr[4] "%(n)s شاحنة"
msgstr[5] "%(n)s شاحنة"

#, fuzzy
msgid "Guessed"
msgstr "تخمين"

msgid "Untranslated"
msgstr ""

#~ msgid "Gone"
#~ msgstr "ذهب"
"""


@pytest.fixture(scope="module")
def catalogues() -> ModuleType:
    place = Path(__file__).resolve().parents[2] / "tools" / "catalogues.py"
    specification = importlib.util.spec_from_file_location("catalogues", place)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["catalogues"] = module
    specification.loader.exec_module(module)
    return module


def test_compiled_catalogue_answers_as_written(catalogues: ModuleType) -> None:
    compiled = gettext.GNUTranslations(io.BytesIO(catalogues.compile_messages(catalogues.read(SOURCE))))
    assert compiled.gettext("Crossing") == "معبر"
    assert compiled.pgettext("verb", "Open") == "افتح"
    assert compiled.gettext("Open") == "Open"
    assert compiled.gettext('Two lines\nand a "quotation"') == 'سطران\nو"اقتباس"'
    assert [compiled.ngettext("%(n)s truck", "%(n)s trucks", n) for n in (0, 1, 2, 5, 11)] == [
        "لا شاحنات",
        "شاحنة",
        "شاحنتان",
        "%(n)s شاحنات",
        "%(n)s شاحنة",
    ]
    assert [compiled.gettext(text) for text in ("Guessed", "Untranslated", "Gone")] == [
        "Guessed",
        "Untranslated",
        "Gone",
    ]


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext's programs are not installed")
def test_compiled_catalogue_equals_that_of_msgfmt(catalogues: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.po").write_text(SOURCE, encoding="utf-8")
    subprocess.run(["msgfmt", "-o", tmp_path / "theirs.mo", tmp_path / "a.po"], check=True)
    ours = gettext.GNUTranslations(io.BytesIO(catalogues.compile_messages(catalogues.read(SOURCE))))
    theirs = gettext.GNUTranslations(io.BytesIO((tmp_path / "theirs.mo").read_bytes()))
    assert ours._catalog == theirs._catalog  # type: ignore[attr-defined]


def test_only_changed_catalogues_are_compiled(catalogues: ModuleType, tmp_path: Path) -> None:
    source = tmp_path / "locale" / "ar" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE, encoding="utf-8")
    assert catalogues.compile_all(tmp_path) == [source.with_suffix(".mo")]
    assert catalogues.compile_all(tmp_path) == []


def test_unreadable_line_is_named(catalogues: ModuleType) -> None:
    with pytest.raises(catalogues.Unreadable, match="^x.po, line 2: this is no line of a message catalogue: msgstring"):
        catalogues.read('msgid "a"\nmsgstring "b"\n', "x.po")
