"""Every table that holds a room's records stands behind the wall, and no key of it tells what lies beyond."""

import pytest
from django.apps import apps
from django.db import connection, transaction

from tansiq.building.rooms.models import RoomRecord
from tansiq.building.wall.context import room_context
from tests import factories

pytestmark = pytest.mark.django_db

STRUCTURE = {
    "rooms_audiencemember": "labels; the runtime role has no grant on it",
    "rooms_roommask": "labels; the runtime role has no grant on it",
    "people_apitoken": "read before a room is known; holds a hash and a scope, no record",
}
DEFINERS = {
    "wall_context", "wall_account", "wall_rooms", "wall_room", "wall_mask", "wall_labels", "wall_audience", "wall_members", "wall_readers",
}  # fmt: skip


def rows(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchall()


def tables_of_rooms() -> set[str]:
    found = rows(
        "select c.table_name from information_schema.columns c join pg_class k on k.relname = c.table_name "
        "where c.table_schema = 'public' and c.column_name = 'room_id' and k.relkind = 'r'"
    )
    listed = {name for (name,) in rows("select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid "
              "where c.relkind = 'r' and a.attname = 'room_id' and c.relnamespace = 'public'::regnamespace")}  # fmt: skip
    return listed | {name for (name,) in found}


def test_every_table_with_a_room_has_forced_row_security():
    secured = {name for (name,) in rows("select relname from pg_class where relrowsecurity and relforcerowsecurity")}
    assert tables_of_rooms() - secured == set(STRUCTURE)


def test_every_room_record_is_among_them():
    records = {model._meta.db_table for model in apps.get_models() if issubclass(model, RoomRecord)}
    assert records <= tables_of_rooms() - set(STRUCTURE)
    assert "rooms_news" in records


MOST_MODELS = 12
MANY_MODELS = {"aid": (14, "a discrepancy and its steps are judged in the act that writes an event")}
"""At most ten named exceptions to the number of a desk's models, each with its reason."""


def test_desks_hold_few_models():
    held: dict[str, int] = {}
    for model in apps.get_models():
        if model.__module__.startswith("tansiq.desks."):
            held[model._meta.app_label] = held.get(model._meta.app_label, 0) + 1
    assert held["impediments"] > 0
    assert {desk: n for desk, n in held.items() if n > MANY_MODELS.get(desk, (MOST_MODELS, ""))[0]} == {}


def test_runtime_role_has_no_grant_on_labels():
    granted = rows(
        "select table_name from information_schema.role_table_grants where grantee = 'tansiq_rt' and table_name = any(%s)",
        ["rooms_audience", *(name for name in STRUCTURE if name.startswith("rooms_"))],
    )
    assert granted == []


def test_room_reads_of_labels_only_the_digests_of_its_own():
    columns = rows(
        "select column_name from information_schema.column_privileges "
        "where grantee = 'tansiq_rt' and table_name = 'rooms_audience' order by 1"
    )
    assert columns == [("digest",), ("id",), ("room_id",)]
    with room_context(room_ids=(factories.room_id("alpha"),)), transaction.atomic():
        assert rows("select count(*) > 0, count(distinct room_id) from rooms_audience") == [(True, 1)]


def test_no_role_passes_the_wall():
    assert rows(
        "select rolname from pg_roles where rolname in ('tansiq_rt', 'tansiq_sequencer', 'tansiq_auditor', 'tansiq_owner') "
        "and (rolsuper or rolbypassrls)"
    ) == []  # fmt: skip


def test_runtime_role_owns_nothing():
    assert (
        rows("select c.relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = 'tansiq_rt'")
        == []
    )


def test_no_view_shows_more_than_its_reader_may_see():
    views = rows(
        "select relname, coalesce(array_to_string(reloptions, ','), '') from pg_class "
        "where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace"
    )
    assert [name for name, options in views if "security_invoker=true" not in options] == []


def test_only_known_functions_run_with_the_owners_rights():
    found = {
        name
        for (name,) in rows("select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace")
    }
    assert found - DEFINERS - KNOWN_DEFINERS == set()


KNOWN_DEFINERS: set[str] = {
    "clocks_hold_tick", "clocks_set_tick",  # a room reaches the ticks of its own clocks alone
    "clocks_take_due", "clocks_put_off",  # the scheduler looks across rooms: opaque ids, no content
}  # fmt: skip
"""Further definer functions, each with the reason why it may."""


def test_every_unique_key_of_a_walled_table_begins_with_the_room_or_is_a_random_id():
    keys = rows(
        "select t.relname, i.relname, array_agg(a.attname order by k.ord) from pg_index x "
        "join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid "
        "cross join lateral unnest(x.indkey) with ordinality as k (attnum, ord) "
        "join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum "
        "where x.indisunique and t.relrowsecurity and t.relnamespace = 'public'::regnamespace group by 1, 2"
    )
    assert len(keys) > 5
    assert [(table, key) for table, key, columns in keys if columns[0] not in ("room_id", "id", "pgh_id")] == []
