"""Releases, deliveries and notes of recall go behind the wall."""

from django.db import migrations

from tansiq.building.wall.policies import room_table


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [("doors", "0001_initial"), ("rooms", "0002_wall")]
    operations = [
        room_table("doors_release"),
        room_table("doors_delivery"),
        room_table("doors_recallreceipt", update=False),
    ]
