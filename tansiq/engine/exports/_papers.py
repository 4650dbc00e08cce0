"""Label sheets, manifests and waybills as PDF, in one language or several, with QR codes drawn in the document."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import segno
import typst

from tansiq.engine.exports._pdf import base_direction

HERE = Path(__file__).parent
RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur"})
QUIET = 4  # modules of white around a code, ISO/IEC 18004

Words = dict[str, str]


@dataclass(frozen=True)
class Label:
    """One label: what is scanned, what is typed where nothing can be scanned, and what a person reads."""

    code: str  # payload of the QR code
    short: str
    number: str  # of the manifest
    unit: str  # the code written on the handling unit; "" on the manifest's own label
    place: str  # "2 / 8"
    issue: int
    texts: tuple[tuple[str, tuple[str, ...]], ...]  # (language, lines in it), one for each language


@dataclass(frozen=True)
class LabelSheet:
    """Labels on sheets of A4."""

    title: str
    columns: int
    rows: int
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class Section:
    """A manifest or a waybill in one language; every word comes from the caller."""

    language: str
    title: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    figures: frozenset[int]  # places of the columns that hold figures
    rows: tuple[tuple[str, ...], ...]
    footnotes: tuple[str, ...] = ()
    signatures: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (who signs, what is filled in by hand)
    words: Words = field(default_factory=dict)  # "page": "Page {page} of {pages}"


@dataclass(frozen=True)
class Paper:
    """A manifest or a waybill, in one language after the other."""

    number: str
    code: str  # payload of the manifest's QR code; "" while it has none
    short: str
    marking: str
    sections: tuple[Section, ...]
    tokens: tuple[tuple[str, str], ...] = ()  # (payload of a further QR code, what stands under it), after the rows


def labels_pdf(sheet: LabelSheet) -> bytes:
    """The sheets as PDF; the same labels give the same bytes."""
    data = {
        "title": sheet.title, "columns": sheet.columns, "rows": sheet.rows,
        "labels": [
            {
                "qr": qr_svg(one.code), "short": one.short, "number": one.number, "unit": one.unit,
                "place": one.place, "issue": str(one.issue),
                "texts": [{"language": language, "direction": _direction(language), "lines": _lines(lines)}
                          for language, lines in one.texts],
            }
            for one in sheet.labels
        ],
    }  # fmt: skip
    return _set("labels.typ", data)


def paper_pdf(paper: Paper) -> bytes:
    """The manifest or waybill as PDF, a new page for each language; the same content gives the same bytes."""
    data = {
        "number": paper.number, "qr": qr_svg(paper.code) if paper.code else "", "short": paper.short,
        "marking": paper.marking, "sections": [_section(one) for one in paper.sections],
        "tokens": [{"qr": qr_svg(payload), "caption": caption} for payload, caption in paper.tokens],
    }  # fmt: skip
    return _set("paper.typ", data)


def qr_svg(payload: str) -> str:
    """A QR code as an SVG of one path, at error correction M.

    Source : ISO/IEC 18004, by segno
    """
    matrix = segno.make_qr(payload, error="m", boost_error=False).matrix
    size = len(matrix) + 2 * QUIET
    path = "".join(
        f"M{start + QUIET} {y + QUIET}h{length}v1h-{length}z"
        for y, row in enumerate(matrix)
        for start, length in _runs(row)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{path}" fill="#000"/></svg>'


def _runs(row: Sequence[int]) -> list[tuple[int, int]]:
    """Where dark modules begin in a row, and how many follow one another."""
    runs: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if not dark:
            continue
        if runs and runs[-1][0] + runs[-1][1] == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs


def _section(one: Section) -> dict[str, Any]:
    page = one.words.get("page", "{page} / {pages}").replace("{page}", "\ue000").replace("{pages}", "\ue001")
    return {
        "language": one.language, "direction": _direction(one.language), "title": one.title,
        "facts": [[name, *_lines([value])] for name, value in one.facts if value], "columns": list(one.columns),
        "figures": sorted(one.figures), "rows": [_lines(row) for row in one.rows], "footnotes": list(one.footnotes),
        "signatures": [[who, list(asked)] for who, asked in one.signatures], "page_words": page,
    }  # fmt: skip


def _lines(texts: Sequence[str]) -> list[dict[str, str]]:
    return [{"text": text, "direction": base_direction(text)} for text in texts]


def _direction(language: str) -> str:
    return "rtl" if language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"


def _set(template: str, data: dict[str, Any]) -> bytes:
    made = typst.compile(
        str(HERE / template), root=str(HERE), font_paths=[str(HERE / "fonts")], ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )  # fmt: skip
    return bytes(made)
