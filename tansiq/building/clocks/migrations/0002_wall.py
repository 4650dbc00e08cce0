"""Clocks and notices go behind the wall; ticks are reached through functions alone."""

from django.db import migrations

from tansiq.building.clocks.tick_sql import BACKWARD, FORWARD
from tansiq.building.wall.policies import open_table, room_table

APPEND_ONLY = ("clockpause", "clockresumption", "clockstep", "clocknote", "notice", "acknowledgement")


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [("clocks", "0001_initial"), ("rooms", "0002_wall"), ("people", "0002_grants")]
    operations = [
        open_table("clocks_clockkind"),
        room_table("clocks_clock"),
        room_table("clocks_clockperson"),
        *[room_table(f"clocks_{name}", update=False) for name in APPEND_ONLY],
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
