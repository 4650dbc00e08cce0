"""A label that a release widened names the label it widened, so that a recall can go back to it."""

import django.db.models.deletion
from django.db import migrations, models

from tansiq.building.rooms.label_sql import BACKWARD, FORWARD


class Migration(migrations.Migration):
    """One column that may be empty, and the functions that fill and read it."""

    dependencies = [("rooms", "0002_wall"), ("wall", "0001_context")]
    operations = [
        migrations.AddField(
            model_name="audience",
            name="base",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rooms.audience",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
