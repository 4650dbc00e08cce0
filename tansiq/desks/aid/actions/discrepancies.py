"""Discrepancies: opened where somebody insists, taken on, explained, left standing, settled, dissolved, reported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from tansiq.building.clocks.actions import start_clock, stop_clock
from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.clocks.queries import database_now
from tansiq.building.clocks.rules import Holder, entrusted
from tansiq.building.doors.queries import audience_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import Role
from tansiq.building.rooms.queries import audience_for, local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import (
    KIND_WORDS,
    LIVE_DISCREPANCIES,
    Consignment,
    Discrepancy,
    DiscrepancyState,
    DiscrepancyStep,
)
from tansiq.desks.aid.queries.arithmetic import Around, around, facts_of, identity_of
from tansiq.desks.aid.queries.told import HeldLines, Told, conservation_rules, line_named
from tansiq.desks.aid.queries.words import named, words
from tansiq.desks.aid.rules import RECORD_TYPE, TOPIC, Act, next_discrepancy_state
from tansiq.desks.impediments.actions import open_impediment
from tansiq.desks.impediments.models import Term, TermKind
from tansiq.desks.impediments.rules import Act as Impediments
from tansiq.desks.impediments.rules import ImpedimentStatement
from tansiq.engine.conservation import Discrepancy as Finding
from tansiq.engine.conservation import Refusal

Facts = dict[str, Any]


@act(Act.OPEN_DISCREPANCY)
def open_discrepancy(
    *, by: Actor, consignment: UUID, identity: str, facts: Facts, reason: str, event: UUID | None, at: datetime | None
) -> Done:
    """Keep a contradiction that a source insists on: a clock starts, and somebody is asked. Raises Refused.

    One that is open already is insisted on anew: its story goes on, with the new figures.
    """
    own = {"room_id": by.room_id, "consignment_id": consignment, "identity": identity}
    held = Discrepancy.objects.select_for_update(no_key=True, of=("self",)).filter(**own, closed_at=None).first()
    wrote: list[Any] = []
    if held is None:
        held = Discrepancy.objects.create(
            **own, audience_id=audience_for(RECORD_TYPE, "headline", by), line_number=facts["line"], kind=facts["kind"],
            stage=facts["stage"], state=next_discrepancy_state(None, Act.OPEN_DISCREPANCY),
            opened_at=min(at or database_now(), database_now()),
        )  # fmt: skip
        _start(by, held)
    else:
        held.state = next_discrepancy_state(held.state, Act.OPEN_DISCREPANCY)
        held.save(update_fields=["state"])
    wrote += [held, _step(by, held, Act.OPEN_DISCREPANCY, text=reason, event=event, facts=facts)]
    told = {name: facts[name] for name in ("kind", "line", "stage", "stated", "limit")}
    return Done(held, wrote=wrote, facts={**told, "reason": reason}, topics=[TOPIC])


@act(Act.TAKE_ON_DISCREPANCY)
def take_on_discrepancy(*, by: Actor, discrepancy_id: UUID, role: str = "", reason: str = "") -> Done:
    """Take it on for a role of its room; the one that is asked first where none is named. Raises Refused."""
    held = _locked(by, discrepancy_id)
    held.state = next_discrepancy_state(held.state, Act.TAKE_ON_DISCREPANCY)
    role = role or conservation_rules(by.operation_id).holder_role
    if not Role.objects.filter(operation=by.operation_id, code=role).exists():
        raise Refused("discrepancy_role_unknown", found=role)
    held.owner_role = role
    return _moved(by, held, Act.TAKE_ON_DISCREPANCY, reason)


@act(Act.EXPLAIN_DISCREPANCY)
def explain_discrepancy(*, by: Actor, discrepancy_id: UUID, reason: str) -> Done:
    """Say how it comes that two readings differ; the contradiction stays until a correction ends it. Raises Refused."""
    held = _locked(by, discrepancy_id)
    held.state = next_discrepancy_state(held.state, Act.EXPLAIN_DISCREPANCY)
    return _moved(by, held, Act.EXPLAIN_DISCREPANCY, _said(reason))


@act(Act.LEAVE_DISCREPANCY)
def leave_discrepancy(*, by: Actor, discrepancy_id: UUID, reason: str) -> Done:
    """Let both readings stand for good, for a reason. Raises Refused."""
    held = _locked(by, discrepancy_id)
    held.state = next_discrepancy_state(held.state, Act.LEAVE_DISCREPANCY)
    return _moved(by, held, Act.LEAVE_DISCREPANCY, _said(reason))


@act(Act.SETTLE_DISCREPANCY)
def settle_discrepancy(*, by: Actor, discrepancy_id: UUID, event: UUID | None) -> Done:
    """Record that a correction ended the contradiction. Raises Refused."""
    held = _locked(by, discrepancy_id)
    held.state = next_discrepancy_state(held.state, Act.SETTLE_DISCREPANCY)
    return _moved(by, held, Act.SETTLE_DISCREPANCY, event=event)


@act(Act.DISSOLVE_DISCREPANCY)
def dissolve_discrepancy(*, by: Actor, discrepancy_id: UUID, event: UUID | None) -> Done:
    """Record that what came later ended the contradiction. Raises Refused."""
    held = _locked(by, discrepancy_id)
    held.state = next_discrepancy_state(held.state, Act.DISSOLVE_DISCREPANCY)
    return _moved(by, held, Act.DISSOLVE_DISCREPANCY, event=event)


@act(Act.REPORT_UNOWNED_DISCREPANCY)
def report_unowned_discrepancy(*, by: Actor, discrepancy_id: UUID) -> Done:
    """Open an impediment over a discrepancy that nobody took on in time; once for each. Raises Refused."""
    held = _locked(by, discrepancy_id)
    told = DiscrepancyStep.objects.filter(room=by.room_id, discrepancy=held, act=Act.REPORT_UNOWNED_DISCREPANCY)
    is_due = held.state == DiscrepancyState.OPEN and held.clock is not None and held.clock.lapsed_at is not None
    if not is_due or told.exists():
        raise Refused("discrepancy_not_due")
    held.state = next_discrepancy_state(held.state, Act.REPORT_UNOWNED_DISCREPANCY)
    impediment = _impediment(by, held)
    done = _moved(by, held, Act.REPORT_UNOWNED_DISCREPANCY)
    done.facts["impediment"] = str(impediment.pk)
    return done


def keep_open(
    by: Actor,
    grown: Sequence[Refusal],
    lines: Mapping[UUID, HeldLines],
    told: Mapping[UUID, Sequence[Told]],
    causes: Mapping[UUID, tuple[str, datetime | None]],
) -> None:
    """Open a discrepancy for each contradiction that is insisted on; what only follows from another needs none.

    causes : by event that insists: why, and when it was recorded where that is not now
    """
    for one in grown:
        if one.discrepancy.follows:
            continue
        place = around(one.discrepancy, lines, told)
        facts = facts_of(one.discrepancy, place, one)
        event = _cause(facts, place, causes)
        reason, at = causes[event]
        open_discrepancy(
            by=by, consignment=line_named(one.discrepancy.line)[0], identity=identity_of(one.discrepancy), facts=facts,
            reason=reason.strip(), event=event, at=at,
        )  # fmt: skip


def _cause(facts: Facts, place: Around, causes: Mapping[UUID, tuple[str, datetime | None]]) -> UUID:
    """The event that insists on a contradiction: one of its readings, else the latest of the consignment's."""
    named = [UUID(event) for event in (*facts["events"], *facts["against"])]
    own = [one.event for one in sorted(place.told, key=lambda one: one.occurred)]
    return next(event for event in (*reversed(named), *reversed(own)) if event in causes)


def let_go(by: Actor, found: Mapping[UUID, Iterable[Finding]], event: UUID | None, *, corrects: bool) -> None:
    """Close what contradicts nothing, or only follows from another: settled by a correction, else dissolved."""
    still = {
        (consignment, identity_of(one))
        for consignment, findings in found.items()
        for one in findings
        if not one.follows
    }
    trusted = replace(by, acts=by.acts | {Act.SETTLE_DISCREPANCY, Act.DISSOLVE_DISCREPANCY})
    live = Discrepancy.objects.filter(room=by.room_id, consignment__in=list(found), closed_at=None).order_by("pk")
    for held in live:
        if (held.consignment_id, held.identity) not in still:
            end = settle_discrepancy if corrects else dissolve_discrepancy
            end(by=trusted, discrepancy_id=held.pk, event=event)


def _locked(by: Actor, discrepancy_id: UUID) -> Discrepancy:
    """A discrepancy of the acting room as it stands now, held until the act is done. Raises Refused."""
    own = Discrepancy.objects.filter(pk=discrepancy_id, room_id=by.room_id)
    list(own.select_for_update(no_key=True, of=("self",)).values_list("pk"))
    held = own.select_related("clock").first()
    if held is None:
        raise Refused("not_found")
    return held


def _moved(by: Actor, held: Discrepancy, name: Act, reason: str = "", *, event: UUID | None = None) -> Done:
    """Write a step with the state that follows from it; with the question, its clock ends."""
    is_live = held.state in LIVE_DISCREPANCIES
    if not is_live:
        held.closed_at = database_now()
    clock = Clock.objects.select_related("kind", "room").filter(pk=held.clock_id).first()
    if clock and clock.state != ClockState.STOPPED and (not is_live or held.state == DiscrepancyState.EXPLAINED):
        stop_clock(by=entrusted(by), clock=clock)
    held.save(update_fields=["state", "owner_role", "closed_at"])
    step = _step(by, held, name, text=reason.strip(), event=event)
    facts = {"state": str(held.state), "owner_role": held.owner_role, "reason": reason.strip()}
    return Done(held, wrote=[held, step], facts=facts, topics=[TOPIC])


def _step(by: Actor, held: Discrepancy, name: Act, **said: Any) -> DiscrepancyStep:
    event = said.pop("event", None)
    return DiscrepancyStep.objects.create(
        room_id=by.room_id, audience_id=audience_now(RECORD_TYPE, held.pk, "detail", by), discrepancy=held, act=name,
        by_system=by.account_id is None, owner_role=held.owner_role, event_id=event, **said,
    )  # fmt: skip


def _start(by: Actor, held: Discrepancy) -> None:
    rules = conservation_rules(by.operation_id)
    held.clock = start_clock(
        by=entrusted(by), kind=rules.clock, subject=held, holder=Holder(by.room_id, rules.holder_role),
        subject_names=_names(held), started_at=held.opened_at,
    )  # fmt: skip
    held.save(update_fields=["clock"])


def _names(held: Discrepancy) -> dict[str, str]:
    """What it is called in every language of the product, from what stands in headlines alone."""
    reference = Consignment.objects.get(pk=held.consignment_id).reference
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = f"{reference} · {KIND_WORDS[held.kind]}"
    return found


def _said(reason: str) -> str:
    if not reason.strip():
        raise Refused("discrepancy_reason_missing")
    return reason


def _impediment(by: Actor, held: Discrepancy) -> Any:
    rules = conservation_rules(by.operation_id)
    known = words(by)
    origin = Term.objects.filter(operation=by.operation_id, kind=TermKind.ORIGIN, code=rules.origin).first()
    body = origin.body if origin else {}
    reference = Consignment.objects.get(pk=held.consignment_id).reference
    stage = local_name(named(known.stages, held.stage)) or held.stage
    said = {"reference": reference, "line": held.line_number, "stage": stage}
    title = _("Quantities differ and nobody took it on: %(reference)s, line %(line)s, %(stage)s") % said
    role = Role.objects.filter(operation=by.operation_id, code=rules.impediment_owner).first()
    trusted = replace(by, acts=by.acts | {Impediments.OPEN_IMPEDIMENT, Impediments.RAISE_IMPEDIMENT})
    return open_impediment(
        by=trusted, origin=rules.origin, about=held,
        statement=ImpedimentStatement(
            title[:200], body.get("type", ""), Holder(by.room_id, role.code if role else ""),
            chain_links=tuple(body.get("chain_links", ())), description=str(KIND_WORDS[held.kind]),
        ),
    )  # fmt: skip
