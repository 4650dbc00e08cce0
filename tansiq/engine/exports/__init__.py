"""Writes a list as CSV, XLSX and PDF, safe to open in a spreadsheet and right in every direction of writing."""

from tansiq.engine.exports._csv import csv_bytes
from tansiq.engine.exports._listing import Cell, Column, Listing, TooLong, plain_text
from tansiq.engine.exports._papers import Label, LabelSheet, Paper, Section, labels_pdf, paper_pdf, qr_svg
from tansiq.engine.exports._pdf import PDF_MOST_ROWS, pdf_bytes
from tansiq.engine.exports._safety import harmless
from tansiq.engine.exports._xlsx import xlsx_bytes

__all__ = [
    "PDF_MOST_ROWS",
    "Cell",
    "Column",
    "Label",
    "LabelSheet",
    "Listing",
    "Paper",
    "Section",
    "TooLong",
    "csv_bytes",
    "harmless",
    "labels_pdf",
    "paper_pdf",
    "pdf_bytes",
    "plain_text",
    "qr_svg",
    "xlsx_bytes",
]
