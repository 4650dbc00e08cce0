"""What a file is by its bytes, whatever its name says; for the sentence that tells a person why it cannot be read."""

import io
from typing import Final
from zipfile import BadZipFile, ZipFile

from ._workbook import OLD_MARK, ZIP_MARK

LOOKED_AT: Final = 4096
READABLE: Final = frozenset({"xlsx", "xls", "ods", "text"})  # kinds that can hold a table
_ENDED: Final = b"PK\x05\x06"  # where the directory of a ZIP package ends
_LATE: Final = 65_600  # bytes from the end within which that mark stands
_BEGINNINGS: Final = (
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*"), "picture"),
    ((b"%PDF",), "pdf"),
    ((b"{\\rtf",), "rtf"),
    ((b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"), "packed"),
)
_PARTS: Final = (
    ("xl/", "xlsx"), ("word/", "document"), ("ppt/", "slides"), ("[Content_Types].xml", "package"),
)  # fmt: skip
_OPEN_DOCUMENTS: Final = {b"spreadsheet": "ods", b"text": "document", b"presentation": "slides"}
_STREAMS: Final = (("EncryptedPackage", "locked"), ("Workbook", "xls"), ("Book", "xls"), ("WordDocument", "document"),
                   ("PowerPoint Document", "slides"))  # fmt: skip


def kind_of(content: bytes) -> str:
    """Say what the bytes are.

    Returns : str   xlsx, xls, ods, text: can be read as a table; else one of empty, cut, locked, picture, pdf, rtf,
                    document, slides, package, zip, packed, web_page, xml_table, json, utf16_unmarked, binary
    """
    begins = content[:LOOKED_AT]
    if not begins.strip() and not content.strip():
        return "empty"
    if begins.startswith((ZIP_MARK, _ENDED)):
        return _zip_kind(content)
    if begins.startswith(OLD_MARK):
        return next((kind for name, kind in _STREAMS if name.encode("utf-16-le") in content), "binary")
    found = next((kind for marks, kind in _BEGINNINGS if begins.startswith(marks)), None)
    return found or _text_kind(begins)


def _zip_kind(content: bytes) -> str:
    if _ENDED not in content[-_LATE:]:
        return "cut"
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            said = packed.open("mimetype").read(200) if "mimetype" in names else b""
    except (BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError):
        return "cut"
    if b"opendocument" in said:
        return next((kind for word, kind in _OPEN_DOCUMENTS.items() if said.endswith(word)), "package")
    return next((kind for part, kind in _PARTS if any(name.startswith(part) for name in names)), "zip")


def _text_kind(begins: bytes) -> str:
    if begins.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    if b"\x00" in begins:
        even, odd = begins[0::2].count(0), begins[1::2].count(0)
        return "utf16_unmarked" if max(even, odd) * 5 > len(begins) and min(even, odd) == 0 else "binary"
    plain = begins.removeprefix(b"\xef\xbb\xbf").lstrip()
    if plain.startswith(b"<?xml") or b":office:spreadsheet" in plain[:1000]:
        return "xml_table"
    if plain.startswith(b"<"):
        return "web_page"
    if plain.startswith((b"{", b"[")):
        return "json"
    strange = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in begins)
    return "binary" if strange * 50 > len(begins) else "text"
