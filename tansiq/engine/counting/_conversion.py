"""Conversions between units that somebody has stated; nothing is ever converted without one."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Conversion:
    """State how much of one unit another unit makes, and who says so."""

    from_unit: str
    to_unit: str
    factor: Fraction  # to_unit per from_unit; > 0
    source: str  # who states it; must not be empty

    def __post_init__(self) -> None:
        if self.factor <= 0:
            raise ValueError(f"conversion {self.from_unit} to {self.to_unit}: factor must be positive")
        if not self.source.strip():
            raise ValueError(f"conversion {self.from_unit} to {self.to_unit}: a source is required")


def factors_into(unit: str, conversions: Iterable[Conversion]) -> dict[str, Fraction]:
    """Give the factor into a unit for each unit that converts into it; the unit itself gives 1.

    Raises : ValueError       two conversions for the same pair of units
    """
    factors = {unit: Fraction(1)}
    for conversion in conversions:
        if conversion.to_unit != unit:
            continue
        if conversion.from_unit in factors:
            raise ValueError(f"conversion {conversion.from_unit} to {unit} is stated twice")
        factors[conversion.from_unit] = conversion.factor
    return factors


def converted(micro: int, factor: Fraction) -> int:
    """Convert millionths of a unit, rounded half to even, so that a row's amount never varies."""
    return round(micro * factor)
