"""States how exposed an area or a site is."""

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.queries import audience_for
from tansiq.desks.needs.actions.checks import check_exposure
from tansiq.desks.needs.models import Exposure
from tansiq.desks.needs.queries.setting import setting
from tansiq.desks.needs.rules import EXPOSURE_RECORD, EXPOSURE_TOPIC, Act, ExposureStated


@act(Act.STATE_EXPOSURE)
def state_exposure(*, by: Actor, stated: ExposureStated) -> Done:
    """State how exposed a place is to a hazard, by a source. Raises Refused."""
    check_exposure(stated, setting(by.operation_id))
    one = Exposure.objects.create(
        room_id=by.room_id, audience_id=audience_for(EXPOSURE_RECORD, TearLine.HEADLINE, by), p_code=stated.p_code,
        site=stated.site.strip(), hazard=stated.hazard, level=stated.level, as_of_date=stated.as_of_date,
        source=stated.source.strip()[:200], note=stated.note.strip(),
    )  # fmt: skip
    facts = {"p_code": stated.p_code, "hazard": stated.hazard, "level": stated.level}
    return Done(one, wrote=[one], facts=facts, topics=[EXPOSURE_TOPIC])
