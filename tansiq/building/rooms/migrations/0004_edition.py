"""An operation has an edition, which the database changes with every change of the operation or its rooms."""

import django.contrib.postgres.functions
from django.db import migrations, models

from tansiq.building.rooms.edition_sql import BACKWARD, FORWARD


class Migration(migrations.Migration):
    """One column with a default of the database, and the triggers that change it."""

    dependencies = [("rooms", "0003_invitations")]
    operations = [
        migrations.AddField(
            model_name="operation",
            name="edition",
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
