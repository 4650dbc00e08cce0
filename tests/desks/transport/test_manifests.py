"""Manifests: drafted, amended, sealed, revised with a reason, sent off, closed, cancelled, and purged of names."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tansiq.building.ledger.models import Entry
from tansiq.building.ledger.queries import opened
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import AidEvent, AidMeasure
from tansiq.desks.transport import actions
from tansiq.desks.transport.jobs import purge_identities
from tansiq.desks.transport.models import Manifest, ManifestDetail, ManifestIdentities, ManifestLine, ManifestStep
from tansiq.desks.transport.rules import TRANSITIONS, Act, LineAsked
from tests import factories
from tests.desks.transport.conftest import DAY

pytestmark = pytest.mark.django_db


def stages(by, unit):
    """The stages that aid knows of a unit, in the order of record."""
    with eyes_of(by):
        found = AidEvent.objects.filter(handling_unit__code=unit).order_by("recorded_at", "created_at")
        return [(one.stage, one.crossing_code) for one in found]


def refusal(action, **asked):
    with pytest.raises(Refused) as refused:
        action(**asked)
    return refused.value.code, refused.value.params


def test_draft_registers_its_units_with_their_consignment(by, manifest):
    with eyes_of(by):
        lines = list(ManifestLine.objects.filter(manifest=manifest).order_by("number"))
        event = AidEvent.objects.filter(handling_unit=lines[0].handling_unit_id).get()
    assert [(one.unit_code, one.unit_kind, one.commodity, one.quantity, one.unit) for one in lines] == [
        ("P1", "pallet", "rice", Decimal(1), "pallet"), ("P2", "pallet", "rice", Decimal(1), "pallet"),
    ]  # fmt: skip
    assert (event.stage, event.consignment_id) == ("manifested", lines[0].consignment_id)


def test_states_follow_the_table_and_aid_learns_each_stage(by, manifest):
    for action in (actions.seal_manifest, actions.depart_manifest, actions.close_manifest):
        manifest = action(by=by, manifest=manifest)
    assert (manifest.state, manifest.ended_at is not None) == ("closed", True)
    assert stages(by, "P1") == [
        ("manifested", "kerem_shalom"), ("sealed", "kerem_shalom"), ("departed", "kerem_shalom"),
    ]  # fmt: skip
    with eyes_of(by):
        departed = AidMeasure.objects.filter(stage="departed", unit="pallet").order_by("reference")
        assert [(one.reference, one.commodity, one.quantity_giver) for one in departed] == [
            ("P1", "rice", Decimal(1)), ("P2", "rice", Decimal(1)),
        ]  # fmt: skip
        steps = ManifestStep.objects.filter(manifest=manifest).order_by("at", "created_at")
        assert [one.act.rsplit(".", 1)[1] for one in steps] == ["draft", "seal", "depart", "close"]


STEPS = {
    Act.SEAL_MANIFEST: actions.seal_manifest, Act.DEPART_MANIFEST: actions.depart_manifest,
    Act.CLOSE_MANIFEST: actions.close_manifest,
}  # fmt: skip


@pytest.mark.parametrize("act", STEPS)
def test_step_is_refused_in_every_state_that_the_table_does_not_name(by, manifest, act):
    before = {"drafted": manifest}
    for name, action in (("sealed", actions.seal_manifest), ("departed", actions.depart_manifest)):
        if (manifest.state, act) not in TRANSITIONS:
            found = refusal(STEPS[act], by=by, manifest=manifest)
            assert (found[0], found[1]["act"]) == ("manifest_state", act.value)
        before[name] = manifest = action(by=by, manifest=manifest)
    closed = actions.close_manifest(by=by, manifest=manifest)
    assert refusal(STEPS[act], by=by, manifest=closed)[0] == "manifest_state"


def test_sealed_manifest_is_revised_as_a_version_that_names_its_reason(by, manifest, said, goods):
    sealed = actions.seal_manifest(by=by, manifest=manifest)
    with eyes_of(by):
        consignment = ManifestLine.objects.filter(manifest=manifest).first().consignment
    other = said(consignment, units=("P1", "P3"))
    assert refusal(actions.amend_manifest, by=by, manifest=sealed, statement=other)[0] == "manifest_state"
    assert (
        refusal(actions.revise_manifest, by=by, manifest=sealed, statement=other, reason=" ")[0]
        == "manifest_reason_missing"
    )
    revised = actions.revise_manifest(by=by, manifest=sealed, statement=other, reason="P2 was torn", seen=1)
    assert (revised.version, revised.state) == (2, "sealed")
    with eyes_of(by):
        details = ManifestDetail.objects.filter(manifest=manifest).order_by("version")
        lines = ManifestLine.objects.filter(manifest=manifest).order_by("version", "number")
        assert [one.reason for one in details] == ["", "P2 was torn"]
        assert [(one.version, one.unit_code) for one in lines] == [(1, "P1"), (1, "P2"), (2, "P1"), (2, "P3")]
    late = said(consignment, units=("P1",))
    asked = {"by": by, "manifest": revised, "statement": late, "reason": "x", "seen": 1}
    assert refusal(actions.revise_manifest, **asked)[0] == "manifest_changed_meanwhile"
    asked |= {"statement": other, "seen": 2}
    assert refusal(actions.revise_manifest, **asked)[0] == "manifest_nothing_changed"


def test_more_than_was_asked_for_is_refused_with_the_arithmetic(by, goods, said):
    consignment = goods(by, pallets=3)
    actions.draft_manifest(by=by, statement=said(consignment, "M-1", units=("P1", "P2")))
    found = refusal(actions.draft_manifest, by=by, statement=said(consignment, "M-2", units=("P3", "P4")))
    assert found == ("manifest_more_than_asked", {
        "line": 2, "number": 1, "unit": "pallet", "consignment": "C-1", "asked": "3", "elsewhere": "2", "here": "2",
        "total": "4",
    })  # fmt: skip


def test_cancelled_manifest_frees_what_stood_on_it(by, goods, said):
    consignment = goods(by, pallets=2)
    first = actions.draft_manifest(by=by, statement=said(consignment, "M-1"))
    taken = refusal(actions.draft_manifest, by=by, statement=said(consignment, "M-2", units=("P1",)))
    assert taken[0] == "manifest_more_than_asked"
    actions.cancel_manifest(by=by, manifest=first, reason="The road is closed")
    assert actions.draft_manifest(by=by, statement=said(consignment, "M-2")).state == "drafted"


def test_unit_stands_on_one_live_manifest(by, goods, said):
    consignment = goods(by)
    actions.draft_manifest(by=by, statement=said(consignment, "M-1", units=("P1",)))
    found = refusal(actions.draft_manifest, by=by, statement=said(consignment, "M-2", units=("P9", "P1")))
    assert found == ("manifest_unit_elsewhere", {"line": 2, "found": "P1", "manifest": "M-1"})


def test_unit_of_another_consignment_is_refused(by, goods, said):
    goods(by, "C-1", units=(("P1", "pallet"),))
    found = refusal(actions.draft_manifest, by=by, statement=said(goods(by, "C-2"), units=("P1",)))
    assert found == ("manifest_unit_of_other", {"line": 1, "found": "P1"})


def test_lines_of_two_consignments_stand_on_one_truck(by, goods, said):
    first, second = goods(by, "C-1"), goods(by, "C-2")
    lines = (LineAsked(first.pk, 1, "P1", Decimal(1)), LineAsked(second.pk, 1, "P2", Decimal(1)))
    done = actions.draft_manifest(by=by, statement=said(first, lines=lines))
    with eyes_of(by):
        found = ManifestLine.objects.filter(manifest=done).order_by("number")
        assert [one.consignment_reference for one in found] == ["C-1", "C-2"]
        assert set(AidEvent.objects.values_list("consignment", flat=True)) == {first.pk, second.pk}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"number": " "}, "manifest_number_missing"), ({"number": "شاحنة"}, "manifest_number_odd"),
        ({"number": "M" * 33}, "manifest_number_too_long"), ({"vehicle": ""}, "manifest_vehicle_missing"),
        ({"lines": ()}, "manifest_no_lines"), ({"crossing_code": "nowhere"}, "manifest_crossing_unknown"),
        ({"consignor_class": "nobody"}, "manifest_class_unknown"), ({"capacity": Decimal(0)}, "manifest_capacity"),
    ],
)  # fmt: skip
def test_statement_that_cannot_be_taken_is_refused(by, goods, said, fields, code):
    asked = {"number": "M-1", **fields}
    statement = said(goods(by), asked.pop("number"), **asked)
    assert refusal(actions.draft_manifest, by=by, statement=statement)[0] == code


def test_number_is_taken_once_in_a_room(by, manifest, goods, said):
    found = refusal(actions.draft_manifest, by=by, statement=said(goods(by, "C-2"), units=("P8",)))
    assert found == ("manifest_number_taken", {"found": "M-1"})
    alpha = factories.actor("alpha")
    assert actions.draft_manifest(by=alpha, statement=said(goods(alpha), units=("P1",))).number == "M-1"


def test_consignment_of_another_room_cannot_be_loaded(by, goods, said):
    theirs = goods(factories.actor("alpha"))
    assert refusal(actions.draft_manifest, by=by, statement=said(theirs))[0] == "manifest_no_such_line"


def test_only_its_own_room_moves_a_manifest(by, manifest):
    floor = factories.actor("floor")
    with eyes_of(floor):
        assert Manifest.objects.filter(pk=manifest.pk).exists()
    assert refusal(actions.seal_manifest, by=floor, manifest=manifest)[0] == "not_found"


def test_lines_of_a_manifest_are_read_by_whom_the_rules_name(by, manifest):
    def reads(slug):
        with eyes_of(factories.actor(slug)):
            return tuple(
                model.objects.filter(pk__isnull=False).count() for model in (Manifest, ManifestLine, ManifestIdentities)
            )

    with eyes_of(by):
        assert ManifestIdentities.objects.count() == 0
    assert (reads("un"), reads("floor"), reads("alpha"), reads("ngo")) == ((1, 2, 0), (1, 2, 0), (1, 0, 0), (0, 0, 0))


def test_driver_is_purged_when_the_days_have_passed_and_the_ledger_says_so(by, goods, said):
    held = actions.draft_manifest(by=by, statement=said(goods(by), driver="A driver", phone="050"))
    due = DAY + timedelta(days=30)
    early = {"by": by, "manifest": held, "today": due - timedelta(days=1)}
    assert refusal(actions.purge_manifest, **early) == ("manifest_nothing_to_purge", {"found": due.isoformat()})
    actions.purge_manifest(by=by, manifest=held, today=due)
    with eyes_of(by):
        person = ManifestIdentities.objects.get(manifest=held)
        assert (person.driver, person.phone, person.purged_at is not None) == ("", "", True)
        entry = opened(Entry.objects.filter(act=Act.PURGE_MANIFEST))[0]
    assert {name: entry.facts[name] for name in ("number", "purged", "due")} == {
        "number": "M-1", "purged": 1, "due": due.isoformat(),
    }  # fmt: skip
    assert refusal(actions.purge_manifest, by=by, manifest=held, today=due)[0] == "manifest_nothing_to_purge"


def test_job_purges_what_is_due_in_every_room(by, goods, said):
    alpha = factories.actor("alpha")
    for actor in (by, alpha):
        actions.draft_manifest(by=actor, statement=said(goods(actor), driver="A driver"))
    assert (purge_identities(0), purge_identities(0)) == (2, 0)
