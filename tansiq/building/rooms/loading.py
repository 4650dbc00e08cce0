"""Writes an operation's structure from its files: parties, rooms, roles, release rules. Runs as the owner."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from tansiq.building.rooms.configuration import OperationConfiguration
from tansiq.building.rooms.models import Operation, Party, Role, Room
from tansiq.building.rooms.refusals import Refused

OWNER = "owner"


def load_structure(configuration: OperationConfiguration, directory: Path, organisations: dict[str, UUID]) -> Operation:
    """Write operation, parties, rooms and roles; done again with the same files it changes nothing.

    organisations : code → id, written before
    Raises Refused when the files drop a room: a room may hold records, and records are not dropped.
    """
    with transaction.atomic(using=OWNER):
        operation = _operation(configuration, directory)
        parties = _parties(operation, configuration)
        _rooms(operation, configuration, parties, organisations)
        for role in configuration.roles:
            Role.objects.using(OWNER).update_or_create(
                operation=operation, code=role.code,
                defaults={"names": role.names.as_data(), "acts": list(role.acts)},
            )  # fmt: skip
        kept = [role.code for role in configuration.roles]
        Role.objects.using(OWNER).filter(operation=operation).exclude(code__in=kept).delete()
    return Operation.objects.get(pk=operation.pk)


def digest_of(directory: Path) -> str:
    """SHA-256 over every file of the directory, names included."""
    digest = hashlib.sha256()
    for path in sorted(path for path in directory.rglob("*") if path.is_file()):
        digest.update(path.relative_to(directory).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _operation(configuration: OperationConfiguration, directory: Path) -> Operation:
    stated = configuration.operation
    settings = {
        "names": stated.names.as_data(),
        "time_zone": stated.time_zone,
        "is_sample": stated.sample,
        "rules": _rules(configuration),
        "digest": digest_of(directory),
    }
    operation, _made = Operation.objects.using(OWNER).update_or_create(slug=stated.slug, defaults=settings)
    return operation


def _rules(configuration: OperationConfiguration) -> dict[str, Any]:
    stated = configuration.operation
    return {
        "record_types": {kind.record: kind.model_dump(mode="json") for kind in configuration.record_types},
        "purpose": stated.purpose.as_data(),
        "map": stated.map.model_dump(mode="json"),
        "week_starts_on": stated.week_starts_on,
        "day_starts_at": str(stated.day_starts_at),
        "recovery_delay_s": int(stated.recovery_delay.total_seconds()),
        "other_time_zones": list(stated.other_time_zones),
        "transport": configuration.transport.model_dump(mode="json") if configuration.transport else {},
        "chain": configuration.chain.model_dump(mode="json") if configuration.chain else None,
        "clearance": configuration.clearance.model_dump(mode="json") if configuration.clearance else None,
        "obligations": [owed.model_dump(mode="json") for owed in configuration.obligations],
        "distribution": configuration.distribution.model_dump(mode="json") if configuration.distribution else None,
        "needs": configuration.needs.model_dump(mode="json") if configuration.needs else {},
        "crossing_days": configuration.crossing_days.model_dump(mode="json") if configuration.crossing_days else {},
    }


def _parties(operation: Operation, configuration: OperationConfiguration) -> dict[str, Party]:
    written = {}
    for party in configuration.parties:
        written[party.code], _made = Party.objects.using(OWNER).update_or_create(
            operation=operation, code=party.code, defaults={"names": party.names.as_data()}
        )
    return written


def _rooms(
    operation: Operation,
    configuration: OperationConfiguration,
    parties: dict[str, Party],
    organisations: dict[str, UUID],
) -> None:
    known = set(Room.objects.using(OWNER).filter(operation=operation).values_list("slug", flat=True))
    dropped = sorted(known - {room.code for room in configuration.rooms})
    if dropped:
        raise Refused("room_dropped", rooms=", ".join(dropped))
    for room in configuration.rooms:
        defaults = {
            "kind": room.kind,
            "names": room.names.as_data(),
            "party": parties[room.party] if room.party else None,
            "organisation_id": organisations[room.organisation],
            "tlp_ceiling": room.tlp_ceiling,
        }
        Room.objects.using(OWNER).update_or_create(operation=operation, slug=room.code, defaults=defaults)
