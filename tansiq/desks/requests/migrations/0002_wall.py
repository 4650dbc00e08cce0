"""The desk's records go behind the wall; what was said and decided can be added to but never changed."""

from django.db import migrations

from tansiq.building.wall.policies import ACTING_ROOM, room_table

CHANGING = ("request", "clearance", "inconsistency")
APPEND_ONLY = (
    "requestdetail", "requestidentities", "requestline", "requeststep", "clearancedecision", "decisionterms",
    "clearancetoken", "consignedline",
)  # fmt: skip
OF_ROOM = (
    ("requestdetail", "request", "request"), ("requestidentities", "request", "request"),
    ("requestline", "request", "request"), ("requeststep", "request", "request"), ("clearance", "request", "request"),
    ("consignedline", "request", "request"), ("consignedline", "item", "requestline"),
    ("clearance", "item", "requestline"), ("requeststep", "clearance", "clearance"),
    ("decisionterms", "decision", "clearancedecision"), ("clearancetoken", "decision", "clearancedecision"),
)  # fmt: skip
"""(table, its key, the table of the same room to which the key leads)"""


def releasable(table: str) -> migrations.RunSQL:
    """Let the owning room change who may read a row, and nothing else of it: the grant names two columns."""
    return migrations.RunSQL(
        f"""
        create policy change on {table} for update to tansiq_rt using ({ACTING_ROOM}) with check ({ACTING_ROOM});
        grant update (audience_id, audience_since) on {table} to tansiq_rt;
        """,
        f"drop policy change on {table}; revoke update (audience_id, audience_since) on {table} from tansiq_rt;",
    )


def key_with_room(table: str, key: str, other: str, other_table: str = "") -> migrations.RunSQL:
    """A part belongs to a record of the same room."""
    name = f"requests_{table}_{key}_of_room"
    return migrations.RunSQL(
        f"alter table requests_{table} add constraint {name} foreign key (room_id, {key}_id) "
        f"references {other_table or f'requests_{other}'} (room_id, id)",
        f"alter table requests_{table} drop constraint {name}",
    )


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [("requests", "0001_initial"), ("rooms", "0002_wall"), ("clocks", "0002_wall"), ("aid", "0002_wall")]
    operations = [
        *[room_table(f"requests_{name}") for name in CHANGING],
        *[room_table(f"requests_{name}", update=False) for name in APPEND_ONLY],
        *[releasable(f"requests_{name}") for name in APPEND_ONLY],
        *[key_with_room(*one) for one in OF_ROOM],
        key_with_room("consignedline", "consignment", "", "aid_consignment"),
    ]
