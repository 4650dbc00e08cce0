"""The desk's records go behind the wall; their content can be added to but never changed, their audience can."""

from django.db import migrations

from tansiq.building.wall.policies import ACTING_ROOM, open_table, room_table

TABLES = (
    "countdefinition", "cargoname", "consignment", "consignmentdetail", "consignmentidentities", "consignmentline",
    "handlingunit", "importrun", "ledgerrow", "aidevent", "aidmeasure",
)  # fmt: skip
KEYS = (
    ("consignmentdetail", "consignment", "consignment"),
    ("consignmentidentities", "consignment", "consignment"),
    ("consignmentline", "consignment", "consignment"),
    ("handlingunit", "consignment", "consignment"),
    ("handlingunit", "parent", "handlingunit"),
    ("ledgerrow", "import_run", "importrun"),
    ("aidevent", "consignment", "consignment"),
    ("aidevent", "handling_unit", "handlingunit"),
    ("aidevent", "import_run", "importrun"),
    ("aidevent", "corrects", "aidevent"),
    ("aidevent", "repeats", "aidevent"),
    ("aidmeasure", "event", "aidevent"),
    ("discrepancy", "consignment", "consignment"),
    ("discrepancystep", "discrepancy", "discrepancy"),
    ("discrepancystep", "event", "aidevent"),
)
"""(table, column, table it names): each key goes with the room, so that no room can point at another's record."""


def releasable(table: str) -> migrations.RunSQL:
    """Let the owning room change who may read a row, and nothing else of it: the grant names two columns."""
    return migrations.RunSQL(
        f"""
        create policy change on {table} for update to tansiq_rt using ({ACTING_ROOM}) with check ({ACTING_ROOM});
        grant update (audience_id, audience_since) on {table} to tansiq_rt;
        """,
        f"drop policy change on {table}; revoke update (audience_id, audience_since) on {table} from tansiq_rt;",
    )


def key_with_room(table: str, column: str, named: str) -> migrations.RunSQL:
    """A foreign key that holds within one room only."""
    name = f"aid_{table}_{column}_of_room"
    return migrations.RunSQL(
        f"alter table aid_{table} add constraint {name} foreign key (room_id, {column}_id) "
        f"references aid_{named} (room_id, id)",
        f"alter table aid_{table} drop constraint {name}",
    )


LEAN = """
do $$ declare one record; begin
    for one in select c.conname, c.conrelid::regclass as tab from pg_constraint c
                where c.contype = 'f' and c.conrelid in ({tables}) and cardinality(c.conkey) = 1
                  and c.confrelid in ('rooms_room'::regclass, 'rooms_audience'::regclass) loop
        execute format('alter table %s drop constraint %I', one.tab, one.conname);
    end loop;
    for one in select i.indexrelid::regclass as idx from pg_index i
                 join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                where i.indrelid in ({tables}) and i.indnatts = 1 and a.attname = 'room_id' and not i.indisunique loop
        execute format('drop index %s', one.idx);
    end loop;
    drop index aid_aidevent_room_audience, aid_consignment_room_audience;
end $$;
""".format(tables=", ".join(f"'aid_{table}'::regclass" for table in TABLES))
"""The key (room, audience) says what the two single keys say, and every index begins with the room: half the work.

Events and consignments have longer indexes that begin with room and audience.
"""


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [("aid", "0001_initial"), ("rooms", "0002_wall")]
    operations = [
        open_table("aid_reference"),
        *[room_table(f"aid_{table}", update=False) for table in TABLES],
        *[releasable(f"aid_{table}") for table in TABLES],
        room_table("aid_discrepancy"),
        room_table("aid_discrepancystep", update=False),
        releasable("aid_discrepancystep"),
        *[key_with_room(*key) for key in KEYS],
        migrations.RunSQL(LEAN, migrations.RunSQL.noop),
    ]
