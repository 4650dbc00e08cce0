"""Makes the codes of a sealed manifest and of its units; a further issue takes the place of the former one."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.transport.actions.writing import label_of, locked, write_step
from tansiq.desks.transport.models import Manifest, ManifestLine, UnitCode
from tansiq.desks.transport.queries.codes import issues_of
from tansiq.desks.transport.queries.keys import signing_key
from tansiq.desks.transport.rules import TOPIC, Act, next_state
from tansiq.engine.codes import Code, Kind, operation_mark, short_code, sign_code


@act(Act.RELABEL_MANIFEST)
def relabel_manifest(*, by: Actor, manifest: Manifest, reason: str, units: tuple[UUID, ...] = ()) -> Done:
    """Issue the codes of these units anew (of all, and the manifest's own, where none is named). Raises Refused."""
    if not reason.strip():
        raise Refused("manifest_reason_missing")
    held = locked(by, manifest)
    held.state, held.changed_at = next_state(held.state, Act.RELABEL_MANIFEST), database_now()
    lines = ManifestLine.objects.filter(room=by.room_id, manifest=held, version=held.version)
    known = list(dict.fromkeys(lines.order_by("number").values_list("handling_unit", flat=True)))
    if strange := next((one for one in units if one not in known), None):
        raise Refused("manifest_no_such_unit", found=str(strange))
    held.save()
    codes = issue_codes(by, held, units or (None, *known))
    step = write_step(by, held, Act.RELABEL_MANIFEST, held.changed_at, reason)
    facts = {"number": held.number, "codes": len(codes), "reason": reason.strip()}
    return Done(held, wrote=[held, *codes, step], facts=facts, topics=[TOPIC])


def issue_codes(by: Actor, held: Manifest, units: Iterable[UUID | None]) -> list[UnitCode]:
    """Write a further issue for each of these units; None stands for the manifest itself."""
    key, issues = signing_key(), issues_of(held)
    label, mark = label_of(by, held.pk, TearLine.DETAIL), operation_mark(by.operation_id)
    made = []
    for unit in units:
        pk, issue = uuid4(), issues.get(unit, 0) + 1
        code = Code(Kind.UNIT if unit else Kind.MANIFEST, mark, unit or held.pk, issue, held.number)
        made.append(UnitCode(
            id=pk, room_id=by.room_id, audience_id=label, manifest=held, handling_unit_id=unit, issue=issue,
            short=short_code(pk), payload=sign_code(code, key),
        ))  # fmt: skip
    return UnitCode.objects.bulk_create(made)
