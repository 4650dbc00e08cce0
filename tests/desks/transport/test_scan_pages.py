"""Pages of scans, seals, labels and files: without script, as a phone's queue, row by row."""

import io
import json
import re
import shutil
import subprocess
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from tansiq.building.rooms.actors import eyes_of
from tansiq.desks.transport import actions
from tansiq.desks.transport.models import Difference, Scan, SealReading
from tansiq.desks.transport.queries.codes import newest_codes
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(by, goods, said):
    return actions.seal_manifest(by=by, manifest=actions.draft_manifest(by=by, statement=said(goods(by))))


@pytest.fixture
def short(by, sealed):
    with eyes_of(by):
        return next(code.short for unit, code in newest_codes(sealed).items() if unit)


def client(slug="un", role="officer"):
    found = Client()
    found.force_login(factories.account(slug, role))
    return found


def typed(code, **changed):
    return {
        "key": str(uuid4()),
        "code": code,
        "deed": "scan_in",
        "place": "crossing",
        "crossing_code": "kerem_shalom",
        **changed,
    }


def test_page_without_script_tells_what_was_taken_and_what_differs(by, short):
    page = client()
    answer = page.post(reverse("transport:scan"), typed(short, crossing_code="zikim")).content.decode()
    told = ("At inspection", "contradicts what is known", "another crossing", "Zikim", "Kerem Shalom")
    assert [word for word in told if word not in answer] == []
    assert 'value="crossing" selected' in answer


def test_scan_that_cannot_be_taken_keeps_what_was_typed(by, short):
    answer = client().post(reverse("transport:scan"), typed(short, deed="load", note="By the north gate"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["deed"])
    assert "By the north gate" in answer.content.decode()


def send(page, room, *scans):
    body = {"room": str(room), "device": "phone", "scans": list(scans)}
    return page.post(reverse("transport:scan-send"), json.dumps(body), content_type="application/json")


def test_queue_of_a_phone_is_answered_scan_by_scan(by, short):
    page, first = client(), typed(short, claimed_at="2026-03-01T08:00:00Z")
    faulty = typed(short, quantity="many")
    answers = send(page, by.room_id, first, faulty, typed("TQ1:FORGED")).json()["answers"]
    by_key = {one["key"]: one for one in answers}
    late = {"code": "late", "words": "came later than what followed it"}  # the sealing was later
    assert by_key[first["key"]]["answers"] == [late]
    assert (by_key[faulty["key"]]["state"], "How much, as you count it" in by_key[faulty["key"]]["sentence"]) == (
        "faulty",
        True,
    )
    assert [one["differences"][0]["kind"] for one in answers if one.get("differences")] == [
        "a code that this centre did not make"
    ]
    again = send(page, by.room_id, first).json()["answers"]
    assert again[0]["answers"] == [{"code": "known", "words": "already known"}, late]
    with eyes_of(by):
        scan = Scan.objects.get(key=first["key"])
        assert scan.claimed_at.isoformat() == "2026-03-01T08:00:00+00:00"


def test_queue_made_for_another_room_is_not_taken(by, short):
    answer = send(client(), factories.room_id("floor"), typed(short))
    assert (answer.status_code, "another room" in answer.json()["sentence"]) == (409, True)
    assert client().post(reverse("transport:scan-send"), "no json", content_type="application/json").status_code == 400
    with eyes_of(by):
        assert Scan.objects.count() == 0


HEADS = ["code", "what", "where", "crossing", "when", "quantity"]


def upload(page, rows, name="scans.csv"):
    if name.endswith("csv"):
        content = "\n".join(",".join(row) for row in [HEADS, *rows]).encode()
    else:
        book, held = openpyxl.Workbook(), io.BytesIO()
        for row in [HEADS, *rows]:
            book.active.append(row)
        book.save(held)
        content = held.getvalue()
    file = io.BytesIO(content)
    file.name = name
    return page.post(reverse("transport:scan-upload"), {"file": file})


@pytest.mark.parametrize("name", ["scans.csv", "scans.xlsx"])
def test_file_is_looked_through_row_by_row_and_taken_once(by, short, name):
    page = client()
    rows = [
        [short, "scan_in", "crossing", "kerem_shalom", "2026-03-01T08:00:00Z", ""],
        [short, "fly", "crossing", "", "", ""], [short, "load", "crossing", "", "", ""],
        [short, "offload", "crossing", "kerem_shalom", "2026-03-01T09:00:00Z", "three"],
    ]  # fmt: skip
    checked = upload(page, rows, name)
    faults = [(one.row, one.column, one.found) for one in checked.context["faults"]]
    assert (checked.context["count"], faults) == (
        1,
        [(3, "what", "fly"), (4, "what", "load"), (5, "quantity", "three")],
    )
    with eyes_of(by):
        assert Scan.objects.count() == 0
    slip = checked.context["slip"]
    refused = page.post(reverse("transport:scan-take"), {"slip": slip}, follow=True).content.decode()
    assert "Nothing was taken" in refused
    for _time in range(2):
        taken = page.post(reverse("transport:scan-take"), {"slip": slip, "right_ones": "1"})
        assert (len(taken.context["shown"]), len(taken.context["faults"])) == (1, 3)
    with eyes_of(by):
        assert Scan.objects.count() == 1
    assert upload(page, rows, name).context["known"] == (1 if name.endswith("csv") else 0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"), (b"a,b\n1,2\n", "No row holds the headings"), (b"code,what,where,colour\n1,2,3,4\n", "colour"),
        (b"code,what,where\n", "no row below"), (b"PK\x03\x04broken", "damaged"), (b"\x00\x01\x02", "neither a workbook"),
    ],
)  # fmt: skip
def test_file_that_is_none_says_why(by, content, said, settings_of_operation):
    file = io.BytesIO(content)
    file.name = "x.csv"
    answer = client().post(reverse("transport:scan-upload"), {"file": file})
    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors["file"])


def test_list_of_scans_holds_those_that_lead_nowhere_too(by, short):
    page = client()
    for code in (short, "nobody knows this"):
        page.post(reverse("transport:scan"), typed(code))
    rows = page.get(reverse("transport:scans")).context["rows"]
    assert [one.scan.code for one in rows] == ["nobody knows this", short]
    narrowed = page.get(reverse("transport:scans"), {"answer": "contradicts"}).context["rows"]
    assert [one.scan.code for one in narrowed] == ["nobody knows this"]


def test_seal_that_reads_otherwise_is_shown_with_both_readings(by, sealed):
    page = client()
    for name, fields in (("apply", {"reading": "S-1"}), ("check", {"reading": "S-7"}), ("report-broken", {"reading": "S-1"}),
                         ("replace", {"former": "S-1", "reading": "S-2"})):  # fmt: skip
        url = reverse(f"transport:seal-{name}", args=[sealed.pk])
        assert page.get(url).status_code == 200
        assert page.post(url, {"key": str(uuid4()), **fields}).status_code == 302
    shown = page.get(reverse("transport:manifest", args=[sealed.pk])).content.decode()
    assert [word for word in ("S-7", "S-2", "a seal that reads otherwise") if word not in shown] == []
    refused = page.post(
        reverse("transport:seal-report-broken", args=[sealed.pk]), {"key": str(uuid4()), "reading": "S-9"}
    )
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reading"])
    with eyes_of(by):
        assert (SealReading.objects.count(), Difference.objects.count()) == (4, 1)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_labels_and_papers_speak_three_languages(by, sealed, short):
    page = client()

    def text_of(name, **asked):
        answer = page.get(reverse(f"transport:manifest-{name}", args=[sealed.pk]), asked)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        again = page.get(reverse(f"transport:manifest-{name}", args=[sealed.pk]), asked)
        assert answer.content == again.content
        read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=answer.content, capture_output=True, check=True)
        return re.sub(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", read.stdout.decode())

    labels = text_of("labels", sheet="a4_2x4", languages=["ar", "en", "he"])
    wanted = ("P1", "P2", short, "M-1", "Rice", "Kerem Shalom", "אורז", "משטח")
    assert [word for word in wanted if word not in labels] == []
    assert [word for word in ("12-345-67",) if word in labels] == []
    for name, title in (("paper", "Manifest"), ("waybill", "Waybill")):
        said = text_of(name, languages=["en", "he"])
        assert [word for word in (title, "12-345-67", "Kerem Shalom", "אורז") if word not in said] == []
    assert page.get(reverse("transport:manifest-labels", args=[sealed.pk]), {"sheet": "a4_2x4"}).status_code == 422


def test_draft_has_no_labels_and_says_so(by, manifest):
    answer = client().get(reverse("transport:manifest-labels", args=[manifest.pk])).content.decode()
    assert "has codes and labels from its sealing on" in answer


def test_key_page_shows_the_public_half_alone(by, sealed, settings):
    page = client().get(reverse("transport:key")).content.decode()
    from tansiq.desks.transport.queries.keys import signing_key

    assert (signing_key().verifier.public_key.hex() in page, signing_key().seed.hex() in page) == (True, False)


def test_observer_reads_scans_and_records_none(by, settings_of_operation):
    page = client(role="observer")
    assert page.get(reverse("transport:scans")).status_code == 200
    assert page.get(reverse("transport:scan")).status_code == 403
    assert reverse("transport:scan-upload") not in page.get(reverse("transport:scans")).content.decode()
