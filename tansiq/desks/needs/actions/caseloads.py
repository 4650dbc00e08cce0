"""States caseloads: one by one, or a whole file of them."""

from typing import Any

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.queries import audience_for
from tansiq.desks.aid.actions import SealedFile
from tansiq.desks.needs.actions.checks import check_caseload
from tansiq.desks.needs.models import Caseload, CaseloadFile
from tansiq.desks.needs.queries.files import ReadFile
from tansiq.desks.needs.queries.setting import setting
from tansiq.desks.needs.rules import CASELOAD_RECORD, CASELOAD_TOPIC, FILE_RECORD, Act, CaseloadStated

FAULTS_AT_MOST = 2000  # that are kept with a file


@act(Act.STATE_CASELOAD)
def state_caseload(*, by: Actor, stated: CaseloadStated) -> Done:
    """State how many people in a place need something, by a source. Raises Refused."""
    check_caseload(stated, setting(by.operation_id))
    one = _caseload(by, stated, audience_for(CASELOAD_RECORD, TearLine.HEADLINE, by))
    one.save(force_insert=True)
    facts = {"p_code": stated.p_code, "indicator": stated.indicator, "people": stated.people}
    return Done(one, wrote=[one], facts=facts, topics=[CASELOAD_TOPIC])


@act(Act.IMPORT_CASELOAD)
def bring_caseloads(*, by: Actor, file: SealedFile, read: ReadFile, allow_refused: bool = False) -> Done:
    """Take a file of caseloads: all of its rows, or none when one is refused and nobody asked for the good ones.

    The file is kept whole with the account of every row, taken or not.
    """
    is_taken = not read.refused or allow_refused
    rows = read.taken if is_taken else ()
    kept = CaseloadFile.objects.create(
        room_id=by.room_id, audience_id=audience_for(FILE_RECORD, TearLine.HEADLINE, by), file_name=file.name,
        file_sha256=file.sha256, rows=len(read.taken) + len(read.refused), taken=len(rows),
        refused=len(read.refused), is_taken=is_taken and bool(rows),
        faults=[list(fault) for row in read.refused for fault in row.faults][:FAULTS_AT_MOST],
    )  # fmt: skip
    label = audience_for(CASELOAD_RECORD, TearLine.HEADLINE, by)
    made = Caseload.objects.bulk_create(
        [_caseload(by, stated, label, kept, number) for number, stated in rows], batch_size=1000
    )
    wrote: list[Any] = [kept, *([(Caseload, [one.pk for one in made])] if made else [])]
    facts = {"file": file.sha256, "row_count": kept.rows, "taken": kept.taken, "refused": kept.refused}
    return Done(kept, wrote=wrote, facts=facts, topics=[CASELOAD_TOPIC])


def _caseload(
    by: Actor, stated: CaseloadStated, label: int, file: CaseloadFile | None = None, number: int | None = None
) -> Caseload:
    return Caseload(
        room_id=by.room_id, audience_id=label, p_code=stated.p_code, site=stated.site.strip(),
        indicator=stated.indicator, people=stated.people, households=stated.households,
        as_of_date=stated.as_of_date, source=stated.source.strip()[:200], file=file, row_number=number,
    )  # fmt: skip
