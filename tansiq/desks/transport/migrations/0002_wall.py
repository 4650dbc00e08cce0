"""The desk's records go behind the wall; manifests change, what they state is added to, and names are purged."""

from django.db import migrations

from tansiq.building.wall.policies import ACTING_ROOM, room_table

PARTS = ("manifestdetail", "manifestline", "manifestidentities", "manifeststep")
APPEND_ONLY = ("manifestdetail", "manifestline", "manifeststep")
FURTHER = ("unitcode", "sealreading", "scan", "difference")
PURGED = "audience_id, audience_since, driver, phone, purged_at"


def changeable(table: str, columns: str = "audience_id, audience_since") -> migrations.RunSQL:
    """Let the owning room change who may read a row, or purge it, and nothing else of it: the grant names columns."""
    return migrations.RunSQL(
        f"""
        create policy change on {table} for update to tansiq_rt using ({ACTING_ROOM}) with check ({ACTING_ROOM});
        grant update ({columns}) on {table} to tansiq_rt;
        """,
        f"drop policy change on {table}; revoke update ({columns}) on {table} from tansiq_rt;",
    )


def key_with_room(table: str, column: str, target: str) -> migrations.RunSQL:
    """What belongs to a record belongs to one of the same room."""
    name = f"transport_{table}_{column}_of_room"
    return migrations.RunSQL(
        f"alter table transport_{table} add constraint {name} foreign key (room_id, {column}) "
        f"references {target} (room_id, id)",
        f"alter table transport_{table} drop constraint {name}",
    )


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [("transport", "0001_initial"), ("rooms", "0002_wall"), ("aid", "0002_wall")]
    operations = [
        room_table("transport_manifest"),
        *[room_table(f"transport_{name}", update=False) for name in (*PARTS, *FURTHER)],
        *[changeable(f"transport_{name}") for name in (*APPEND_ONLY, *FURTHER)],
        changeable("transport_manifestidentities", PURGED),
        *[key_with_room(name, "manifest_id", "transport_manifest") for name in (*PARTS, "unitcode")],
        key_with_room("manifestline", "consignment_id", "aid_consignment"),
        key_with_room("unitcode", "handling_unit_id", "aid_handlingunit"),
        key_with_room("manifestline", "handling_unit_id", "aid_handlingunit"),
    ]
