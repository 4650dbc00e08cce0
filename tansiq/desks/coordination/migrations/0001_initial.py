"""The tables of the coordination desk."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("aid", "0003_edition"),
        ("clocks", "0002_wall"),
        ("rooms", "0006_wider_mask"),
    ]

    operations = [
        migrations.CreateModel(
            name="Asking",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("reference", models.CharField(max_length=300)),
                ("version", models.PositiveIntegerField()),
                ("authority_role", models.CharField(blank=True, max_length=64)),
                ("needs_green_light", models.BooleanField()),
                ("asked_at", models.DateTimeField()),
                ("window_from", models.DateTimeField()),
                ("window_until", models.DateTimeField()),
                ("crossing_code", models.CharField(blank=True, max_length=64)),
                (
                    "audience",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rooms.audience",
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rooms.room"),
                ),
                (
                    "consignment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="aid.consignment",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rooms.room"),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coordination.asking",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AskingLine",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("number", models.PositiveIntegerField()),
                ("commodity", models.CharField(blank=True, max_length=64)),
                ("cargo", models.TextField(blank=True)),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("unit", models.CharField(max_length=64)),
                (
                    "asking",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coordination.asking",
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rooms.audience",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rooms.room"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AskingStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "move",
                    models.CharField(
                        choices=[
                            ("ask", "Asked"),
                            ("take_up", "Taken under review"),
                            ("ask_information", "Information asked for"),
                            ("inform", "Information given"),
                            ("approve", "Approved"),
                            ("approve_with_changes", "Approved with changes"),
                            ("approve_partly", "Partly approved"),
                            ("deny", "Denied"),
                            ("lapse", "No response by the deadline"),
                            ("renew", "Clock started anew"),
                            ("give_green_light", "Green light given"),
                            ("withhold_green_light", "Green light not given"),
                            ("execute", "Movement carried out"),
                            ("conclude", "Outcome stated"),
                            ("withdraw", "Withdrawn"),
                            ("supersede", "Superseded by a changed request"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "waits for an answer"),
                            ("under_review", "under review, not answered"),
                            ("information_asked", "information asked for, not answered"),
                            ("approved", "approved"),
                            ("approved_with_changes", "approved with changes"),
                            ("partly_approved", "partly approved"),
                            ("denied", "denied"),
                            ("no_response", "no response by the deadline"),
                            ("answered_late", "no response by the deadline; agreed late"),
                            ("denied_late", "no response by the deadline; denied late"),
                            ("green_light", "green light given"),
                            ("not_green_lit", "green light not given"),
                            ("executed", "movement carried out"),
                            ("concluded", "concluded with an outcome"),
                            ("withdrawn", "withdrawn"),
                            ("superseded", "superseded by a changed request"),
                        ],
                        max_length=24,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_system", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField(null=True)),
                ("code", models.CharField(blank=True, max_length=64)),
                ("held_minutes", models.PositiveIntegerField(null=True)),
                (
                    "asking",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coordination.asking",
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rooms.audience",
                    ),
                ),
                (
                    "clock",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clocks.clock"
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rooms.room"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AskingDetail",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("route_code", models.CharField(blank=True, max_length=64)),
                ("route_name", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("holdings", models.JSONField(default=list)),
                (
                    "asking",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coordination.asking",
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rooms.audience",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rooms.room"),
                ),
                (
                    "step",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coordination.askingstep",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("opened_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rooms.room"),
                ),
                (
                    "asking",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="coordination.asking",
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rooms.audience",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rooms.room"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DecisionStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "move",
                    models.CharField(
                        choices=[
                            ("ask", "Asked"),
                            ("take_up", "Taken under review"),
                            ("ask_information", "Information asked for"),
                            ("inform", "Information given"),
                            ("approve", "Approved"),
                            ("approve_with_changes", "Approved with changes"),
                            ("approve_partly", "Partly approved"),
                            ("deny", "Denied"),
                            ("lapse", "No response by the deadline"),
                            ("renew", "Clock started anew"),
                            ("give_green_light", "Green light given"),
                            ("withhold_green_light", "Green light not given"),
                            ("execute", "Movement carried out"),
                            ("conclude", "Outcome stated"),
                            ("withdraw", "Withdrawn"),
                            ("supersede", "Superseded by a changed request"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "waits for an answer"),
                            ("under_review", "under review, not answered"),
                            ("information_asked", "information asked for, not answered"),
                            ("approved", "approved"),
                            ("approved_with_changes", "approved with changes"),
                            ("partly_approved", "partly approved"),
                            ("denied", "denied"),
                            ("no_response", "no response by the deadline"),
                            ("answered_late", "no response by the deadline; agreed late"),
                            ("denied_late", "no response by the deadline; denied late"),
                            ("green_light", "green light given"),
                            ("not_green_lit", "green light not given"),
                            ("executed", "movement carried out"),
                            ("concluded", "concluded with an outcome"),
                            ("withdrawn", "withdrawn"),
                            ("superseded", "superseded by a changed request"),
                        ],
                        max_length=24,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("is_late", models.BooleanField(default=False)),
                ("code", models.CharField(blank=True, max_length=64)),
                ("valid_from", models.DateTimeField(null=True)),
                ("valid_until", models.DateTimeField(null=True)),
                ("crossing_code", models.CharField(blank=True, max_length=64)),
                (
                    "asking",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coordination.asking",
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rooms.audience",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coordination.decision",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rooms.room"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DecisionLine",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("number", models.PositiveIntegerField()),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("unit", models.CharField(max_length=64)),
                (
                    "asking",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coordination.asking",
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rooms.audience",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coordination.decision",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rooms.room"),
                ),
                (
                    "step",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coordination.decisionstep",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DecisionDetail",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("route_code", models.CharField(blank=True, max_length=64)),
                ("route_name", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                (
                    "asking",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coordination.asking",
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rooms.audience",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coordination.decision",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rooms.room"),
                ),
                (
                    "step",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coordination.decisionstep",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RouteStatement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("route_key", models.CharField(max_length=220)),
                ("route_code", models.CharField(blank=True, max_length=64)),
                ("route_name", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(max_length=64)),
                ("cause", models.CharField(blank=True, max_length=64)),
                ("since_at", models.DateTimeField()),
                ("stated_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                (
                    "audience",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rooms.audience",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rooms.room"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RouteDetail",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("source", models.CharField(max_length=300)),
                ("restrictions", models.TextField(blank=True)),
                ("assessed_by", models.CharField(blank=True, max_length=200)),
                ("method", models.CharField(blank=True, max_length=64)),
                ("assessed_date", models.DateField(null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "audience",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rooms.audience",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rooms.room"),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coordination.routestatement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("authority", "authority that coordinates"),
                            ("reason", "reason of a denial"),
                            ("outcome", "outcome of a movement"),
                            ("route", "route"),
                            ("route_state", "state of a route"),
                            ("cause", "cause of a closure"),
                            ("method", "method of an ordnance assessment"),
                            ("setting", "setting"),
                        ],
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("place", models.PositiveIntegerField(default=0)),
                ("names", models.JSONField(default=dict)),
                ("body", models.JSONField(default=dict)),
                ("in_use", models.BooleanField(default=True)),
                ("operation", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="rooms.operation")),
            ],
        ),
        migrations.AddIndex(
            model_name="asking",
            index=models.Index(fields=["room", "-asked_at", "id"], name="coordination_asking_latest"),
        ),
        migrations.AddIndex(
            model_name="asking",
            index=models.Index(fields=["authority", "-asked_at"], name="coordination_asking_queue"),
        ),
        migrations.AddConstraint(
            model_name="asking",
            constraint=models.UniqueConstraint(fields=("room", "id"), name="coordination_asking_owner"),
        ),
        migrations.AddConstraint(
            model_name="asking",
            constraint=models.UniqueConstraint(
                fields=("room", "consignment", "authority", "version"), name="coordination_asking_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="asking",
            constraint=models.CheckConstraint(
                condition=models.Q(("window_until__gt", models.F("window_from"))), name="coordination_asking_window"
            ),
        ),
        migrations.AddConstraint(
            model_name="askingline",
            constraint=models.UniqueConstraint(fields=("room", "asking", "number"), name="coordination_askingline_no"),
        ),
        migrations.AddIndex(
            model_name="askingstep",
            index=models.Index(fields=["asking", "at"], name="coordination_askingstep_story"),
        ),
        migrations.AddConstraint(
            model_name="askingstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("move", "lapse")),
                fields=("room", "clock"),
                name="coordination_askingstep_one_silence",
            ),
        ),
        migrations.AddConstraint(
            model_name="askingdetail",
            constraint=models.UniqueConstraint(fields=("room", "step"), name="coordination_askingdetail_once"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(fields=("room", "id"), name="coordination_decision_owner"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(fields=("room", "asking"), name="coordination_decision_once"),
        ),
        migrations.AddIndex(
            model_name="decisionstep",
            index=models.Index(fields=["asking", "at"], name="coordination_decstep_story"),
        ),
        migrations.AddConstraint(
            model_name="decisionline",
            constraint=models.UniqueConstraint(fields=("room", "step", "number"), name="coordination_decline_number"),
        ),
        migrations.AddConstraint(
            model_name="decisiondetail",
            constraint=models.UniqueConstraint(fields=("room", "step"), name="coordination_decdetail_once"),
        ),
        migrations.AddIndex(
            model_name="routestatement",
            index=models.Index(fields=["room", "-stated_at", "id"], name="coordination_route_latest"),
        ),
        migrations.AddIndex(
            model_name="routestatement",
            index=models.Index(fields=["route_key", "room", "-stated_at"], name="coordination_route_key"),
        ),
        migrations.AddConstraint(
            model_name="routestatement",
            constraint=models.UniqueConstraint(fields=("room", "id"), name="coordination_route_owner"),
        ),
        migrations.AddConstraint(
            model_name="routedetail",
            constraint=models.UniqueConstraint(fields=("room", "statement"), name="coordination_routedetail_once"),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.UniqueConstraint(fields=("operation", "kind", "code"), name="coordination_term_code"),
        ),
    ]
