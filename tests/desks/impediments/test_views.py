"""Pages of impediments: register, overdue list with its files, the form with what resembles, and every step."""

import csv
import io
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tansiq.building.clocks.jobs import strike_due_clocks
from tansiq.building.clocks.queries import database_now
from tansiq.building.doors import actions as doors
from tansiq.building.doors.actions import Asked
from tansiq.building.rooms.actors import eyes_of
from tansiq.desks.impediments import actions
from tansiq.desks.impediments.models import Impediment, ImpedimentState
from tansiq.desks.impediments.queries.likeness import Sought, resembling, title_likeness
from tansiq.desks.impediments.queries.lists import Wanted, impediments
from tansiq.desks.impediments.rules import RecordReference
from tests import factories
from tests.desks.impediments.conftest import DAY, seen

pytestmark = pytest.mark.django_db


def standing(slug: str, role: str = "officer", language: str = "en") -> Client:
    client = Client()
    client.force_login(factories.account(slug, role))
    client.cookies["tansiq_language"] = language
    return client


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def page_of(impediment: Impediment) -> str:
    return f"/impediments/{impediment.pk}/"


@pytest.fixture
def silent(un, opened):
    """Left in silence once: the deadline passed three hours ago."""
    first = opened("Fuel permits wait", at=database_now() - 3 * DAY - DAY / 8, cost_quantity=12, cost_unit="truck",
                   cost_source="haulier's ledger")  # fmt: skip
    strike_due_clocks.func(0)
    actions.record_silence(by=un_system(), impediment=first)
    return first


def un_system():
    from tansiq.building.rooms.actors import system_actor

    return system_actor(factories.room("un"))


def test_register_shows_its_own_and_what_was_asked_of_the_room(un, opened):
    first = opened()
    for slug in ("un", "alpha"):
        assert first.title in text(standing(slug), "/impediments/")
    assert first.title not in text(standing("beta"), "/impediments/")
    assert standing("beta").get(page_of(first)).status_code == 404


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_every_page_speaks_the_readers_language(opened, silent, language):
    client = standing("un", language=language)
    for path in ("/impediments/", "/impediments/overdue/", "/impediments/new/", page_of(silent),
                 *(f"{page_of(silent)}{way}/" for way in ("raise", "hand-over", "amend", "resolve", "withdraw"))):  # fmt: skip
        assert f'<html lang="{language}"' in text(client, path)
    assert "Fuel permits wait" in text(client, page_of(silent))


@pytest.mark.parametrize("path", ["/impediments/", "/impediments/overdue/"])
def test_list_costs_the_same_queries_for_one_row_and_for_three(silent, opened, path):
    client = standing("un")

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            found = text(client, path)
        return len(captured), found.count('<tr id="impediment-')

    cost()
    one, rows = cost()
    assert rows == 1
    for title in ("Second of them", "Third of them"):
        another = opened(title, at=database_now() - 4 * DAY, cost_quantity=1, cost_unit="truck", cost_source="ledger")
        strike_due_clocks.func(0)
        actions.record_silence(by=un_system(), impediment=another)
    assert cost() == (one, 3)


@pytest.mark.parametrize("path", ["/impediments/", "/impediments/overdue/"])
def test_piece_of_a_list_is_the_list_of_the_page(silent, path):
    client = standing("un")
    piece = text(client, f"{path}_list?q=fuel")
    assert ("Fuel permits wait" in piece, "<html" in piece) == (True, False)
    page = text(client, f"{path}?q=fuel")
    assert piece.strip() in page
    assert f'data-live-url="{path}_list?q=fuel"' in page


def test_filters_narrow_the_register_and_closed_ones_are_asked_for(un, opened):
    first, other = opened("One of a kind"), opened("Nothing like it", kind="money")
    actions.resolve_impediment(by=un, impediment=other, reason="paid")
    client = standing("un")
    assert other.title not in text(client, "/impediments/")
    assert other.title in text(client, "/impediments/?state=all")
    assert first.title not in text(client, "/impediments/?state=resolved")
    for asked in ("kind=permit", "owner=alpha", "raiser=un", "q=one+of"):
        assert first.title in text(client, f"/impediments/?{asked}")
    for asked in ("kind=route", "owner=beta", "raiser=alpha", "q=other", "link=entry"):
        assert first.title not in text(client, f"/impediments/?{asked}")
    assert first.title in text(client, "/impediments/?kind=nonsense&record=nonsense")  # no choice narrows nothing


def test_overdue_list_holds_those_left_in_silence_and_is_taken_along(opened, silent):
    fresh = opened("Raised just now")
    page = text(standing("un"), "/impediments/overdue/")
    assert (silent.title in page, fresh.title in page) == (True, False)
    answer = proven("un").get("/impediments/overdue/?format=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    heading = next(number for number, row in enumerate(rows) if row and row[0] == "What stands in the way")
    columns, tags, line = rows[heading], rows[heading + 1], rows[heading + 2]
    assert tags[0] == "#access+title"
    said = dict(zip(columns, line, strict=True))
    assert (said["What stands in the way"], said["State"], said["Owner"]) == (
        "Fuel permits wait", "left without an answer", "Room alpha; officer",
    )  # fmt: skip
    assert (said["Age in days"], said["Silences"], said["Units lost a day"], said["Unit"]) == ("3", "1", "12", "Truck")


def proven(slug: str, language: str = "en") -> Client:
    """Somebody who has proven lately who they are: lists leave the house only with such a one."""
    client = standing(slug, language=language)
    import time

    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_overdue_list_is_given_as_table_and_document(silent, language):
    client = proven("un", language)
    table = client.get("/impediments/overdue/?format=xlsx")
    document = client.get("/impediments/overdue/?format=pdf")
    assert (table.content[:2], document.content[:5]) == (b"PK", b"%PDF-")


def test_form_opens_an_impediment(words_loaded, db):
    client = standing("un")
    answer = client.post("/impediments/new/", typed())
    assert answer.status_code == 302
    assert "Radios wait for a permit" in text(client, answer.url)


def typed(**changed: object) -> dict[str, object]:
    return {"key": str(uuid4()), "title": "Radios wait for a permit", "kind": "permit", "owner_room": "alpha",
            "owner_role": "officer", "chain_links": ["entry"], "description": "Since August", **changed}  # fmt: skip


def test_form_keeps_what_was_typed_and_names_what_is_wrong(words_loaded, db):
    answer = standing("un").post("/impediments/new/", typed(cost_quantity="3", title="Kept title"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "missing: Unit, Source of the figure" in page
    assert 'value="Kept title"' in page
    answer = standing("un").post("/impediments/new/", typed(title=""))
    assert (answer.status_code, "Since August" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("typed_in", "field", "sentence"),
    [
        ({"title": " "}, "title", "هذا الحقل إلزامي."),
        ({"cost_quantity": "-3", "cost_unit": "truck", "cost_source": "log"}, "cost_quantity", "لا تُقبل كلفة اليوم -3"),
        ({"cost_quantity": "3", "cost_unit": "truck"}, "cost_source", "الناقص: مصدر الرقم"),
        ({"cost_unit": "furlong"}, "cost_unit", "furlong"),
        ({"next_forum_date": "2020-01-01"}, "next_forum_date", "لا يمكن أن يكون الاجتماع التالي في يوم مضى."),
        ({"description": "س" * 5000}, "description", "5000"),
        ({"title": "س" * 300}, "title", "300"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(words_loaded, typed_in, field, sentence):
    answer = standing("un", language="ar").post("/impediments/new/", typed(contact="Kept contact", **typed_in))
    page = answer.content.decode()
    beside = page.partition(f'id="id_{field}_error"')[2].partition("</ul>")[0]
    assert (answer.status_code, sentence in beside) == (422, True)
    assert 'value="Kept contact"' in page
    assert all(value in page for name, value in typed_in.items() if name != "cost_unit" and value.strip())


def test_page_lets_more_be_typed_than_is_taken_so_that_nothing_is_cut_off_in_silence(words_loaded, db):
    page = text(standing("un"), "/impediments/new/")
    assert "maxlength" not in page.partition('id="id_title"')[2]


def test_day_of_the_next_meeting_that_stands_already_may_stay(un, opened):
    first = opened(next_forum_date=date(2020, 1, 1))
    said = {"key": str(uuid4()), "reason": "Known now"}
    path, client = f"{page_of(first)}amend/", standing("un")
    assert client.post(path, {**said, "next_forum_date": "2020-01-02"}).status_code == 422
    assert client.post(path, {**said, "next_forum_date": "2020-01-01"}).status_code == 302


def test_amending_shows_the_cost_as_it_was_typed_and_no_empty_list_of_precedents(opened):
    first = opened(cost_quantity=14, cost_unit="truck", cost_source="log")
    page = text(standing("un"), f"{page_of(first)}amend/")
    assert ('value="14"' in page, "precedents" in page) == (True, False)
    opened("Radios still wait for a permit")
    assert 'name="precedents"' in text(standing("un"), f"{page_of(first)}amend/")


def test_refusal_of_a_step_stands_beside_its_field(opened):
    first = opened()
    answer = standing("un").post(
        f"{page_of(first)}hand-over/",
        {"key": str(uuid4()), "owner_room": "alpha", "owner_role": first.owner_role, "reason": "again"},
    )
    assert answer.status_code == 422
    assert "owns the impediment already" in answer.content.decode().partition('id="id_owner_room_error"')[2][:400]


def test_list_says_that_closed_ones_and_other_records_are_left_out(opened):
    opened()
    client = standing("un")
    for path, words in (
        ("/impediments/", ["State: <bdi>all that stand in the way</bdi>"]),
        ("/impediments/?state=all", ["State: <bdi>all, closed ones too</bdi>"]),
        (f"/impediments/?record={uuid4()}", ["all that stand in the way", "only those that hold up one record"]),
    ):
        page = text(client, path)
        assert all(one in page for one in words)
    assert "only those that hold up one record" not in text(client, "/impediments/?record=nonsense")


def test_one_that_resembles_a_live_one_is_shown_before_it_is_opened_twice(un, opened):
    first = opened()
    client = standing("un")
    answer = client.post("/impediments/new/", typed(title="Radios are waiting for a permit"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{page_of(first)}raise/" in page
    assert "Nothing is opened yet." in page.partition('id="id_another_error"')[2][:300]
    assert "Since August" in page
    with eyes_of(un):
        assert Impediment.objects.filter(room=un.room_id).count() == 1
    answer = client.post("/impediments/new/", typed(title="Radios are waiting for a permit", another="on"))
    assert answer.status_code == 302
    with eyes_of(un):
        assert Impediment.objects.filter(room=un.room_id).count() == 2


def test_resemblance_is_looked_for_only_among_what_the_room_reads(un, opened, beta):
    first = opened()
    for by, expected in ((un, [first.pk]), (beta, [])):
        with eyes_of(by):
            found = resembling(by, Sought(first.title, "permit"))
            assert [one.impediment.pk for one in found] == expected


def test_title_likeness_counts_shared_groups_of_three_letters():
    assert title_likeness("Fuel permits", "fuel permits") == 1.0
    assert title_likeness("Fuel permits", "Cement") == 0.0
    assert title_likeness("إغلاق المعبر", "اغلاق المعبر") == 1.0
    assert 0.3 < title_likeness("Radios wait for a permit", "Radios are waiting for a permit") < 1


def test_steps_are_taken_on_their_pages_each_with_its_reason(un, opened):
    first = opened()
    raiser, owner = standing("un"), standing("alpha")

    def step(client: Client, way: str, **fields: object) -> int:
        return client.post(f"{page_of(first)}{way}/", {"key": str(uuid4()), **fields}).status_code

    assert step(raiser, "raise", reason="") == 422
    assert step(raiser, "raise", reason="It still waits") == 302
    assert step(owner, "answer", answer="partly", reason="Half of them") == 302
    assert step(raiser, "hand-over", owner_room="floor", reason="They can do more") == 302
    assert step(raiser, "amend", reason="Known now", description="All of it", next_forum="Weekly meeting") == 302
    assert step(raiser, "resolve", reason="They came") == 302
    page = text(raiser, page_of(first))
    for words in (
        "It still waits",
        "Half of them",
        "Partly approved",
        "They can do more",
        "Weekly meeting",
        "They came",
    ):
        assert words in page
    assert seen(un, first).state == ImpedimentState.RESOLVED


def test_page_of_a_step_that_is_not_the_rooms_is_as_if_there_were_none(opened):
    first = opened()
    assert standing("un").get(f"{page_of(first)}answer/").status_code == 404
    assert standing("alpha").get(f"{page_of(first)}resolve/").status_code == 404
    assert standing("alpha").get(f"{page_of(first)}answer/").status_code == 200
    assert standing("un", "observer").get(f"{page_of(first)}raise/").status_code == 403


def test_released_impediment_is_read_with_its_clock_until_the_recall(un, beta, opened):
    first = opened(description="All about it")
    actions.raise_impediment(by=un, impediment=first, reason="again")
    asked = Asked(("headline", "detail"), (factories.room("beta"),), "GREEN", "they ask for it")
    release = doors.propose_release(by=un, code="impediment", record_id=first.pk, asked=asked)
    page = text(standing("beta"), page_of(first))
    for words in (first.title, "All about it", "again"):
        assert words in page
    assert seen(beta, first).clock is not None
    actions.answer_impediment(by=factories.actor("alpha"), impediment=first, answer="approved", reason="secret words")
    page = text(standing("beta"), page_of(first))
    assert ("Approved" in page, "secret words" in page) == (True, False)  # the owner's words are its own to release
    assert seen(beta, first).clock.state == "running"  # the clock that began since
    actions.hand_over_impediment(by=un, impediment=first, owner=holder("floor"), reason="to the floor")
    assert "to the floor" in text(standing("beta"), page_of(first))
    doors.recall_release(by=un, release=release, reason="a mistake")
    assert standing("beta").get(page_of(first)).status_code == 404
    assert first.title in text(standing("floor"), page_of(first))  # who was asked reads on


def holder(slug: str):
    from tansiq.building.clocks.rules import Holder

    return Holder(factories.room_id(slug))


def test_clock_page_leads_to_its_impediment_and_floor_counts_them(un, opened, silent):
    first = opened()
    clock = seen(un, first).clock
    assert f'href="{page_of(first)}"' in text(standing("un"), f"/clocks/{clock.pk}/")
    panel = text(standing("un"), "/floor/_impediments")
    assert '<span class="count">2</span>' in panel
    assert "one of them was left without an answer" in panel
    assert silent.title in panel
    assert silent.title not in text(standing("beta"), "/floor/_impediments")


def test_records_named_in_the_address_are_held_up_when_the_room_reads_them(un, opened, beta):
    held = opened("Held itself", kind="money")
    named = f"impediments.impediment:{held.pk}"
    assert "Held itself" in text(standing("un"), f"/impediments/new/?record={named}")
    assert "Held itself" not in text(standing("beta"), f"/impediments/new/?record={named}&record=nonsense")
    answer = standing("un").post("/impediments/new/", typed(records=f"{named} aid.consignment:{uuid4()} x"))
    page = text(standing("un"), answer.url)
    assert f'href="{page_of(held)}"' in page


def test_record_of_another_room_shows_nothing_to_who_does_not_read_it(un, alpha, beta, opened):
    """The owner that is asked learns of the raiser's own records, and nothing of what others released to the raiser."""
    theirs = opened("Released to beta alone", owner="beta")
    own = opened("A record of its own", by=beta, owner="un")
    named = tuple(RecordReference("impediments.impediment", one.pk, {"en": one.title}) for one in (theirs, own))
    first = opened("Opened over both", by=beta, records=named, precedents=named)
    pages = {slug: text(standing(slug), page_of(first)) for slug in ("alpha", "beta")}
    assert [pages["beta"].count(f'<a href="{page_of(one)}"') for one in (theirs, own)] == [2, 2]
    assert [(one.title in pages["alpha"], str(one.pk) in pages["alpha"]) for one in (theirs, own)] == [
        (False, False), (True, False),
    ]  # fmt: skip
    wanted = Wanted(record_id=theirs.pk)
    for by, found in ((beta, [first]), (alpha, [])):
        with eyes_of(by):
            assert list(impediments(by, wanted)) == found
