"""What the runtime role may do with accounts, organisations and tokens."""

from django.db import migrations

from tansiq.building.wall.policies import open_table


class Migration(migrations.Migration):
    """Accounts are read and their password and language changed by the web; made by the operator."""

    dependencies = [("people", "0001_initial"), ("wall", "0001_context")]
    operations = [
        open_table("people_account", "select", "update"),
        open_table("people_organisation"),
        open_table("people_apitoken", "select", "insert", "update"),
    ]
