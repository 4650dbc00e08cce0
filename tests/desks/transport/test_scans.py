"""Scans: in whatever order, twice, late, contradicting, unknown, forged; and seals that read otherwise."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import AidEvent, AidMeasure
from tansiq.desks.transport import actions
from tansiq.desks.transport.actions import SealStatement
from tansiq.desks.transport.models import Difference, ManifestLine, Scan, SealReading, UnitCode
from tansiq.desks.transport.queries.codes import newest_codes
from tansiq.desks.transport.rules.scans import ScanAsked
from tansiq.engine.codes import read_code, sign_code
from tansiq.engine.merkle import SigningKey
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def sealed(by, goods, said):
    """A sealed manifest of two pallets, five cartons on each."""
    return actions.seal_manifest(by=by, manifest=actions.draft_manifest(by=by, statement=said(goods(by))))


def code_of(by, manifest, unit="P1"):
    with eyes_of(by):
        codes = newest_codes(manifest)
        if unit is None:
            return codes[None]
        line = ManifestLine.objects.filter(manifest=manifest, version=manifest.version, unit_code=unit).first()
        return codes[line.handling_unit_id]


def scan(code, deed="scan_in", place="crossing", **fields):
    text = code.payload if isinstance(code, UnitCode) else code
    return ScanAsked(uuid4(), text, deed, place, **{"crossing_code": "kerem_shalom", **fields})


def taken(by, *scans):
    actions.record_scans(by=by, scans=scans, device="phone")
    with eyes_of(by):
        rows = {one.key: one for one in Scan.objects.filter(key__in=[one.key for one in scans])}
        return [rows[one.key] for one in scans]


def differences(by):
    with eyes_of(by):
        return [(one.kind, one.found, one.expected) for one in Difference.objects.order_by("at", "pk")]


def test_scan_becomes_the_stage_that_the_deed_means_there(by, sealed):
    code = code_of(by, sealed)
    rows = taken(by, scan(code), scan(code, "offload", quantity=Decimal(1), condition="good"))
    assert [(one.stage, one.answers, one.unit_code) for one in rows] == [
        ("at_inspection", ["new"], "P1"), ("offloaded", ["new"], "P1"),
    ]  # fmt: skip
    with eyes_of(by):
        events = AidEvent.objects.filter(pk__in=[one.event for one in rows])
        assert {(one.stage, one.crossing_code) for one in events} == {
            ("at_inspection", "kerem_shalom"), ("offloaded", "kerem_shalom"),
        }  # fmt: skip
        measure = AidMeasure.objects.get(event=rows[1].event, unit="pallet")
        assert (measure.quantity_receiver, measure.commodity) == (Decimal(1), "rice")


def test_short_code_and_the_code_on_the_unit_lead_to_the_same(by, sealed):
    code = code_of(by, sealed)
    rows = taken(
        by, scan(code.short.lower().replace("-", " ")), scan("P1", "offload", condition="damaged", quantity=Decimal(1))
    )
    assert {one.handling_unit for one in rows} == {code.handling_unit_id}
    with eyes_of(by):
        assert AidMeasure.objects.get(event=rows[1].event, unit="pallet").quantity_damaged == Decimal(1)


def test_code_of_the_manifest_stands_for_all_of_its_units(by, sealed):
    taken(by, scan(code_of(by, sealed, None)))
    with eyes_of(by):
        units = AidEvent.objects.filter(stage="at_inspection").values_list("handling_unit__code", flat=True)
        assert sorted(units) == ["P1", "P2"]


def test_same_scan_sent_twice_is_one(by, sealed):
    one = scan(code_of(by, sealed))
    first, second = taken(by, one)[0], taken(by, one)[0]
    assert first.pk == second.pk
    with eyes_of(by):
        assert AidEvent.objects.filter(stage="at_inspection").count() == 1


def test_key_used_for_another_scan_is_refused(by, sealed):
    one = scan(code_of(by, sealed))
    taken(by, one)
    with pytest.raises(Refused) as refused:
        actions.record_scans(by=by, scans=[replace(one, deed="scan_out")])
    assert (refused.value.code, refused.value.params) == ("scan_key_reused", {"scan": 1})


def test_second_scan_of_a_passage_repeats_the_first(by, sealed):
    code = code_of(by, sealed)
    assert [one.answers for one in taken(by, scan(code), scan(code))] == [["new"], ["repeats"]]


def test_late_scan_says_where_the_unit_stood_already(by, sealed):
    now, code = database_now(), code_of(by, sealed)
    taken(by, scan(code, "offload", claimed_at=now))
    late = taken(by, scan(code, claimed_at=now - HOUR))[0]
    assert (late.answers, late.before_stage, late.before_at) == (["late"], "offloaded", now)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_order_of_arrival_makes_no_difference_to_aid(by, sealed, order):
    now, code = database_now(), code_of(by, sealed)
    said = [
        scan(code, deed, claimed_at=now - HOUR * ago) for deed, ago in (("scan_in", 3), ("scan_out", 2), ("offload", 1))
    ]
    for number in order:
        taken(by, said[number])
    with eyes_of(by):
        events = AidEvent.objects.filter(source_key__startswith="scan ").order_by("occurred_at")
        assert [(one.stage, one.repeats_id) for one in events] == [
            ("at_inspection", None), ("entered", None), ("offloaded", None),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"crossing_code": "zikim"}, ("other_crossing", "zikim", "kerem_shalom")),
        ({"quantity": Decimal(3)}, ("other_quantity", "3", "1")),
        ({"truck": "99-999-99"}, ("other_truck", "99-999-99", "M-1 / 12-345-67")),
        ({"seal": "S-9"}, ("seal_differs", "S-9", "-")),
        ({"quantity": Decimal(1), "giver_quantity": Decimal(2)}, ("other_quantity", "1", "2")),
    ],
)  # fmt: skip
def test_contradiction_is_taken_and_kept_with_both_readings(by, sealed, fields, expected):
    row = taken(by, scan(code_of(by, sealed), "offload", **fields))[0]
    assert (row.answers, row.event is not None, differences(by)) == (["contradicts"], True, [expected])


def test_same_truck_written_otherwise_is_the_same(by, sealed):
    row = taken(by, scan(code_of(by, sealed), truck="12 345 67"))[0]
    assert (row.answers, differences(by)) == (["new"], [])


def test_forged_code_is_told_from_an_unknown_one(by, sealed):
    code = code_of(by, sealed)
    forged = code.payload[:-8] + ("A" * 8 if not code.payload.endswith("A" * 8) else "B" * 8)
    other = SigningKey("codes.elsewhere", bytes(range(32)))
    from tansiq.desks.transport.queries.keys import signing_key, verifier_key

    said = read_code(code.payload, verifier_key())
    remade = sign_code(replace(said, issue=7), other)
    never = sign_code(replace(said, subject=uuid4()), signing_key())
    rows = taken(by, scan(forged), scan(remade), scan(never), scan("nothing of ours"))
    assert [(one.answers, one.manifest_id, one.event) for one in rows] == [(["contradicts"], None, None)] * 4
    assert sorted(kind for kind, _found, _expected in differences(by)) == [
        "forged_code", "forged_code", "unknown_unit", "unknown_unit",
    ]  # fmt: skip
    with eyes_of(by):
        assert not AidEvent.objects.filter(source_key__startswith="scan ").exists()


def test_replaced_label_and_a_unit_taken_off_are_told(by, sealed, said):
    old, off = code_of(by, sealed), code_of(by, sealed, "P2")
    revised = actions.relabel_manifest(by=by, manifest=sealed, reason="rain", units=(old.handling_unit_id,))
    with eyes_of(by):
        consignment = ManifestLine.objects.filter(manifest=sealed).first().consignment
    actions.revise_manifest(by=by, manifest=revised, statement=said(consignment, units=("P1",)), reason="P2 stays here")
    rows = taken(by, scan(old), scan(off))
    assert [one.answers for one in rows] == [["contradicts"]] * 2
    assert sorted(differences(by)) == [("off_manifest", "P2", "M-1"), ("old_label", "1", "2")]


def test_revision_issues_a_new_code_for_a_unit_whose_load_changed_alone(by, sealed, said):
    before = {unit: code_of(by, sealed, unit).issue for unit in ("P1", "P2")}
    with eyes_of(by):
        lines = list(ManifestLine.objects.select_related("consignment").filter(manifest=sealed).order_by("number"))
    from tansiq.desks.transport.rules import LineAsked

    stated = said(lines[0].consignment, lines=tuple(
        LineAsked(one.consignment_id, 1, one.unit_code, Decimal(amount)) for one, amount in zip(lines, (1, 4), strict=True)
    ))  # fmt: skip
    revised = actions.revise_manifest(by=by, manifest=sealed, statement=stated, reason="More on P2")
    assert (before, [code_of(by, revised, unit).issue for unit in ("P1", "P2")]) == ({"P1": 1, "P2": 1}, [1, 2])


def test_device_whose_clock_is_ahead_is_taken_with_the_hour_of_arrival(by, sealed):
    row = taken(by, scan(code_of(by, sealed), claimed_at=database_now() + HOUR))[0]
    assert (row.claimed_at, row.answers) == (row.received_at, ["contradicts"])
    assert [kind for kind, *_ in differences(by)] == ["clock_ahead"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"deed": "fly"}, "scan_deed_unknown"), ({"place": "moon"}, "scan_place_unknown"),
        ({"deed": "load", "place": "crossing"}, "scan_deed_not_here"), ({"code": " "}, "scan_code_missing"),
        ({"crossing_code": "nowhere"}, "scan_crossing_unknown"), ({"condition": "wet"}, "scan_condition_unknown"),
        ({"quantity": Decimal(-1)}, "scan_quantity"),
    ],
)  # fmt: skip
def test_faulty_scan_is_refused_with_what_was_found(by, sealed, fields, code):
    with pytest.raises(Refused) as refused:
        actions.record_scans(by=by, scans=[replace(scan(code_of(by, sealed)), **fields)])
    assert (refused.value.code, refused.value.params["scan"]) == (code, 1)


def test_scan_of_another_room_stands_in_its_own_book_and_is_read_by_the_manifests_room(by, sealed):
    floor, code = factories.actor("floor"), code_of(by, sealed)
    row = taken(floor, scan(code, crossing_code="zikim"))[0]
    assert (row.room_id, row.manifest_id, row.answers) == (floor.room_id, sealed.pk, ["contradicts"])
    with eyes_of(by):
        assert Scan.objects.filter(pk=row.pk).exists()
        assert Difference.objects.filter(scan=row.pk).count() == 1
    with eyes_of(floor):
        event = AidEvent.objects.get(pk=row.event)
        assert (event.room_id, event.source) == (floor.room_id, "floor")


def test_code_leads_nowhere_for_a_room_that_does_not_read_the_manifest(by, sealed):
    ngo = factories.actor("ngo")
    row = taken(ngo, scan(code_of(by, sealed)))[0]
    assert (row.manifest_id, row.unit_code, row.answers) == (None, "", ["contradicts"])
    assert differences(ngo) == [("unknown_unit", "M-1", "")]
    with eyes_of(by):
        assert not Scan.objects.filter(pk=row.pk).exists()


def test_seals_are_applied_checked_broken_and_replaced(by, sealed):
    read = lambda text: SealStatement(text, note="at the gate")  # noqa: E731
    actions.apply_seal(by=by, manifest=sealed, statement=read("S-1"))
    actions.check_seal(by=by, manifest=sealed, statement=read("s 1"))
    assert differences(by) == []
    actions.report_broken_seal(by=by, manifest=sealed, statement=read("S-1"))
    actions.replace_seal(by=by, manifest=sealed, former="S-1", statement=read("S-2"))
    actions.check_seal(by=factories.actor("floor"), manifest=sealed, statement=read("S-1"))
    with eyes_of(by):
        rows = SealReading.objects.filter(manifest=sealed).order_by("at", "created_at")
        assert [(one.deed, one.reading, one.former) for one in rows] == [
            ("applied", "S-1", ""), ("checked", "s 1", ""), ("broken", "S-1", "S-1"), ("replaced", "S-2", "S-1"),
            ("checked", "S-1", ""),
        ]  # fmt: skip
        assert {one.by_account_id for one in rows[:4]} == {by.account_id}
    assert differences(by) == [("seal_differs", "S-1", "S-2")]


def test_seal_that_cannot_be_recorded_is_refused(by, sealed, goods, said):
    manifest = actions.draft_manifest(by=by, statement=said(goods(by, "C-2"), "M-2", units=("P8",)))

    def refusal(action, held, **asked):
        with pytest.raises(Refused) as refused:
            action(by=by, manifest=held, **asked)
        return refused.value.code

    assert refusal(actions.apply_seal, manifest, statement=SealStatement("S-1")) == "seal_not_now"
    assert refusal(actions.apply_seal, sealed, statement=SealStatement(" ")) == "seal_reading_missing"
    assert refusal(actions.report_broken_seal, sealed, statement=SealStatement("S-1")) == "seal_not_on_it"
    actions.apply_seal(by=by, manifest=sealed, statement=SealStatement("S-1"))
    assert refusal(actions.apply_seal, sealed, statement=SealStatement("s1")) == "seal_on_it_already"


def test_more_than_left_is_kept_as_a_discrepancy_of_aid(by, sealed):
    departed = actions.depart_manifest(by=by, manifest=sealed)
    row = taken(by, scan(code_of(by, departed), "offload", quantity=Decimal(9)))[0]
    assert (row.answers, row.event is not None) == (["contradicts"], True)
    assert sorted(kind for kind, *_ in differences(by)) == ["balance", "other_quantity"]
    from tansiq.desks.aid.models import Discrepancy

    with eyes_of(by):
        held = Discrepancy.objects.get()
        assert (held.kind, held.stage, held.line_number) == ("over_unit", "entered", 1)  # what it held when it left


def test_departure_that_does_not_add_up_is_refused_with_the_arithmetic(by, goods, said):
    consignment = goods(by, pallets=2)
    first = actions.seal_manifest(by=by, manifest=actions.draft_manifest(by=by, statement=said(consignment)))
    actions.close_manifest(by=by, manifest=actions.depart_manifest(by=by, manifest=first))
    again = actions.draft_manifest(by=by, statement=said(consignment, "M-2", units=("P3",)))
    with pytest.raises(Refused) as refused:
        actions.depart_manifest(by=by, manifest=actions.seal_manifest(by=by, manifest=again))
    assert refused.value.code == "breaks_over_line"
