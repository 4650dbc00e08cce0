"""Entries and facts go behind the wall; the queue takes leaves from everyone and shows them to the sequencer only."""

from django.db import migrations

from tansiq.building.wall.policies import OWN_ROOMS, own_room_table, walled_table

LENT = """exists (select 1 from ledger_grant g where g.room_id = any((select wall_rooms())::uuid[])
    and g.granted_by_id = {owner} and g.entry_id = {entry} {name} and (g.until is null or g.until > now()))"""

OPAQUE = """
alter table ledger_tile alter column hashes set storage external;
grant insert on ledger_queue to tansiq_rt;
grant select, delete, update on ledger_queue to tansiq_sequencer;
grant select, insert on ledger_leaf, ledger_checkpoint, ledger_key to tansiq_sequencer;
grant select, insert, update on ledger_tile to tansiq_sequencer;
grant update (note) on ledger_checkpoint to tansiq_sequencer;
grant select on ledger_leaf, ledger_tile, ledger_checkpoint, ledger_key to tansiq_rt, tansiq_auditor;
grant select on ledger_queue to tansiq_auditor;
"""


class Migration(migrations.Migration):
    """Row security before the first row."""

    dependencies = [("ledger", "0001_initial"), ("wall", "0001_context")]
    operations = [
        walled_table("ledger_grant", reads=f"{OWN_ROOMS} or granted_by_id = any((select wall_rooms())::uuid[])",
                     writes="granted_by_id = (select wall_room())"),
        walled_table("ledger_entry", reads=f"{OWN_ROOMS} or {LENT.format(owner='ledger_entry.room_id', entry='ledger_entry.id', name='')}", update=False),
        walled_table("ledger_fact", update=False,
                     reads=f"{OWN_ROOMS} or {LENT.format(owner='ledger_fact.room_id', entry='ledger_fact.entry_id', name='and g.name = ledger_fact.name')}"),
        own_room_table("ledger_manifest", update=False),
        own_room_table("ledger_head"),
        migrations.RunSQL(OPAQUE, migrations.RunSQL.noop),
    ]  # fmt: skip
