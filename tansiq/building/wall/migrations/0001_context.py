"""The key table and the functions that check who reads."""

from django.db import migrations

FORWARD = """
create table wall_context_key (
    only_one boolean primary key default true check (only_one),
    inner_pad bytea not null,
    outer_pad bytea not null
);
revoke all on wall_context_key from public;

create function wall_context(out account_id uuid, out room_ids uuid[])
language plpgsql stable security definer parallel safe set search_path = pg_catalog, pg_temp as $$
declare
    part text[] := string_to_array(nullif(current_setting('app.ctx', true), ''), '|');
    key public.wall_context_key;
begin
    if part is null or cardinality(part) <> 4 then
        raise exception 'no room context' using errcode = '42501';
    end if;
    select * into key from public.wall_context_key;
    if encode(sha256(key.outer_pad || sha256(key.inner_pad
           || convert_to(part[1] || '|' || part[2] || '|' || part[3], 'UTF8'))), 'hex') is distinct from part[4]
       or to_timestamp(part[3]::bigint) < clock_timestamp() then
        raise exception 'bad room context' using errcode = '42501';
    end if;
    account_id := nullif(part[1], '')::uuid;
    room_ids := coalesce(string_to_array(nullif(part[2], ''), ',')::uuid[], '{}');
end $$;

create function wall_account() returns uuid language sql stable parallel safe
as $$ select account_id from wall_context() $$;
create function wall_rooms() returns uuid[] language sql stable parallel safe as $$
    select case when nullif(current_setting('app.shared_with', true), '') is null then c.room_ids else '{}' end
      from public.wall_context() c
$$;
create function wall_room() returns uuid language sql stable parallel safe as $$
    select (public.wall_rooms())[1]
$$;

revoke all on function wall_context(), wall_account(), wall_rooms(), wall_room() from public;
grant execute on function wall_context(), wall_account(), wall_rooms(), wall_room() to tansiq_rt, tansiq_auditor;
"""

BACKWARD = """
drop function wall_room(); drop function wall_rooms(); drop function wall_account(); drop function wall_context();
drop table wall_context_key;
"""


class Migration(migrations.Migration):
    """Raises the wall before the first record."""

    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
