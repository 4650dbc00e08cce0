"""The directory of an operation: the sample is whole, and every kind of slip is named with file and field."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from shapely.geometry import shape

from tansiq.building.rooms.configuration import (
    ConfigurationError,
    act_fits,
    read_operation,
    read_yaml_text,
    simulated_world,
    span_from,
)
from tansiq.engine.simulation import simulate_aid

SAMPLE = Path(__file__).resolve().parents[3] / "demo" / "operation"


@pytest.fixture(scope="module")
def sample():
    return read_operation(SAMPLE)


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(SAMPLE, tmp_path / "operation")


def change(directory, file, old, new):
    path = directory / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(directory):
    with pytest.raises(ConfigurationError) as refused:
        read_operation(directory)
    return [(problem.file, problem.field, problem.found) for problem in refused.value.problems]


def test_sample_operation_is_whole(sample):
    assert sample.operation.sample
    assert [room.kind for room in sample.rooms].count("party") == 2
    assert {room.kind for room in sample.rooms} == {
        "shared_floor",
        "lead_nation",
        "party",
        "guarantors",
        "organisation",
        "press",
    }
    assert len(sample.gazetteer) >= 80
    assert len(sample.commodities) >= 60
    assert len({definition.code for definition in sample.count_definitions}) >= 12
    assert sum(area.level == 2 for area in sample.areas) == 5
    assert all(
        feature.properties.schematic
        for feature in (*sample.area_features, *sample.line_features, *sample.road_features)
    )


def test_sample_outlines_are_valid_and_do_not_overlap(sample):
    outlines = [shape(feature.geometry.model_dump()) for feature in sample.area_features]
    assert all(outline.is_valid for outline in outlines)
    for number, outline in enumerate(outlines):
        for other in outlines[number + 1 :]:
            assert outline.intersection(other).area < 1e-9


def test_sample_accounts_are_posts_without_mail(sample):
    assert {account.email.partition("@")[2] for account in sample.accounts} == {"example.org"}
    rooms_with_officer = {membership.room for account in sample.accounts for membership in account.memberships}
    assert rooms_with_officer == {room.code for room in sample.rooms}


def test_sample_lines_name_different_claimants(sample):
    versions = [feature.properties for feature in sample.line_features if feature.properties.code == "separation_line"]
    assert [line.claimant for line in versions] == ["lead_nation", "party_a", "party_b"]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("operation.yaml", "slug: sample", "slug: Sample!", ("operation.yaml", "slug", "'Sample!'")),
        ("operation.yaml", "Asia/Gaza", "Asia/Nowhere", ("operation.yaml", "time_zone", "'Asia/Nowhere'")),
        ("rooms.yaml", "party: party_a", "party: party_c", ("rooms.yaml", "rooms.party_a.party", "party_c")),
        ("rooms.yaml", "tlp_ceiling: RED", "tlp_ceiling: PINK", ("rooms.yaml", "rooms.1.tlp_ceiling", "'PINK'")),
        ("rooms.yaml", "he: צד א׳}", "fr: Partie A}", ("rooms.yaml", "parties.0.names.he", "nothing")),
        ("accounts.yaml", "role: watch_officer", "role: captain", ("accounts.yaml", "watch@example.org.memberships.role", "captain")),
        ("clocks.yaml", "due_in: PT30M", "due_in: half an hour", ("clocks.yaml", "kinds.0.due_in", "'half an hour'")),
        ("clocks.yaml", "at: 50%", "at: 150%", ("clocks.yaml", "kinds.0.ladder.0.at", "'150%'")),
        ("stages.yaml", "after: [requested]", "after: [wished]", ("stages.yaml", "items_submitted.after", "wished")),
        ("stages.yaml", "draws_on: at_hub", "draws_on: quay", ("stages.yaml", "draws_on", "quay")),
        ("stages.yaml", "draws_on: at_hub", "draws_on: loaded", ("stages.yaml", "loaded.draws_on", "loaded")),
        ("stages.yaml", "draws_on: sealed, revocable", "draws_on: loaded, revocable", ("stages.yaml", "stages.draws_on", "these stages draw on no stage that comes before them: at_hub, loaded, departed, at_inspection, screened, rejected_at_crossing, returned_to_hub, entered, offloaded, awaiting_collection, collected, in_transit_inside, intercepted, self_distributed, arrived, received_good, received_damaged, lost, stored, released_to_partner, distributed, reconciled")),
        ("stages.yaml", "draws_on: items_submitted, scope: line, kind", "draws_on: loaded, scope: line, kind", ("stages.yaml", "item_rejected.draws_on", "loaded, a stage of units")),
        ("stages.yaml", "scope: line, names: {en: Requested", "names: {en: Requested", ("stages.yaml", "stages", "drawn on, but drawing on nothing: requested (scope unit)")),
        ("stages.yaml", "kind: return", "kind: round", ("stages.yaml", "stages.12.kind", "'round'")),
        ("conservation.yaml", "clock: quantities_differ", "clock: sand", ("conservation.yaml", "clock", "sand")),
        ("conservation.yaml", "holder_role: logistics_officer", "holder_role: nobody", ("conservation.yaml", "holder_role", "nobody")),
        ("conservation.yaml", "origin: discrepancy_unowned", "origin: fate", ("conservation.yaml", "origin", "fate")),
        ("commodities.yaml", "class: food, unit: tonne", "class: sand, unit: tonne", ("commodities.yaml", "class", "sand")),
        ("crossings.yaml", "08:00-17:00", "17:00-08:00", ("crossings.yaml", "crossings.0.hours.sunday", "'17:00-08:00'")),
        ("cargo_rules.yaml", "commodity: ready_meal", "commodity: feast", ("cargo_rules.yaml", "rules.commodity", "feast")),
        ("count_definitions.yaml", "stages: [screened]", "stages: [weighed]", ("count_definitions.yaml", "trucks_screened.stages", "weighed")),
        ("mappings/unrwa_commodities_received.yaml", "JLOTS: floating_pier", "JLOTS: jetty", ("mappings/unrwa_commodities_received.yaml", "tables.crossings", "jetty")),
        ("roles.yaml", "- code: observer", "- code: analyst", ("roles.yaml", "roles.code", "analyst 2 times")),
    ],
)  # fmt: skip
def test_slip_is_named_with_file_field_and_what_was_found(copy, file, old, new, expected):
    change(copy, file, old, new)
    assert expected in problems(copy)


def test_all_problems_are_told_at_once(copy):
    change(copy, "rooms.yaml", "tlp_ceiling: RED", "tlp_ceiling: PINK")
    change(copy, "clocks.yaml", "due_in: PT30M", "due_in: soon")
    assert {file for file, _, _ in problems(copy)} == {"rooms.yaml", "clocks.yaml"}


def test_missing_file_and_stranger_are_named(copy):
    (copy / "stages.yaml").unlink()
    (copy / "notes.txt").write_text("hello")
    assert {("stages.yaml", "(file)", "nothing"), ("notes.txt", "(file)", "a file of no known name")} == set(
        problems(copy)
    )


def test_accounts_belong_to_sample_operations_only(copy):
    change(copy, "operation.yaml", "sample: true", "sample: false")
    assert ("accounts.yaml", "(file)", "sample accounts") in problems(copy)


def test_short_recovery_delay_is_for_samples_only(copy):
    told = ("operation.yaml", "recovery_delay", "PT2M")
    change(copy, "operation.yaml", "sample: true", "sample: false")
    assert told in problems(copy)
    change(copy, "operation.yaml", "recovery_delay: PT2M", "recovery_delay: PT59M")
    assert ("operation.yaml", "recovery_delay", "PT59M") in problems(copy)
    change(copy, "operation.yaml", "recovery_delay: PT59M", "recovery_delay: PT1H")
    assert [one for one in problems(copy) if one[1] == "recovery_delay"] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("crossings.yaml", "status:", "statsu:", "found nothing, expected a value: this field is required"),
        ("crossings.yaml", "status:", "statsu:", "expected no such field"),
        ("rooms.yaml", "tlp_ceiling: RED", "tlp_ceiling: PINK", "found 'PINK', expected 'RED', 'AMBER+STRICT', "),
        ("clocks.yaml", "due_in: PT30M", "due_in: soon", "found 'soon', expected a duration such as PT30M"),
        ("operation.yaml", "seed: 20260101", "seed: many", "found 'many', expected a whole number"),
        ("operation.yaml", "days: 30", "days: 3000", "found 3000, expected at most 366"),
        ("operation.yaml", "slug: sample", "slug: A sample", "found 'A sample', expected a short name: "),
    ],
)
def test_expectation_is_a_sentence(copy, file, old, new, said):
    change(copy, file, old, new)
    with pytest.raises(ConfigurationError) as refused:
        read_operation(copy)
    told = str(refused.value)
    assert said in told
    assert not any(word in told for word in ("Field required", "Input should", "Value error", "String should"))


@pytest.mark.parametrize(
    ("old", "new", "field", "found"),
    [
        ("needs: [slot]", "needs: [reception]", "links.entry.needs", "reception"),
        ("done: [entered]", "done: [landed]", "links.entry.done", "landed"),
        ("done: [arrived]", "done: [entered]", "links.begun, done and refused", "entered 2 times"),
        ("clocks: [inspection]", "clocks: [sundial]", "links.entry.clocks", "sundial"),
        ("role: eod_officer", "role: poet", "links.route.holder.role", "poet"),
        ("room: shared_floor", "room: attic", "links.route.holder.room", "attic"),
        ("code: confirmation", "code: applause", "links.code", "applause"),
        ("unit: pallet", "unit: armful", "unit", "armful"),
        ("stage: lost", "stage: gone", "ended.stage", "gone"),
        ("quiet_after: P60D", "quiet_after: PT0M", "quiet_after", "'PT0M'"),
    ],
)
def test_chain_names_only_what_there_is(copy, old, new, field, found):
    change(copy, "chain.yaml", old, new)
    assert ("chain.yaml", field, found) in problems(copy)


def test_operation_may_state_no_chain(copy):
    (copy / "chain.yaml").unlink()
    assert read_operation(copy).chain is None


def test_outline_that_is_not_closed_is_refused(copy):
    path = copy / "areas.geojson"
    drawn = json.loads(path.read_text(encoding="utf-8"))
    drawn["features"][0]["geometry"]["coordinates"][0].pop()
    path.write_text(json.dumps(drawn), encoding="utf-8")
    assert problems(copy)[0][:2] == ("areas.geojson", "features.0.geometry")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\na: 2\n", "found duplicate key"),
        ("a: &x [1]\nb: *x\n", "alias"),
        ("a: [1, 2\n", "expected ',' or ']'"),
        ("[" * 5000, ""),
        ("a: !!python/object:os.system x\n", "could not determine a constructor"),
    ],
)
def test_hostile_yaml_is_refused_in_a_sentence(text, found):
    with pytest.raises(ConfigurationError, match="f.yaml") as refused:
        read_yaml_text(text, "f.yaml")
    assert found in refused.value.problems[0].found


def test_yaml_is_of_version_1_2():
    assert read_yaml_text("country: no\nopens: 08:00\n", "f.yaml") == {"country": "no", "opens": "08:00"}


@pytest.mark.parametrize(
    ("pattern", "act", "fits"),
    [
        ("aid.*", "aid.event.record", True),
        ("aid.*", "aid.import", True),
        ("aid.*", "aid", False),
        ("aid.event.*", "aid.consignment.register", False),
        ("*.*.read", "places.crossing.read", True),
        ("*.*.read", "places.crossing.close", False),
        ("aid.event.record", "aid.event.record", True),
        ("aid.event.record", "aid.event.record_scan", False),
        ("*", "anything.at.all", True),
    ],
)
def test_act_pattern_fits_whole_parts(pattern, act, fits):
    assert act_fits(pattern, act) is fits


def test_span_is_read_as_iso_8601():
    assert span_from("P1DT6H30M") == timedelta(days=1, hours=6, minutes=30)
    with pytest.raises(ValueError, match="duration"):
        span_from("P")


def test_sample_world_is_simulated_with_the_codes_of_the_operation(sample):
    aid = simulate_aid(seed=1, days=2, trucks_per_day=60, start=date(2026, 1, 4), world=simulated_world(sample))
    assert {event.stage for event in aid.events} <= {stage.code for stage in sample.stages}
    assert {event.crossing for event in aid.events} - {""} == {"kerem_shalom", "zikim", "kissufim"}
    assert {event.reason for event in aid.events} - {""} <= {reason.code for reason in sample.reasons}
    assert {amount.unit for event in aid.events for amount in event.amounts} <= {unit.code for unit in sample.units}
    assert {event.consignor_class for event in aid.events} <= {kind.code for kind in sample.consignor_classes}
