"""Pages of clocks: what each room finds on them, in each language, and what a person can do there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tansiq.building.clocks import actions
from tansiq.building.clocks.models import Clock, Notice
from tansiq.building.clocks.rules import Holder
from tansiq.building.people.models import Organisation
from tansiq.building.rooms.models import Room
from tansiq.building.wall.context import room_context
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NAMES = {"en": "Spare pump for a well", "ar": "مضخة احتياطية لبئر", "he": "משאבה חלופית לבאר"}


def client(slug: str, role: str = "officer") -> Client:
    found = Client()
    found.force_login(factories.account(slug, role))
    return found


def start(slug: str = "alpha", **asked: object) -> Clock:
    fields = {"kind": "answer", "subject": Organisation(id=uuid4()), "subject_names": NAMES, **asked}
    return actions.start_clock(by=factories.actor(slug), **fields)


def body(slug: str, path: str, role: str = "officer") -> str:
    answer = client(slug, role).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("path", ["/clocks/", "/clocks/_list", "/clocks/_open"])
def test_lists_show_a_clock_to_its_room_and_its_holder_only(kind, path):
    clock = start(holder=Holder(factories.room_id("beta"), "officer"))
    seen = {slug: str(clock.pk) in body(slug, path) for slug in ("alpha", "beta", "un")}
    assert seen == {"alpha": True, "beta": True, "un": False}


def test_hidden_clock_and_no_clock_are_answered_alike(kind):
    hidden, never = start().pk, uuid4()
    un = client("un")
    answers = [un.get(f"/clocks/{pk}/") for pk in (hidden, never)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content.replace(str(hidden).encode(), b"") == answers[1].content.replace(str(never).encode(), b"")


def test_least_time_left_comes_first_and_paused_time_stands(kind, now):
    late = start(started_at=now - HOUR / 2, subject_names={"en": "second"})
    early = start(started_at=now - HOUR * 3 / 4, subject_names={"en": "first"})
    new = start(subject_names={"en": "third"})
    actions.pause_clock(by=factories.actor("alpha"), clock=new, reason="waiting_for_owner")
    page = body("alpha", "/clocks/")
    assert sorted((late, early, new), key=lambda clock: page.index(str(clock.pk))) == [early, late, new]
    assert "waiting for the owner" in page
    assert "at risk" in page


def test_filter_keeps_state_kind_and_holder(kind):
    start(subject_names={"en": "running one"})
    stopped = start(subject_names={"en": "stopped one"})
    actions.stop_clock(by=factories.actor("alpha"), clock=stopped)
    shown = {
        query: body("alpha", f"/clocks/_list?{query}")
        for query in ("", "state=stopped", "kind=nothing", "holder=alpha")
    }
    assert [("running one" in page, "stopped one" in page) for page in shown.values()] == [
        (True, False), (False, True), (True, False), (True, False),
    ]  # fmt: skip


def test_list_costs_the_same_queries_for_one_and_three(kind):
    def cost() -> int:
        alpha = client("alpha")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            alpha.get("/clocks/_list")
        return len(captured)

    start()
    one = cost()
    start(), start()
    assert cost() == one


def test_person_pauses_resumes_and_stops_with_forms(kind):
    clock, alpha = start(), client("alpha")
    key = str(uuid4())
    paused = {"pause-key": key, "pause-reason": "waiting_for_owner", "pause-note": "rang twice"}
    assert alpha.post(f"/clocks/{clock.pk}/pause/", paused).status_code == 302
    assert alpha.post(f"/clocks/{clock.pk}/pause/", paused).status_code == 302, "the same submission is done once"
    assert "rang twice" in body("alpha", f"/clocks/{clock.pk}/")
    assert alpha.post(f"/clocks/{clock.pk}/resume/", {"resume-key": str(uuid4())}).status_code == 302
    assert alpha.post(f"/clocks/{clock.pk}/stop/", {"stop-key": str(uuid4())}).status_code == 302
    refused = alpha.post(f"/clocks/{clock.pk}/stop/", {"stop-key": str(uuid4()), "stop-note": "typed twice"})
    assert refused.status_code == 422
    assert "does not allow this" in refused.content.decode()
    assert "typed twice" in refused.content.decode()


def test_holder_answers_on_the_page(kind):
    clock = start(holder=Holder(factories.room_id("beta")))
    assert f"/clocks/{clock.pk}/answer/" in body("beta", f"/clocks/{clock.pk}/")
    assert client("beta").post(f"/clocks/{clock.pk}/answer/", {"answer-key": str(uuid4())}).status_code == 302
    assert "ended in time" in body("alpha", f"/clocks/{clock.pk}/")


def test_observer_reads_and_moves_nothing(kind):
    clock = start()
    page = body("alpha", f"/clocks/{clock.pk}/", "observer")
    assert "/stop/" not in page
    answer = client("alpha", "observer").post(f"/clocks/{clock.pk}/stop/", {"stop-key": str(uuid4())})
    assert answer.status_code == 403


def test_told_room_acknowledges_a_notice(kind, now):
    clock = start(started_at=now - 2 * HOUR)
    actions.stop_clock(by=factories.actor("alpha"), clock=clock)
    with room_context(room_ids=(factories.room_id("floor"),)):
        notice = Notice.objects.get()
    path = f"/clocks/notices/{notice.pk}/acknowledge/"
    page = body("floor", "/clocks/notices/")
    assert path in page
    assert "Spare pump" not in page, "the clock was not released to the floor, only the notice"
    assert client("un").post(path).status_code == 404
    assert client("floor").post(path).status_code == 302
    assert path not in body("floor", "/clocks/notices/")
    assert str(notice.pk) in body("floor", "/clocks/notices/_list?all=1")


def test_notice_of_a_clock_that_stopped_waits_no_more_and_stays_in_the_history(kind, now):
    clock = start(started_at=now - HOUR * 3 / 4, holder=Holder(factories.room_id("beta")))
    with room_context(room_ids=(factories.room_id("alpha"),)):
        actions.fire_due_step(clock, Room.objects.get(pk=factories.room_id("alpha")))
    with room_context(room_ids=(factories.room_id("beta"),)):
        path = f"/clocks/notices/{Notice.objects.get().pk}/acknowledge/"
    assert path in body("beta", "/clocks/notices/")
    actions.stop_clock(by=factories.actor("alpha"), clock=clock)
    assert "Spare pump" not in body("beta", "/clocks/notices/")
    history = body("beta", "/clocks/notices/?all=1")
    assert ("Spare pump" in history, path in history) == (True, False)
    assert "the clock has stopped" in history


@pytest.mark.parametrize(("language", "expected"), list(NAMES.items()))
def test_pages_take_the_readers_language(kind, language, expected):
    start()
    alpha = client("alpha")
    alpha.cookies["tansiq_language"] = language
    page = alpha.get("/clocks/").content.decode()
    assert expected in page
    assert f'lang="{language}"' in page
