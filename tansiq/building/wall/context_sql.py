"""The database functions that check the signed context and tell who reads, and from which rooms."""

KEY_TABLE = """
create table wall_context_key (
    only_one boolean primary key default true check (only_one),
    inner_pad bytea not null,
    outer_pad bytea not null
);
revoke all on wall_context_key from public;
"""
SIGNED = "signed text := current_setting('app.ctx', true);"
"""account|room,room,...|expiry|signature, as wall/context.py writes it; the signature is 64 characters."""

GENUINE = """public.wall_context_key k
     where case when encode(sha256(k.outer_pad || sha256(k.inner_pad
                     || convert_to(left(signed, -65), 'UTF8'))), 'hex') = right(signed, 64)
                then split_part(signed, '|', 3)::bigint >= extract(epoch from clock_timestamp()) end"""
"""One row where the context is genuine and not too old, else none: a function takes what it needs in the same query."""

REFUSED = """if not found then
        raise exception '% room context', case when nullif(signed, '') is null then 'no' else 'bad' end
            using errcode = '42501';
    end if;"""
ACCOUNT = "nullif(split_part(signed, '|', 1), '')::uuid"
ROOMS = "coalesce(string_to_array(nullif(split_part(signed, '|', 2), ''), ',')::uuid[], '{}')"
ALONE = "nullif(current_setting('app.shared_with', true), '') is null"
DEFINER = """language plpgsql stable security definer parallel safe
    set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan"""
"""With a generic plan nothing of the context is read before its signature is: a plan of its own folds constants."""


def told(name: str, kind: str, value: str) -> str:
    """A function that tells one thing of a genuine context; each checks for itself, which costs less than a call."""
    return f"""
create function {name}() returns {kind} {DEFINER} as $$
declare
    {SIGNED}
    answer {kind};
begin
    select {value} into answer from {GENUINE};
    {REFUSED}
    return answer;
end $$;
"""


FORWARD = f"""
{KEY_TABLE}
create function wall_context(out account_id uuid, out room_ids uuid[]) {DEFINER} as $$
declare
    {SIGNED}
begin
    select {ACCOUNT}, {ROOMS} into account_id, room_ids from {GENUINE};
    {REFUSED}
end $$;
{told("wall_account", "uuid", ACCOUNT)}
{told("wall_rooms", "uuid[]", f"case when {ALONE} then {ROOMS} else '{{}}' end")}
{told("wall_room", "uuid", f"case when {ALONE} then ({ROOMS})[1] end")}
revoke all on function wall_context(), wall_account(), wall_rooms(), wall_room() from public;
grant execute on function wall_context(), wall_account(), wall_rooms(), wall_room() to tansiq_rt, tansiq_auditor;
"""

BACKWARD = """
drop function wall_room(); drop function wall_rooms(); drop function wall_account(); drop function wall_context();
drop table wall_context_key;
"""
