"""What a process keeps of an operation is dropped with the first act after anybody changed the operation."""

from django.db import connections, transaction

from tansiq.building.rooms import editions
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.queries import default_audiences, share_states
from tansiq.building.wall.context import room_context
from tests import factories


def edition() -> editions.Edition:
    with transaction.atomic():
        return editions.edition_of(factories.operation().pk)


def readers(record_type: str) -> set[str]:
    by = factories.actor("alpha")
    with room_context(room_ids=(by.room_id,)), transaction.atomic():
        label = default_audiences(record_type, by)["headline"]
        rooms = [room for room, _until in share_states([label])[label]]
    return set(Room.objects.filter(pk__in=rooms).values_list("slug", flat=True))


def elsewhere(sql: str, *values: object) -> None:
    """Change something as another process does, on a connection of its own, and commit it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, values)


RULES = "update rooms_operation set rules = jsonb_build_object('record_types', jsonb_build_object('kept', %s::jsonb))"
TO_BETA = '{"lines": {"headline": {"rooms": ["beta"]}}}'
TO_UN = '{"lines": {"headline": {"rooms": ["un"]}}}'


def test_default_readers_follow_rules_that_another_process_loads(own_database: str):
    elsewhere(RULES, TO_BETA)
    assert (readers("kept"), readers("kept")) == ({"alpha", "beta"}, {"alpha", "beta"})
    elsewhere(RULES, TO_UN)
    assert readers("kept") == {"alpha", "un"}


def test_default_readers_are_asked_for_once(own_database: str):
    by = factories.actor("alpha")
    elsewhere(RULES, TO_BETA)
    readers("kept")
    asked = []

    def watch(execute, sql, *rest):  # type: ignore[no-untyped-def]
        asked.append(sql)
        return execute(sql, *rest)

    with room_context(room_ids=(by.room_id,)), transaction.atomic(), connections["default"].execute_wrapper(watch):
        default_audiences("kept", by)
    assert asked == [editions.EDITION]


def test_label_of_an_act_that_failed_is_not_kept(own_database: str):
    by = factories.actor("alpha")
    elsewhere(RULES, TO_BETA)
    with room_context(room_ids=(by.room_id,)), transaction.atomic():
        lost = default_audiences("kept", by)["headline"]
        transaction.set_rollback(True)
    with room_context(room_ids=(by.room_id,)), transaction.atomic():
        found = default_audiences("kept", by)["headline"]
        assert found != lost
        assert set(share_states([found])) == {found}


def test_every_change_that_matters_is_a_new_edition(own_database: str):
    operation = factories.operation()
    made = "insert into aid_reference (id, operation_id, kind, code, version, place, names, body, in_use) "
    seen = [edition()]
    for sql, values in (
        ("update rooms_operation set rules = rules", ()),
        ("update rooms_room set kind = kind", ()),
        (f"{made} values (gen_random_uuid(), %s, 'unit', 'bale', 1, 0, '{{}}', '{{}}', true)", (operation.pk,)),
        ("update aid_reference set in_use = false where code = 'bale'", ()),
        ("delete from aid_reference where code = 'bale'", ()),
    ):
        elsewhere(sql, *values)
        seen.append(edition())
    assert len(set(seen)) == len(seen)


def test_act_goes_by_one_edition(own_database: str):
    operation = factories.operation()
    with transaction.atomic(), editions.one_edition():
        first = editions.edition_of(operation.pk)
        elsewhere("update rooms_operation set rules = rules")
        assert editions.edition_of(operation.pk) == first
    assert edition() != first
