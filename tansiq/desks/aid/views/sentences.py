"""Says in words why a cell, a row or a file was not taken, and why two counts differ; the engine answers codes."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

FAULTS: Mapping[str, Any] = {
    "empty": _("The cell is empty; a value is needed."),
    "not_a_number": _("Not a number."),
    "not_a_whole_number": _("Not a whole number."),
    "too_small": _("Smaller than allowed."),
    "too_large": _("Larger than allowed."),
    "not_a_date": _("Not a date that the mapping knows."),
    "ambiguous_date": _("The formats of the mapping read this date in more than one way."),
    "date_out_of_range": _("The date lies outside the years that can be kept."),
    "no_heading": _("A value stands in a column that has no heading."),
    "not_a_time": _("Not a time of day."),
    "number_for_date": _("A bare number stands where a date is expected."),
    "unknown_value": _("The mapping's table has no such value."),
    "unknown_code": _("The operation has no such code."),
    "too_long": _("Longer than allowed."),
    "merged_cell": _("The cell is part of a merged block, so nobody can say what it holds."),
    "formula_without_value": _("A formula without a stored value."),
    "error_value": _("The spreadsheet itself shows an error here."),
    "repeated_key": _("Another row of the file has the same key."),
    "control_character": _("A control character that no text may hold."),
    "no_time": _("No date can be made of the row."),
    "quantity_out_of_range": _("The quantity lies outside what can be kept."),
    "quantity_too_fine": _("The quantity is finer than a millionth of its unit."),
    "same_key_other_content": _("An event with this key is recorded already and says something else."),
    "unregistered_consignment": _("Nobody registered this consignment."),
}

FILES: Mapping[str, Any] = {
    "empty_file": _("The file is empty."),
    "too_large": _("The file is too large to be read, or unpacks to more than is allowed."),
    "not_a_table": _("The file is neither a workbook nor a text table, whatever its name says."),
    "no_such_sheet": _("The workbook has no such sheet."),
    "unknown_encoding": _("The letters of the file are in no encoding that is known."),
    "mixed_encoding": _(
        "The file is in UTF-8 but for some broken letters; the first row with one, and its bytes, are named."
    ),
    "broken_workbook": _("The workbook is damaged or is none."),
    "locked_workbook": _("The workbook is locked with a password."),
    "broken_csv": _("The text table is damaged: quotation marks or columns do not fit."),
    "no_tag_row": _("The mapping expects a row of HXL tags; the file has none."),
    "no_heading_row": _("No row holds the headings that the mapping expects."),
    "no_rows": _("There is no row below the headings."),
}

KINDS: Mapping[str, tuple[Any, Any]] = {
    "empty": (_("nothing, or blank space alone"), ""),
    "cut": (
        _("a workbook that ends too early"),
        _("It was not saved or not sent to its end: ask for it once more."),
    ),
    "locked": (
        _("a workbook that is locked with a password"), _("Open it with the password and save it without one."),
    ),
    "picture": (_("a picture"), _("Ask for the table itself, not for a picture of it.")),
    "pdf": (_("a PDF document"), _("Ask for the table that it was made from.")),
    "rtf": (_("a text document (RTF)"), _("Copy its table into a spreadsheet and save that.")),
    "document": (_("a text document"), _("Copy its table into a spreadsheet and save that.")),
    "slides": (_("a presentation"), _("Copy its table into a spreadsheet and save that.")),
    "package": (_("a package of documents without a sheet"), ""),
    "zip": (_("a ZIP archive"), _("Unpack it and bring the table that is in it.")),
    "packed": (_("a packed archive"), _("Unpack it and bring the table that is in it.")),
    "web_page": (
        _("a web page (HTML)"), _("Open it in a spreadsheet program and save it as a workbook (XLSX)."),
    ),
    "xml_table": (
        _("a table in XML"), _("Open it in a spreadsheet program and save it as a workbook (XLSX)."),
    ),
    "json": (_("data in JSON"), ""),
    "utf16_unmarked": (
        _("a text in UTF-16 without its mark"), _("Save it as CSV in UTF-8."),
    ),
    "binary": (_("no text and no workbook"), ""),
    "xlsx": (_("a workbook (XLSX)"), ""),
    "xls": (_("an old workbook (XLS)"), _("Open it in a spreadsheet program and save it as a workbook (XLSX).")),
    "ods": (_("an open spreadsheet (ODS)"), ""),
    "text": (_("a text"), ""),
}  # fmt: skip
DELIMITERS: Mapping[str, Any] = {
    ",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar"),
}  # fmt: skip

AGREED = "agreed"  # no cause of a difference, but shown among them
CAUSES: Mapping[str, Any] = {
    "other_stage": _("Counted at another stage"),
    "other_scope": _("Outside the scope of one of them: crossing, consignor, commodity or source"),
    "other_unit": _("Stated in another unit"),
    "other_day": _("Falls into the period in one of them only"),
    "counted_twice": _("Counted once in one of them, each time in the other"),
    "missing_in_one": _("Missing in one of them"),
    "quantities_differ": _("In both, with different quantities"),
    AGREED: _("Rows in both, of equal worth"),
}


def fault_sentence(code: str) -> str:
    """Why a cell was not taken; the bare code when nobody wrote a sentence."""
    return str(FAULTS.get(code, code))


def file_sentence(code: str) -> str:
    """Why a file cannot be read."""
    return str(FILES.get(code, code))


def kind_sentence(name: str, kind: str) -> str:
    """What a file is although it has its name, what was expected and what helps; empty for a kind nobody knows."""
    if kind not in KINDS:
        return ""
    found, advice = KINDS[kind]
    said = _("“%(name)s” holds %(found)s; expected is a workbook (XLSX, XLS, ODS) or a text table (CSV).")
    return f"{said % {'name': name, 'found': found}} {advice}".strip()


def reading_sentence(file: Mapping[str, Any]) -> str:
    """How a file was read: which sheet, or in which letters and with what between the cells."""
    if not file.get("encoding"):
        return str(_("Read as a workbook, sheet “%(sheet)s”.") % {"sheet": file.get("sheet", "")})
    mark = DELIMITERS.get(file.get("delimiter", ""), file.get("delimiter", ""))
    return str(
        _("Read as a text table: letters in %(encoding)s, cells parted by: %(mark)s.")
        % {"encoding": file["encoding"], "mark": mark}
    )


def cause_sentence(code: str) -> str:
    """Why two counts differ."""
    return str(CAUSES.get(code, code))
