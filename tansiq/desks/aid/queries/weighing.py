"""Whether what is proposed fits what is told of its consignments; if not, which statement breaks which sum."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tansiq.desks.aid.queries.told import (
    ConservationRules,
    HeldLines,
    Told,
    book,
    contradicting,
    line_named,
    statements_of_told,
)
from tansiq.engine.conservation import Discrepancy as Finding
from tansiq.engine.conservation import Refusal, Statement, discrepancies, judge, settle

By = dict[UUID, list[Told]]


@dataclass(frozen=True)
class Proposed:
    """What one event would say of a consignment."""

    consignment: UUID
    told: Told
    insists: bool = False


@dataclass(frozen=True)
class Weighed:
    """The answer to proposed events."""

    refused: Mapping[UUID, tuple[Refusal, ...]]  # by the event's id
    grown: tuple[Refusal, ...]  # contradictions that are new or greater with what is kept: insisted on
    found: tuple[Finding, ...]  # all contradictions that there are with what is kept
    told: Mapping[UUID, list[Told]]  # by consignment: with what is kept

    def found_in(self, consignment: UUID) -> list[Finding]:
        """The contradictions of one consignment."""
        return [one for one in self.found if line_named(one.line)[0] == consignment]


NOTHING = Weighed({}, (), (), {})


def weighed(
    rules: ConservationRules,
    held: Mapping[UUID, HeldLines],
    before: Mapping[UUID, list[Told]],
    proposed: Sequence[Proposed],
    *,
    together: bool = False,
) -> Weighed:
    """Weigh events against all that is told of their consignments. What does not fit is refused, unless insisted on.

    held : the lines of the consignments; an event of a consignment without lines is not asked about here
    together : one change; when any of it is refused, all of it is
    """
    scale = _Scale(rules, held)
    new: By = defaultdict(list)
    for one in proposed:
        new[one.consignment].append(one.told)
    whole = {c: [*before.get(c, ()), *told] for c, told in new.items()}
    found = scale.found(whole)
    if not found:
        return Weighed({}, (), (), whole)
    refusals = scale.judged({c: before.get(c, []) for c in new}, whole)
    if not refusals:
        return Weighed({}, (), found, whole)
    faulty = {line_named(one.discrepancy.line)[0] for one in refusals}
    refused: dict[UUID, tuple[Refusal, ...]] = {}
    for consignment in sorted(faulty):
        own = [one for one in proposed if one.consignment == consignment]
        refused |= scale.sifted(consignment, before.get(consignment, []), own, together=together)
    kept = {c: [one for one in told if one.event not in refused] for c, told in whole.items()}
    grown = scale.judged({c: before.get(c, []) for c in faulty}, {c: kept[c] for c in faulty})
    return Weighed(refused, grown, scale.found(kept), kept)


@dataclass(frozen=True)
class _Scale:
    rules: ConservationRules
    held: Mapping[UUID, HeldLines]

    def statements(self, told: Mapping[UUID, Iterable[Told]], *, of: set[UUID] | None = None) -> list[Statement]:
        """What is told, as statements of the engine; of these events alone."""
        return [
            statement
            for consignment, rows in told.items()
            for one, statement in statements_of_told(consignment, contradicting(list(rows)), self.held[consignment])
            if of is None or one.event in of
        ]

    def lines(self, told: Mapping[UUID, object]) -> dict[UUID, HeldLines]:
        return {consignment: self.held[consignment] for consignment in told}

    def found(self, told: Mapping[UUID, Iterable[Told]]) -> tuple[Finding, ...]:
        """Every contradiction there is."""
        return discrepancies(settle(book(self.rules, self.lines(told), self.statements(told))))

    def judged(
        self, before: Mapping[UUID, Sequence[Told]], after: Mapping[UUID, Sequence[Told]]
    ) -> tuple[Refusal, ...]:
        """Every contradiction that is new or greater afterwards."""
        known = {one.event for told in before.values() for one in told}
        new = {one.event for told in after.values() for one in told} - known
        standing = book(self.rules, self.lines(after), self.statements(before))
        return judge(standing, self.statements(after, of=new)).refusals

    def sifted(
        self, consignment: UUID, before: list[Told], proposed: list[Proposed], *, together: bool
    ) -> dict[UUID, tuple[Refusal, ...]]:
        """Take what fits, one event after the other as they happened, until no more fits; answers what does not."""
        sets = [proposed] if together else [[one] for one in sorted(proposed, key=_as_it_happened)]
        kept, refused = list(before), {}
        while True:
            waiting = []
            for one in sets:
                told = [part.told for part in one]
                answer = self.judged({consignment: kept}, {consignment: [*kept, *told]})
                if answer and not all(part.insists for part in one):
                    waiting.append(one)
                    refused |= {part.told.event: answer for part in one}
                else:
                    kept += told
                    refused = {event: why for event, why in refused.items() if event not in {t.event for t in told}}
            if len(waiting) in (0, len(sets)):
                return refused
            sets = waiting


def _as_it_happened(one: Proposed) -> tuple[int, int, str, str]:
    return one.told.occurred, one.told.edition, one.told.source, one.told.key
