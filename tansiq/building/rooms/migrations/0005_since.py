"""A place in a room tells since when its roles are held."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """One column with a default of the database: who has a place already counts as new for a while."""

    dependencies = [("rooms", "0004_edition")]
    operations = [migrations.AddField("membership", "since", models.DateTimeField(db_default=Now()))]
