"""Pages of coordination: the form for several authorities, the queue, each step, routes, and the whole story."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import eyes_of
from tansiq.desks.coordination import actions
from tansiq.desks.coordination.models import Asking, Move, RouteStatement, State
from tests import factories
from tests.desks.coordination.conftest import DAY, HOUR, answer, registered, request, stands

pytestmark = pytest.mark.django_db


def standing(slug: str, role: str = "officer", language: str = "en") -> Client:
    client = Client()
    client.force_login(factories.account(slug, role))
    client.cookies["tansiq_language"] = language
    return client


def text(client: Client, path: str, status: int = 200) -> str:
    found = client.get(path)
    assert found.status_code == status, path
    return found.content.decode()


def local(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def typed(**fields: object) -> dict[str, object]:
    now = database_now()
    return {
        "key": "8f7a2d0a-7f6e-4d7d-9a54-0d7d6f1b2c3d", "authorities": ["alpha", "beta"], "window_from": local(now + DAY),
        "window_until": local(now + 2 * DAY), "route_code": "salah_al_din", "note": "two trucks", "line_1": "30",
        "line_2": "", **fields,
    }  # fmt: skip


def test_form_asks_several_authorities_at_once(un, goods):
    answered = standing("un").post(f"/coordination/consignments/{goods.pk}/ask/", typed(), follow=True)
    assert answered.status_code == 200
    assert "2 authorities are asked." in answered.content.decode()
    with eyes_of(un):
        assert sorted(Asking.objects.values_list("authority__slug", flat=True)) == ["alpha", "beta"]


def test_form_keeps_what_was_typed_and_says_what_is_wrong_beside_the_field(un, goods):
    now = database_now()
    wrong = typed(window_until=local(now), note="keep these words")
    page = standing("un").post(f"/coordination/consignments/{goods.pk}/ask/", wrong)
    shown = page.content.decode()
    assert (page.status_code, "keep these words" in shown, "The window must end after it begins" in shown) == (
        422, True, True,
    )  # fmt: skip


def test_only_the_own_room_finds_the_form(un, goods):
    assert standing("alpha").get(f"/coordination/consignments/{goods.pk}/ask/").status_code == 404
    assert standing("beta").get(f"/coordination/consignments/{goods.pk}/ask/").status_code == 404


def test_queue_shows_what_the_room_is_asked_with_its_deadline(un, asked):
    first, second = asked("alpha", "beta")
    page = text(standing("alpha"), "/coordination/queue/")
    assert (f"asking-{first.pk}" in page, f"asking-{second.pk}" in page, "<tansiq-clock" in page) == (True, False, True)
    assert f"asking-{first.pk}" in text(standing("un"), "/coordination/mine/")
    assert f"asking-{first.pk}" not in text(standing("press"), "/coordination/")
    assert standing("beta").get(f"/coordination/{first.pk}/").status_code == 404


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_pages_speak_three_languages(un, alpha, goods, asked, language):
    (first,) = asked()
    answer(alpha, first)
    for path in (f"/coordination/{first.pk}/", f"/coordination/consignments/{goods.pk}/", "/coordination/routes/"):
        assert f'lang="{language}"' in text(standing("un", language=language), path)


def test_steps_through_pages_from_answer_to_outcome(un, alpha, asked):
    (first,) = asked()
    page, key = f"/coordination/{first.pk}", "8f7a2d0a-7f6e-4d7d-9a54-0d7d6f1b2c3"
    ours, theirs = standing("un"), standing("alpha")
    assert theirs.post(f"{page}/take-up/", {"key": f"{key}1"}).status_code == 302
    assert theirs.post(f"{page}/answer/", {"key": f"{key}2", "answer": "approve"}).status_code == 302
    assert ours.get(f"{page}/execute/").status_code == 404
    assert theirs.post(f"{page}/green-light/give/", {"key": f"{key}3"}).status_code == 302
    assert ours.post(f"{page}/execute/", {"key": f"{key}4"}).status_code == 302
    half = {"key": f"{key}5", "outcome": "impeded", "text": "waited", "place_1": "junction"}
    refused = ours.post(f"{page}/conclude/", half)
    assert (refused.status_code, "minutes held there" in refused.content.decode()) == (422, True)
    assert ours.post(f"{page}/conclude/", {**half, "held_1": "95"}).status_code == 302
    last = stands(un, first).last
    assert (last.state, last.held_minutes) == (State.CONCLUDED, 95)


def test_no_page_calls_silence_or_denial_approved(un, alpha, asked, goods):
    (first,) = asked(at=database_now() - 50 * HOUR)
    page = text(standing("un"), f"/coordination/{first.pk}/")
    assert ("no response by the deadline" in page, ">approved" in page) == (True, False)
    answer(alpha, first)
    later = text(standing("un"), f"/coordination/{first.pk}/")
    assert "no response by the deadline; agreed late" in later
    assert "No response by the deadline" in later


def test_denial_is_refused_beside_its_reason(un, alpha, asked):
    (first,) = asked()
    answered = standing("alpha").post(
        f"/coordination/{first.pk}/answer/",
        {"key": "8f7a2d0a-7f6e-4d7d-9a54-0d7d6f1b2c31", "answer": "deny", "text": "my words"},
    )
    shown = answered.content.decode()
    assert (answered.status_code, "need a reason" in shown, "my words" in shown) == (422, True, True)


def test_list_costs_the_same_for_one_and_three(un, alpha, goods, asked):
    asked()
    client = standing("un")
    client.get("/coordination/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/coordination/")
    for name in ("WB-2", "WB-3"):
        rooms = [factories.room("alpha")]
        (more,) = actions.ask_coordination(by=un, consignment=registered(un, name), authorities=rooms, asked=request())
        answer(alpha, more, Move.APPROVE)
    with CaptureQueriesContext(connection) as three:
        client.get("/coordination/")
    assert len(three) == len(one)


def test_filter_by_state_follows_both_books(un, alpha, goods, asked):
    (first,) = asked()
    answer(alpha, first, Move.DENY, reason="security_alert")
    mark = f"asking-{first.pk}"
    client = standing("un")
    assert mark in text(client, "/coordination/?state=denied")
    assert mark not in text(client, "/coordination/?state=to_answer")
    assert mark in text(client, "/coordination/?state=open")


def test_list_goes_as_a_file(un, asked):
    asked()
    found = standing("un").get("/coordination/?format=csv")
    lines = found.content.decode("utf-8-sig").splitlines()
    assert (found.status_code, any("WB-1" in line for line in lines)) == (200, True)


def test_route_is_stated_in_a_page_and_stands_beside_others(un, alpha):
    fields = {"key": "8f7a2d0a-7f6e-4d7d-9a54-0d7d6f1b2c31", "route_code": "salah_al_din", "state": "closed",
              "source": "road crew"}  # fmt: skip
    refused = standing("un").post("/coordination/routes/new/", fields)
    assert (refused.status_code, "needs its cause" in refused.content.decode()) == (422, True)
    assert standing("un").post("/coordination/routes/new/", {**fields, "cause": "debris"}).status_code == 302
    page = text(standing("un"), "/coordination/routes/")
    assert "cannot be used" in page
    with eyes_of(un):
        found = RouteStatement.objects.get()
    assert "road crew" in text(standing("un"), f"/coordination/routes/{found.pk}/")


def test_consignment_leads_to_its_whole_story(un, alpha, goods, asked):
    (first,) = asked(at=database_now() - 50 * HOUR)
    answer(alpha, first)
    page = text(standing("un"), f"/coordination/consignments/{goods.pk}/")
    order = [page.index(words) for words in ("Consignment registered", "Asked</strong>", "Impediment opened")]
    assert all(place > 0 for place in order)
    assert "Over all authorities:" in page
    assert f"/coordination/consignments/{goods.pk}/" in text(standing("un"), f"/aid/consignments/{goods.pk}/")
    assert standing("press").get(f"/coordination/consignments/{goods.pk}/").status_code == 404
