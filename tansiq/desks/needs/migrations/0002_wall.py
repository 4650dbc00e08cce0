"""The desk's records go behind the wall; a storm changes, everything else can be added to but never changed."""

from django.db import migrations

from tansiq.building.wall.policies import ACTING_ROOM, room_table

APPEND_ONLY = ("caseloadfile", "caseload", "exposure")


def releasable(table: str) -> migrations.RunSQL:
    """Let the owning room change who may read a row, and nothing else of it: the grant names two columns."""
    return migrations.RunSQL(
        f"""
        create policy change on {table} for update to tansiq_rt using ({ACTING_ROOM}) with check ({ACTING_ROOM});
        grant update (audience_id, audience_since) on {table} to tansiq_rt;
        """,
        f"drop policy change on {table}; revoke update (audience_id, audience_since) on {table} from tansiq_rt;",
    )


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [("needs", "0001_initial"), ("rooms", "0002_wall")]
    operations = [
        room_table("needs_storm"),
        *[room_table(f"needs_{name}", update=False) for name in APPEND_ONLY],
        *[releasable(f"needs_{name}") for name in APPEND_ONLY],
        migrations.RunSQL(
            "alter table needs_caseload add constraint needs_caseload_file_of_room foreign key (room_id, file_id) "
            "references needs_caseloadfile (room_id, id)",
            "alter table needs_caseload drop constraint needs_caseload_file_of_room",
        ),
    ]
