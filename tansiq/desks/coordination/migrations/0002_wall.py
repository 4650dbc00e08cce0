"""The desk's records go behind the wall; what was asked, answered and stated can be added to but never changed."""

from django.db import migrations

from tansiq.building.wall.policies import ACTING_ROOM, open_table, room_table

TABLES = ("asking", "askingstep", "askingdetail", "askingline", "decision", "decisionstep", "decisiondetail",
          "decisionline", "routestatement", "routedetail")  # fmt: skip
KEYS = (
    *[(table, "asking", "coordination_asking") for table in ("askingstep", "askingdetail", "askingline")],
    *[(table, "decision", "coordination_decision") for table in ("decisionstep", "decisiondetail", "decisionline")],
    ("asking", "consignment", "aid_consignment"),
    ("asking", "supersedes", "coordination_asking"),
    ("routedetail", "statement", "coordination_routestatement"),
)
"""(table, column, table it names): each key goes with the room, so that no room can point at another's record."""


def releasable(table: str) -> migrations.RunSQL:
    """Let the owning room change who may read a row, and nothing else of it: the grant names two columns."""
    return migrations.RunSQL(
        f"""
        create policy change on {table} for update to tansiq_rt using ({ACTING_ROOM}) with check ({ACTING_ROOM});
        grant update (audience_id, audience_since) on {table} to tansiq_rt;
        """,
        f"drop policy change on {table}; revoke update (audience_id, audience_since) on {table} from tansiq_rt;",
    )


def key_with_room(table: str, column: str, named: str) -> migrations.RunSQL:
    """A foreign key that holds within one room only."""
    name = f"coordination_{table}_{column}_of_room"
    return migrations.RunSQL(
        f"alter table coordination_{table} add constraint {name} foreign key (room_id, {column}_id) "
        f"references {named} (room_id, id)",
        f"alter table coordination_{table} drop constraint {name}",
    )


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [
        ("coordination", "0001_initial"), ("rooms", "0002_wall"), ("clocks", "0002_wall"), ("aid", "0002_wall"),
    ]  # fmt: skip
    operations = [
        open_table("coordination_term"),
        *[room_table(f"coordination_{name}", update=False) for name in TABLES],
        *[releasable(f"coordination_{name}") for name in TABLES],
        *[key_with_room(*key) for key in KEYS],
    ]
