"""The desk's records go behind the wall; what was said can be added to but never changed."""

from django.db import migrations

from tansiq.building.wall.policies import ACTING_ROOM, room_table

CHANGING = ("warehouse", "partnerrelease", "distributionplan", "focalperson", "distributionreport", "monitoringround",
            "complaint")  # fmt: skip
PARTS = (
    ("stockmovement", "warehouse", "warehouse"), ("partnerrelease", "warehouse", "warehouse"),
    ("distributionplan", "warehouse", "warehouse"), ("plandetail", "plan", "distributionplan"),
    ("focalperson", "plan", "distributionplan"), ("distributionreport", "plan", "distributionplan"),
    ("line", "release", "partnerrelease"), ("line", "step", "step"), ("line", "plan", "distributionplan"),
    ("line", "report", "distributionreport"),
)  # fmt: skip
"""Part, key, and the record of the same room to which it leads."""
APPEND_ONLY = ("stockmovement", "line", "step", "plandetail", "interview")


def releasable(table: str) -> migrations.RunSQL:
    """Let the owning room change who may read a row, and nothing else of it: the grant names two columns."""
    return migrations.RunSQL(
        f"""
        create policy change on {table} for update to tansiq_rt using ({ACTING_ROOM}) with check ({ACTING_ROOM});
        grant update (audience_id, audience_since) on {table} to tansiq_rt;
        """,
        f"drop policy change on {table}; revoke update (audience_id, audience_since) on {table} from tansiq_rt;",
    )


def of_room(table: str, key: str, target: str) -> migrations.RunSQL:
    """A part belongs to a record of the same room."""
    name = f"distribution_{table}_{key}_of_room"
    return migrations.RunSQL(
        f"alter table distribution_{table} add constraint {name} foreign key (room_id, {key}_id) "
        f"references distribution_{target} (room_id, id)",
        f"alter table distribution_{table} drop constraint {name}",
    )


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [("distribution", "0001_initial"), ("rooms", "0002_wall"), ("clocks", "0002_wall")]
    operations = [
        *[room_table(f"distribution_{name}") for name in CHANGING],
        *[room_table(f"distribution_{name}", update=False) for name in APPEND_ONLY],
        *[releasable(f"distribution_{name}") for name in APPEND_ONLY],
        *[of_room(*one) for one in PARTS],
    ]
