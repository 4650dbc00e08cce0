"""Labels and manifests in three scripts: the right words, byte for byte the same, and codes that can be read."""

import re
import shutil
import subprocess

import pytest

from tansiq.engine.exports import Label, LabelSheet, Paper, Section, labels_pdf, paper_pdf, qr_svg

needs_reader = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
PAYLOAD = "TQ1:" + "ABCDEFGH234567" * 12
TEXTS = (
    ("en", ("10 Carton Rice", "Kerem Shalom")), ("ar", ("10 كرتونة أرز", "كرم أبو سالم")),
    ("he", ("10 קרטון אורז", "כרם שלום")),
)  # fmt: skip


def text_of(body):
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=body, capture_output=True, check=True)
    return read.stdout.decode()


def label(n=1, texts=TEXTS):
    return Label(PAYLOAD, "K7Q2-9XMD-4", "M-0001", f"PAL-{n}", f"{n} / 9", 1, texts)


def section(language, title, words):
    return Section(
        language, title, ((words[0], "12-345-67"),), (words[1], words[2]), frozenset({1}), ((words[3], "10"),),
        (words[4],), ((words[5], (words[6],)),), {"page": "{page} / {pages}"},
    )  # fmt: skip


SECTIONS = (
    section("en", "Manifest", ("Vehicle", "Goods", "Quantity", "Rice", "Checked", "Handed over by", "Name")),
    section("ar", "بيان الحمولة", ("المركبة", "البضائع", "الكمية", "أرز", "فُحص", "المسلم", "الاسم")),
    section("he", "מניפסט", ("רכב", "טובין", "כמות", "אורז", "נבדק", "נמסר בידי", "שם")),
)


@needs_reader
@pytest.mark.parametrize(("columns", "rows"), [(2, 4), (3, 6), (1, 2)])
def test_label_says_the_same_in_three_scripts(columns, rows):
    body = labels_pdf(LabelSheet("M-0001", columns, rows, tuple(label(n) for n in range(1, 10))))
    text = re.sub(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text_of(body))
    wanted = ["PAL-1", "PAL-9", "K7Q2-9XMD-4", "M-0001", "Kerem Shalom", "כרם", "שלום"]
    assert [word for word in wanted if word not in text] == []
    assert re.search(r"[\u0600-\u06ff\ufb50-\ufefc]{3}", text)
    pages = len(re.findall(rb"/Type\s*/Page[^s]", body))
    assert pages == -(-9 // (columns * rows))


@pytest.mark.parametrize("languages", [("en",), ("ar", "he"), ("en", "ar", "he")])
def test_same_labels_give_the_same_bytes(languages):
    texts = tuple(one for one in TEXTS if one[0] in languages)
    sheet = LabelSheet("M-0001", 2, 4, (label(1, texts), label(2, texts)))
    assert labels_pdf(sheet) == labels_pdf(sheet)
    assert labels_pdf(sheet) != labels_pdf(LabelSheet("M-0001", 2, 4, (label(1, texts),)))


@needs_reader
def test_manifest_has_a_part_for_each_language_with_our_fonts_alone():
    body = paper_pdf(Paper("M-0001", PAYLOAD, "K7Q2-9XMD-4", "TLP:AMBER", SECTIONS))
    assert body == paper_pdf(Paper("M-0001", PAYLOAD, "K7Q2-9XMD-4", "TLP:AMBER", SECTIONS))
    text = text_of(body)
    assert [
        word for word in ("Manifest", "Vehicle", "12-345-67", "Rice", "TLP:AMBER", "רכב", "אורז") if word not in text
    ] == []
    assert len(re.findall(rb"/Type\s*/Page[^s]", body)) == 3
    names = {name.split(b"+")[-1] for name in re.findall(rb"/BaseFont /([A-Z]{6}\+[\w-]+)", body)}
    assert {name.startswith(b"TansiqDocument") for name in names} <= {True}


def test_markup_in_texts_is_text():
    odd = '#eval("1+1") *b* $x$ [c] \\ // @r <l>'
    assert labels_pdf(LabelSheet("x", 2, 4, (label(1, (("en", (odd,)),)),))).startswith(b"%PDF-")


def test_code_is_one_path_with_its_quiet_zone():
    svg = qr_svg(PAYLOAD)
    size = int(re.search(r'viewBox="0 0 (\d+) \1"', svg).group(1))
    assert ((size - 8 - 17) % 4, svg.count("<path"), 'd="M4 4h7v1h-7z' in svg) == (0, 1, True)


@needs_reader
def test_further_codes_stand_under_the_rows_with_their_caption():
    plain = Paper("M-0001", PAYLOAD, "K7Q2-9XMD-4", "", SECTIONS[:1])
    body = paper_pdf(
        Paper("M-0001", PAYLOAD, "K7Q2-9XMD-4", "", SECTIONS[:1], (("token.text", "C-1 / 2 · 2026-12-24"),))
    )
    assert ("C-1 / 2 · 2026-12-24" in text_of(body), "C-1 / 2" in text_of(paper_pdf(plain))) == (True, False)
