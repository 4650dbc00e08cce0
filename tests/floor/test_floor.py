"""Each room stands on its own floor, and a floor costs the same however much is on it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tansiq.building.clocks.actions import start_clock
from tansiq.building.doors.models import Release, ReleaseState
from tansiq.building.ledger.words import describe
from tansiq.building.people.models import Organisation
from tansiq.building.rooms import actions
from tansiq.building.rooms.actors import Actor, eyes_of, system_actor
from tansiq.building.rooms.acts import Done, act, own_audience
from tansiq.building.rooms.models import Room
from tansiq.desks.aid.models import ImportRun, Outcome
from tansiq.desks.aid.queries.obligations import step_in_force
from tansiq.floor.queries.entries import latest_entries
from tansiq.floor.queries.waiting import waiting_for
from tansiq.floor.views.floor import PANELS
from tests import factories
from tests.building.clocks.conftest import make_kind

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def answer_kind(django_db_setup: None, django_db_blocker: object) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        make_kind()


def standing(slug: str, role: str = "officer") -> Client:
    client = Client()
    client.force_login(factories.account(slug, role))
    return client


def seen(slug: str, query: Callable[[Actor], object]) -> object:
    by = factories.actor(slug)
    with eyes_of(by):
        return query(by)


def queries_of(slug: str, path: str) -> int:
    client = standing(slug)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@act("tests.import.refuse")
def refuse_import(*, by: Actor, name: str, outcome: str = Outcome.REFUSED_COLUMNS, hours_ago: int = 0) -> Done:
    run = ImportRun.objects.create(
        room_id=by.room_id, audience_id=own_audience(by.room_id), file_name=name, file_sha256="0" * 64, file_bytes=1,
        record_kind="consignment_event", source="paper", mapping_code="paper", mapping_version=1, outcome=outcome,
        created_at=datetime.now(UTC) - timedelta(hours=hours_ago),
    )  # fmt: skip
    return Done(run, wrote=[run])


@act("tests.release.propose")
def propose(*, by: Actor, reason: str, groups: list[list[str]]) -> Done:
    release = Release.objects.create(
        room_id=by.room_id, audience_id=own_audience(by.room_id), record_type="aid_event", record_id=uuid4(),
        lines=["headline"], marking="GREEN", reason=reason, state=ReleaseState.PROPOSED,
        proposed_by_id=by.account_id, second_roles=groups,
    )  # fmt: skip
    return Done(release, wrote=[release])


def test_floor_is_shown_to_a_member_and_closed_to_others():
    assert standing("alpha").get("/floor/").status_code == 200
    assert standing("alpha", "observer").get("/floor/").status_code == 200
    answer = Client().get("/floor/")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/floor/")


@pytest.mark.parametrize("name", sorted(PANELS))
def test_panel_alone_is_the_panel_of_the_page(name: str):
    client = standing("alpha")
    alone = client.get(f"/floor/_{name}").content.decode()
    assert alone.strip() in client.get("/floor/").content.decode()


@pytest.mark.parametrize("language", ["ar", "he"])
def test_floor_speaks_the_readers_language_in_its_direction(language: str):
    client = standing("alpha")
    client.cookies["tansiq_language"] = language
    page = client.get("/floor/").content.decode()
    assert f'<html lang="{language}"' in page
    assert '<body dir="rtl"' in page


def test_each_room_reads_its_own_entries():
    refuse_import(by=factories.actor("alpha"), name="alpha.csv")
    assert next(line.entry.act for line in seen("alpha", latest_entries)) == "tests.import.refuse"
    assert "tests.import.refuse" not in {line.entry.act for line in seen("beta", latest_entries)}
    refuse_import(by=factories.actor("beta"), name="beta.csv")
    assert next(line.entry.act for line in seen("beta", latest_entries)) == "tests.import.refuse"


def test_entry_names_the_act_and_the_role_never_the_person():
    person = factories.account("press")
    actions.grant_membership(by=factories.actor("alpha"), account=person, roles=["observer"])
    line = seen("alpha", latest_entries)[0]
    with translation.override("en"):
        words = str(line.words)
    assert (words, line.roles, line.room, line.by_system) == (
        "Place in the room given", (factories.ROLE_NAMES["officer"],), None, False,
    )  # fmt: skip
    assert person.name not in standing("alpha").get("/floor/_entries").content.decode()
    actions.grant_membership(by=system_actor(factories.room("alpha")), account=person, roles=["observer"])
    assert seen("alpha", latest_entries)[0].by_system


@act("tests.machine.ran")
def let_the_system_act(*, by: Actor, subject: Room) -> Done:
    return Done(subject)


def test_what_the_system_did_again_and_again_takes_one_line_and_hides_no_act_of_a_person():
    refuse_import(by=factories.actor("alpha"), name="first.csv")
    for _ in range(20):
        let_the_system_act(by=system_actor(factories.room("alpha")), subject=factories.room("alpha"))
    refuse_import(by=factories.actor("alpha"), name="second.csv")
    let_the_system_act(by=system_actor(factories.room("alpha")), subject=factories.room("alpha"))
    lines = seen("alpha", latest_entries)[:4]
    assert [(line.entry.act, line.times) for line in lines] == [
        ("tests.machine.ran", 1), ("tests.import.refuse", 1), ("tests.machine.ran", 20), ("tests.import.refuse", 1),
    ]  # fmt: skip


def test_entry_of_a_clock_names_its_matter(answer_kind):
    organisation = Organisation(id=uuid4())
    start_clock(by=factories.actor("alpha"), kind="answer", subject=organisation, subject_names={"en": "Spare pump"})
    assert seen("alpha", latest_entries)[0].matter == {"en": "Spare pump"}
    assert "Spare pump" in standing("alpha").get("/floor/_entries").content.decode()


def test_act_without_words_is_shown_by_its_name():
    assert describe("tests.nothing.done") == "tests.nothing.done"


def test_words_are_in_the_language_of_the_page():
    with translation.override("en"):
        assert str(describe("rooms.membership.end")) == "Place in the room ended"


def test_what_waits_is_what_the_person_can_do():
    refuse_import(by=factories.actor("alpha"), name="alpha.csv")
    propose(by=factories.actor("alpha"), reason="mine", groups=[])
    propose(by=other_person("alpha"), reason="for an officer", groups=[["officer"]])
    propose(by=other_person("alpha"), reason="for a director", groups=[["officer"], ["director"]])
    found = seen("alpha", waiting_for)
    assert [one.reason for one in found.releases] == ["for an officer"]
    assert [one.file_name for one in found.imports] == ["alpha.csv"]
    assert found.total == 2
    assert seen("beta", waiting_for).total == 0


def other_person(slug: str) -> Actor:
    by = factories.actor(slug)
    return Actor(factories.account(slug, "observer").pk, by.room_id, by.operation_id, by.acts, "second", "page")


def test_refused_import_waits_until_the_ledger_was_taken():
    refuse_import(by=factories.actor("alpha"), name="first.csv", hours_ago=2)
    assert seen("alpha", waiting_for).total == 1
    refuse_import(by=factories.actor("alpha"), name="second.csv", outcome=Outcome.TAKEN, hours_ago=1)
    assert seen("alpha", waiting_for).total == 0


def test_observer_has_nothing_to_do():
    refuse_import(by=factories.actor("alpha"), name="alpha.csv")
    by = factories.actor("alpha", "observer")
    with eyes_of(by):
        assert waiting_for(by).total == 0


def test_floor_costs_the_same_for_one_row_and_for_three():
    refuse_import(by=factories.actor("alpha"), name="one.csv")
    propose(by=other_person("alpha"), reason="one", groups=[["officer"]])
    one = {name: queries_of("alpha", f"/floor/_{name}") for name in PANELS} | {"": queries_of("alpha", "/floor/")}
    for number in ("two", "three"):
        refuse_import(by=factories.actor("alpha"), name=f"{number}.csv")
        propose(by=other_person("alpha"), reason=number, groups=[["officer"]])
    three = {name: queries_of("alpha", f"/floor/_{name}") for name in PANELS} | {"": queries_of("alpha", "/floor/")}
    assert three == one


STEPS = [{"day": 1, "units_per_day": 400}, {"day": 8, "units_per_day": 600}]


@pytest.mark.parametrize(
    ("first", "owed"), [("2026-01-10", 400), ("2026-01-04", 400), ("2026-01-03", 600), (None, 600)]
)
def test_step_in_force_counts_from_the_first_day(first: str | None, owed: int):
    assert step_in_force(STEPS, first, date(2026, 1, 10))["units_per_day"] == owed


def test_nothing_is_owed_before_the_first_day():
    assert step_in_force(STEPS, "2026-01-11", date(2026, 1, 10)) is None
