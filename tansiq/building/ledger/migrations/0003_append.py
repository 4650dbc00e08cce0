"""The entry is made in the database, so that the head of the room's chain is locked for one statement only."""

from django.db import migrations

from tansiq.building.ledger.append_sql import BACKWARD, FORWARD


class Migration(migrations.Migration):
    """One function; the former release goes on without it."""

    dependencies = [("ledger", "0002_wall")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
