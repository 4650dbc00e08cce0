"""The database functions through which the scheduler finds due clocks of all rooms without seeing any of them.

A scheduler must look across rooms, so no audience can guard the ticks. They hold no content (two opaque ids,
a time, a count), no role is granted anything on them, and nobody but these functions may touch them: a room
sets the tick of its own clock (the foreign key proves that it is), and only the centre itself (a signed context
without account and without rooms) is told which clock is due now, one at a time. Times to come are told to nobody.
"""

FORWARD = """
revoke all on clocks_tick from public;
alter table clocks_tick enable row level security;
alter table clocks_tick force row level security;
create policy functions_alone on clocks_tick to current_user using (true) with check (true);
alter table clocks_tick add constraint clocks_tick_of_clock
    foreign key (room_id, clock_id) references clocks_clock (room_id, id) deferrable initially deferred;

create function clocks_hold_tick(clock uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform 1 from public.clocks_tick t
     where t.clock_id = clock and t.room_id = (select c.room_ids[1] from public.wall_context() c) for update;
end $$;

create function clocks_set_tick(clock uuid, at timestamptz) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into public.clocks_tick (room_id, clock_id, next_at, tries)
        values ((select c.room_ids[1] from public.wall_context() c), clock, at, 0)
        on conflict (room_id, clock_id) do update set next_at = excluded.next_at, tries = 0;
end $$;

create function clocks_take_due() returns table (clock_id uuid, room_id uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    if (select c.account_id is not null or cardinality(c.room_ids) > 0 from public.wall_context() c) then
        raise exception 'only the centre itself takes due clocks' using errcode = '42501';
    end if;
    return query select t.clock_id, t.room_id from public.clocks_tick t
        where t.next_at <= clock_timestamp() order by t.next_at limit 1 for update skip locked;
end $$;

create function clocks_put_off(clock uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    if (select c.account_id is not null or cardinality(c.room_ids) > 0 from public.wall_context() c) then
        raise exception 'only the centre itself puts a clock off' using errcode = '42501';
    end if;
    update public.clocks_tick t
       set tries = least(t.tries + 1, 9),
           next_at = clock_timestamp() + make_interval(secs => least(300, power(2, t.tries + 1)))
     where t.clock_id = clock and t.next_at is not null;
end $$;

revoke all on function clocks_hold_tick(uuid), clocks_set_tick(uuid, timestamptz), clocks_take_due(),
    clocks_put_off(uuid) from public;
grant execute on function clocks_hold_tick(uuid), clocks_set_tick(uuid, timestamptz), clocks_take_due(),
    clocks_put_off(uuid) to tansiq_rt;
"""

BACKWARD = """
alter table clocks_tick drop constraint clocks_tick_of_clock;
drop policy functions_alone on clocks_tick;
alter table clocks_tick no force row level security;
alter table clocks_tick disable row level security;
drop function clocks_put_off(uuid); drop function clocks_take_due();
drop function clocks_set_tick(uuid, timestamptz); drop function clocks_hold_tick(uuid);
"""
