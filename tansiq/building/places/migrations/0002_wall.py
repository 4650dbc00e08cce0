"""Crossings' reports and quotas go behind the wall; the reference tables are open to read."""

from django.db import migrations

from tansiq.building.wall.policies import open_table, room_table

REFERENCE = ("place", "placename", "area", "drawing", "crossing", "crossingreason", "globalpcode")


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [("places", "0001_initial"), ("rooms", "0002_wall")]

    operations = [
        room_table("places_crossingstatus"),
        room_table("places_crossingstatusdetail"),
        room_table("places_crossingquota"),
        *[open_table(f"places_{name}") for name in REFERENCE],
    ]
