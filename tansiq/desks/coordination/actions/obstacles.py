"""Opens the impediment that a silence is, once for each asking; a further silence raises the same one again."""

from datetime import datetime

from tansiq.building.clocks.rules import Holder
from tansiq.building.rooms.actors import Actor, system_actor
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import Consignment
from tansiq.desks.coordination.models import Asking
from tansiq.desks.coordination.queries.words import Words
from tansiq.desks.coordination.rules import ORIGIN
from tansiq.desks.impediments.actions import open_impediment
from tansiq.desks.impediments.models import Impediment, TermKind
from tansiq.desks.impediments.queries.words import words as impediment_words
from tansiq.desks.impediments.rules import TITLE_LENGTH, ImpedimentStatement, RecordReference


def raise_no_response(by: Actor, asking: Asking, known: Words, *, at: datetime | None) -> Impediment | None:
    """Open it, or raise it again, as the centre itself in the asking room; None where the operation knows no such one.

    A refusal there never keeps a silence from being recorded.
    """
    origins = impediment_words(by.operation_id).bodies[TermKind.ORIGIN]
    if ORIGIN not in origins:
        return None
    title = f"{local_name(known.setting.get('silence_title', {}))}: {asking.reference}"[:TITLE_LENGTH]
    goods = RecordReference(Consignment._meta.label_lower, asking.consignment_id, {"en": asking.reference})
    statement = ImpedimentStatement(
        title=title, kind=str(origins[ORIGIN]["type"]), owner=Holder(asking.authority_id, asking.authority_role),
        chain_links=tuple(origins[ORIGIN].get("chain_links", ())), place=asking.crossing_code, records=(goods,),
    )  # fmt: skip
    try:
        return open_impediment(by=system_actor(asking.room), statement=statement, origin=ORIGIN, about=asking, at=at)
    except Refused:
        return None
