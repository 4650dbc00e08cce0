"""Consignments, events and their corrections: taken once, refused with the reason, never changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from tansiq.building.ledger.models import Entry, Manifest
from tansiq.building.ledger.rows import read_manifest, row_digests
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import AidEvent, AidMeasure, CargoName, Consignment, ConsignmentLine, HandlingUnit
from tansiq.desks.aid.queries import counts, events, reference
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement, Quantity
from tests import factories

pytestmark = pytest.mark.django_db

RICE = LineStatement(Decimal(20), "pallet", commodity="rice")
MARCH = (datetime(2026, 3, 1).date(), datetime(2026, 3, 31).date())  # noqa: DTZ001


def total(by, code: str) -> Decimal:
    rule = reference.definition(by, code)
    return counts.count(by, rule, counts.period_of_days(rule, *MARCH)).total


def test_event_keeps_both_sides_quantities_and_the_truck_itself(by, eyes, scan):
    stated = scan(quantities=(Quantity("pallet", Decimal(10), Decimal(8), Decimal(1), "rice"),))
    event = actions.record_event(by=by, statement=stated)
    with eyes(by):
        rows = AidMeasure.objects.filter(event=event).order_by("unit")
        fields = ("unit", "commodity", "quantity_giver", "quantity_receiver", "quantity_damaged", "stage", "source")
        assert list(rows.values_list(*fields)) == [
            ("pallet", "rice", Decimal(10), Decimal(8), Decimal(1), "entered", "un"),
            ("truck", "rice", Decimal(1), Decimal(1), None, "entered", "un"),
        ]
        assert event.recorded_at == AidMeasure.objects.filter(event=event).first().recorded_at


def test_same_scan_twice_adds_nothing(by, eyes, scan):
    first = actions.record_event(by=by, statement=scan())
    assert actions.record_event(by=by, statement=scan()).pk == first.pk
    run = actions.record_scans(by=by, statements=[scan(), scan(), scan("T2")])
    assert (run.added, run.unchanged, run.refused) == (1, 2, 0)
    with eyes(by):
        assert (AidEvent.objects.count(), AidMeasure.objects.count()) == (2, 4)


def test_same_key_with_other_content_is_refused(by, scan):
    actions.record_event(by=by, statement=scan())
    with pytest.raises(Refused) as refused:
        actions.record_event(by=by, statement=scan(pallets=11))
    assert refused.value.code == "same_key_other_content"


def test_second_scan_of_a_passage_is_kept_but_counts_once(by, eyes, scan):
    actions.record_scans(by=by, statements=[scan(), scan(hours=13)])
    with eyes(by):
        assert (AidEvent.objects.count(), AidEvent.objects.exclude(repeats=None).count()) == (2, 1)
        assert total(by, "trucks_entered") == 1
        assert [event.source_key for event in events.events(by)] == ["T1:entered:0"]


def test_further_event_of_a_passage_counts(by, eyes, scan):
    actions.record_event(by=by, statement=scan(stage="offloaded"))
    actions.record_event(by=by, statement=scan(stage="offloaded", hours=1, pallets=3, is_further=True))
    with eyes(by):
        assert total(by, "pallets_offloaded") == 13


def test_scans_in_any_order_give_the_same_count(by, eyes, scan):
    late = [scan(stage="offloaded", hours=2), scan(stage="entered", hours=1), scan(stage="screened")]
    actions.record_scans(by=by, statements=late[:1])
    actions.record_scans(by=by, statements=late[1:])
    with eyes(by):
        assert [total(by, code) for code in ("trucks_screened", "trucks_entered", "pallets_offloaded")] == [1, 1, 10]


def test_batch_takes_the_good_and_lists_the_refused(by, scan):
    wrong = [
        scan("T2", stage="beamed_up"),
        scan("T3", stage="rejected_at_crossing"),
        scan("T4", quantities=(Quantity("bushel", Decimal(1)),)),
        scan("T5", consignment="C-404"),
        scan("T6", quantities=(Quantity("pallet", Decimal("0.0000001")),)),
    ]
    run = actions.record_scans(by=by, statements=[scan(), *wrong])
    assert (run.rows, run.added, run.refused) == (6, 1, 5)
    assert sorted(entry["code"] for entry in run.report["refused"]) == [
        "quantity_too_fine", "reason_missing", "unknown_stage", "unknown_unit", "unregistered_consignment",
    ]  # fmt: skip


def test_event_that_lies_ahead_is_refused(by, scan):
    with pytest.raises(Refused) as refused:
        actions.record_event(by=by, statement=replace(scan(), occurred_at=datetime.now(UTC) + timedelta(hours=1)))
    assert refused.value.code == "not_yet_happened"


def test_reason_must_belong_to_the_stage(by, scan):
    with pytest.raises(Refused) as refused:
        actions.record_event(by=by, statement=scan(stage="rejected_at_crossing", reason="spoiled"))
    assert refused.value.code == "reason_not_of_stage"
    actions.record_event(by=by, statement=scan(stage="rejected_at_crossing", reason="packaging"))


def test_split_names_the_unit_it_came_from(by, eyes, scan):
    parts = [scan(f"T1-P{n}", "collected", hours=3, parent_code="T1", pallets=5) for n in (1, 2)]
    actions.record_scans(by=by, statements=[scan(), *parts])
    with eyes(by):
        whole = HandlingUnit.objects.get(code="T1")
        assert set(HandlingUnit.objects.filter(parent=whole).values_list("code", flat=True)) == {"T1-P1", "T1-P2"}


def test_correction_keeps_the_former_event_and_replaces_its_count(by, eyes, scan):
    event = actions.record_event(by=by, statement=scan(stage="offloaded"))
    right = actions.correct_event(
        by=by, event_id=event.pk, reason="Miscounted at night", statement=scan(stage="offloaded", pallets=7)
    )
    with eyes(by):
        story = events.event_story(right.pk)
        assert [one.edition for one in story.editions] == [0, 1]
        assert (right.corrects_id, right.correction_reason) == (event.pk, "Miscounted at night")
        assert total(by, "pallets_offloaded") == 7
        assert AidMeasure.objects.filter(event=event, unit="pallet").get().quantity_receiver == 10


def test_correction_needs_a_reason_and_an_event_not_yet_corrected(by, scan):
    event = actions.record_event(by=by, statement=scan())
    with pytest.raises(Refused) as refused:
        actions.correct_event(by=by, event_id=event.pk, reason="  ")
    assert refused.value.code == "correction_reason_missing"
    actions.correct_event(by=by, event_id=event.pk, reason="Never came")
    with pytest.raises(Refused) as refused:
        actions.correct_event(by=by, event_id=event.pk, reason="Never came")
    assert refused.value.code == "already_corrected"


def test_withdrawn_event_passes_its_count_on_to_the_repeated_scan(by, eyes, scan):
    event = actions.record_event(by=by, statement=scan(stage="offloaded"))
    actions.record_event(by=by, statement=scan(stage="offloaded", hours=1, pallets=9))
    actions.correct_event(by=by, event_id=event.pk, reason="Wrong scanner")
    with eyes(by):
        assert total(by, "pallets_offloaded") == 9


def test_other_room_cannot_correct_an_event(by, scan):
    event = actions.record_event(by=by, statement=scan())
    with pytest.raises(Refused) as refused:
        actions.correct_event(by=factories.actor("alpha"), event_id=event.pk, reason="Not ours")
    assert refused.value.code == "not_found"


def test_content_of_an_event_cannot_be_changed_and_its_audience_can(by, eyes, scan):
    event = actions.record_event(by=by, statement=scan())
    with eyes(by):
        assert AidEvent.objects.filter(pk=event.pk).update(audience_since=datetime.now(UTC)) == 1
    with pytest.raises(DatabaseError, match="permission denied"), eyes(by):
        AidEvent.objects.filter(pk=event.pk).update(stage="lost")
    with pytest.raises(DatabaseError, match="permission denied"), eyes(by):
        AidEvent.objects.filter(pk=event.pk)._raw_delete("default")


def test_event_cannot_name_another_rooms_record(by, eyes, scan):
    event = actions.record_event(by=by, statement=scan())
    stranger = factories.actor("alpha")
    with pytest.raises(DatabaseError, match="aid_aidmeasure_event_of_room"), eyes(stranger):
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into aid_aidmeasure (id, room_id, audience_id, event_id, unit_key, reference, source, stage, "
                "crossing_code, consignor_class, commodity, cargo_key, unit, place, attempt, is_repeat, "
                "occurred_at) "
                "select gen_random_uuid(), %s, wall_audience(%s, array[%s]::uuid[], array[null]::timestamptz[]), %s, "
                "gen_random_uuid(), '', 'x', 'x', '', '', '', '', 'x', '', 1, false, now()",
                [stranger.room_id, stranger.room_id, stranger.room_id, event.pk],
            )


def test_consignment_stands_on_three_tear_lines(by, eyes):
    stated = ConsignmentStatement(
        reference="C-1", lines=(RICE,), units=(("T9", "truck"),), consignor_class="un",
        detail={"vehicle": "White lorry", "destination": "Warehouse"}, driver="Sample driver",
    )  # fmt: skip
    consignment = actions.register_consignment(by=by, statement=stated)
    with eyes(by):
        story = events.consignment_story(by, consignment.pk)
        assert (story.details[0].vehicle, story.identities[0].driver) == ("White lorry", "Sample driver")
        assert [(line.commodity, line.quantity) for line in story.lines] == [("rice", Decimal(20))]
        assert [unit.code for unit in story.units] == ["T9"]


def test_scan_of_a_registered_unit_belongs_to_its_consignment(by, eyes, scan):
    stated = ConsignmentStatement(reference="C-1", lines=(RICE,), units=(("T9", "truck"),))
    consignment = actions.register_consignment(by=by, statement=stated)
    event = actions.record_event(by=by, statement=scan("T9"))
    assert event.consignment_id == consignment.pk


def test_consignment_is_registered_once(by, eyes):
    actions.register_consignment(by=by, statement=ConsignmentStatement(reference="C-1", lines=(RICE,)))
    with pytest.raises(Refused) as refused:
        actions.register_consignment(by=by, statement=ConsignmentStatement(reference=" C-1 ", lines=(RICE,)))
    assert refused.value.code == "reference_taken"
    with eyes(by):
        assert Consignment.objects.count() == 1


def test_many_consignments_are_registered_in_one_act(by, eyes):
    stated = [
        ConsignmentStatement(
            reference=f"C-{number}", lines=(RICE, RICE)[:number], units=((f"T{number}", "truck"),),
            detail={"vehicle": "White lorry"} if number == 1 else {"route": "North road"},
            driver="Sample driver" if number == 2 else "",
        )
        for number in (1, 2)
    ]  # fmt: skip
    with eyes(by):
        before = Entry.objects.count()
    assert actions.register_consignments(by=by, statements=stated) is None
    with eyes(by):
        stories = [events.consignment_story(by, one.pk) for one in Consignment.objects.order_by("reference")]
        told = [(one.details[0].vehicle, one.details[0].route, len(one.lines), len(one.identities)) for one in stories]
        assert told == [("White lorry", "", 1, 0), ("", "North road", 2, 1)]
        assert [[unit.code for unit in one.units] for one in stories] == [["T1"], ["T2"]]
        entry = Entry.objects.order_by("-seq")[0]
        assert (Entry.objects.count(), entry.act) == (before + 1, "aid.consignment.register_many")
        manifest = dict(read_manifest(bytes(Manifest.objects.get(entry_id=entry.pk).body)))
        for model, count in ((Consignment, 2), (ConsignmentLine, 3), (HandlingUnit, 2)):
            ids = list(model.objects.values_list("pk", flat=True))
            assert len(ids) == count
            assert manifest[model._meta.label_lower] == row_digests(connection, model, ids)


@pytest.mark.parametrize(
    ("spoiled", "code", "found"),
    [
        ({"reference": " C-1 "}, "reference_taken", "C-1"),
        ({"reference": "C-0"}, "reference_taken", "C-0"),
        ({"units": (("T1", "truck"),)}, "unit_taken", "T1"),
        ({"units": (("T0", "truck"),)}, "unit_taken", "T0"),
        ({"lines": ()}, "no_lines", None),
        ({"consignor_class": "nobody"}, "unknown_consignor_class", "nobody"),
    ],
)
def test_many_consignments_are_registered_all_or_none(by, eyes, spoiled, code, found):
    kept = ConsignmentStatement(reference="C-0", lines=(RICE,), units=(("T0", "truck"),))
    actions.register_consignment(by=by, statement=kept)
    good = ConsignmentStatement(reference="C-1", lines=(RICE,), units=(("T1", "truck"),))
    bad = ConsignmentStatement(**{"reference": "C-2", "lines": (RICE,), "units": (("T2", "truck"),), **spoiled})
    with pytest.raises(Refused) as refused:
        actions.register_consignments(by=by, statements=[good, bad])
    assert (refused.value.code, refused.value.params.get("found")) == (code, found)
    with eyes(by):
        assert list(Consignment.objects.values_list("reference", flat=True)) == ["C-0"]


def test_cargo_name_gets_its_meaning_from_rules_then_from_a_person(by, eyes, scan):
    cargo = (Quantity("pallet", Decimal(4), Decimal(4), cargo="Qwertyuiop 55"),)
    actions.record_event(by=by, statement=scan(stage="offloaded", quantities=cargo))
    with eyes(by):
        unknown = CargoName.objects.get()
        assert (unknown.commodity, unknown.decided_by) == ("", "rule")
    actions.map_cargo_name(by=by, cargo_key=unknown.cargo_key, commodity="rice")
    with eyes(by):
        rule = reference.definition(by, "pallets_offloaded")
        period = counts.period_of_days(rule, *MARCH)
        now = counts.count(by, rule, period, group_by=["commodity"])
        assert [(group.key, group.total) for group in now.groups] == [(("rice",), Decimal(4))]


def test_rules_read_again_leave_a_persons_decision(by, eyes, scan):
    for n, cargo in enumerate(("Flour", "Qwertyuiop")):
        stated = scan(f"T{n}", quantities=(Quantity("pallet", Decimal(1), cargo=cargo),))
        actions.record_event(by=by, statement=stated)
    with eyes(by):
        keys = dict(CargoName.objects.values_list("name", "cargo_key"))
        assert CargoName.objects.get(name="Flour").commodity == "wheat_flour"
    actions.map_cargo_name(by=by, cargo_key=keys["Flour"], commodity="rice")
    actions.classify_cargo_names(by=by)
    with eyes(by):
        assert CargoName.objects.filter(name="Flour").order_by("-version").first().commodity == "rice"


def test_room_defines_a_count_of_its_own(by, eyes, scan):
    actions.record_event(by=by, statement=scan())
    body = {"measure": "units", "unit": "truck", "stages": ["entered"], "consignor_classes": ["un"]}
    definition = actions.define_count(by=by, code="ours", names={"en": "Ours"}, body=body)
    assert definition.version == 1
    with eyes(by):
        assert total(by, "ours") == 1
    with pytest.raises(Refused) as refused:
        actions.define_count(by=by, code="ours", names={"en": "Ours"}, body={**body, "stages": ["nowhere"]})
    assert refused.value.code == "definition_faults"


def test_each_act_is_one_ledger_entry(by, eyes, scan):
    with eyes(by):
        before = Entry.objects.filter(room_id=by.room_id).count()
    actions.record_scans(by=by, statements=[scan(f"T{n}") for n in range(50)])
    with eyes(by):
        assert Entry.objects.filter(room_id=by.room_id).count() == before + 1
