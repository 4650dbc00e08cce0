"""The database functions of labels: what these rooms read, as one bit string a query; making and reading labels."""

from tansiq.building.wall.context_sql import ALONE, DEFINER, GENUINE, REFUSED, ROOMS, SIGNED

LABELS = "public.rooms_audience_id_seq s"
WIDE = "s.last_value::int + 4096"
"""A bit for each label that there is, and for those that others may make while a statement waits for a locked row.

The mask stands when the statement begins; the row that it waited for may bear a label that is younger. Its bit is 0.
"""

ONE_ROOM = f"""(select "bit"(m.mask, (select {WIDE} from {LABELS}), true) from public.rooms_roommask m
              where m.room_id = split_part(signed, '|', 2)::uuid
                and not exists (select from public.rooms_audiencemember l
                                 where l.room_id = m.room_id and l.until > now()))"""
"""What one room reads to which nothing is lent: asked first, because nearly every query behind the wall asks this."""

READ_BY = f"""coalesce((
        select bit_or(one.mask) from (
            select "bit"(m.mask, {WIDE}, true) as mask
              from public.rooms_roommask m where m.room_id = any ({{rooms}})
            union all
            select set_bit("bit"(B'0', {WIDE}, true), l.audience_id, 1)
              from public.rooms_audiencemember l where l.room_id = any ({{rooms}}) and l.until > now()
        ) one), "bit"(B'0', {WIDE}, true))"""
"""The labels that any of these rooms reads, for good or until an hour to come."""

MASK = f"""
create function wall_mask() returns bit varying {DEFINER} as $$
declare
    {SIGNED}
    other uuid;
    result bit varying;
begin
    select case when {ALONE} and split_part(signed, '|', 2) not like '%,%' and split_part(signed, '|', 2) <> ''
                then {ONE_ROOM} end
      into result from {GENUINE};
    {REFUSED}
    if result is not null then
        return result;
    end if;
    other := nullif(current_setting('app.shared_with', true), '')::uuid;
    select {READ_BY.format(rooms=ROOMS)} into result from {LABELS}, {GENUINE};
    if other is not null then
        select result & {READ_BY.format(rooms="array[other]")} into result from {LABELS};
    end if;
    return result;
end $$;
"""

SEEN = f"""
create function wall_labels(owners uuid[]) returns table (room_id uuid, audience_id int) {DEFINER} as $$
declare
    mask bit varying := public.wall_mask();
begin
    return query select a.room_id, a.id from public.rooms_audience a
                  where a.room_id = any (owners) and get_bit(mask, a.id) = 1;
end $$;
"""

MAKING = """
create function wall_audience(owner uuid, members uuid[], untils timestamptz[], widened int default null) returns int
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    rooms uuid[] := public.wall_rooms();
    wanted bytea;
    label int;
    one record;
begin
    if owner is distinct from rooms[1] then
        raise exception 'an audience is made by the room that owns the record' using errcode = '42501';
    end if;
    if not owner = any (members) then
        raise exception 'the owner is always in its own audience' using errcode = '42501';
    end if;
    if widened is not null and not exists (select 1 from public.rooms_audience a
                                           where a.id = widened and a.room_id = owner and a.base_id is null) then
        raise exception 'a label widens a plain label of its own room' using errcode = '42501';
    end if;
    select sha256(convert_to(coalesce('over ' || (select encode(a.digest, 'hex') from public.rooms_audience a
                                                   where a.id = widened) || ' ', '') || string_agg(
               m::text || coalesce(extract(epoch from u)::text, ''), ',' order by m), 'UTF8'))
      into wanted from unnest(members, untils) as t (m, u);
    select a.id into label from public.rooms_audience a where a.room_id = owner and a.digest = wanted;
    if found then return label; end if;
    -- One transaction at a time makes labels: each writes into the masks of several rooms, in an order of its own.
    perform pg_advisory_xact_lock(hashtext('rooms_audience'));
    select a.id into label from public.rooms_audience a where a.room_id = owner and a.digest = wanted;
    if found then return label; end if;
    insert into public.rooms_audience (room_id, digest, base_id) values (owner, wanted, widened)
        returning id into label;
    insert into public.rooms_audiencemember (room_id, audience_id, until)
        select distinct on (m) m, label, u from unnest(members, untils) as t (m, u);
    for one in select distinct m from unnest(members, untils) as t (m, u) where u is null order by m loop
        insert into public.rooms_roommask (room_id, mask) values (one.m, B'') on conflict do nothing;
        update public.rooms_roommask k
           set mask = set_bit(k.mask || repeat('0', greatest(0, label + 1 - length(k.mask)))::bit varying, label, 1)
         where k.room_id = one.m;
    end loop;
    return label;
end $$;

create function wall_members(labels int[])
returns table (audience_id int, room_id uuid, until timestamptz, base_id int)
language sql stable security definer parallel safe set search_path = pg_catalog, pg_temp as $$
    select m.audience_id, m.room_id, m.until, a.base_id
      from public.rooms_audiencemember m join public.rooms_audience a on a.id = m.audience_id
     where m.audience_id = any (labels) and a.room_id = any (public.wall_rooms())
$$;

create function wall_readers(labels int[]) returns table (audience_id int, room_id uuid)
language sql stable security definer parallel safe set search_path = pg_catalog, pg_temp as $$
    select m.audience_id, m.room_id from public.rooms_audiencemember m
     where m.audience_id = any (labels) and m.room_id = any ((select c.room_ids from public.wall_context() c)::uuid[])
       and (m.until is null or m.until > now())
$$;

revoke all on function wall_mask(), wall_labels(uuid[]), wall_audience(uuid, uuid[], timestamptz[], int),
    wall_members(int[]), wall_readers(int[]) from public;
grant execute on function wall_mask(), wall_labels(uuid[]), wall_audience(uuid, uuid[], timestamptz[], int),
    wall_members(int[]), wall_readers(int[]) to tansiq_rt;
"""

FORWARD = MASK + SEEN + MAKING
BACKWARD = """
drop function wall_readers(int[]); drop function wall_members(int[]);
drop function wall_audience(uuid, uuid[], timestamptz[], int);
drop function wall_labels(uuid[]); drop function wall_mask();
"""

MASK_AS_BITS = "alter table rooms_roommask alter column mask type bit varying using mask::bit varying"

LABELS = """
alter table rooms_audience enable row level security;
alter table rooms_audience force row level security;
create policy keeping on rooms_audience to tansiq_owner using (true) with check (true);
create policy reading on rooms_audience for select to tansiq_rt using (room_id = any((select wall_rooms())::uuid[]));
create policy audit on rooms_audience for select to tansiq_auditor using (true);
grant select (id, room_id, digest) on rooms_audience to tansiq_rt;
grant select on rooms_audience, rooms_audiencemember, rooms_roommask to tansiq_auditor;
"""
"""A room reads the digests of its own labels, to commit its rows to them; the auditor reads who stands behind them."""

LABELS_BACK = """
revoke select on rooms_audience, rooms_audiencemember, rooms_roommask from tansiq_auditor;
revoke select (id, room_id, digest) on rooms_audience from tansiq_rt;
drop policy audit on rooms_audience; drop policy reading on rooms_audience; drop policy keeping on rooms_audience;
alter table rooms_audience no force row level security; alter table rooms_audience disable row level security;
"""
