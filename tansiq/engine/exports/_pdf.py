"""A list as PDF, set by Typst with fonts of this folder alone, from the right where the language is."""

import json
import unicodedata
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import typst

from tansiq.engine.exports._listing import Cell, Listing, TooLong, figure_text, is_figure, plain_text

HERE = Path(__file__).parent
PDF_MOST_ROWS = 5000
LANDSCAPE_FROM = 6  # columns
UNBROKEN = 14  # characters after which a word without blanks may be broken
ZERO_WIDTH_SPACE = "\u200b"
NARROWEST, WIDEST = 6, 34  # characters, as shares of the line
ROOM, ROOM_LANDSCAPE = 112, 166  # characters of the usual size across the page
BETWEEN = 2  # characters of room that each column keeps free
SIZE_PT, SMALLEST_PT = 8.5, 5.5


def pdf_bytes(listing: Listing) -> bytes:
    """The list as PDF, with title, facts, marking and page numbers on each page.

    Raises : TooLong     more rows than anyone would print
    """
    rows = list(islice(listing.rows, PDF_MOST_ROWS + 1))
    if len(rows) > PDF_MOST_ROWS:
        raise TooLong(len(rows), PDF_MOST_ROWS)
    cells = [[_cell(cell) for cell in row] for row in rows]
    shares, size_pt = _widths(listing, cells)
    page_words = listing.page_words.replace("{page}", "\ue000").replace("{pages}", "\ue001")
    data = {
        "title": listing.title,
        "language": listing.language.split("-")[0],
        "direction": "rtl" if listing.right_to_left else "ltr",
        "marking": listing.marking,
        "facts": [[name, value] for name, value in listing.facts if value],
        "page_words": page_words,
        "size": size_pt,
        "landscape": len(listing.columns) >= LANDSCAPE_FROM,
        "columns": [
            {"heading": column.heading, "figure": column.kind == "number", "share": shares[place]}
            for place, column in enumerate(listing.columns)
        ],
        "rows": cells,
    }
    made = typst.compile(
        str(HERE / "listing.typ"),
        root=str(HERE),
        font_paths=[str(HERE / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"listing": json.dumps(data, ensure_ascii=False)},
    )
    return bytes(made)


def base_direction(text: str) -> str:
    """Direction of a text by its first letter that has one: "rtl", "ltr", or "" when it has none (UAX 9, P2 and P3)."""
    for character in text:
        found = unicodedata.bidirectional(character)
        if found in ("R", "AL"):
            return "rtl"
        if found == "L":
            return "ltr"
    return ""


def _cell(cell: Cell) -> dict[str, Any]:
    if is_figure(cell):
        return {"text": _figure(cell), "direction": "ltr"}
    if isinstance(cell, datetime | date):
        return {"text": plain_text(cell).replace("T", " "), "direction": "ltr"}
    text = plain_text(cell)
    return {"text": _breakable(_printable(text)), "direction": base_direction(text)}


def _figure(cell: Cell) -> str:
    text = f"{cell:,}" if isinstance(cell, int | float) else figure_text(f"{cell:,f}")
    return text.replace("-", "\u2212")


def _printable(text: str) -> str:
    """The text without control characters and characters that no font draws."""
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") else letter for letter in text)


def _breakable(text: str) -> str:
    words = (
        ZERO_WIDTH_SPACE.join(word[at : at + UNBROKEN] for at in range(0, len(word), UNBROKEN))
        if len(word) > UNBROKEN and base_direction(word) != "rtl"
        else word
        for word in text.split(" ")
    )
    return " ".join(words)


def _widths(listing: Listing, cells: list[list[dict[str, Any]]]) -> tuple[list[float], float]:
    """The columns' shares of the line and the size of the letters: no word runs into the next column.

    Returns : list of float, characters; float, pt
    """
    count = len(listing.columns)
    room = (ROOM_LANDSCAPE if count >= LANDSCAPE_FROM else ROOM) - BETWEEN * count
    least = [_least(listing, cells, place) for place in range(count)]
    wished = [max(_share(listing, cells, place), least[place]) for place in range(count)]
    if sum(wished) <= room:
        return [float(share) for share in wished], SIZE_PT
    size_pt = max(min(SIZE_PT, SIZE_PT * room / sum(least)), SMALLEST_PT)
    spare = max(room * SIZE_PT / size_pt - sum(least), 0) / max(sum(wished) - sum(least), 1)
    return [part + (wish - part) * spare for part, wish in zip(least, wished, strict=True)], size_pt


def _least(listing: Listing, cells: list[list[dict[str, Any]]], place: int) -> int:
    """The longest word of a column that is not broken."""
    texts = [row[place]["text"] for row in cells if place < len(row)]
    words = (len(word) for text in texts for word in text.replace(ZERO_WIDTH_SPACE, " ").split())
    heading = max((len(word) for word in listing.columns[place].heading.split()), default=0)
    return max(max(words, default=0), heading, NARROWEST)


def _share(listing: Listing, cells: list[list[dict[str, Any]]], place: int) -> int:
    longest = max((len(row[place]["text"]) for row in cells if place < len(row)), default=0)
    heading = max((len(word) for word in listing.columns[place].heading.split()), default=0) + 2
    return min(max(longest, heading, NARROWEST), WIDEST)
