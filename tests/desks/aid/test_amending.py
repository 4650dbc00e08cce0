"""Amending a consignment: next versions with their reason, further lines, former ones kept, released ones released."""

from decimal import Decimal
from uuid import uuid4

import pytest

from tansiq.building.doors import actions as doors
from tansiq.building.doors.actions import Asked
from tansiq.building.ledger.models import Entry
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import Consignment, ConsignmentDetail, ConsignmentIdentities, ConsignmentLine
from tansiq.desks.aid.rules import Amendment, ConsignmentStatement, LineStatement
from tests import factories
from tests.desks.aid.test_views_register import client, text

pytestmark = pytest.mark.django_db
TENTS = LineStatement(Decimal("1.5"), "tonne", cargo="Tents")


@pytest.fixture
def consignment(by):
    rice = LineStatement(Decimal(20), "pallet", "rice")
    stated = ConsignmentStatement("C-1", (rice,), detail={"route": "North road", "waybill": "W 1"}, driver="A driver")
    return actions.register_consignment(by=by, statement=stated)


def amend(by, consignment, reason="told by phone", **said):
    return actions.amend_consignment(by=by, consignment_id=consignment.pk, amendment=Amendment(reason, **said))


def said_to(slug):
    """Versions of detail and persons, and lines, as a room reads them."""
    with eyes_of(factories.actor(slug)):
        details = ConsignmentDetail.objects.order_by("version").values_list("version", "route", "waybill", "reason")
        persons = ConsignmentIdentities.objects.order_by("version").values_list("version", "driver", "contact")
        lines = ConsignmentLine.objects.order_by("number").values_list("number", "cargo", "reason")
        return list(details), list(persons), list(lines)


def refusal(by, consignment, **said):
    with pytest.raises(Refused) as refused:
        amend(by, consignment, **said)
    return refused.value.code


FIRST = ([(1, "North road", "W 1", "")], [(1, "A driver", "")], [(1, "", "")])


def test_each_line_gets_its_next_version_and_the_former_ones_stay(by, consignment):
    amend(by, consignment, detail={"route": "Coast road"})
    amend(by, consignment, reason="another driver", contact="Gate", driver="B driver", lines=(TENTS,))
    assert said_to("un") == (
        [*FIRST[0], (2, "Coast road", "W 1", "told by phone")], [*FIRST[1], (2, "B driver", "Gate")],
        [*FIRST[2], (2, "Tents", "another driver")],
    )  # fmt: skip


def test_amendment_has_its_entry_in_the_ledger(by, consignment):
    amend(by, consignment, lines=(TENTS,))
    with eyes_of(by):
        assert Entry.objects.filter(act="aid.consignment.amend", object_id=consignment.pk).count() == 1


def test_what_cannot_be_amended_is_refused_and_nothing_is_written(by, consignment):
    same = {"detail": {"route": " North road "}, "driver": "A driver"}
    assert refusal(by, consignment, **same) == "nothing_amended"
    assert refusal(by, consignment, reason=" ", driver="B") == "amendment_reason_missing"
    assert refusal(by, consignment, detail={"colour": "red"}) == "no_such_detail"
    assert refusal(by, consignment, driver="B", lines=(LineStatement(Decimal(1), "barrel", "rice"),)) == "unknown_unit"
    assert refusal(by, consignment, driver="B", seen=1) == "amended_meanwhile"
    assert refusal(factories.actor("beta"), consignment, driver="B") == "not_found"
    assert said_to("un") == FIRST


def test_consignment_of_a_ledger_is_amended_by_its_ledger_alone(by, consignment):
    with eyes_of(by):
        Consignment.objects.bulk_create([
            other := Consignment(room_id=by.room_id, audience_id=consignment.audience_id, source="ledger", reference="1")
        ])  # fmt: skip
    assert refusal(by, other, driver="B") == "of_a_ledger"


def test_receivers_of_a_line_read_what_is_added_to_it_until_the_recall(by, consignment):
    asked = Asked(("headline", "detail"), (factories.room("beta"),), "GREEN", "they carry it on")
    decided = doors.propose_release(by=by, code="aid_consignment", record_id=consignment.pk, asked=asked)
    amend(by, consignment, detail={"route": "Coast road"}, driver="B driver", lines=(TENTS,))
    both = said_to("un")
    assert [len(rows) for rows in both] == [2, 2, 2]
    assert said_to("beta") == (both[0], [], both[2])
    assert said_to("ngo") == ([], [], [])
    doors.recall_release(by=by, release=decided, reason="enough")
    assert said_to("beta") == ([], [], [])


def typed(seen=2, **fields):
    return {
        "key": str(uuid4()), "seen": str(seen), "reason": "told by phone", "route": "Coast road", "waybill": "W 1",
        "driver": "A driver", "line": ["1"], "unit_1": "", **fields,
    }  # fmt: skip


def test_page_shows_what_stands_takes_the_amendment_once_and_shows_the_history(by, consignment):
    page, path = f"/aid/consignments/{consignment.pk}/", f"/aid/consignments/{consignment.pk}/amend/"
    assert path in text(client().get(page))
    assert 'value="North road"' in text(client().get(path))
    sent = typed(cargo_1="Tents", quantity_1="1.5", unit_1="tonne")
    assert [client().post(path, sent).status_code for _ in range(2)] == [302, 302]
    assert [len(rows) for rows in said_to("un")] == [2, 1, 2]
    shown = text(client().get(page))
    assert all(one in shown for one in ("Coast road", "North road", "Former statement 1", "told by phone", "Tents"))


def test_refusals_stand_beside_their_fields_and_keep_what_was_typed(by, consignment):
    path = f"/aid/consignments/{consignment.pk}/amend/"
    bare = client().post(path, typed(reason="", quantity_1="2"))
    assert bare.status_code == 422
    assert bare.context["form"].errors.keys() == {"reason", "commodity_1", "unit_1"}
    assert 'value="Coast road"' in text(bare)
    stale = client().post(path, typed(seen=1))
    assert stale.status_code == 422 and "was amended in the meantime" in text(stale)
    assert said_to("un") == FIRST


def test_line_is_added_to_the_form_without_a_script(by, consignment):
    more = client().post(f"/aid/consignments/{consignment.pk}/amend/", typed(add_line="1"))
    assert 'name="quantity_2"' in text(more) and 'value="Coast road"' in text(more)
    assert said_to("un") == FIRST


def test_other_rooms_and_other_roles_get_no_page(by, consignment):
    path = f"/aid/consignments/{consignment.pk}/amend/"
    answers = [client(slug, role).get(path).status_code for slug, role in (("beta", "officer"), ("un", "observer"))]
    assert answers == [404, 403]
