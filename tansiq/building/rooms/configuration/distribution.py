"""Checks of a plan, groups of people, complaints, the questionnaire and clocks of distribution, as files state them."""

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from .aid import Coded
from .words import Code, Format, Names, RoomKind, Span, Strict


class Clocks(Strict):
    """The kinds of clock (clocks.yaml) that run at this desk."""

    acceptance: Code  # a partner answers a release
    report: Code  # a report follows a distribution
    difference: Code  # a difference of quantities is explained
    monitoring: Code  # a monitoring round is finished
    feed_back: Code  # the answer to a complaint reaches who complained


class Stages(Strict):
    """The stages of aid (stages.yaml) that acts of this desk record."""

    stored: Code
    released: Code
    distributed: Code
    lost: Code
    reconciled: Code
    received: tuple[Code, ...] = Field(min_length=1)  # from which goods may be taken into stock


class Holders(Strict):
    """The role that a waiting link of the chain lies with."""

    warehouse: Code
    partner: Code


class Check(Coded):
    """Something that must be checked before people are called to a place."""

    valid_for: Span  # unless the check says until when


class Group(Coded):
    """People counted together, by sex and age."""

    sex: Literal["female", "male", "not_stated"]


class ComplaintCategory(Coded):
    """What a complaint is about."""

    sensitive: bool = False  # its readers are those of the record type distribution_complaint_sensitive
    clock: Code
    handler: Code | None = None  # code of the room that handles it, whoever is complained about


class Question(Coded):
    """A question of the monitoring after a distribution."""

    kind: Literal["yes_no", "choice"]
    good: bool | None = None  # the answer that is hoped for, of yes and no
    choices: tuple[Coded, ...] = ()

    @model_validator(mode="after")
    def _choices_fit(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("choices: expected of a choice, and of nothing else")
        return self


class Sampling(Strict):
    """How many are asked in a monitoring round."""

    margin: Decimal = Field(gt=0, lt=1)  # of a share, to either side
    confidence: Literal["0.90", "0.95", "0.99"] = "0.95"
    at_least: int = Field(ge=1, le=10_000)


class DistributionFile(Strict):
    """distribution.yaml"""

    format: Format
    expiring_within: Span
    partner_kinds: tuple[RoomKind, ...] = Field(min_length=1)  # rooms to which goods are released
    names_kept_for: Span  # after a distribution; then the names on its identities line are purged
    clocks: Clocks
    stages: Stages
    holders: Holders
    checks: tuple[Check, ...] = Field(min_length=1, max_length=20)
    crowd_measures: tuple[Coded, ...] = Field(max_length=50)
    put_off_reasons: tuple[Coded, ...] = Field(min_length=1, max_length=100)
    groups: tuple[Group, ...] = Field(min_length=1, max_length=50)
    complaint_categories: tuple[ComplaintCategory, ...] = Field(min_length=1, max_length=100)
    complaint_channels: tuple[Coded, ...] = Field(min_length=1, max_length=50)
    questionnaire: tuple[Question, ...] = Field(min_length=1, max_length=60)
    sampling: Sampling


def names_by_code(entries: tuple[Coded, ...]) -> dict[str, dict[str, str]]:
    """Code → names of a list, in its order."""
    return {one.code: Names.as_data(one.names) for one in entries}
