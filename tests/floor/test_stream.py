"""The stream tells a room what changed for it, and nothing of another room; it loses none and leaves nothing behind."""

import time
from collections.abc import Iterator
from threading import Event, Thread
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from tansiq.building.people.actions import disable_everywhere, reset_factors
from tansiq.building.people.middleware import SEEN
from tansiq.building.people.models import Account
from tansiq.building.rooms import actions
from tansiq.building.rooms.actors import memberships_of, system_actor
from tansiq.building.rooms.acts import own_audience, tell
from tansiq.building.rooms.models import News
from tansiq.building.rooms.queries import audience
from tansiq.building.wall.context import room_context
from tansiq.floor import hub, stream
from tests import factories
from tests.floor.listening import Event as Told
from tests.floor.listening import Listener
from tests.servers import Served, served_apart, served_here, session_of

opened: list[Listener] = []


@pytest.fixture
def server(own_database: str) -> Iterator[Served]:
    with served_here() as found:
        yield found
        while opened:
            opened.pop().close()
        wait_for(lambda: hub.open_pages() == 0)


def announce(slug: str, *topics: str, to: tuple[str, ...] = ()) -> UUID:
    room_id = factories.room_id(slug)
    with room_context(room_ids=(room_id,)), transaction.atomic():
        label = audience(room_id, [(factories.room_id(other), None) for other in to]) if to else own_audience(room_id)
        tell(room_id, label, list(topics))
        return News.objects.order_by("-created_at").values_list("pk", flat=True)[0]


def announce_slowly(slug: str, topic: str, begun: Event, may_end: Event) -> None:
    room_id = factories.room_id(slug)
    with room_context(room_ids=(room_id,)), transaction.atomic():
        tell(room_id, own_audience(room_id), [topic])
        begun.set()
        may_end.wait(20)
    connection.close()


def told(event: Told) -> set[str]:
    """Its topics, but for those of the test operation itself, which is a few minutes old at most."""
    return set(event.topics) - {"rooms.membership"}


def listener(server: Served, slug: str, role: str = "officer", **asked: object) -> Listener:
    return listening(server, session_of(factories.account(slug, role)), **asked)


def listening(server: Served, session: str, **asked: object) -> Listener:
    opened.append(Listener(server, session, **asked))
    return opened[-1]


def wait_for(condition, seconds: float = 10.0) -> bool:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(condition())


def test_stream_tells_a_room_nothing_of_anothers_news(server: Served):
    alpha, beta = listener(server, "alpha"), listener(server, "beta")
    alpha.next(), beta.next()
    announce("alpha", "aid.secret")
    assert alpha.next_news().topics == ["aid.secret"]
    released = announce("alpha", "aid.event", to=("beta",))
    heard = beta.next_news()
    assert (heard.name, heard.id, heard.topics) == ("", str(released), ["aid.event"])
    assert alpha.next_news().id == str(released)


def test_stream_of_an_act_reaches_its_own_room_only(server: Served):
    alpha, beta = listener(server, "alpha"), listener(server, "beta")
    alpha.next(), beta.next()
    person = Account.objects.get(email="press-officer@example.org")
    actions.grant_membership(by=system_actor(factories.room("alpha")), account=person, roles=["observer"])
    assert alpha.next_news().topics == ["rooms.membership"]
    announce("beta", "own")
    assert beta.next_news().topics == ["own"]


def test_stream_resumes_without_loss(server: Served):
    first = listener(server, "beta")
    first.next()
    announce("alpha", "one", to=("beta",))
    seen = first.next_news()
    first.close()
    announce("alpha", "two", to=("beta",))
    announce("alpha", "hidden")
    last = announce("alpha", "three", to=("beta",))
    by_header = listener(server, "beta", last_id=seen.id).next()
    by_address = listener(server, "beta", after=seen.id).next()
    assert (by_header.name, by_header.id, told(by_header)) == ("", str(last), {"one", "two", "three"})
    assert by_address == by_header


def test_stream_resumes_with_news_that_were_committed_late(server: Served):
    begun, may_end = Event(), Event()
    slow = Thread(target=announce_slowly, args=("alpha", "slow", begun, may_end))
    slow.start()
    assert begun.wait(10)
    page = listener(server, "alpha")
    page.next()
    announce("alpha", "fast")
    seen = page.next_news()
    page.close()
    assert seen.topics == ["fast"]
    may_end.set()
    slow.join()
    assert told(listener(server, "alpha", last_id=seen.id).next()) == {"fast", "slow"}


@pytest.mark.parametrize("last", ["nonsense", "6f1b7c1e-30b5-4d6c-9a51-2f4c0a7d7f10"])
def test_stream_asks_for_everything_after_an_unknown_event(server: Served, last: str):
    newest = announce("beta", "before")
    event = listener(server, "beta", last_id=last).next()
    assert (event.name, event.id, event.topics) == ("resync", str(newest), [])


def test_stream_answers_a_hidden_event_as_one_that_never_was(server: Served):
    hidden = announce("alpha", "hidden")
    assert told(listener(server, "alpha", last_id=str(hidden)).next()) == {"hidden"}
    assert listener(server, "beta", last_id=str(hidden)).next() == listener(server, "beta", last_id=str(uuid4())).next()


def test_stream_gives_a_new_page_the_place_from_which_to_resume(server: Served):
    newest = announce("alpha", "before")
    event = listener(server, "alpha").next()
    assert (event.name, event.id, event.topics) == ("beat", str(newest), [])


def test_stream_tells_news_whose_notice_was_lost(server: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hub, "WATCH_S", 0.5)
    alpha, beta = listener(server, "alpha"), listener(server, "beta")
    alpha.next(), beta.next()
    monkeypatch.setattr(connection, "notify_after", lambda *_notice: None)
    lost = announce("alpha", "places.crossing")
    monkeypatch.undo()
    heard = alpha.next()
    assert (heard.id, told(heard)) == (str(lost), {"places.crossing"})
    announce("beta", "aid.event")
    assert told(beta.next()) == {"aid.event"}


def test_slow_page_is_told_to_ask_again(server: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hub, "GATHER_S", 0.01)
    slow, quick = listener(server, "alpha", buffer=4096), listener(server, "alpha", "observer")
    slow.next(), quick.next()
    heavy = "x" * 400_000
    for number in range(hub.MOST_WAITING + 40):
        newest = announce("alpha", f"{number}{heavy}")
        assert quick.next_news().topics[0].startswith(f"{number}x")
    heard = []
    while not heard or heard[-1].id != str(newest):
        heard.append(slow.next())
    names = [event.name for event in heard]
    assert "resync" in names
    assert len(heard) < hub.MOST_WAITING + 40


def test_two_hundred_pages_hear_and_leave_nothing_behind(server: Served):
    sessions = [session_of(factories.account(slug)) for slug in factories.ROOMS]
    pages = [listening(server, sessions[number % len(sessions)]) for number in range(200)]
    for page in pages:
        assert page.next().name == "beat"
    assert hub.open_pages() == 200
    everyone = tuple(slug for slug in factories.ROOMS if slug != "alpha")
    announce("alpha", "for.all", to=everyone)
    assert {tuple(page.next_news().topics) for page in pages} == {("for.all",)}
    for page in pages:
        page.close()
    assert wait_for(lambda: hub.open_pages() == 0)
    announce("alpha", "after")
    assert hub.open_pages() == 0


def test_open_page_holds_no_database_connection(server: Served):
    pages = [listener(server, "alpha") for _ in range(5)]
    for page in pages:
        page.next()
    assert wait_for(lambda: connections_of_others() == ["listen"])


def connections_of_others() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select left(query, 6) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        )
        return [query for (query,) in cursor.fetchall()]


def test_stream_beats_when_nothing_happens(server: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stream, "BEAT_S", 0.2)
    page = listener(server, "alpha")
    assert [page.next().name for _ in range(3)] == ["beat", "beat", "beat"]


def end_session(session: str, person: Account) -> None:
    Session.objects.filter(pk=session).delete()


def leave_unused(session: str, person: Account) -> None:
    kept = SessionStore(session)
    kept[SEEN] = int(time.time()) - settings.SESSION_IDLE_S - 1
    kept.save()


def end_membership(session: str, person: Account) -> None:
    membership = memberships_of(person)[0]
    actions.end_membership(by=system_actor(membership.room), membership=membership)


def disable_account(session: str, person: Account) -> None:
    Account.objects.using("owner").filter(pk=person.pk).update(is_active=False)


def change_password(session: str, person: Account) -> None:
    Account.objects.using("owner").filter(pk=person.pk).update(password="another")


def take_role(session: str, person: Account) -> None:
    membership = memberships_of(person)[0]
    actions.grant_membership(by=system_actor(membership.room), account=person, roles=[])


def disable_by_operator(session: str, person: Account) -> None:
    disable_everywhere(person)


def reset_by_operator(session: str, person: Account) -> None:
    reset_factors(person)


LOSSES = [
    end_session, leave_unused, end_membership, disable_account, change_password, take_role, disable_by_operator,
    reset_by_operator,
]  # fmt: skip


@pytest.mark.parametrize("loss", LOSSES)
def test_stream_ends_with_the_right_to_it(server: Served, monkeypatch: pytest.MonkeyPatch, loss):  # type: ignore[no-untyped-def]
    monkeypatch.setattr(hub, "WATCH_S", 0.3)
    person, other = factories.account("beta"), listener(server, "beta", "observer")
    session = session_of(person)
    page = listening(server, session)
    page.next(), other.next()
    time.sleep(0.7)
    assert hub.open_pages() == 2
    loss(session, person)
    while page.next() is not None:
        pass
    assert wait_for(lambda: hub.open_pages() == 1)
    assert listening(server, session).status in {401, 403}


def test_stream_is_closed_to_strangers(server: Served):
    assert listening(server, "no-such-session").status == 401


def test_streams_end_when_the_database_is_lost_and_miss_nothing_afterwards(
    server: Served, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(hub, "RETRY_S", 0.1)
    page = listener(server, "alpha")
    page.next()
    announce("alpha", "one")
    seen = page.next_news()
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and query like 'listen%%' and usename = current_user"
        )
    assert page.next() is None
    announce("alpha", "two")
    assert told(listener(server, "alpha", last_id=seen.id).next()) == {"one", "two"}


def test_more_pages_than_database_connections_and_a_server_that_stops_when_told(own_database: str):
    with served_apart(own_database) as server:
        session = session_of(factories.account("alpha"))
        pages = [listening(server, session) for _ in range(20)]  # the pool has eight
        assert {page.next().name for page in pages} == {"beat"}
        newest = announce("alpha", "one")
        assert {page.next_news().id for page in pages} == {str(newest)}
        server.process.terminate()
        server.process.wait(15)
    while opened:
        opened.pop().close()
