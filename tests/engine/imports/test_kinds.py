"""What a file is by its bytes: every kind that people send under the name of a workbook."""

import io
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from tansiq.engine.imports import READABLE, kind_of

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
TABLE = "Line,Goods\n1,أرز\n"


def packed(**parts: str) -> bytes:
    kept = io.BytesIO()
    with ZipFile(kept, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/"), body)
    return kept.getvalue()


def workbook() -> bytes:
    book = Workbook()
    book.active.append(["Line", "Goods"])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def stream(name: str) -> bytes:
    return OLD + name.encode("utf-16-le")


OPEN = "application/vnd.oasis.opendocument."
KINDS = [
    (b"", "empty"), (b" \r\n\t\n", "empty"), (workbook(), "xlsx"), (workbook()[:3000], "cut"),
    (workbook()[:-30], "cut"), (b"PK\x03\x04", "cut"), (b"\x89PNG\r\n\x1a\n", "picture"), (b"\xff\xd8\xff\xe0", "picture"),
    (b"GIF89a", "picture"), (b"%PDF-1.7", "pdf"), (b"{\\rtf1", "rtf"), (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"\x1f\x8b\x08\x00", "packed"), (b"Rar!\x1a\x07", "packed"), (packed(notes="x"), "zip"),
    (packed(**{"[Content_Types].xml": "", "word__document.xml": ""}), "document"),
    (packed(**{"[Content_Types].xml": "", "ppt__presentation.xml": ""}), "slides"),
    (packed(mimetype=f"{OPEN}spreadsheet"), "ods"), (packed(mimetype=f"{OPEN}text"), "document"),
    (packed(mimetype=f"{OPEN}presentation"), "slides"), (stream("Workbook"), "xls"),
    (stream("EncryptionInfo EncryptedPackage"), "locked"), (stream("WordDocument"), "document"), (OLD, "binary"),
    (b"<!DOCTYPE html><table>", "web_page"), (b"\xef\xbb\xbf\r\n<table>", "web_page"),
    (b'<?xml version="1.0"?><Workbook>', "xml_table"), (b'{"rows": []}', "json"),
    (TABLE.encode("utf-16-le"), "utf16_unmarked"), (TABLE.encode("utf-16-be"), "utf16_unmarked"),
    (bytes(range(256)) * 8, "binary"), (TABLE.encode(), "text"), (TABLE.encode("utf-8-sig"), "text"),
    (TABLE.encode("utf-16"), "text"), (TABLE.encode("windows-1256"), "text"), ("שם;כמות\n".encode("cp1255"), "text"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "kind"), KINDS)
def test_kind_is_told_by_the_bytes(content, kind):
    assert kind_of(content) == kind


def test_kinds_that_hold_tables_are_all_told():
    assert {kind for _, kind in KINDS if kind in READABLE} == READABLE
