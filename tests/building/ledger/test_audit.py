"""The audit: silent on what holds, and naming what a superuser altered."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction

from tansiq.building.ledger import sequencer
from tansiq.building.ledger.audit import audit
from tansiq.building.ledger.export import export
from tansiq.building.ledger.models import Entry
from tansiq.building.ledger.queries import NotYetPlaced, receipt
from tansiq.building.ledger.signer import FileSigner
from tansiq.building.people.actions import TokenAsked, create_token
from tansiq.building.rooms import actions
from tansiq.building.rooms.actors import system_actor
from tansiq.building.rooms.models import Role
from tansiq.building.wall.context import room_context
from tansiq.engine.merkle import decode_bundle, open_checkpoint, root_of_leaves, verify_receipt
from tests import factories
from tests.desks.impediments.conftest import load_words

ORIGIN = "tansiq.example/ledger/1"


@pytest.fixture
def signer(tmp_path):
    return FileSigner(tmp_path / "keys", ORIGIN)


def membership():
    return actions.grant_membership(by=factories.actor("alpha"), account=factories.account("un"), roles=["observer"])


def test_untouched_ledger_holds(own_database, signer):
    membership()
    sequencer.tick(signer)
    membership()
    report = audit(signer.key().verifier)
    rooms = len(factories.ROOMS)  # each with the memberships of two people
    assert (report.findings, report.waiting, report.rows) == ([], 1, 3 * rooms + 4)
    assert report.entries == report.waiting + 2 * rooms + 2


def codes(report):
    return [finding.code for finding in report.findings]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("update rooms_membership set roles = '[\"officer\"]' where id = %(row)s", ["row_altered"]),
        ("delete from rooms_membership where id = %(row)s", ["row_missing"]),
        (
            "insert into rooms_membership select gen_random_uuid(), roles, null, account_id, %(room)s from rooms_membership where id = %(row)s",
            ["row_without_act"],
        ),
        ("update ledger_entry set body = replace(convert_from(body,'UTF8'),'tansiq/1','tansiq/2')::bytea where id = %(entry)s", ["entry_altered", "fact_altered", "row_without_act"]),
        ("update ledger_fact set body = overlay(body placing 'AAAA' from 20) where entry_id = %(entry)s and name = 'by'", ["fact_altered", "row_without_act"]),
        ("update ledger_entry set act = 'rooms.room.other' where id = %(entry)s", ["index_altered"]),
        ("update ledger_manifest set body = body || 'x' where entry_id = %(entry)s", ["manifest_altered", "row_without_act"]),
        ("delete from ledger_leaf where entry_id = %(entry)s", ["entry_place"]),
        ("update ledger_entry set at = at - interval '3 days' where id = %(entry)s", ["index_altered"]),
        ("update ledger_entry set seq = seq + 9 where id = %(entry)s", ["index_altered"]),
        ("delete from ledger_fact where entry_id = %(entry)s and name = 'roles'", ["fact_missing"]),
        ("delete from ledger_fact where entry_id = %(entry)s and name = 'facts'", ["fact_missing"]),
        ("delete from ledger_fact where entry_id = %(entry)s", ["fact_missing", "row_without_act"]),
        ("update ledger_fact set name = 'other' where entry_id = %(entry)s and name = 'by'", ["fact_altered"]),
        ("update ledger_fact set room_id = %(room)s where entry_id = %(entry)s and name = 'by'", ["fact_missing"]),
    ],
)  # fmt: skip
def test_what_a_superuser_alters_is_named(superuser, signer, statement, expected):
    row, entry = written(signer)
    beta = factories.room_id("beta")
    superuser.execute(statement, {"row": row.pk, "entry": entry.pk, "room": beta})
    report = audit(signer.key().verifier)
    assert codes(report) == expected
    if expected[0] != "row_without_act":
        assert str(row.pk) in report.findings[0].where or str(entry.pk) in report.findings[0].where


def written(signer):
    """A row, and the entry that wrote it, in the tree."""
    row = membership()
    sequencer.tick(signer)
    with room_context(room_ids=(row.room_id,)), transaction.atomic():
        return row, Entry.objects.filter(object_id=row.pk).latest("seq")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("update ledger_head set seq = seq + 5 where room_id = %(room)s", {"head_altered"}),
        ("update ledger_head set leaf = sha256('x') where room_id = %(room)s", {"head_altered"}),
        ("delete from ledger_head where room_id = %(room)s", {"head_altered"}),
        ("update ledger_tile set hashes = sha256('x') || substr(hashes, 33) where level = 0", {"tile_altered"}),
        ("delete from ledger_tile where level = 0", {"tile_altered"}),
        ("insert into ledger_tile (level, n, hashes) values (0, 7, sha256('x'))", {"tile_altered"}),
        ("update ledger_tile set hashes = substr(hashes, 1, 33) where level = -1",
         {"tile_altered", "signed_root", "checkpoint_root", "checkpoint_missing", "leaf_altered"}),
        ("delete from ledger_checkpoint", {"checkpoint_missing"}),
        ("update ledger_checkpoint set note = ''", {"checkpoint_unsigned"}),
        ("insert into ledger_queue (entry_id, leaf, at) values (gen_random_uuid(), sha256('y'), now())", {"entry_missing"}),
        ("insert into ledger_leaf (idx, entry_id) values (99999, gen_random_uuid())", {"entry_missing"}),
    ],
)  # fmt: skip
def test_what_a_superuser_alters_of_the_log_is_named(superuser, signer, statement, expected):
    row, _entry = written(signer)
    sequencer.tick(signer)
    superuser.execute(statement, {"room": row.room_id})
    assert set(codes(audit(signer.key().verifier, signed=signer.last_signed()))) == expected


ROOM = "(select id from rooms_room where slug = 'beta')"


@pytest.mark.parametrize(
    ("statement", "expected", "place"),
    [
        ("update rooms_role set acts = '[\"*\"]' where code = 'observer'", "row_altered", "rooms.role"),
        ("delete from rooms_role where code = 'observer'", "row_missing", "rooms.role"),
        ("insert into rooms_role (id, operation_id, code, names, acts) select gen_random_uuid(), operation_id, 'spy', names, acts from rooms_role limit 1", "row_without_act", "rooms.role"),
        ("update rooms_operation set rules = '{\"record_types\": {}}'", "row_altered", "rooms.operation"),
        (f"update rooms_room set kind = 'shared_floor' where id = {ROOM}", "row_altered", "rooms.room"),
        (f"update rooms_room set tlp_ceiling = 'GREEN' where id = {ROOM}", "row_altered", "rooms.room"),
        ("update people_apitoken set acts = '[\"*\"]'", "row_altered", "people.apitoken"),
        ("update people_apitoken set expires_at = expires_at + interval '1 year'", "row_altered", "people.apitoken"),
        ("update people_apitoken set networks = '[]'", "row_altered", "people.apitoken"),
        ("delete from people_apitoken", "row_missing", "people.apitoken"),
        (f"insert into people_apitoken select gen_random_uuid(), {ROOM}, 'spy', repeat('0', 64), acts, networks, created_at, expires_at, revoked_at, last_used_at, account_id from people_apitoken", "row_without_act", "people.apitoken"),
    ],
)  # fmt: skip
def test_what_a_superuser_alters_of_who_may_act_is_named(superuser, signer, statement, expected, place):
    until = datetime.now(UTC) + timedelta(days=1)
    asked = TokenAsked("feed", ("rooms.membership.read",), until, ("192.0.2.0/24",))
    create_token(by=factories.actor("alpha"), asked=asked)
    assert audit(signer.key().verifier).findings == []
    superuser.execute(statement)
    (finding,) = audit(signer.key().verifier).findings
    assert (finding.code, finding.where.split(" ")[0]) == (expected, place)


def test_role_that_the_files_no_longer_name_is_not_missed(own_database, signer):
    """The next load lists all that there is; what it does not list was taken away by an act."""
    Role.objects.using("owner").filter(code="observer").delete()
    assert codes(audit(signer.key().verifier)) == ["row_missing"]
    actions.note_operation_loaded(by=system_actor(factories.room("floor")), operation=factories.operation())
    assert audit(signer.key().verifier).findings == []


def test_altered_word_of_the_impediments_is_named(superuser, signer):
    load_words()
    actions.note_operation_loaded(by=system_actor(factories.room("floor")), operation=factories.operation())
    assert audit(signer.key().verifier).findings == []
    superuser.execute("update impediments_term set body = '{}' where kind = 'type' and code = 'permit'")
    (finding,) = audit(signer.key().verifier).findings
    assert (finding.code, finding.where.split(" ")[0]) == ("row_altered", "impediments.term")


def test_use_of_a_token_is_no_alteration(superuser, signer):
    asked = TokenAsked("feed", ("rooms.membership.read",), datetime.now(UTC) + timedelta(days=1))
    create_token(by=factories.actor("alpha"), asked=asked)
    superuser.execute("update people_apitoken set last_used_at = now()")
    assert audit(signer.key().verifier).findings == []


def test_dropped_commitment_to_rows_is_named(superuser, signer):
    """Else an act could be undone in the rows that it wrote, and nothing would tell."""
    row, entry = written(signer)
    superuser.execute("delete from ledger_fact where entry_id = %s and name = 'rows'", [entry.pk])
    superuser.execute("delete from ledger_manifest where entry_id = %s", [entry.pk])
    assert codes(audit(signer.key().verifier)) == ["fact_missing", "row_without_act"]
    assert row.pk


def test_tree_that_the_signer_never_saw_is_named(superuser, signer):
    written(signer)
    superuser.execute("update ledger_tile set hashes = sha256('x') || substr(hashes, 33) where level = -1 and n = 0")
    superuser.execute("update ledger_checkpoint set note = ''")
    assert "signed_root" in codes(audit(signer.key().verifier, signed=signer.last_signed()))


def test_deleted_last_entry_is_named_by_its_missing_place_in_the_chain(superuser, signer):
    row = membership()
    membership()
    with room_context(room_ids=(row.room_id,)), transaction.atomic():
        first = Entry.objects.filter(object_id=row.pk).earliest("seq")
    for table, column in (
        ("ledger_entry", "id"),
        ("ledger_fact", "entry_id"),
        ("ledger_manifest", "entry_id"),
        ("ledger_queue", "entry_id"),
    ):
        superuser.execute(f"delete from {table} where {column} = %s", [first.pk])
    assert "chain_broken" in codes(audit(signer.key().verifier))


def test_altered_leaf_tile_breaks_the_root(superuser, signer):
    membership()
    sequencer.tick(signer)
    superuser.execute("update ledger_tile set hashes = sha256('x') || substr(hashes, 33) where level = -1 and n = 0")
    assert "checkpoint_root" in codes(audit(signer.key().verifier))


def test_receipt_is_verified_by_the_engine_alone(own_database, signer):
    row = membership()
    with room_context(room_ids=(row.room_id,)), transaction.atomic():
        entry = Entry.objects.filter(object_id=row.pk).latest("seq")
        with pytest.raises(NotYetPlaced):
            receipt(entry)
    sequencer.tick(signer)
    with room_context(room_ids=(row.room_id,)), transaction.atomic():
        text = receipt(entry)
    proved = verify_receipt(text, [str(signer.key().verifier)])
    assert (proved.facts["act"], proved.facts["object"]) == ("rooms.membership.grant", str(row.pk))


def test_export_is_the_tree_in_files(own_database, signer, tmp_path):
    membership()
    sequencer.tick(signer)
    size = export(tmp_path / "out", signer.key().verifier)
    stated = open_checkpoint((tmp_path / "out" / "checkpoint").read_text(), [signer.key().verifier]).checkpoint
    bundle = next((tmp_path / "out" / "tile" / "entries").rglob(f"{size}"))
    assert (stated.size, stated.root) == (size, root_of_leaves(decode_bundle(bundle.read_bytes())))


def test_auditor_reads_all_rooms_and_writes_nothing(own_database):
    with connections["auditor"].cursor() as cursor:
        cursor.execute("select count(distinct room_id) from ledger_entry")
        assert cursor.fetchone()[0] == len(factories.ROOMS)
        cursor.execute(
            "select count(*) from information_schema.role_table_grants where grantee = 'tansiq_auditor' and privilege_type <> 'SELECT'"
        )
        assert cursor.fetchone()[0] == 0
