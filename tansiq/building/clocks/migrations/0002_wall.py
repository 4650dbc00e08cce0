"""Clocks and notices go behind the wall; ticks are reached through functions alone."""

from django.db import migrations

from tansiq.building.clocks.tick_sql import BACKWARD, FORWARD
from tansiq.building.wall.policies import ACTING_ROOM, open_table, room_table

RELEASED_WITH_THE_CLOCK = ("clockpause", "clockresumption", "clockstep", "clocknote")
APPEND_ONLY = ("clockpause", "clockresumption", "clockstep", "clocknote", "notice", "acknowledgement")


def releasable(table: str) -> migrations.RunSQL:
    """Let the owning room change who may read a row, and nothing else of it: the grant names two columns."""
    return migrations.RunSQL(
        f"""
        create policy change on {table} for update to tansiq_rt using ({ACTING_ROOM}) with check ({ACTING_ROOM});
        grant update (audience_id, audience_since) on {table} to tansiq_rt;
        """,
        f"drop policy change on {table}; revoke update (audience_id, audience_since) on {table} from tansiq_rt;",
    )


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [("clocks", "0001_initial"), ("rooms", "0002_wall"), ("people", "0002_grants")]
    operations = [
        open_table("clocks_clockkind"),
        room_table("clocks_clock"),
        room_table("clocks_clockperson"),
        *[room_table(f"clocks_{name}", update=False) for name in APPEND_ONLY],
        *[releasable(f"clocks_{name}") for name in RELEASED_WITH_THE_CLOCK],
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
