"""Changes an operation's edition with every change of what processes keep of it."""

FORWARD = """
create function rooms_renew_edition() returns trigger language plpgsql as $$
begin
    new.edition := gen_random_uuid();
    return new;
end $$;
create trigger rooms_operation_edition before update on rooms_operation
    for each row execute function rooms_renew_edition();

create function rooms_touch_operation() returns trigger language plpgsql as $$
begin
    update public.rooms_operation set edition = gen_random_uuid()
     where id = any (array[case when tg_op <> 'DELETE' then new.operation_id end,
                           case when tg_op <> 'INSERT' then old.operation_id end]);
    return null;
end $$;
create trigger rooms_room_edition after insert or update or delete on rooms_room
    for each row execute function rooms_touch_operation();
"""

BACKWARD = """
drop trigger rooms_room_edition on rooms_room;
drop trigger rooms_operation_edition on rooms_operation;
drop function rooms_touch_operation(); drop function rooms_renew_edition();
"""
