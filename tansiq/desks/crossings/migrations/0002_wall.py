"""The desk's records go behind the wall; a booking changes, everything else can be added to but never changed."""

from django.db import migrations

from tansiq.building.wall.policies import ACTING_ROOM, room_table

APPEND_ONLY = ("daystatement", "daystatementdetail", "slotbookingdetail", "slotanswer")
KEYS = (
    ("daystatementdetail", "statement", "crossings_daystatement"),
    ("slotbookingdetail", "booking", "crossings_slotbooking"),
    ("slotbooking", "consignment", "aid_consignment"),
    ("slotbooking", "unit", "aid_handlingunit"),
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
    name = f"crossings_{table}_{column}_of_room"
    return migrations.RunSQL(
        f"alter table crossings_{table} add constraint {name} foreign key (room_id, {column}_id) "
        f"references {named} (room_id, id)",
        f"alter table crossings_{table} drop constraint {name}",
    )


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [("crossings", "0001_initial"), ("rooms", "0002_wall"), ("aid", "0002_wall")]
    operations = [
        room_table("crossings_slotbooking"),
        *[room_table(f"crossings_{name}", update=False) for name in APPEND_ONLY],
        *[releasable(f"crossings_{name}") for name in APPEND_ONLY],
        *[key_with_room(*key) for key in KEYS],
    ]
