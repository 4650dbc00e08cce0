"""The database functions of labels: what these rooms read, as one bit string a query; making and reading labels."""

FORWARD = """
create function wall_mask_of(rooms uuid[], wide int) returns bit varying
language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
    result bit varying;
    held bit varying;
    lent record;
begin
    for held in select m.mask from public.rooms_roommask m where m.room_id = any (rooms) loop
        if length(held) < wide then
            held := held || repeat('0', wide - length(held))::bit varying;
        end if;
        result := case when result is null then held else result | held end;
    end loop;
    if result is null then
        result := repeat('0', wide)::bit varying;
    end if;
    for lent in select m.audience_id from public.rooms_audiencemember m
                where m.room_id = any (rooms) and m.until > now() loop
        result := set_bit(result, lent.audience_id, 1);
    end loop;
    return result || B'';
end $$;

create function wall_mask() returns bit varying
language plpgsql stable security definer parallel safe set search_path = pg_catalog, pg_temp as $$
declare
    rooms uuid[] := (select c.room_ids from public.wall_context() c);
    other uuid := nullif(current_setting('app.shared_with', true), '')::uuid;
    wide int := (select coalesce(max(a.id), 0) + 1 from public.rooms_audience a);
begin
    if other is null then
        return public.wall_mask_of(rooms, wide);
    end if;
    return public.wall_mask_of(rooms, wide) & public.wall_mask_of(array[other], wide);
end $$;

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
    insert into public.rooms_audience (room_id, digest, base_id) values (owner, wanted, widened)
        on conflict (room_id, digest) do nothing returning id into label;
    if label is null then
        select a.id into label from public.rooms_audience a where a.room_id = owner and a.digest = wanted;
        return label;
    end if;
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

revoke all on function wall_mask_of(uuid[], int), wall_mask(), wall_audience(uuid, uuid[], timestamptz[], int),
    wall_members(int[]), wall_readers(int[]) from public;
grant execute on function wall_mask(), wall_audience(uuid, uuid[], timestamptz[], int), wall_members(int[]),
    wall_readers(int[]) to tansiq_rt;
"""

BACKWARD = """
drop function wall_readers(int[]); drop function wall_members(int[]);
drop function wall_audience(uuid, uuid[], timestamptz[], int); drop function wall_mask();
drop function wall_mask_of(uuid[], int);
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
