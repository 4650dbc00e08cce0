"""Plants needs: a caseload, a file with a row that is refused, an exposure and a storm, each text with the mark."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.actions import seal_file
from tansiq.desks.aid.rules import EventStatement, Quantity
from tansiq.desks.needs import actions
from tansiq.desks.needs.queries.files import read_file
from tansiq.desks.needs.queries.setting import setting
from tansiq.desks.needs.rules import CaseloadStated, ExposureStated, StormStated

DAY = timedelta(days=1)
AREA = "PS0260"


def furnish_needs(operation: Operation, configuration: Any) -> None:
    """Give the test operation the sample's indicators."""
    former = Operation.objects.using("owner").get(pk=operation.pk).rules
    rules = {**former, "needs": configuration.needs.model_dump(mode="json")}
    Operation.objects.using("owner").filter(pk=operation.pk).update(rules=rules)


def plant_needs(by: Actor, mark: str) -> None:
    """State a caseload and an exposure, bring a file, distribute, and open and close a storm."""
    now = datetime.now(UTC)
    stated = CaseloadStated(AREA, 777, now.date(), f"{mark} source", 77, f"{mark} site")
    actions.state_caseload(by=by, stated=stated)
    rows = f"P-code,People,Date,Source\n{AREA},777,{now.date()},{mark} source\n{mark},1,{now.date()},x\n".encode()
    with eyes_of(by):
        read = read_file(rows, setting(by.operation_id), source="", as_of=None)
    file = seal_file(rows, f"{mark} caseloads.csv")
    actions.bring_caseloads(by=by, file=file, read=read, allow_refused=True)
    exposure = ExposureStated(AREA, "flood", "high", now.date(), f"{mark} source", f"{mark} site", f"{mark} note")
    actions.state_exposure(by=by, stated=exposure)
    amount = Quantity("pallet", Decimal(777), Decimal(777), commodity="blankets")
    given = EventStatement("distributed", now - DAY, (amount,), source_key=f"{mark} given", place=AREA,
                           unit_code=f"{mark} given")  # fmt: skip
    aid.record_event(by=by, statement=given)
    warned = StormStated(f"{mark} warning", "flood", (AREA,), now, now + DAY, f"{mark} source")
    actions.close_storm(by=by, storm=actions.open_storm(by=by, stated=warned), reason=f"{mark} closed")
    actions.open_storm(by=by, stated=warned)
