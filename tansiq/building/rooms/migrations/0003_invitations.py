"""Invitations: read by the room that sent one, and by whoever has the address to which it was sent."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from tansiq.building.wall.policies import OWN_ROOMS, walled_table

MINE = "ended_at is null and email = (select lower(a.email) from people_account a where a.id = (select wall_account()))"


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [
        ("rooms", "0002_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                ("roles", models.JSONField(default=list)),
                ("until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("accepted", "accepted"), ("declined", "declined"), ("withdrawn", "withdrawn")],
                        max_length=10,
                    ),
                ),
                ("room", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="rooms.room")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)), fields=["email"], name="rooms_invitation_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("room", "email"),
                        name="rooms_invitation_one_open",
                    )
                ],
            },
        ),
        walled_table("rooms_invitation", reads=f"{OWN_ROOMS} or ({MINE})"),
    ]
