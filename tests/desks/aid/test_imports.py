"""Ledgers of others: every row accounted for, former values kept, the file sealed whatever became of it."""

import hashlib
import json
import stat
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from tansiq.building.ledger.models import Entry, Fact
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import AidEvent, AidMeasure, ConsignmentDetail, ImportRun, LedgerRow
from tansiq.desks.aid.queries import counts, events, imports, reference
from tansiq.desks.aid.queries.plans import plan_import
from tansiq.engine.counting import Period
from tansiq.engine.imports import mapping_from

pytestmark = pytest.mark.django_db

NAMES = {"en": "Gate book", "ar": "دفتر البوابة", "he": "יומן השער"}
MAPPING = mapping_from({
    "format": 1, "code": "gate_book", "names": NAMES, "ledger": {"code": "gate_book", "names": NAMES},
    "record": "consignment_event", "time_zone": "Asia/Gaza",
    "columns": [
        {"heading": "No", "field": "source_row", "type": "identifier", "required": True},
        {"heading": "Day", "field": "occurred_date", "type": "date", "required": True},
        {"heading": "Cargo", "field": "cargo"},
        {"heading": "Pallets", "field": "quantity", "type": "number", "required": True, "minimum": 0},
        {"heading": "Driver", "field": "driver", "may_be_missing": True},
    ],
    "key": ["source_row"], "occurred": {"date": "occurred_date"},
    "constants": {"stage": "offloaded", "unit": "pallet", "crossing": "kerem_shalom", "consignor_class": "un"},
})  # fmt: skip
HEAD = "No,Day,Cargo,Pallets,Driver\n"
FIRST = HEAD + "1,2026-03-01,Flour,10,Sample driver\n2,2026-03-01,Rice,5,\n3,2026-03-02,Flour,7,\n"
SECOND = HEAD + "1,2026-03-01,Flour,10,Sample driver\n2,2026-03-01,Rice,6,\n4,2026-03-03,Rice,1,\n"
EVER = Period(0, 4_000_000_000)


def bring(by, text: str | bytes, mapping=MAPPING, name: str = "gate.csv", **options) -> ImportRun:
    content = text.encode() if isinstance(text, str) else text
    sealed = actions.seal_file(content, name)
    return actions.import_ledger(by=by, file=sealed, mapping=mapping, options=actions.ImportOptions(**options))


def account(run: ImportRun) -> dict[str, object]:
    names = ("outcome", "rows", "taken", "refused", "added", "revised", "withdrawn", "unchanged")
    return {name: getattr(run, name) for name in names if getattr(run, name)}


def pallets(by) -> Decimal:
    return counts.count(by, reference.definition(by, "pallets_offloaded"), EVER).total


def test_import_makes_events_with_measures_and_details(by, eyes):
    run = bring(by, FIRST)
    assert account(run) == {"outcome": "taken", "rows": 3, "taken": 3, "added": 3}
    with eyes(by):
        event = imports.events_of_run(run).get(source_key="1")
        assert (event.stage, event.precision, event.crossing_code) == ("offloaded", "day", "kerem_shalom")
        assert event.occurred_at.isoformat() == "2026-02-28T22:00:00+00:00"
        story = events.consignment_story(by, event.consignment_id)
        assert (story.details[0].cargo, story.identities[0].driver) == ("Flour", "Sample driver")
        assert AidMeasure.objects.get(event=event).commodity == "wheat_flour"
        assert pallets(by) == 22


def test_same_file_twice_adds_nothing(by, eyes):
    bring(by, FIRST)
    again = bring(by, FIRST)
    assert account(again) == {"outcome": "taken", "rows": 3, "taken": 3, "unchanged": 3}
    with eyes(by):
        assert (AidEvent.objects.count(), pallets(by)) == (3, 22)


def test_later_edition_adds_revises_and_withdraws_and_keeps_the_former(by, eyes):
    bring(by, FIRST)
    second = bring(by, SECOND)
    assert account(second) == {
        "outcome": "taken", "rows": 3, "taken": 3, "added": 1, "revised": 1, "withdrawn": 1, "unchanged": 1,
    }  # fmt: skip
    with eyes(by):
        assert pallets(by) == 17
        revised = AidEvent.objects.get(source_key="2", edition=1)
        assert [measure.quantity_receiver for measure in events.event_story(revised.corrects_id).measures] == [5]
        assert AidEvent.objects.get(source_key="3", edition=1).correction_reason == "ledger_withdrawn"
        assert ConsignmentDetail.objects.filter(consignment=revised.consignment_id).count() == 2


def test_row_that_comes_back_is_restored(by, eyes):
    for text in (FIRST, SECOND, FIRST):
        run = bring(by, text)
    assert account(run) == {"outcome": "taken", "rows": 3, "taken": 3, "revised": 2, "withdrawn": 1, "unchanged": 1}
    with eyes(by):
        assert pallets(by) == 22


def test_persons_correction_stands_while_the_ledger_says_the_same(by, eyes):
    bring(by, FIRST)
    with eyes(by):
        event = AidEvent.objects.get(source_key="3")
    actions.correct_event(by=by, event_id=event.pk, reason="Never arrived")
    assert account(bring(by, FIRST)) == {"outcome": "taken", "rows": 3, "taken": 3, "unchanged": 3}
    with eyes(by):
        assert pallets(by) == 15


def test_part_of_a_ledger_withdraws_nothing(by, eyes):
    bring(by, FIRST)
    assert account(bring(by, SECOND, is_whole=False))["added"] == 1
    with eyes(by):
        assert pallets(by) == 24


def test_refused_rows_stop_the_import_unless_asked(by, eyes):
    wrong = FIRST + "4,no day,Rice,5,\n5,2026-03-04,Rice,many,\n"
    run = bring(by, wrong)
    assert account(run) == {"outcome": "refused_rows", "rows": 5, "refused": 2}
    cells = [(cell.row, cell.code, cell.heading, cell.found) for cell in imports.refused_cells(run)]
    assert cells == [(5, "not_a_date", "Day", "no day"), (6, "not_a_number", "Pallets", "many")]
    with eyes(by):
        assert AidEvent.objects.count() == 0
    assert account(bring(by, wrong, allow_refused=True)) == {
        "outcome": "taken", "rows": 5, "taken": 3, "refused": 2, "added": 3,
    }  # fmt: skip


def test_nothing_is_withdrawn_while_rows_are_refused(by, eyes):
    bring(by, FIRST)
    run = bring(by, HEAD + "1,2026-03-01,Flour,10,Sample driver\n2,then,Rice,5,\n", allow_refused=True)
    assert account(run) == {"outcome": "taken", "rows": 2, "taken": 1, "refused": 1, "unchanged": 1}
    assert run.report["withdrawals_held"] is True


def test_other_columns_stop_the_import_and_show_both_lists(by):
    run = bring(by, FIRST.replace("Pallets", "Pallet"))
    assert run.outcome == "refused_columns"
    file = run.report["file"]
    assert (file["missing"], file["new"]) == (["Pallets"], ["Pallet"])
    assert file["found"] == ["No", "Day", "Cargo", "Pallet", "Driver"]
    assert file["alike"][0][:2] == ["Pallets", "Pallet"]


def test_code_that_the_operation_lacks_refuses_the_row(by):
    mapping = mapping_from({**MAPPING.model_dump(mode="json"), "constants": {**MAPPING.constants, "unit": "bushel"}})
    run = bring(by, FIRST, mapping)
    assert (run.outcome, run.refused) == ("refused_rows", 3)
    assert {cell.code for cell in imports.refused_cells(run)} == {"unknown_code"}


def test_file_is_sealed_read_only_even_when_refused(by):
    content = b"PK\x03\x04 no workbook"
    run = bring(by, content, name="../../broken.xlsx")
    assert (run.outcome, run.file_name) == ("refused_file", "broken.xlsx")
    place = imports.sealed_path(run.file_sha256)
    assert hashlib.sha256(place.read_bytes()).hexdigest() == run.file_sha256
    assert stat.S_IMODE(place.stat().st_mode) == 0o440


def test_altered_file_in_the_vault_is_refused(by):
    sealed = actions.seal_file(FIRST.encode(), "gate.csv")
    place = imports.sealed_path(sealed.sha256)
    place.chmod(0o640)
    place.write_text("altered")
    with pytest.raises(Refused) as refused:
        actions.import_ledger(by=by, file=sealed, mapping=MAPPING)
    assert refused.value.code == "seal_broken"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1256"])
def test_encodings_of_arabic_files(by, eyes, encoding):
    bring(by, (HEAD + "1,2026-03-01,دقيق,10,\n").encode(encoding))
    with eyes(by):
        assert ConsignmentDetail.objects.get().cargo == "دقيق"


def test_control_character_refuses_the_row_and_not_the_program(by):
    run = bring(by, HEAD + '1,2026-03-01,"Flo\x01ur",10,\n2,2026-03-01,Rice,1,\n')
    assert (run.outcome, [cell.code for cell in imports.refused_cells(run)]) == ("refused_rows", ["control_character"])


def test_dry_run_writes_nothing(by, eyes):
    with eyes(by):
        plan = plan_import(by, FIRST.encode(), MAPPING)
        assert (plan.outcome, len(plan.added), AidEvent.objects.count(), ImportRun.objects.count()) == (
            "taken",
            3,
            0,
            0,
        )


def test_ledger_entry_names_the_file_and_the_counts(by, eyes):
    run = bring(by, FIRST)
    with eyes(by):
        entry = Entry.objects.get(room_id=by.room_id, object_id=run.pk)
        names = set(Fact.objects.filter(entry_id=entry.pk).values_list("name", flat=True))
    assert {"file", "mapping", "mapping_version", "added", "refused", "rows"} <= names


def real(folder: Path, name: str) -> bytes:
    return (folder / "3-aid" / name).read_bytes()


@pytest.mark.real
@pytest.mark.parametrize(
    ("file", "code", "kind"),
    [
        ("fts/fts_incoming_funding_pse.csv", "fts_incoming_funding", "funding_flow"),
        ("3w/3w_operational_presence_dataset_january_april_2025.xlsx", "three_w_presence", "presence"),
    ],
)
def test_other_real_files_are_taken_and_taken_again(  # noqa: PLR0917
    by, eyes, real_data, file, code, kind
):
    with eyes(by):
        mapping = reference.mapping(by.operation_id, code).mapping
    run = bring(by, real(real_data, file), mapping, Path(file).name, allow_refused=True)
    assert (run.outcome, run.record_kind) == ("taken", kind)
    assert (run.taken + run.refused + run.skipped, run.added) == (run.rows, run.taken)
    again = bring(by, real(real_data, file), mapping, Path(file).name, allow_refused=True)
    assert (again.added, again.revised, again.withdrawn, again.unchanged) == (0, 0, 0, run.taken)
    with eyes(by):
        assert LedgerRow.objects.count() == run.taken
        assert json.dumps(LedgerRow.objects.first().values)


@pytest.mark.real
@pytest.mark.slow
def test_real_ledger_totals_equal_a_plain_group_by(by, eyes, real_data):
    name = "unrwa/20240911_Commodities_Received.xlsx"
    with eyes(by):
        mapping = reference.mapping(by.operation_id, "unrwa_commodities_received").mapping
    run = bring(by, real(real_data, name), mapping, "received.xlsx")
    assert account(run) == {"outcome": "taken", "rows": 35521, "taken": 35521, "added": 35521}
    frame = pd.read_excel(real_data / "3-aid" / name, engine="calamine")
    codes = {"Kerem Shalom": "kerem_shalom", "Rafah Crossing": "rafah", "Western Erez": "western_erez",
             "Erez": "erez", "JLOTS": "floating_pier", "Gate 96": "gate_96"}  # fmt: skip
    frame["crossing"] = frame["Crossing"].map(codes)
    frame["month"] = frame["Received Date"].dt.strftime("%Y-%m")
    plain = frame.groupby(["month", "crossing"])["Quantity"].agg(["sum", "size"])
    expected = {key: (Decimal(int(row["sum"])), int(row["size"])) for key, row in plain.iterrows()}
    with eyes(by):
        assert totals_by_month_and_crossing(by) == expected
    again = bring(by, real(real_data, name), mapping, "received.xlsx")
    assert account(again) == {"outcome": "taken", "rows": 35521, "taken": 35521, "unchanged": 35521}


def totals_by_month_and_crossing(by) -> dict[tuple[str, str], tuple[Decimal, int]]:
    """Every unit of the ledger added up, as the plain group-by does."""
    found: dict[tuple[str, str], tuple[Decimal, int]] = {}
    known = reference.known_codes(by.operation_id)
    for unit in known.units:
        body = {"measure": "quantity", "unit": unit, "stages": ["offloaded"]}
        rule = reference.count_rule("all", 1, {}, body, known, of_room=True)
        for group in counts.count(by, rule, EVER, group_by=["day", "crossing"]).groups:
            key = (group.key[0][:7], group.key[1])
            total, rows = found.get(key, (Decimal(0), 0))
            found[key] = (total + group.total, rows + group.row_count)
    return found
