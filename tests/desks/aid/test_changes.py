"""Split, repack, substitution, return and another try: kept as events that bring nothing new, or refused whole."""

from decimal import Decimal

import pytest

from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import AidEvent, AidMeasure, Discrepancy, HandlingUnit
from tansiq.desks.aid.queries import counts, reference
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement, Quantity
from tansiq.desks.aid.rules.changes import ChangeKind, ChangeStatement, Portion
from tests.desks.aid.conftest import NOON

pytestmark = pytest.mark.django_db

MARCH = (NOON.date().replace(day=1), NOON.date().replace(day=31))


@pytest.fixture
def consignment(by, scan):
    lines = (LineStatement(Decimal(20), "pallet", "rice"), LineStatement(Decimal(5), "pallet", "tents"))
    made = actions.register_consignment(by=by, statement=ConsignmentStatement("C-1", lines))
    actions.record_event(by=by, statement=scan(stage="offloaded", consignment="C-1"))
    return made


def change(kind: ChangeKind, taken, made=(), stage: str = "offloaded", **fields) -> ChangeStatement:
    return ChangeStatement(kind, "C-1", stage, NOON, tuple(taken), tuple(made), **fields)


def of(unit: str, pallets: int, line: int = 1) -> Portion:
    return Portion(line, Decimal(pallets), unit)


def refused(by, statement: ChangeStatement) -> str:
    with pytest.raises(Refused) as refusal:
        actions.change_units(by=by, statement=statement)
    return refusal.value.code


def pallets_offloaded(by) -> Decimal:
    rule = reference.definition(by, "pallets_offloaded")
    return counts.count(by, rule, counts.period_of_days(rule, *MARCH)).total


def test_split_names_the_parent_and_counts_nothing_twice(by, eyes, scan, consignment):
    statement = change(ChangeKind.SPLIT, [of("T1", 10)], [of("P1", 6), of("P2", 4)])
    actions.change_units(by=by, statement=statement)
    with eyes(by):
        whole = HandlingUnit.objects.get(code="T1")
        parts = HandlingUnit.objects.filter(parent=whole).order_by("code")
        assert [(part.code, part.kind, part.consignment_id) for part in parts] == [
            ("P1", "pallet", consignment.pk), ("P2", "pallet", consignment.pk),
        ]  # fmt: skip
        moved = AidEvent.objects.exclude(move="").order_by("move", "handling_unit__code")
        assert [(event.move, event.handling_unit.code) for event in moved] == [
            ("made", "P1"), ("made", "P2"), ("taken", "T1"),
        ]  # fmt: skip
        assert len({event.group for event in moved}) == 1
        assert pallets_offloaded(by) == 10
    for unit, pallets in (("P1", 6), ("P2", 4)):
        actions.record_event(by=by, statement=scan(unit, stage="collected", hours=3, pallets=pallets))
    with pytest.raises(Refused) as refusal:
        actions.record_event(by=by, statement=scan("T1", stage="collected", hours=4, pallets=1))
    assert refusal.value.code == "breaks_over_unit"


def test_change_that_gains_is_refused_whole(by, eyes, consignment):
    assert refused(by, change(ChangeKind.SPLIT, [of("T1", 10)], [of("P1", 6), of("P2", 5)])) == "breaks_unequal_change"
    with eyes(by):
        assert AidEvent.objects.exclude(move="").count() == 0
        assert AidMeasure.objects.filter(line_number=1).count() == 1


def test_change_that_gains_is_kept_when_insisted_on(by, eyes, consignment):
    made = [of("P1", 6), of("P2", 5)]
    statement = change(ChangeKind.SPLIT, [of("T1", 10)], made, insists=True, insists_because="one was broken up")
    actions.change_units(by=by, statement=statement)
    with eyes(by):
        assert Discrepancy.objects.get().kind == "unequal_change"


def test_same_change_under_one_name_is_recorded_once(by, eyes, consignment):
    statement = change(ChangeKind.SPLIT, [of("T1", 10)], [of("P1", 6), of("P2", 4)])
    group = consignment.pk
    first = actions.change_units(by=by, statement=statement, group=group)
    assert actions.change_units(by=by, statement=statement, group=group).pk == first.pk
    with eyes(by):
        assert AidEvent.objects.exclude(move="").count() == 3


def test_repack_of_two_trucks_judges_what_comes_of_them(by, scan, consignment):
    actions.record_event(by=by, statement=scan("T2", stage="offloaded", consignment="C-1"))
    taken = [of("T1", 10), of("T2", 10)]
    actions.change_units(by=by, statement=change(ChangeKind.REPACK, taken, [of("R1", 12), of("R2", 8)]))
    actions.record_event(by=by, statement=scan("R1", stage="collected", hours=3, pallets=12))
    with pytest.raises(Refused) as refusal:
        actions.record_event(by=by, statement=scan("R2", stage="collected", hours=3, pallets=9))
    assert refusal.value.code == "breaks_over_unit"


def test_substitution_moves_what_may_be_brought_from_line_to_line(by, scan, consignment):
    tents = {"stage": "loaded", "consignment": "C-1", "quantities": ()}
    statement = change(ChangeKind.SUBSTITUTION, [of("", 4)], [of("", 4, line=2)], stage="item_approved")
    actions.change_units(by=by, statement=statement)
    loaded = scan("T9", hours=2, **tents | {"quantities": (quantity(9, "tents"),)})
    actions.record_event(by=by, statement=loaded)
    over = scan("T8", hours=2, **tents | {"quantities": (quantity(1, "tents"),)})
    with pytest.raises(Refused) as refusal:
        actions.record_event(by=by, statement=over)
    assert refusal.value.code == "breaks_over_line"


def quantity(pallets: int, commodity: str):
    return Quantity("pallet", Decimal(pallets), commodity=commodity)


def test_return_and_another_try_bear_the_attempt_number(by, eyes, scan, consignment):
    back = change(ChangeKind.RETURN, [of("T2", 10)], stage="returned_to_hub")
    assert refused(by, back) == "change_unit_unknown"
    actions.record_event(by=by, statement=scan("T2", stage="loaded", consignment="C-1"))
    assert refused(by, change(ChangeKind.RETURN, [of("T2", 10)], stage="loaded")) == "change_stage_not_return"
    actions.change_units(by=by, statement=back)
    again = actions.change_units(by=by, statement=change(ChangeKind.RESUBMISSION, [of("T2", 10)], stage="loaded"))
    with eyes(by):
        assert (again.stage, again.attempt, again.move) == ("loaded", 2, "")


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (change(ChangeKind.SPLIT, []), "change_taken_missing"),
        (change(ChangeKind.SPLIT, [of("T1", 10)]), "change_made_missing"),
        (change(ChangeKind.RETURN, [of("T1", 10)], [of("P1", 1)]), "change_made_unwanted"),
        (change(ChangeKind.SPLIT, [of("T1", 5), of("T2", 5)], [of("P1", 10)]), "change_split_of_several"),
        (change(ChangeKind.REPACK, [of("", 5)], [of("P1", 5)]), "change_split_of_none"),
        (change(ChangeKind.SPLIT, [of("T1", 5)], [of("T1", 5)]), "change_unit_on_both_sides"),
        (change(ChangeKind.SPLIT, [of("T1", 5, line=0)], [of("P1", 5)]), "change_line_missing"),
        (change(ChangeKind.SUBSTITUTION, [of("", 5)], [of("", 5)]), "change_one_line"),
    ],
)
def test_change_says_what_it_must(by, statement, code):
    assert refused(by, statement) == code
