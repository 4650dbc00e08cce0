"""Recoveries behind the wall, read by their room and by the holder of the account; one-time codes as digests."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tansiq.building.wall.policies import OWN_ROOMS, open_table, walled_table


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [
        ("people", "0003_attempts"),
        ("wall", "0001_context"),
    ]

    operations = [
        migrations.CreateModel(
            name="EntryCode",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("recovery_id", models.UUIDField(null=True)),
                ("code_sha256", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("room_id", models.UUIDField()),
                ("reason", models.CharField(max_length=400)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed, a second officer must agree"),
                            ("agreed", "agreed, the delay runs"),
                            ("issued", "code handed out"),
                            ("used", "used"),
                            ("ended", "ended without effect"),
                        ],
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("ready_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("room_id", "account"),
                        name="people_recovery_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "ended"]),
                            models.Q(
                                ("agreed_by__isnull", False),
                                models.Q(("agreed_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="people_recovery_two_officers",
                    ),
                ],
            },
        ),
        walled_table("people_recovery", reads=f"{OWN_ROOMS} or account_id = (select wall_account())"),
        open_table("people_entrycode", "select", "insert", "update"),
    ]
