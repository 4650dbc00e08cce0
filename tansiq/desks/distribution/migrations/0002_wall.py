"""The desk's records go behind the wall; warehouses change, movements of stock can be added to but never changed."""

from django.db import migrations

from tansiq.building.wall.policies import ACTING_ROOM, room_table

APPEND_ONLY = ("stockmovement",)


def releasable(table: str) -> migrations.RunSQL:
    """Let the owning room change who may read a row, and nothing else of it: the grant names two columns."""
    return migrations.RunSQL(
        f"""
        create policy change on {table} for update to tansiq_rt using ({ACTING_ROOM}) with check ({ACTING_ROOM});
        grant update (audience_id, audience_since) on {table} to tansiq_rt;
        """,
        f"drop policy change on {table}; revoke update (audience_id, audience_since) on {table} from tansiq_rt;",
    )


def of_room(table: str, key: str, target: str) -> migrations.RunSQL:
    """A part belongs to a record of the same room."""
    name = f"distribution_{table}_{key}_of_room"
    return migrations.RunSQL(
        f"alter table distribution_{table} add constraint {name} foreign key (room_id, {key}_id) "
        f"references distribution_{target} (room_id, id)",
        f"alter table distribution_{table} drop constraint {name}",
    )


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [("distribution", "0001_initial"), ("rooms", "0002_wall"), ("clocks", "0002_wall")]
    operations = [
        room_table("distribution_warehouse"),
        *[room_table(f"distribution_{name}", update=False) for name in APPEND_ONLY],
        *[releasable(f"distribution_{name}") for name in APPEND_ONLY],
        of_room("stockmovement", "warehouse", "warehouse"),
    ]
