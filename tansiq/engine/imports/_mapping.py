"""A mapping file: how the columns of somebody else's ledger become fields of ours."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from ._expected import expectation
from ._records import RECORD_KINDS, ColumnType

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]
_DATE_PARTS = ("%[YycxG]", "%[mbBcxjVUW]", "%[dcxjuaAw]")  # year, month or week, day
_HXL_PATTERN = re.compile(r"^#[a-z][a-z0-9_]*([+-][a-z][a-z0-9_]*)*$")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


class MappingNames(_Strict):
    """One text in every working language."""

    en: Line
    ar: Line
    he: Line


class HeaderRule(_Strict):
    """Where the headings stand: a fixed row, or the best of the first rows."""

    row: int | None = Field(default=None, ge=1, le=200)  # 1 = first row of the sheet
    search_rows: int = Field(default=25, ge=1, le=200)


class FileLayout(_Strict):
    """How the file is opened and which rows of it are read."""

    sheet: Line | None = None  # name of the sheet; absent = the first
    encodings: tuple[Line, ...] = ("utf-8-sig", "utf-16", "windows-1256")
    delimiter: Literal["auto", "comma", "semicolon", "tab", "bar"] = "auto"
    header: HeaderRule = HeaderRule()
    hxl: Literal["optional", "required", "none"] = "optional"
    merged_cells: Literal["refuse", "fill"] = "refuse"

    @model_validator(mode="after")
    def _reads_letters(self) -> Self:
        for encoding in self.encodings:
            try:
                b"".decode(encoding)
                "".encode(encoding)
            except (LookupError, ValueError):
                raise ValueError(f"encodings: found {encoding}, expected one such as utf-8 or windows-1256") from None
        return self


class ColumnRule(_Strict):
    """One column of the source and the field that it fills."""

    heading: Line | None = None
    also: tuple[Line, ...] = ()  # other headings that mean the same column
    hxl: Line | None = None  # tag pattern, such as #org+impl-funder
    field: Code | None = None
    note: Code | None = None  # keep as a note under this name instead of a field
    type: ColumnType = "text"
    required: bool = False  # a row without it is refused
    may_be_missing: bool = False  # the whole column may be absent
    empty: tuple[str, ...] = ()  # values that mean "nothing stated"
    dash: Literal["zero", "empty", "refuse"] = "refuse"  # what a lone dash means
    when_empty: str | int | Decimal | None = None
    unreadable: Literal["refuse", "remark"] = "refuse"
    formats: tuple[Line, ...] = ()  # strptime formats for dates and times as text
    serial: Literal["1900", "1904", "refuse"] = "1900"  # what a bare number in a date column is
    decimal: Literal[".", ","] = "."
    table: Code | None = None  # value table, for type code
    unknown: Literal["refuse", "keep", "remark"] = "refuse"  # a value that the table lacks
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    longest: int = Field(default=2000, ge=1, le=20000)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.heading is None and self.hxl is None:
            raise ValueError("a column needs a heading or an hxl tag")
        if (self.field is None) == (self.note is None):
            raise ValueError("a column fills either a field or a note")
        if self.hxl is not None and not _HXL_PATTERN.match(self.hxl):
            raise ValueError(f"hxl: found {self.hxl!r}, expected a tag such as #org+impl")
        if (self.type == "code") != (self.table is not None):
            raise ValueError("a column of type code names a table, and only such a column does")
        if self.note is not None and self.type not in ("text", "identifier"):
            raise ValueError("a note is of type text or identifier")
        for pattern in self.formats:
            _check_format(pattern, self.type)
        return self

    @property
    def label(self) -> str:
        """What a person calls the column: its heading, else its tag."""
        return self.heading or self.hxl or ""


def _check_format(pattern: str, kind: ColumnType) -> None:
    """Refuse a format that reads nothing, or a date without its year, month or day."""
    if kind in ("date", "datetime") and not all(re.search(part, pattern) for part in _DATE_PARTS):
        raise ValueError(f"formats: found {pattern}, expected year, month and day")
    sample = datetime(2003, 12, 31, 22, 50, 40, tzinfo=UTC)
    try:
        datetime.strptime(sample.strftime(pattern), pattern).astimezone(UTC)
    except ValueError:
        raise ValueError(f"formats: found {pattern}, expected one such as %d/%m/%Y") from None


class ColumnChanges(_Strict):
    """What happens when the source's columns are not those the mapping knows."""

    missing: Literal["stop", "allow"] = "stop"
    new: Literal["stop", "ignore", "keep"] = "stop"


class SkipRule(_Strict):
    """Rows that are not records, such as totals: left out and counted, never refused."""

    heading: Line  # the heading (or tag) of a mapped column, as the mapping writes it
    equals: tuple[str, ...] = ()
    starts_with: tuple[str, ...] = ()
    is_empty: bool = False


class Occurrence(_Strict):
    """Which fields say when it happened; without a time, the whole local day is meant."""

    date: Code
    time: Code | None = None


class Ledger(_Strict):
    """Whose ledger the file is."""

    code: Code
    names: MappingNames


class ImportMapping(_Strict):
    """Everything needed to read one kind of file."""

    format: Literal[1]
    code: Code
    names: MappingNames
    ledger: Ledger
    record: Literal["consignment_event", "funding_flow", "presence", "observation"]
    time_zone: str = "UTC"
    file: FileLayout = FileLayout()
    columns: tuple[ColumnRule, ...] = Field(min_length=1, max_length=200)
    unused: tuple[Line, ...] = ()  # headings that are known and deliberately not taken
    changes: ColumnChanges = ColumnChanges()
    key: tuple[Code, ...] = ()  # fields that name a row; none = the whole row, copies numbered
    not_compared: tuple[Code, ...] = ()  # fields whose change alone is no revision
    occurred: Occurrence | None = None
    constants: dict[Code, str | int | Decimal | date] = Field(default_factory=dict)
    tables: dict[Code, dict[str, Code]] = Field(default_factory=dict)
    skip: tuple[SkipRule, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the file's own dates and times are meant."""
        return ZoneInfo(self.time_zone)

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        found = [*_field_problems(self), *_reference_problems(self)]
        if found:
            raise ValueError("; ".join(found))
        return self


def _field_problems(mapping: ImportMapping) -> list[str]:
    kind = RECORD_KINDS[mapping.record]
    filled = [column.field for column in mapping.columns if column.field]
    found = [f"field {name} is filled twice" for name in sorted({f for f in filled if filled.count(f) > 1})]
    for column in mapping.columns:
        expected = kind.fields.get(column.field or "")
        if column.field and expected is None and not kind.open:
            found.append(f"column {column.label}: {mapping.record} has no field {column.field}")
        elif expected is not None and column.type != expected:
            found.append(f"column {column.label}: found type {column.type}, expected {expected}")
    unknown = [] if kind.open else sorted(set(mapping.constants) - set(kind.fields))
    found += [f"constants: {mapping.record} has no field {name}" for name in unknown]
    found += [f"field {name} is both a column and a constant" for name in set(filled) & set(mapping.constants)]
    lacking = sorted(kind.required - set(filled) - set(mapping.constants))
    return found + [f"no column or constant fills {name}" for name in lacking]


def _reference_problems(mapping: ImportMapping) -> list[str]:
    fields = {column.field for column in mapping.columns} | set(mapping.constants)
    found = [f"key: no column fills {name}" for name in mapping.key if name not in fields]
    found += [f"not_compared: no column fills {name}" for name in mapping.not_compared if name not in fields]
    for column in mapping.columns:
        if column.table and column.table not in mapping.tables:
            found.append(f"column {column.label}: no table {column.table}")
    labels = {column.label for column in mapping.columns}
    found += [f"skip: no column {rule.heading}" for rule in mapping.skip if rule.heading not in labels]
    if mapping.occurred and mapping.occurred.date not in fields:
        found.append(f"occurred.date: no column fills {mapping.occurred.date}")
    if mapping.occurred and mapping.occurred.time and mapping.occurred.time not in fields:
        found.append(f"occurred.time: no column fills {mapping.occurred.time}")
    if mapping.time_zone not in available_timezones():
        found.append(f"time_zone: found {mapping.time_zone}, expected a name such as Asia/Gaza")
    return found


@dataclass(frozen=True)
class MappingProblem:
    """One thing wrong with a mapping file."""

    path: str  # such as columns.3.type
    found: str
    expected: str


class MappingError(ValueError):
    """A mapping file that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: tuple[MappingProblem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.path}: found {p.found}, expected {p.expected}" for p in problems))


def mapping_from(data: object) -> ImportMapping:
    """Turn the parsed content of a mapping file into a mapping.

    Raises : MappingError   with every problem found
    """
    if not isinstance(data, dict):
        raise MappingError((MappingProblem("(file)", type(data).__name__, "a mapping of names to values"),))
    try:
        return ImportMapping.model_validate(data)
    except ValidationError as error:
        raise MappingError(tuple(_problem(dict(detail)) for detail in error.errors())) from None


def _problem(detail: dict[str, Any]) -> MappingProblem:
    path = ".".join(str(step) for step in detail["loc"]) or "(file)"
    found = "nothing" if detail["type"] == "missing" else repr(detail.get("input"))[:120]
    return MappingProblem(path, found, expectation(detail))
