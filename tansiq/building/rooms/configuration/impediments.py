"""Types of impediments, links of the chain, kinds of answers and origins, as files state them."""

from typing import Self

from pydantic import Field, model_validator

from .aid import Coded
from .words import Code, Format, Strict


class ImpedimentType(Coded):
    """What kind of thing stands in the way."""

    clock: Code | None = None  # of the first answer, where it differs from first_clock


class AnswerKind(Coded):
    """What an owner may answer; one of them is silence, which only the system records."""

    silence: bool = False
    next_clock: Code | None = None  # what starts when this answer is given


class Origin(Coded):
    """What opens an impediment by itself."""

    type: Code
    chain_links: tuple[Code, ...] = ()


class ImpedimentsFile(Strict):
    """impediments.yaml"""

    format: Format
    first_clock: Code
    types: tuple[ImpedimentType, ...] = Field(min_length=1, max_length=200)
    chain_links: tuple[Coded, ...] = Field(min_length=1, max_length=200)
    answers: tuple[AnswerKind, ...] = Field(min_length=2, max_length=50)
    origins: tuple[Origin, ...] = Field(default=(), max_length=200)
    cost_units: tuple[Code, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_is_silence(self) -> Self:
        if [answer.silence for answer in self.answers].count(True) != 1:
            raise ValueError("answers: expected exactly one with silence: true")
        return self
