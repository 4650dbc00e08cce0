"""Pages of events and consignments: what each room finds, what a person can record and correct there."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tansiq.building.doors.actions import Asked, propose_release
from tansiq.building.rooms.actors import eyes_of
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import AidEvent
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tests import factories

pytestmark = pytest.mark.django_db


def client(slug: str = "un", role: str = "officer") -> Client:
    found = Client()
    found.force_login(factories.account(slug, role))
    return found


def body(path: str, slug: str = "un", role: str = "officer") -> str:
    answer = client(slug, role).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def typed(**fields: object) -> dict[str, object]:
    return {
        "key": str(uuid4()), "stage": "entered", "unit_code": "T9", "unit_kind": "truck", "attempt": "1",
        "occurred_at": "2026-03-01T10:00", "precision": "minute", "unit_1": "pallet", "giver_1": "12",
        "receiver_1": "11", "commodity_1": "rice", **fields,
    }  # fmt: skip


def events_of(by) -> list[AidEvent]:
    with eyes_of(by):
        return list(AidEvent.objects.filter(room=by.room_id).order_by("edition"))


@pytest.mark.parametrize("path", ["/aid/", "/aid/consignments/", "/aid/counts/", "/aid/counts/difference/",
                                  "/aid/imports/", "/aid/imports/new/", "/aid/commodities/", "/aid/commodities/cargo/",
                                  "/aid/events/new/"])  # fmt: skip
def test_every_page_opens_where_nothing_is_recorded_yet(by, path):
    assert "<h1" in body(path)


def test_event_recorded_in_the_form_shows_both_sides(by):
    answer = client().post("/aid/events/new/", typed())
    assert answer.status_code == 302
    page = body(answer.headers["Location"])
    assert "Entered" in page and "they differ" in page
    assert ">12<" in page and ">11<" in page


def test_event_and_consignment_lead_to_their_entry_in_the_ledger(by):
    un = client()
    page = un.get(un.post("/aid/events/new/", typed()).headers["Location"]).content.decode()
    stated = ConsignmentStatement("C-9", (LineStatement(Decimal(10), "pallet", "rice"),), "un", "", ())
    consignment = actions.register_consignment(by=by, statement=stated)
    other = un.get(f"/aid/consignments/{consignment.pk}/").content.decode()
    for shown, act in ((page, "aid.event.record"), (other, "aid.consignment.register")):
        found = re.search(r'<a href="(/ledger/[^"]+)">Entry in the ledger</a>', shown).group(1)
        assert act in un.get(found).content.decode()


def test_way_to_the_entry_opens_for_whoever_is_shown_it(by, scan):
    event = actions.record_event(by=by, statement=scan("A"))
    asked = Asked(("headline",), (factories.room("beta"),), "GREEN", "they ask what came")
    propose_release(by=by, code="aid_event", record_id=event.pk, asked=asked)
    for slug in ("un", "beta"):
        found = re.search(r'<a href="(/ledger/[^"]+)">Entry', body(f"/aid/events/{event.pk}/", slug)).group(1)
        assert "aid.event.record" in body(found, slug)


def test_same_submission_twice_is_one_event(by):
    un, form = client(), typed()
    first, second = un.post("/aid/events/new/", form), un.post("/aid/events/new/", form)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(events_of(by)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"unit_code": ""}, "Name the truck or pallet, or the consignment: found neither."),
        ({"stage": "rejected_at_crossing"}, "needs a reason"),
        ({"unit_1": ""}, "A figure without a unit says nothing"),
        ({"giver_1": "-3"}, "greater than or equal to 0"),
        ({"occurred_at": "tomorrow"}, "Enter a valid date/time."),
        ({"occurred_at": "2190-01-01T00:00"}, "lies ahead"),
        ({"occurred_at": "0001-01-01T00:00"}, "The year 1 is not between 1900 and 2200."),
        ({"occurred_at": "9999-12-31T23:59"}, "The year 9999 is not between 1900 and 2200."),
        ({"consignment": "nobody's"}, "nobody"),
        ({"unit_code": "T\x009"}, "Null characters are not allowed."),
    ],
)
def test_wrong_entry_is_named_and_kept(by, wrong, said):
    answer = client().post("/aid/events/new/", typed(**wrong, place="Gate 3"))
    assert answer.status_code == 422
    page = answer.content.decode().replace("&#x27;", "'")
    assert said in page
    assert "Gate 3" in page, "what was typed is kept"
    assert events_of(by) == []


def test_correction_strikes_the_former_event(by, scan):
    former = actions.record_event(by=by, statement=scan())
    page = body(f"/aid/events/{former.pk}/correct/")
    assert 'value="T1"' in page and 'value="10"' in page, "the form holds what was stated"
    answer = client().post(
        f"/aid/events/{former.pk}/correct/",
        typed(unit_code="T1", why="quantity_wrong", occurred_at="2026-03-01T14:00", giver_1="9", receiver_1="9"),
    )
    assert answer.status_code == 302
    assert [event.correction_reason for event in events_of(by)] == ["", "quantity_wrong"]
    page = body(f"/aid/events/{former.pk}/")
    assert "This event was corrected." in page and "<s>" in page
    listed = body("/aid/?replaced=on")
    assert "is-struck" in listed
    assert "is-struck" not in body("/aid/")


def test_correction_without_reason_is_refused(by, scan):
    former = actions.record_event(by=by, statement=scan())
    answer = client().post(f"/aid/events/{former.pk}/correct/", typed(unit_code="T1"))
    assert answer.status_code == 422
    assert "Say why: choose a reason, or write one." in answer.content.decode()


def test_event_is_taken_back(by, scan):
    former = actions.record_event(by=by, statement=scan())
    assert "T1<" in body("/aid/")
    gone = typed(unit_code="T1", withdraw="on", why_text="never came")
    assert client().post(f"/aid/events/{former.pk}/correct/", gone).status_code == 302
    assert "never came" in body(f"/aid/events/{former.pk}/")
    assert "T1<" not in body("/aid/")


def test_observer_reads_and_records_nothing(by, scan):
    event = actions.record_event(by=by, statement=scan())
    page = body(f"/aid/events/{event.pk}/", role="observer")
    assert "/correct/" not in page
    observer = client(role="observer")
    for path in ("/aid/events/new/", f"/aid/events/{event.pk}/correct/", "/aid/imports/new/"):
        assert observer.get(path).status_code == 403
    assert observer.post("/aid/commodities/map/").status_code == 403


def test_hidden_and_never_existing_records_are_answered_alike(by, scan):
    event = actions.record_event(by=by, statement=scan())
    for path in ("events", "consignments", "imports"):
        hidden, never = (client("ngo").get(f"/aid/{path}/{pk}/") for pk in (event.pk, uuid4()))
        assert hidden.status_code == never.status_code == 404
        assert len(hidden.content) == len(never.content)


def test_filters_stand_in_the_address(by, scan):
    actions.record_event(by=by, statement=scan("TRUCK-A1"))
    actions.record_event(by=by, statement=scan("TRUCK-B2", "screened", hours=48))
    shown = {q: body(f"/aid/?{q}") for q in ("q=truck-a1", "stage=screened", "since=2026-03-02", "until=2026-03-02",
                                             "as_of=2020-01-01T00:00", "stage=nonsense", "since=31-31")}  # fmt: skip
    assert {query: ("TRUCK-A1" in page, "TRUCK-B2" in page) for query, page in shown.items()} == {
        "q=truck-a1": (True, False), "stage=screened": (False, True), "since=2026-03-02": (False, True),
        "until=2026-03-02": (True, False), "as_of=2020-01-01T00:00": (False, False), "stage=nonsense": (True, True),
        "since=31-31": (True, True),
    }  # fmt: skip


def summary(path: str) -> str:
    found = re.search(r"<summary>(.*?)</summary>", body(path), re.S)
    assert found
    return " ".join(re.sub(r"<[^>]*>", "", found.group(1)).split())


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/aid/", "Shown: everything. Filter the list"),
        ("/aid/consignments/?q=C-1", "Shown: Reference: C-1"),
        ("/aid/?stage=entered&replaced=on&page=1", "Shown: Stage: Entered · Also corrected ones: yes"),
        ("/aid/?stage=nonsense&as_of=2026-03-01T10:00", "Shown: As known at: 2026-03-01 10:00"),
    ],
)
def test_folded_filters_say_what_is_shown(by, path, said):
    assert summary(path) == said


@pytest.mark.parametrize(
    "query", ["as_of=0001-01-01T00:00", "as_of=9999-12-31T23:59", "since=0001-01-01", "until=9999-12-31"]
)
def test_first_and_last_moments_of_the_calendar_narrow_nothing(by, scan, query):
    actions.record_event(by=by, statement=scan("A1"))
    assert "A1" in body(f"/aid/?{query}")


def register(by, reference: str = "C-1", units: tuple = (("T1", "truck"),)):
    lines = (LineStatement(Decimal(10), "pallet", "rice"),)
    statement = ConsignmentStatement(reference, lines, "un", "kerem_shalom", units, {"manifest": "M 7"}, "A driver")
    return actions.register_consignment(by=by, statement=statement)


def test_consignment_page_shows_lines_units_and_timeline(by, scan):
    found = register(by)
    wrong = actions.record_event(by=by, statement=scan(consignment="C-1"))
    actions.correct_event(by=by, event_id=wrong.pk, reason="wrong_crossing", statement=scan(pallets=8))
    page = body(f"/aid/consignments/{found.pk}/")
    for text in ("C-1", "M 7", "A driver", "T1", "<s>", "Recorded at the wrong crossing"):
        assert text in page
    assert f"/doors/new/aid_consignment/{found.pk}/" in page
    assert f"/doors/new/aid_consignment/{found.pk}/" not in body(f"/aid/consignments/{found.pk}/", role="observer")
    assert "C-1" in body("/aid/consignments/?q=c-1")
    assert "C-1" not in body("/aid/consignments/?q=elsewhere")


def cost(path: str) -> int:
    un = client()
    un.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert un.get(path).status_code == 200
    return len(captured)


def test_lists_cost_the_same_queries_for_one_and_three(by, scan):
    paths = ("/aid/", "/aid/consignments/", "/aid/imports/?scans=1", "/aid/commodities/cargo/?show=all")

    def add(number: int) -> None:
        register(by, f"C-{number}", ((f"T{number}", "truck"),))
        actions.record_scans(by=by, statements=[scan(f"T{number}", consignment=f"C-{number}")])

    add(1)
    one = {path: cost(path) for path in paths}
    add(2), add(3)
    assert {path: cost(path) for path in paths} == one


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
@pytest.mark.parametrize("path", ["/aid/", "/aid/consignments/", "/aid/imports/", "/aid/counts/", "/aid/commodities/",
                                  "/aid/commodities/cargo/"])  # fmt: skip
def test_every_list_is_given_as_a_file(by, scan, path, kind):
    register(by)
    actions.record_event(by=by, statement=scan(consignment="C-1"))
    answer = client().get(f"{path}?format={kind}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert len(answer.content) > 100


@pytest.mark.parametrize(("language", "expected"), [("ar", "دخلت"), ("he", "נכנס"), ("en", "Entered")])
def test_pages_take_the_readers_language(by, scan, language, expected):
    event = actions.record_event(by=by, statement=scan())
    un = client()
    un.cookies["tansiq_language"] = language
    for path in ("/aid/", f"/aid/events/{event.pk}/"):
        assert expected in un.get(path).content.decode()


def test_open_list_of_events_is_asked_for_again_as_a_piece(by):
    whole = body("/aid/?stage=entered")
    (address,) = re.findall(r'data-live-url="(/aid/[^"]*)"', whole)
    piece = body(address)
    assert address == "/aid/_list?stage=entered"
    assert "<html" in whole
    assert piece.strip().startswith('<div id="event-list">')
    assert piece.strip() in whole


def test_consignment_leads_to_what_holds_it_and_opens_an_impediment_only_for_who_may(by):
    stated = ConsignmentStatement("C-HELD", (LineStatement(Decimal(1), "pallet"),))
    found = actions.register_consignment(by=by, statement=stated)
    for role, may in (("officer", True), ("observer", False)):
        page = body(f"/aid/consignments/{found.pk}/", role=role)
        assert f'href="/impediments/?record={found.pk}"' in page
        assert (f'href="/impediments/new/?record=aid.consignment:{found.pk}"' in page) is may
    form = body(f"/impediments/new/?record=aid.consignment:{found.pk}")
    assert (f"aid.consignment:{found.pk}" in form, "C-HELD" in form) == (True, True)
