"""A list as CSV (RFC 4180) in UTF-8, with an HXL row under the headings."""

import csv
import io

from tansiq.engine.exports._listing import Cell, Listing, is_figure, plain_text
from tansiq.engine.exports._safety import harmless

BYTE_ORDER_MARK = "\ufeff"


def csv_bytes(listing: Listing, *, byte_order_mark: bool = True) -> bytes:
    """The list as CSV. The mark at the start lets spreadsheets read Arabic and Hebrew; programs may do without.

    Source : RFC 4180; HXL 1.1, "Hashtag row"
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(column.heading) for column in listing.columns])
    if any(column.tag for column in listing.columns):
        writer.writerow([column.tag for column in listing.columns])
    writer.writerows([_written(cell) for cell in row] for row in listing.rows)
    text = (BYTE_ORDER_MARK if byte_order_mark else "") + out.getvalue()
    return text.encode("utf-8", "replace")


def _written(cell: Cell) -> str:
    text = plain_text(cell)
    return text if is_figure(cell) or not isinstance(cell, str) else harmless(text)
