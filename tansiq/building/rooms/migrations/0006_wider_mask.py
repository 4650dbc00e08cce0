"""A mask is wider than the labels that there are, for a statement that waits while others make more."""

from django.db import migrations

from tansiq.building.rooms.wall_sql import MASK


class Migration(migrations.Migration):
    """The function of the mask as it is now."""

    dependencies = [("rooms", "0005_since")]
    operations = [
        migrations.RunSQL(MASK.replace("create function", "create or replace function"), migrations.RunSQL.noop)
    ]
