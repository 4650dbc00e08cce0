"""A room's own count definitions."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.queries import audience_for
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import CountDefinition, Reference, ReferenceKind
from tansiq.desks.aid.queries.reference import known_codes
from tansiq.desks.aid.rules import Act, DefinitionFaults, count_rule
from tansiq.desks.aid.rules.definitions import CODE


@act(Act.DEFINE_COUNT)
def define_count(*, by: Actor, code: str, names: Mapping[str, str], body: Mapping[str, Any]) -> Done:
    """Publish a definition of the room, as the next version of its code. Raises Refused."""
    if not re.fullmatch(CODE, code):
        raise Refused("code_malformed", found=code)
    if not any(text.strip() for text in names.values()):
        raise Refused("name_missing")
    kept = Reference.objects.filter(operation=by.operation_id, kind=ReferenceKind.COUNT_DEFINITION, code=code)
    if kept.exists():
        raise Refused("code_of_operation", found=code)
    former = CountDefinition.objects.filter(room=by.room_id, code=code).order_by("-version").first()
    version = former.version + 1 if former else 1
    try:
        count_rule(code, version, names, body, known_codes(by.operation_id), of_room=True)
    except DefinitionFaults as faults:
        raise Refused("definition_faults", found=str(faults)) from None
    try:
        definition = CountDefinition.objects.create(
            room_id=by.room_id, audience_id=audience_for("aid_count", "headline", by), code=code, version=version,
            names=dict(names), body=dict(body),
        )  # fmt: skip
    except IntegrityError:
        raise Refused("defined_meanwhile", found=code) from None
    return Done(definition, wrote=[definition], facts={"code": code, "version": version}, topics=["aid.count"])
