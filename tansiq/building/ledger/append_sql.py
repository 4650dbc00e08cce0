"""The database function that gives an entry its place in the room's chain and writes it."""

FORWARD = """
create function ledger_spell(content bytea) returns text language sql immutable strict parallel safe
return translate(rtrim(encode(content, 'base64'), '='), E'+/\\n', '-_');

create function ledger_append(
    entry uuid, room uuid, told text, subject uuid, manifest bytea,
    names text[], bodies text[], digests text[], salts text[],
    out seq bigint, out leaf bytea, out at timestamptz
) language plpgsql volatile as $$
declare
    former bytea;
    body text;
    late text[];
begin
    if manifest is not null then
        insert into public.ledger_manifest (room_id, entry_id, body) values (room, entry, manifest);
    end if;
    select h.seq + 1, h.leaf into seq, former from public.ledger_head h where h.room_id = room for update;
    if not found then
        insert into public.ledger_head (room_id, seq, leaf) values (room, 0, decode(repeat('00', 32), 'hex'))
            on conflict do nothing;
        select h.seq + 1, h.leaf into seq, former from public.ledger_head h where h.room_id = room for update;
    end if;
    at := clock_timestamp();
    late := array[
        public.ledger_spell(convert_to('["' || salts[1] || '","seq",' || seq || ']', 'UTF8')),
        public.ledger_spell(convert_to('["' || salts[2] || '","prev","' || encode(former, 'base64') || '"]', 'UTF8')),
        public.ledger_spell(convert_to('["' || salts[3] || '","at","' || to_char(at at time zone 'UTC',
            case when extract(microseconds from at)::bigint % 1000000 = 0 then 'YYYY-MM-DD"T"HH24:MI:SS'
                 else 'YYYY-MM-DD"T"HH24:MI:SS.US' end) || '+00:00"]', 'UTF8'))
    ];
    select '{"_sd":["' || string_agg(d, '","' order by d collate "C") || '"],"_sd_alg":"sha-256","v":"tansiq/1"}'
      into body
      from unnest(digests || array[public.ledger_spell(sha256(late[1]::bytea)),
           public.ledger_spell(sha256(late[2]::bytea)), public.ledger_spell(sha256(late[3]::bytea))]) as t (d);
    leaf := sha256(body::bytea);
    insert into public.ledger_entry (id, room_id, seq, leaf, body, act, object_id, at)
        values (entry, room, seq, leaf, body::bytea, told, subject, at);
    insert into public.ledger_fact (room_id, entry_id, name, body)
        select room, entry, f.name, f.body
          from unnest(names || array['seq', 'prev', 'at'], bodies || late) as f (name, body);
    insert into public.ledger_queue (entry_id, leaf, at) values (entry, leaf, at);
    update public.ledger_head h set seq = ledger_append.seq, leaf = ledger_append.leaf where h.room_id = room;
end $$;

revoke all on function ledger_append(uuid, uuid, text, uuid, bytea, text[], text[], text[], text[]),
    ledger_spell(bytea) from public;
grant execute on function ledger_append(uuid, uuid, text, uuid, bytea, text[], text[], text[], text[]),
    ledger_spell(bytea) to tansiq_rt;
"""

BACKWARD = """
drop function ledger_append(uuid, uuid, text, uuid, bytea, text[], text[], text[], text[]);
drop function ledger_spell(bytea);
"""
