"""A table in which attempts to sign in are counted, the same for every web process."""

from django.db import migrations

from tansiq.building.wall.policies import open_table


class Migration(migrations.Migration):
    """Django's database cache; holds digests of addresses and times, never a room's content."""

    dependencies = [("people", "0002_grants")]
    operations = [
        migrations.RunSQL(
            "create table people_attempt (cache_key varchar(255) primary key, value text not null, "
            "expires timestamptz not null); create index people_attempt_expires on people_attempt (expires);",
            "drop table people_attempt;",
        ),
        open_table("people_attempt", "select", "insert", "update", "delete", auditor=False),
    ]
