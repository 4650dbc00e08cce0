"""The desk's records go behind the wall; its impediments change, their story can be added to but never changed."""

from django.db import migrations

from tansiq.building.wall.policies import ACTING_ROOM, open_table, room_table

PARTS = ("impedimentdetail", "impedimentidentities", "relatedrecord", "impedimentstep")
APPEND_ONLY = (*PARTS, "stepwords")


def releasable(table: str) -> migrations.RunSQL:
    """Let the owning room change who may read a row, and nothing else of it: the grant names two columns."""
    return migrations.RunSQL(
        f"""
        create policy change on {table} for update to tansiq_rt using ({ACTING_ROOM}) with check ({ACTING_ROOM});
        grant update (audience_id, audience_since) on {table} to tansiq_rt;
        """,
        f"drop policy change on {table}; revoke update (audience_id, audience_since) on {table} from tansiq_rt;",
    )


def key_with_room(table: str) -> migrations.RunSQL:
    """A part belongs to an impediment of the same room."""
    name = f"impediments_{table}_impediment_of_room"
    return migrations.RunSQL(
        f"alter table impediments_{table} add constraint {name} foreign key (room_id, impediment_id) "
        "references impediments_impediment (room_id, id)",
        f"alter table impediments_{table} drop constraint {name}",
    )


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [("impediments", "0001_initial"), ("rooms", "0002_wall"), ("clocks", "0002_wall")]
    operations = [
        open_table("impediments_term"),
        room_table("impediments_impediment"),
        *[room_table(f"impediments_{name}", update=False) for name in APPEND_ONLY],
        *[releasable(f"impediments_{name}") for name in APPEND_ONLY],
        *[key_with_room(name) for name in PARTS],
    ]
