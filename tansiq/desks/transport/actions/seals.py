"""Seals applied, checked, found broken and replaced: each a row that stays, of the room whose person read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.transport.actions.labels import label_of_reading
from tansiq.desks.transport.actions.writing import moment
from tansiq.desks.transport.models import (
    Difference,
    DifferenceKind,
    Manifest,
    ManifestState,
    SealDeed,
    SealReading,
)
from tansiq.desks.transport.queries.seals import readings, same_seal, seals_on
from tansiq.desks.transport.rules import TOPIC, Act
from tansiq.desks.transport.rules.scans import SEAL_LENGTH

SEALABLE = (ManifestState.SEALED, ManifestState.DEPARTED)


@dataclass(frozen=True)
class SealStatement:
    """What a person reads on a seal, and says of it."""

    reading: str
    note: str = ""
    at: datetime | None = None  # in a sample operation alone


@act(Act.APPLY_SEAL)
def apply_seal(*, by: Actor, manifest: Manifest, statement: SealStatement) -> Done:
    """Put a seal on the truck. Raises Refused."""
    seen, on_it = _on(by, manifest, statement)
    if any(same_seal(statement.reading, one) for one in on_it):
        raise Refused("seal_on_it_already", found=statement.reading.strip())
    return _done(by, seen, SealDeed.APPLIED, statement)


@act(Act.CHECK_SEAL)
def check_seal(*, by: Actor, manifest: Manifest, statement: SealStatement) -> Done:
    """Read the seal; one that reads otherwise than any on record is kept as a difference with both. Raises Refused."""
    seen, on_it = _on(by, manifest, statement)
    return _done(by, seen, SealDeed.CHECKED, statement, on_it=on_it)


@act(Act.REPORT_BROKEN_SEAL)
def report_broken_seal(*, by: Actor, manifest: Manifest, statement: SealStatement) -> Done:
    """Say that a seal is broken, or missing. Raises Refused."""
    seen, on_it = _on(by, manifest, statement)
    return _done(by, seen, SealDeed.BROKEN, statement, former=_standing(statement.reading, on_it))


@act(Act.REPLACE_SEAL)
def replace_seal(*, by: Actor, manifest: Manifest, former: str, statement: SealStatement) -> Done:
    """Put a new seal in the place of one that was on the truck. Raises Refused."""
    seen, on_it = _on(by, manifest, statement)
    gone = _standing(former, [*on_it, *_ever(seen)])
    if any(same_seal(statement.reading, one) for one in on_it):
        raise Refused("seal_on_it_already", found=statement.reading.strip())
    return _done(by, seen, SealDeed.REPLACED, statement, former=gone)


def _on(by: Actor, manifest: Manifest, statement: SealStatement) -> tuple[Manifest, list[str]]:
    """The manifest as this room reads it now, and the seals on its truck. Raises Refused."""
    seen = Manifest.objects.filter(pk=manifest.pk).first()
    if seen is None:
        raise Refused("not_found")
    if seen.state not in SEALABLE:
        raise Refused("seal_not_now", state=ManifestState(seen.state).label)
    reading = statement.reading.strip()
    if not reading:
        raise Refused("seal_reading_missing")
    if len(reading) > SEAL_LENGTH:
        raise Refused("seal_reading_too_long", found=len(reading), expected=SEAL_LENGTH)
    return seen, seals_on(readings(seen))


def _standing(reading: str, on_it: list[str]) -> str:
    found = next((one for one in on_it if same_seal(reading, one)), None)
    if found is None:
        raise Refused("seal_not_on_it", found=reading.strip(), expected=", ".join(on_it) or "-")
    return found


def _ever(seen: Manifest) -> list[str]:
    return [one.reading for one in readings(seen) if one.deed in (SealDeed.APPLIED, SealDeed.REPLACED)]


def _done(
    by: Actor, seen: Manifest, deed: SealDeed, said: SealStatement, *, former: str = "", on_it: list[str] | None = None
) -> Done:
    at, label = moment(by, said.at), label_of_reading(by, seen)
    row = SealReading.objects.create(
        room_id=by.room_id, audience_id=label, manifest=seen, deed=deed, reading=said.reading.strip(), former=former,
        at=at, note=said.note.strip(), by_account_id=by.account_id,
    )  # fmt: skip
    wrote: list[Any] = [row]
    if on_it is not None and not any(same_seal(row.reading, one) for one in on_it):
        wrote.append(Difference.objects.create(
            room_id=by.room_id, audience_id=label, manifest=seen, seal=row, kind=DifferenceKind.SEAL_DIFFERS,
            found=row.reading, expected=", ".join(on_it) or "-", at=at,
        ))  # fmt: skip
    facts = {"manifest": str(seen.pk), "deed": str(deed), "differs": len(wrote) > 1}
    return Done(row, wrote=wrote, facts=facts, topics=[TOPIC])
