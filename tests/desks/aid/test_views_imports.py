"""Bringing a file in the page: checked first, then taken; whatever is sent gets a clear sentence, never an error page."""

import io
import json
import re
import struct
import zipfile
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from tansiq.building.rooms.actors import eyes_of
from tansiq.desks.aid.models import AidEvent, ImportRun
from tests import factories

pytestmark = pytest.mark.django_db

HEAD = "Line,Date,Goods,Pallets,Gate,Waybill\n"
GOOD = HEAD + "1,01/03/2026,Rice,12,Kerem Shalom,W1\n2,02/03/2026,Solidarity gift,4,Zikim,W2\n"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000100ffff03000006000557bfabd40000000049454e44ae426082"
)


DEMO = Path(__file__).resolve().parents[3] / "demo" / "operation"
OASIS = "urn:oasis:names:tc:opendocument:xmlns:"


def open_document(table: str) -> bytes:
    """A workbook in OpenDocument format with the cells of a simple CSV text."""
    cells = [
        "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in line.split(",")
        )
        for line in table.splitlines()
    ]
    rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    names = " ".join(f'xmlns:{name}="{OASIS}{name}:1.0"' for name in ("office", "table", "text"))
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{OASIS}manifest:1.0"/>')
        archive.writestr(
            "content.xml",
            f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="S">{rows}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return kept.getvalue()


def client(slug: str = "un") -> Client:
    found = Client()
    found.force_login(factories.account(slug))
    return found


def check(content: bytes | str, name: str = "ledger.csv", who: Client | None = None, **fields: object):
    raw = content.encode() if isinstance(content, str) else content
    sent = {"file": SimpleUploadedFile(name, raw), "mapping": "district_warehouse", "is_whole": "on", **fields}
    return (who or client()).post("/aid/imports/new/", sent)


def slip(answer) -> str:
    return re.search(r'name="slip" value="([^"]+)"', answer.content.decode()).group(1)


def take(answer, who: Client | None = None, key: str = ""):
    return (who or client()).post("/aid/imports/take/", {"slip": slip(answer), "key": key or str(uuid4())})


def runs(by) -> list[ImportRun]:
    with eyes_of(by):
        return list(ImportRun.objects.order_by("created_at"))


def events(by) -> int:
    with eyes_of(by):
        return AidEvent.objects.count()


def text(answer) -> str:
    return answer.content.decode().replace("&#x27;", "'").replace("&quot;", '"')


def test_file_is_checked_first_and_taken_then(by):
    checked = check(GOOD)
    assert "The file can be taken." in text(checked)
    assert events(by) == 0, "a check takes nothing"
    taken = take(checked)
    assert taken.status_code == 302
    assert events(by) == 2
    page = text(client().get(taken.headers["Location"]))
    assert "ledger.csv" in page
    assert "Every row was taken." in page
    assert "ledger.csv" in text(client().get("/aid/imports/"))


def test_large_file_is_told_how_long_taking_it_is_likely_to_last(by):
    rows = "".join(f"{n},01/03/2026,Rice,12,Kerem Shalom,W{n}\n" for n in range(5_000))
    checked = text(check(HEAD + rows))
    said = re.search(r"The file has 5,000 rows. Checking them took (\d+) s here; .* last (\d+) to (\d+) s.", checked)
    checking, least, most = (int(figure) for figure in said.groups())
    assert 1 <= checking <= least <= most
    assert 'class="helptext while-busy" role="status"' in checked
    assert "likely to last" not in text(check(GOOD))


def own_mapping(**changes: str) -> SimpleUploadedFile:
    written = (DEMO / "mappings" / "district_warehouse.yaml").read_text(encoding="utf-8")
    return SimpleUploadedFile("own.yaml", f"{written}changes: {json.dumps(changes)}\n".encode())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"new": "ignore"}, "2 columns that the mapping ignores, as it says."),
        ({"new": "keep"}, "2 columns that the mapping keeps as notes, as it says."),
    ],
)
def test_columns_that_the_mapping_speaks_of_are_told_calmly(by, changes, said):
    more = "Line,Date,Goods,Pallets,Gate,Waybill,Seal,Guard\n1,01/03/2026,Rice,12,Kerem Shalom,W1,S1,G1\n"
    alarm, calm = text(check(more)), text(check(more, mapping="", mapping_file=own_mapping(**changes)))
    assert ("The columns differ" in alarm, "The file can be taken." in alarm) == (True, False)
    assert ("The columns differ" in calm, "The file can be taken." in calm) == (False, True)
    assert said in calm and "<bdi>Seal</bdi>" in calm


def test_open_document_workbook_is_read(by):
    checked = check(open_document(GOOD), "ledger.ods")
    assert "The file can be taken." in text(checked)
    assert take(checked).status_code == 302
    assert events(by) == 2


def test_same_slip_and_key_are_one_import(by):
    checked, key = check(GOOD), str(uuid4())
    first, second = take(checked, key=key), take(checked, key=key)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(runs(by)) == 1


def test_later_edition_tells_what_it_changed(by):
    take(check(GOOD))
    later = check(
        GOOD.replace(",12,", ",11,").replace(
            "2,02/03/2026,Solidarity gift,4,Zikim,W2\n", "3,03/03/2026,Rice,1,Zikim,W3\n"
        )
    )
    page = text(client().get(take(later).headers["Location"]))
    run = runs(by)[-1]
    assert (run.added, run.revised, run.withdrawn, run.unchanged) == (1, 1, 1, 0)
    assert "1 withdrawn" in page


def test_slip_of_another_room_or_an_altered_one_takes_nothing(by):
    checked = check(GOOD)
    strange = client("ngo").post("/aid/imports/take/", {"slip": slip(checked), "key": str(uuid4())})
    altered = client().post("/aid/imports/take/", {"slip": slip(checked)[:-2] + "xx", "key": str(uuid4())})
    keyless = client().post("/aid/imports/take/", {"slip": slip(checked), "key": "none"})
    for answer in (strange, altered, keyless):
        assert answer.status_code == 409
        assert "Choose the file once more." in text(answer)
    assert runs(by) == []


def test_refused_rows_are_named_by_row_column_found_and_expected(by):
    bad = (
        HEAD
        + '1,31/02/2026,Rice,12,Kerem Shalom,W1\n2,02/03/2026,Rice,"12,5",Zikim,W2\n3,03/03/2026,Rice,4,North gate,W3\n'
    )
    checked = check(bad)
    page = text(checked)
    for said in ("31/02/2026", "12,5", "North gate", "Date", "Pallets", "Gate", "Not a number."):
        assert said in page
    report = take(checked).headers["Location"]
    page = text(client().get(report))
    for said in ("refused: rows cannot be read", "31/02/2026", "12,5", "North gate"):
        assert said in page
    assert events(by) == 0
    for kind in ("csv", "xlsx", "pdf"):
        answer = client().get(f"{report}?format={kind}")
        assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")
    assert "North gate" in client().get(f"{report}?format=csv").content.decode("utf-8-sig")


def test_good_rows_of_a_bad_file_are_taken_when_asked(by):
    bad = GOOD + "3,soon,Rice,4,Zikim,W3\n"
    take(check(bad, allow_refused="on"))
    assert events(by) == 2
    assert runs(by)[0].refused == 1


def test_differing_columns_stop_and_both_lists_are_shown(by):
    checked = check(GOOD.replace("Pallets", "No. of pallets"))
    for page in (text(checked), text(client().get(take(checked).headers["Location"]))):
        assert "The columns differ" in page
        assert "Expected by the mapping" in page and "Found in the file" in page
        assert "No. of pallets" in page and "missing" in page
    assert events(by) == 0


def test_sealed_file_is_given_back_letter_by_letter(by):
    run = take(check(GOOD)).headers["Location"]
    answer = client().get(f"{run}file/")
    assert b"".join(answer.streaming_content) == GOOD.encode()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client("ngo").get(f"{run}file/").status_code == 404


def test_mapping_of_ones_own_is_read_and_its_faults_are_told(by):
    mapping = (Path(__file__).parents[3] / "demo/operation/mappings/district_warehouse.yaml").read_text()
    own = mapping.replace("district_warehouse", "my_own").encode()
    assert "The file can be taken." in text(check(GOOD, mapping="", mapping_file=SimpleUploadedFile("m.yaml", own)))
    for content, said in (
        (b"format: 1\n", "expected"), (b"a: [1\n", "YAML 1.2"), (b"\xff\xfe\x00", "UTF-8"), (b"x: &a 1\ny: *a\n", "alias"),
        (b"[]", "expected"),
    ):  # fmt: skip
        answer = check(GOOD, mapping="", mapping_file=SimpleUploadedFile("m.yaml", content))
        assert answer.status_code == 422
        assert said in text(answer)


@pytest.mark.parametrize("fields", [{"mapping": ""}, {"mapping": "no_such"}])
def test_file_without_a_mapping_is_sent_back(by, fields):
    answer = check(GOOD, **fields)
    assert answer.status_code == 422
    assert "mapping" in text(answer).lower()


def workbook() -> bytes:
    book = Workbook()
    for row in (HEAD.strip().split(","), ["1", "01/03/2026", "Rice", 12, "Zikim", "W1"]):
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@cache
def bomb() -> bytes:
    """A workbook whose sheet unpacks to 600 megabytes."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as old,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if not name.endswith("sheet1.xml"):
                new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(600):
                sheet.write(b" " * 1_048_576)
    return kept.getvalue()


def lying_bomb() -> bytes:
    """The same, with a directory that claims a small size."""
    raw = bytearray(bomb())
    place = raw.rindex(b"PK\x01\x02")
    raw[place + 24 : place + 28] = struct.pack("<I", 1000)
    return bytes(raw)


def billion_laughs() -> bytes:
    """A workbook whose shared strings are an entity that grows."""
    entities = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{"&" + chr(97 + n) + ";" * 1}{("&" + chr(97 + n) + ";") * 9}">' for n in range(9)
    )
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(kept, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name.endswith("sheet1.xml"):
                body = (
                    entities + "]><worksheet><sheetData><row><c><v>&j;</v></c></row></sheetData></worksheet>"
                ).encode()
            new.writestr(name, body)
    return kept.getvalue()


HOSTILE = {
    "empty.csv": b"", "blank.csv": b"\n\n\n", "empty.xlsx": b"", "picture.xlsx": PIXEL, "picture.csv": PIXEL,
    "cut.xlsx": b"PK\x03\x04", "text.xlsx": GOOD.encode(), "only head.csv": HEAD.encode(),
    "quotes.csv": (HEAD + '1,"01/03/2026,Rice\n').encode(), "nul.csv": (HEAD + "1,\x00,Rice,1,Zikim,W\n").encode(),
    "wide.csv": b"a," * 200_000, "utf16.csv": GOOD.encode("utf-16"), "binary.csv": bytes(range(256)) * 40,
    "page.csv": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_gets_a_sentence(by, name):
    answer = check(HOSTILE[name], name)
    assert answer.status_code in (200, 422)
    assert re.search(r"alert--|errorlist", text(answer))
    assert "<script>alert" not in answer.content.decode()
    assert events(by) == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("ledger.xlsx", PIXEL, "“ledger.xlsx” holds a picture; expected is a workbook"),
        ("ledger.xls", b"<html><table><tr><td>Line</td></tr></table>", "holds a web page (HTML)"),
        ("ledger.xlsx", workbook()[:3000], "holds a workbook that ends too early"),
        ("ledger.csv", GOOD.encode("utf-16-le"), "holds a text in UTF-16 without its mark"),
        ("ledger.csv", b'{"Line": 1}', "holds data in JSON"),
    ],
)
def test_file_that_is_not_what_its_name_says_is_told_with_what_helps(by, name, content, said):
    checked = check(content, name)
    assert said in text(checked)
    assert said in text(client().get(take(checked).headers["Location"])), "the report says it too"


def test_check_shows_the_first_rows_as_they_are_read(by):
    page = text(check(GOOD.replace(",", ";"), "ledger.csv"))
    assert "letters in utf-8-sig, cells parted by: semicolon." in page
    assert re.search(r'<th dir="auto">Goods</th>.*<td dir="auto">Solidarity gift</td>', page, re.S)
    assert "read by the mapping's encodings" not in page
    hebrew = text(check(GOOD.replace("Rice", "אורז").encode("windows-1255"), "ledger.csv"))
    assert "read by the mapping's encodings" in hebrew, "the letters of another alphabet are no silent guess"


def test_separators_of_text_in_a_name_harm_nothing(by):
    odd = GOOD.replace("Rice", "Rice \x1e\x1d old").replace("Solidarity gift", "\x1d")
    assert take(check(odd)).status_code == 302
    assert events(by) == 2


@pytest.mark.parametrize("make", [bomb, lying_bomb, billion_laughs])
def test_bomb_is_refused_without_unpacking(by, make):
    page = text(check(make(), "ledger.xlsx"))
    assert "alert--bad" in page
    assert events(by) == 0


def test_workbook_under_a_wrong_name_is_read_for_what_it_is(by):
    assert "The file can be taken." in text(check(workbook(), "ledger.csv"))


def test_file_over_the_limit_is_named_with_both_sizes(by, settings):
    settings.UPLOAD_MOST_BYTES = 40
    answer = check(GOOD)
    assert answer.status_code == 422
    assert "at most 40\xa0bytes are taken" in text(answer)


def test_unmapped_cargo_name_is_mapped_in_the_page(by):
    take(check(GOOD))
    page = text(client().get("/aid/commodities/cargo/"))
    assert "Solidarity gift" in page and 'dir="auto">Rice</th>' not in page
    key = re.search(r'name="cargo_key" value="([0-9a-f]{32})"', page).group(1)
    said = {"key": str(uuid4()), "cargo_key": key, "commodity": "clothes"}
    assert client().post("/aid/commodities/map/", said).status_code == 302
    assert "Solidarity gift" not in text(client().get("/aid/commodities/cargo/"))
    everything = text(client().get("/aid/commodities/cargo/?show=all"))
    assert "Solidarity gift" in everything and "person" in everything
    again = client().post("/aid/commodities/map/", {**said, "key": str(uuid4())})
    assert again.status_code == 422 and "stands for" in text(again)
    wrong = client().post("/aid/commodities/map/", {**said, "key": str(uuid4()), "commodity": "moon dust"})
    assert wrong.status_code == 422 and "moon dust" in text(wrong)


@pytest.mark.real
def test_broken_and_nasty_files_of_others_get_a_sentence(by, real_data):
    found = [real_data / "3-aid/hxl/tests/files/test_io/input-broken.xlsx"]
    found += sorted((real_data / "6-text/nasty/csv-spectrum").rglob("*.csv"))
    assert len(found) > 5
    for path in found:
        answer = check(path.read_bytes(), path.name)
        assert answer.status_code in (200, 422), path
        assert re.search(r"alert--|errorlist", text(answer)), path
    assert events(by) == 0
