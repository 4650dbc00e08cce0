"""Audiences become bit strings; memberships, submissions and news go behind the wall."""

from django.db import migrations

from tansiq.building.rooms.wall_sql import BACKWARD, FORWARD, LABELS, LABELS_BACK, MASK_AS_BITS
from tansiq.building.wall.policies import OWN_ROOMS, open_table, own_room_table, room_table, walled_table


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [("rooms", "0001_initial"), ("wall", "0001_context"), ("ledger", "0002_wall")]
    operations = [
        migrations.RunSQL(MASK_AS_BITS, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(LABELS, LABELS_BACK),
        *[open_table(f"rooms_{name}") for name in ("operation", "party", "room", "role")],
        walled_table("rooms_membership", reads=f"{OWN_ROOMS} or account_id = (select wall_account())"),
        own_room_table("rooms_submission"),
        room_table("rooms_news", update=False),
    ]
