"""The wall: without a context nothing, with another room's context nothing, with one's own everything."""

import pytest
from django.db import ProgrammingError, connection, transaction

from tansiq.building.rooms.acts import tell
from tansiq.building.rooms.models import News
from tansiq.building.rooms.queries import audience
from tansiq.building.wall.context import room_context
from tests import factories

pytestmark = pytest.mark.django_db


def topics_seen_from(slug: str) -> list[list[str]]:
    with room_context(room_ids=(factories.room_id(slug),)):
        return sorted(News.objects.values_list("topics", flat=True))


def test_row_is_seen_by_its_audience_and_by_nobody_else():
    alpha, beta = factories.room_id("alpha"), factories.room_id("beta")
    before = {slug: topics_seen_from(slug) for slug in ("alpha", "beta", "un")}
    with room_context(room_ids=(alpha,)):
        tell(alpha, audience(alpha), ["alone"])
        tell(alpha, audience(alpha, [(beta, None)]), ["shared"])
    gained = {slug: [t for t in topics_seen_from(slug) if t not in before[slug]] for slug in before}
    assert gained == {"alpha": [["alone"], ["shared"]], "beta": [["shared"]], "un": []}


def test_nothing_is_read_without_a_context():
    with pytest.raises(ProgrammingError, match="no room context"), transaction.atomic():
        News.objects.count()


def test_forged_context_is_refused():
    with (
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="bad room context"),
        transaction.atomic(),
    ):
        cursor.execute("select set_config('app.ctx', %s, true)", [f"|{factories.room_id('alpha')}|99999999999|00"])
        cursor.execute("select count(*) from rooms_news")


def test_context_ends_with_its_block():
    with room_context(room_ids=(factories.room_id("alpha"),)):
        News.objects.count()
    with pytest.raises(ProgrammingError, match="no room context"), transaction.atomic():
        News.objects.count()


def test_room_cannot_write_under_another_rooms_label():
    alpha, beta = factories.room_id("alpha"), factories.room_id("beta")
    with room_context(room_ids=(alpha,)):
        label = audience(alpha)
    with (
        room_context(room_ids=(beta,)),
        pytest.raises(Exception, match="row-level security|audience_of_room"),
        transaction.atomic(),
    ):
        tell(beta, label, ["smuggled"])
        connection.check_constraints()


def test_audience_is_made_by_its_owner_only():
    alpha, beta = factories.room_id("alpha"), factories.room_id("beta")
    with room_context(room_ids=(beta,)), pytest.raises(ProgrammingError, match="made by the room that owns"):
        with transaction.atomic():
            audience(alpha, [(beta, None)])
