"""What cargo names mean: by the operation's rules at first sight, by a person where the rules do not know."""

from collections.abc import Iterable
from uuid import UUID

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.queries import audience_for
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.actions.writing import insert_rows
from tansiq.desks.aid.models import CargoName, DecidedBy, Reference, ReferenceKind
from tansiq.desks.aid.queries.cargo import cargo_key, meanings
from tansiq.desks.aid.queries.reference import cargo_reader
from tansiq.desks.aid.rules import Act
from tansiq.engine.imports import classify_cargo


@act(Act.MAP_CARGO_NAME)
def map_cargo_name(*, by: Actor, cargo_key: str, commodity: str) -> Done:
    """Say what a cargo name of this room means; every count from now on follows. Raises Refused."""
    former = CargoName.objects.filter(room=by.room_id, cargo_key=cargo_key).order_by("-version").first()
    if former is None:
        raise Refused("unknown_cargo_name")
    if not _is_commodity(by.operation_id, commodity):
        raise Refused("unknown_commodity", found=commodity)
    if (former.commodity, former.decided_by) == (commodity, DecidedBy.PERSON):
        raise Refused("same_commodity", found=commodity)
    decided = CargoName.objects.create(
        room_id=by.room_id, audience_id=former.audience_id, cargo_key=cargo_key, name=former.name,
        version=former.version + 1, commodity=commodity, decided_by=DecidedBy.PERSON,
    )  # fmt: skip
    facts = {"cargo": former.name, "commodity": commodity, "former": former.commodity}
    return Done(decided, wrote=[decided], facts=facts, topics=["aid.commodity", "aid.count"])


@act(Act.CLASSIFY_CARGO_NAMES)
def classify_cargo_names(*, by: Actor) -> Done:
    """Read the room's cargo names again by the rules now in force; what a person decided stays. Raises Refused."""
    reader = cargo_reader(by.operation_id)
    if reader is None:
        raise Refused("no_cargo_rules")
    latest = CargoName.objects.filter(room=by.room_id).order_by("cargo_key", "-version").distinct("cargo_key")
    changed = []
    for former in latest:
        commodity = classify_cargo(reader, former.name).commodity or ""
        if former.decided_by == DecidedBy.RULE and commodity != former.commodity:
            changed.append({
                "room": by.room_id, "audience": former.audience_id, "cargo_key": former.cargo_key, "name": former.name,
                "version": former.version + 1, "commodity": commodity, "decided_by": DecidedBy.RULE,
                "rules_version": reader.rules.version,
            })  # fmt: skip
    ids = insert_rows(CargoName, changed)
    facts = {"changed": len(ids), "rules_version": reader.rules.version}
    return Done(None, wrote=[(CargoName, ids)], facts=facts, topics=["aid.commodity", "aid.count"])


def learn_names(by: Actor, names: Iterable[str]) -> tuple[dict[str, str], list[UUID]]:
    """Give each name's commodity ("" where nobody knows), keeping names that are new; and the ids of new rows."""
    keys = {cargo_key(name): name for name in names}
    known = meanings(by.room_id, keys)
    unknown = {key: name for key, name in keys.items() if key not in known}
    if not unknown:
        return known, []
    reader = cargo_reader(by.operation_id)
    label = audience_for("aid_event", "detail", by)
    rows = []
    for key, name in unknown.items():
        known[key] = (classify_cargo(reader, name).commodity or "") if reader else ""
        rows.append({
            "room": by.room_id, "audience": label, "cargo_key": key, "name": name, "version": 1,
            "commodity": known[key], "decided_by": DecidedBy.RULE,
            "rules_version": reader.rules.version if reader else 0,
        })  # fmt: skip
    return known, insert_rows(CargoName, rows, once=True)


def _is_commodity(operation_id: UUID, code: str) -> bool:
    rows = Reference.objects.filter(operation=operation_id, kind=ReferenceKind.COMMODITY, code=code, in_use=True)
    return rows.exists()
