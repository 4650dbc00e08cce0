"""Migration steps that put a table behind the wall, or open it on purpose."""

from django.db.migrations import RunSQL

READS_AUDIENCE = "get_bit((select wall_mask()), audience_id) <> 0"
"""Not "= 1": PostgreSQL takes an unknown value to equal 1 in one row of 200, and plans as if lists were short."""

ACTING_ROOM = "room_id = (select wall_room())"
OWN_ROOMS = "room_id = any((select wall_rooms())::uuid[])"


def room_table(table: str, *, update: bool = True, delete: bool = False) -> RunSQL:
    """Forced row security for a room's records: read by audience, written by the acting room alone.

    The composite key ties each row's audience to the room that owns the row, so that no room can
    put its row under another room's label. An append-only table passes ``update=False``.
    """
    return walled_table(
        table,
        reads=READS_AUDIENCE,
        update=update,
        delete=delete,
        extra=f"""
        alter table {table} add constraint {table}_audience_of_room
            foreign key (room_id, audience_id) references rooms_audience (room_id, id);
        create index {table}_room_audience on {table} (room_id, audience_id);
    """,
    )


def own_room_table(table: str, *, update: bool = True, delete: bool = False) -> RunSQL:
    """Forced row security for records that never leave their room: read and written by the room alone."""
    return walled_table(table, reads=OWN_ROOMS, update=update, delete=delete)


def walled_table(
    table: str,
    *,
    reads: str,
    writes: str = ACTING_ROOM,
    update: bool = True,
    delete: bool = False,
    extra: str = "",
) -> RunSQL:
    """Enable and force row security with these conditions, and grant the runtime role no more than it needs."""
    verbs = ["select", "insert"] + ["update"] * update + ["delete"] * delete
    changing = (
        f"create policy change on {table} for update to tansiq_rt using ({writes}) with check ({writes});"
        if update
        else ""
    )
    removing = f"create policy remove on {table} for delete to tansiq_rt using ({writes});" if delete else ""
    return RunSQL(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy reading on {table} for select to tansiq_rt using ({reads});
        create policy writing on {table} for insert to tansiq_rt with check ({writes});
        {changing} {removing}
        create policy audit on {table} for select to tansiq_auditor using (true);
        grant {", ".join(verbs)} on {table} to tansiq_rt;
        grant select on {table} to tansiq_auditor;
        {extra}
        """,
        reverse_sql=f"""
        drop policy reading on {table}; drop policy writing on {table};
        drop policy if exists change on {table}; drop policy if exists remove on {table};
        drop policy audit on {table};
        alter table {table} no force row level security; alter table {table} disable row level security;
        """,
    )


def open_table(table: str, *verbs: str, auditor: bool = True) -> RunSQL:
    """Grant the runtime role these verbs on a table that holds no room's records (structure, reference data)."""
    reading = f"grant select on {table} to tansiq_auditor;" if auditor else ""
    return RunSQL(
        f"grant {', '.join(verbs or ('select',))} on {table} to tansiq_rt; {reading}",
        reverse_sql=f"revoke all on {table} from tansiq_rt, tansiq_auditor",
    )
