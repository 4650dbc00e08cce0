"""What every query behind the wall asks once: which labels these rooms read. What two rooms share is laid over it."""

FORWARD = """
create or replace function wall_mask_of(rooms uuid[], wide int) returns bit varying
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
"""
