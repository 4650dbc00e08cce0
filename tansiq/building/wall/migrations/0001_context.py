"""The key table and the functions that check who reads."""

from django.db import migrations

from tansiq.building.wall.context_sql import BACKWARD, FORWARD


class Migration(migrations.Migration):
    """Raises the wall before the first record."""

    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
