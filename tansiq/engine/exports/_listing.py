"""What is exported: a title, columns with HXL tags, typed rows, and what a reader must know about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

Cell = str | int | float | Decimal | date | datetime | None
Kind = Literal["text", "number", "date", "moment"]
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


class TooLong(ValueError):
    """More rows than this kind of file takes."""

    def __init__(self, found: int, limit: int) -> None:
        super().__init__(f"expected at most {limit} rows, found {found}")
        self.found = found
        self.limit = limit


@dataclass(frozen=True)
class Column:
    """One column: its heading in the reader's language, its HXL hashtag with attributes, and what stands in it."""

    heading: str
    tag: str = ""  # "#date+occurred"; empty where HXL has no word for it
    kind: Kind = "text"


@dataclass(frozen=True)
class Listing:
    """A list as one reader may see it."""

    title: str
    language: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    facts: Sequence[tuple[str, str]] = ()  # what is said above the list: room, as-of time, filters
    marking: str = ""  # "TLP:AMBER"
    page_words: str = "{page} / {pages}"

    @property
    def right_to_left(self) -> bool:
        """Whether the language is written from the right."""
        return self.language.split("-")[0] in RIGHT_TO_LEFT


def plain_text(cell: Cell) -> str:
    """A cell as text: times in UTC as ISO 8601, figures in Latin digits without grouping."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{in_utc(cell):%Y-%m-%dT%H:%M:%S}Z"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return figure_text(format(cell, "f"))
    return str(cell)


def figure_text(figure: str) -> str:
    """A figure as a person writes it: 12, not 12.000000."""
    return figure.rstrip("0").rstrip(".") if "." in figure else figure


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC, without a zone; one that has no zone is taken as UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def is_figure(cell: Cell) -> bool:
    """Whether a cell holds a figure, not text that looks like one."""
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
