"""The chain worked out one consignment and one link at a time: slow, obvious, and the measure of the engine's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tansiq.engine.chain import NEVER, UNKNOWN, Fact, Links, Load, Resource

PASSED = ("done", "overtaken")
HOLDING = ("ready", "refused", "invalid", "no_response", "expired", "closed")


@dataclass
class Plain:
    """How one consignment stands."""

    readiness: dict[str, str] = field(default_factory=dict)
    blocked_by: dict[str, str] = field(default_factory=dict)
    holding: str = ""
    holder: str = ""
    since: int = UNKNOWN
    deadline: int = NEVER


def plainly_standing(
    links: Links,
    loads: Sequence[Load],
    facts: Mapping[tuple[str, str], Fact],
    resources: Mapping[str, Resource],
    now: int,
) -> dict[str, Plain]:
    """Say how every consignment stands."""
    return {load.code: _one(links, load.code, facts, resources, now) for load in loads}


def _one(
    links: Links,
    code: str,
    facts: Mapping[tuple[str, str], Fact],
    resources: Mapping[str, Resource],
    now: int,
) -> Plain:
    plain = Plain()
    own = {link.code: facts.get((code, link.code), Fact(code, link.code)) for link in links.links}
    cleared: dict[str, bool] = {}
    cleared_at: dict[str, int] = {}
    holds: dict[str, Resource | None] = {}
    for link in links.links:
        fact = own[link.code]
        lacking = [need for need in link.needs if not cleared[need]]
        lacking.sort(key=links.number)
        if lacking:
            first = lacking[0]
            plain.blocked_by[link.code] = first if own[first].state != "not_needed" else plain.blocked_by[first]
        shut = min((place for place in fact.rests_on if _is_shut(resources[place], now)), default="")
        is_used = _is_used(links, link.code, own)
        found = _stands(fact, now, (bool(lacking), bool(shut), is_used))
        plain.readiness[link.code] = found
        cleared[link.code] = found in PASSED or (found == "not_needed" and (not lacking or is_used))
        before = max((cleared_at[need] for need in link.needs), default=UNKNOWN)
        cleared_at[link.code] = fact.since if fact.state == "done" else before
        if found in HOLDING and not plain.holding:
            resource = resources[shut] if found == "closed" else None
            holds[link.code] = resource
            plain.holding = link.code
            plain.holder = resource.holder if resource else fact.holder
            plain.since = max(_began(fact, found, resource), before)
            plain.deadline = NEVER if resource else fact.deadline
    plain.blocked_by = {name: by for name, by in plain.blocked_by.items() if plain.readiness[name] == "blocked"}
    return plain


def _is_shut(resource: Resource, now: int) -> bool:
    return not resource.is_open or resource.valid_until <= now


def _began(fact: Fact, found: str, resource: Resource | None) -> int:
    if resource:
        return resource.valid_until if resource.is_open else resource.since
    return fact.valid_until if found == "expired" else fact.since


def _stands(fact: Fact, now: int, known: tuple[bool, bool, bool]) -> str:
    is_lacking, is_shut, is_used = known
    if fact.state == "not_needed":
        return "not_needed"
    if is_used:
        return "done" if fact.state == "done" else "overtaken"
    if fact.state == "done":
        return "expired" if fact.valid_until <= now else "closed" if is_shut else "done"
    if fact.state != "waiting":
        return fact.state
    if is_lacking or is_shut:
        return "blocked" if is_lacking else "closed"
    return "no_response" if fact.deadline <= now else "ready"


def _behind(links: Links, code: str) -> list[str]:
    return [link.code for link in links.links if code in link.needs]


def _is_idle(links: Links, code: str, own: Mapping[str, Fact]) -> bool:
    return own[code].state == "not_needed" and all(_is_idle(links, other, own) for other in _behind(links, code))


def _is_passed(links: Links, code: str, own: Mapping[str, Fact]) -> bool:
    return own[code].state == "done" or _is_used(links, code, own)


def _is_used(links: Links, code: str, own: Mapping[str, Fact]) -> bool:
    behind = _behind(links, code)
    passed = [_is_passed(links, other, own) for other in behind]
    return any(passed) and all(
        is_passed or _is_idle(links, other, own) for is_passed, other in zip(passed, behind, strict=True)
    )
