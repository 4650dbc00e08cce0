"""Pages of needs, and the 5W file: valid HXL, and the ledger's own totals."""

import io
from decimal import Decimal
from uuid import uuid4

import hxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.actors import eyes_of
from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.queries.counts import count, period_of_days
from tansiq.desks.aid.queries.reference import definition
from tansiq.desks.needs.models import Caseload, CaseloadFile, Storm
from tests import factories
from tests.desks.needs.conftest import DAY, caseload, exposed, goods_at, storm, today

pytestmark = pytest.mark.django_db
NEVER = "00000000-0000-4000-8000-000000000000"


def standing(slug: str, role: str = "officer", language: str = "en") -> Client:
    client = Client()
    client.force_login(factories.account(slug, role))
    client.cookies["tansiq_language"] = language
    return client


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def filled(un) -> dict[str, object]:
    goods_at(un, "received_good", "blankets", 4)
    goods_at(un, "distributed", "blankets", 1)
    return {
        "caseload": caseload(un, 1000, site="=Camp"),
        "exposure": exposed(un, "high", site="=Camp"),
        "storm": storm(un),
    }


@pytest.mark.parametrize("language", ["ar", "he", "en"])
def test_pages_stand_in_every_language(un, language):
    made, client = filled(un), standing("un", language=language)
    storm_page = f"/needs/storms/{made['storm'].pk}/"
    for path in ("/needs/", "/needs/_needs", "/needs/5w/", "/needs/caseloads/", "/needs/caseloads/new/",
                 "/needs/caseloads/bring/", f"/needs/caseloads/{made['caseload'].pk}/", "/needs/exposure/",
                 "/needs/exposure/new/", f"/needs/exposure/{made['exposure'].pk}/", "/needs/storms/",
                 "/needs/storms/new/", storm_page, f"{storm_page}_ranking", f"{storm_page}close/"):  # fmt: skip
        assert text(client, path)


def test_what_another_room_keeps_is_404_and_in_no_list(un, ngo):
    made, client = filled(un), standing("ngo")
    for kind, place in (("caseload", "caseloads"), ("exposure", "exposure"), ("storm", "storms")):
        text(client, f"/needs/{place}/{made[kind].pk}/", 404)
        text(client, f"/needs/{place}/{NEVER}/", 404)
        assert str(made[kind].pk) not in text(client, f"/needs/{place}/")
    assert "=Camp" not in text(client, "/needs/")


def test_caseload_is_stated_in_its_page_and_bad_input_keeps_what_was_typed(un):
    client = standing("un")
    typed = {"key": uuid4(), "p_code": "PS0260", "people": "40", "households": "50", "as_of_date": today(),
             "source": "the elder's list"}  # fmt: skip
    answer = client.post("/needs/caseloads/new/", typed)
    assert answer.status_code == 422
    assert "There cannot be more households (50) than people (40)." in answer.content.decode()
    assert "the elder&#x27;s list" in answer.content.decode()
    assert client.post("/needs/caseloads/new/", {**typed, "households": "8"}).status_code == 302
    with eyes_of(un):
        assert Caseload.objects.get().households == 8


def test_file_is_brought_in_its_page_and_tells_every_row(un, settings, tmp_path):
    settings.VAULT = tmp_path
    client = standing("un")
    rows = b"P-code,People,Date,Source\nPS0260,12,2026-11-01,x\nPS7777,9,2026-11-01,x\n"

    def post(**typed):
        return client.post(
            "/needs/caseloads/bring/", {"key": uuid4(), "file": SimpleUploadedFile("c.csv", rows), **typed}
        )

    page = text(client, post()["Location"])
    assert "PS7777" in page
    assert "The operation has no such code." in page
    post(allow_refused="on")
    with eyes_of(un):
        assert (Caseload.objects.count(), CaseloadFile.objects.count()) == (1, 2)


def test_storm_is_opened_and_closed_in_its_page(un):
    client, now = standing("un"), database_now()
    typed = {"key": uuid4(), "warning": "Rain", "hazard": "flood", "areas": ["PS0260"], "source": "met",
             "begins_at": f"{now:%Y-%m-%dT%H:%M}", "ends_at": f"{now + DAY:%Y-%m-%dT%H:%M}"}  # fmt: skip
    place = client.post("/needs/storms/new/", typed)["Location"]
    assert "Rain" in text(client, "/needs/")
    assert client.post(f"{place}close/", {"key": uuid4(), "reason": "over"}).status_code == 302
    with eyes_of(un):
        assert Storm.objects.get().state == "closed"
    text(client, f"{place}close/", 404)


def five_w(client: Client) -> bytes:
    client.force_login(factories.account("un"))
    answer = client.get(f"/needs/5w/?format=csv&first={today() - 40 * DAY}&last={today()}")
    assert answer.status_code == 200
    return answer.content


def test_export_passes_libhxl_and_its_totals_are_the_ledgers(un, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 86_400
    for commodity, quantity, place in (("blankets", 3, "PS0260"), ("tents", 2, "PS0265"), ("rice", 5, "a school"),
                                       ("rice", 7, "store_north")):  # fmt: skip
        goods_at(un, "distributed", commodity, quantity, place)
    data = hxl.data(hxl.make_input(io.BytesIO(five_w(standing("un"))), hxl.InputOptions(allow_local=True))).cache()
    report = hxl.validate(data)
    assert report["is_valid"], report["issues"]
    rows = list(data)
    assert sum(Decimal(row.get("#output+num-pieces")) for row in rows) == 17
    pieces = {row.get("#item+code"): row.get("#output+pieces") for row in rows if row.get("#output+pieces")}
    assert pieces == {"blankets": "750", "tents": "40"}
    codes = {row.get("#loc+name"): row.get("#adm2+code") or "" for row in rows}
    assert codes == {"PS0260": "PS0260", "PS0265": "PS0265", "a school": "", "store_north": "PS0255"}
    names = dict.fromkeys(("en", "ar", "he"), "distributed")
    body = {"measure": "quantity", "unit": "pallet", "stages": ["distributed"], "time_rule": "each_event"}
    aid.define_count(by=un, code="pallets_distributed", names=names, body=body)
    with eyes_of(un):
        rule = definition(un, "pallets_distributed")
        assert count(un, rule, period_of_days(rule, today() - 40 * DAY, today())).total == 17


def test_pages_cost_the_same_queries_however_much_is_there(un):
    client = standing("un")

    def queries(path: str) -> int:
        text(client, path)
        with CaptureQueriesContext(connection) as caught:
            text(client, path)
        return len(caught)

    made = filled(un)
    paths = ("/needs/", "/needs/caseloads/", "/needs/exposure/", f"/needs/storms/{made['storm'].pk}/", "/needs/5w/")
    once = [queries(path) for path in paths]
    for n in range(3):
        caseload(un, 10 + n, "PS0265", site=f"Site {n}")
        exposed(un, "low", "PS0265", site=f"Site {n}")
        goods_at(un, "distributed", "tents", 1, "PS0265")
    assert [queries(path) for path in paths] == once
