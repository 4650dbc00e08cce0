"""What a place file gives, once read: places with their spellings, areas with their outlines, p-codes."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tansiq.building.places.intake.findings import NOTED, REFUSED, REPAIRED, Finding, what
from tansiq.building.places.intake.outlines import Drawn
from tansiq.building.places.models import NameKind
from tansiq.building.places.queries.filing import script_of
from tansiq.engine.names import strip_marks

NAME_MOST = 300


@dataclass(frozen=True)
class Spelling:
    """One way to write a name."""

    text: str
    language: str  # BCP 47; "und-Arab" where only the script is known
    kind: str = NameKind.VARIANT
    claimant: str = ""
    source: str = ""  # where it differs from the file's
    published_on: date | None = None  # likewise


@dataclass(frozen=True)
class PlaceEntry:
    """A place as a file gives it."""

    code: str
    kind: str
    spellings: tuple[Spelling, ...]
    names: dict[str, str]  # to be shown, per language
    longitude: float | None = None
    latitude: float | None = None
    accuracy_m: float | None = None
    schematic: bool = False
    region: str = ""
    population: int | None = None
    area_p_code: str = ""


@dataclass(frozen=True)
class DrawingEntry:
    """One version of a drawn thing."""

    drawn: Drawn
    kind: str
    version: str = ""
    claimant: str = ""
    source: str = ""
    published_on: date | None = None
    accuracy_m: float | None = None
    schematic: bool = False


@dataclass(frozen=True)
class AreaEntry:
    """An area as a file gives it."""

    place: PlaceEntry
    level: int
    parent_p_code: str
    drawing: DrawingEntry | None


@dataclass(frozen=True)
class PcodeEntry:
    """A row of the global list."""

    location: str
    level: int
    p_code: str
    name: str
    parent_p_code: str
    valid_from: date | None


@dataclass
class Intake:
    """What was read from a file, and everything that was found on the way."""

    entries: list[Any] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows: int = 0
    catalogue: str = ""
    source: str = ""
    published_on: date | None = None

    @property
    def refused_rows(self) -> int:
        """How many rows could not be taken."""
        return len({finding.row for finding in self.findings if finding.level == REFUSED and finding.row})

    @property
    def is_refused(self) -> bool:
        """Whether the file as a whole could not be taken."""
        return any(finding.level == REFUSED and finding.row is None for finding in self.findings)

    def counts(self) -> dict[str, int]:
        """Rows in the file, taken, repaired, with notes, refused."""
        by_level: Counter[str] = Counter(level for level, _row in {(f.level, f.row) for f in self.findings if f.row})
        return {
            "rows": self.rows, "taken": len(self.entries), "repaired": by_level[REPAIRED], "noted": by_level[NOTED],
            "refused": by_level[REFUSED],
        }  # fmt: skip


def spelling(value: Any, language: str, kind: str, row: int) -> tuple[Spelling | None, list[Finding]]:
    """A cell as a spelling: cleaned, its language by script where the file does not say; None when empty."""
    text, was_marked = strip_marks(value if isinstance(value, str) else "")
    if not text:
        return None, []
    if len(text) > NAME_MOST:
        return None, [Finding(REFUSED, "name_long", row, {"expected": NAME_MOST, "found": what(text)})]
    found = [Finding(REPAIRED, "name_cleaned", row, {"found": text})] if was_marked else []
    return Spelling(text, language or f"und-{script_of(text)}", kind), found


def once(spellings: list[Spelling]) -> tuple[Spelling, ...]:
    """Each spelling of a language and a source once; what is official stays official."""
    kept: dict[tuple[str, str, str], Spelling] = {}
    for one in spellings:
        same_text_known = one.language.startswith("und") and any(text == one.text for _, text, _ in kept)
        if not same_text_known:
            kept.setdefault((one.language, one.text, one.source), one)
    return tuple(kept.values())


def shown_names(spellings: tuple[Spelling, ...]) -> dict[str, str]:
    """The name to show per language: the first official one; without any, the first spelling."""
    official = [one for one in spellings if one.kind == NameKind.OFFICIAL] or list(spellings[:1])
    names: dict[str, str] = {}
    for one in official:
        names.setdefault(one.language, one.text)
    return names


def settle(intake: Intake) -> Intake:
    """Replace notes that repeat row after row by one for the file."""
    for code in ("reference_system_empty", "precision", "ring_turned"):
        same = [finding for finding in intake.findings if finding.code == code]
        if len(same) > 1:
            intake.findings = [finding for finding in intake.findings if finding.code != code]
            intake.findings.insert(0, Finding(same[0].level, code, None, {"count": len(same)}))
    return intake
