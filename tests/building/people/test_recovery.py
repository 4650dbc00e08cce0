"""Recovery by two officers: one person alone lets nobody in, the holder can object, and each step is written down."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.test import Client

from tansiq.building.ledger.models import Entry
from tansiq.building.people import actions
from tansiq.building.people.models import ApiToken, EntryCode, Recovery
from tansiq.building.rooms.actions import end_membership, grant_membership, send_invitation
from tansiq.building.rooms.actors import eyes_of, guest, memberships_of
from tansiq.building.rooms.configuration import read_operation
from tansiq.building.rooms.models import Invitation, Membership
from tansiq.building.rooms.queries import invitations_for
from tansiq.building.rooms.refusals import Refused
from tansiq.console.sample import DIRECTORY
from tests import factories

pytestmark = pytest.mark.django_db
ENTER, NEW = "/accounts/one-time-code/", "a fresh pass phrase 26"


@pytest.fixture(autouse=True)
def no_waiting(settings):
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture(autouse=True)
def second_officer():
    """The room alpha has its officer, a second officer, and the observer who will lose the way in; all for long."""
    grant_membership(by=factories.actor("alpha"), account=factories.account("press"), roles=["officer"])
    settled(factories.account("alpha"), factories.account("press"))


def settled(*accounts, hours: float = 25) -> None:
    """Let these have held their roles in alpha for so long."""
    with eyes_of(factories.actor("alpha")):
        held = Membership.objects.filter(room_id=factories.room_id("alpha"), account__in=accounts)
        held.update(since=datetime.now(UTC) - timedelta(hours=hours))


def second():
    person = factories.account("press")
    return next(
        actor for actor in (guest(place.room, person, "*") for place in memberships_of(person))
        if actor.room_id == factories.room_id("alpha")
    )  # fmt: skip


def holder():
    return factories.account("alpha", "observer")


def proposed() -> Recovery:
    return actions.propose_recovery(by=factories.actor("alpha"), account=holder(), reason="lost phone; came in person")


def agreed(*, ready: bool = False) -> Recovery:
    recovery = actions.agree_recovery(by=second(), recovery=proposed())
    if ready:
        recovery.ready_at = datetime.now(UTC) - timedelta(seconds=1)
        with eyes_of(second()):
            Recovery.objects.filter(pk=recovery.pk).update(ready_at=recovery.ready_at)
    return recovery


def refusal(call) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def acts(slug: str) -> list[str]:
    with eyes_of(factories.actor(slug)):
        return list(Entry.objects.filter(room_id=factories.room_id(slug)).order_by("seq").values_list("act", flat=True))


def entered(code: str, email: str | None = None, password: str = NEW) -> int:
    typed = {"email": email or holder().email, "code": code, "password": password, "again": password}
    return Client().post(ENTER, typed).status_code


def signs_in(password: str) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": holder().email, "password": password})
    return "_auth_user_id" in client.session


def test_single_officer_is_refused_at_every_step():
    by, recovery = factories.actor("alpha"), proposed()
    assert refusal(lambda: actions.agree_recovery(by=by, recovery=recovery)) == "recovery_alone"
    assert refusal(lambda: actions.issue_recovery(by=by, recovery=recovery)) == "recovery_other"
    assert EntryCode.objects.count() == 0


def test_database_itself_refuses_one_person_as_both_officers():
    recovery = proposed()
    with eyes_of(factories.actor("alpha")), pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=recovery.pk).update(state="agreed", agreed_by=recovery.proposed_by_id)


def test_officer_counts_once_the_roles_are_held_for_the_delay():
    first, recovery = factories.account("alpha"), proposed()
    settled(factories.account("press"), hours=23.9)
    assert refusal(lambda: actions.agree_recovery(by=second(), recovery=recovery)) == "recovery_new"
    actions.withdraw_recovery(by=factories.actor("alpha"), recovery=recovery)
    settled(first, hours=23.9)
    assert refusal(proposed) == "recovery_new"
    settled(first, factories.account("press"), hours=24)
    assert agreed().state == "agreed"


def test_other_roles_begin_anew_and_the_same_roles_do_not():
    recovery = proposed()
    grant_membership(by=factories.actor("alpha"), account=factories.account("press"), roles=["officer", "observer"])
    assert refusal(lambda: actions.agree_recovery(by=second(), recovery=recovery)) == "recovery_new"
    settled(factories.account("press"))
    grant_membership(by=factories.actor("alpha"), account=factories.account("press"), roles=["observer", "officer"])
    assert actions.agree_recovery(by=second(), recovery=recovery).state == "agreed"


def test_officer_whose_place_was_given_anew_is_new():
    recovery = proposed()
    [place] = [place for place in memberships_of(factories.account("press")) if place.room.slug == "alpha"]
    end_membership(by=factories.actor("alpha"), membership=place)
    grant_membership(by=factories.actor("alpha"), account=factories.account("press"), roles=["officer"])
    assert refusal(lambda: actions.agree_recovery(by=second(), recovery=recovery)) == "recovery_new"


def test_holder_does_not_help_in_their_own_recovery():
    by = factories.actor("alpha")
    assert refusal(lambda: actions.propose_recovery(by=by, account=factories.account("alpha"), reason="x")) == (
        "recovery_own"
    )
    as_officer = guest(factories.room("alpha"), holder(), "*")
    assert refusal(lambda: actions.agree_recovery(by=as_officer, recovery=proposed())) == "recovery_own"


def test_code_comes_after_the_delay_and_to_the_second_officer_alone():
    recovery = agreed()
    assert recovery.ready_at - datetime.now(UTC) > timedelta(hours=23)
    assert refusal(lambda: actions.issue_recovery(by=second(), recovery=recovery)) == "recovery_early"
    late = datetime.now(UTC) - timedelta(seconds=1)
    with eyes_of(second()):
        Recovery.objects.filter(pk=recovery.pk).update(ready_at=late)
    recovery.ready_at = late
    assert refusal(lambda: actions.issue_recovery(by=factories.actor("alpha"), recovery=recovery)) == "recovery_other"
    assert len(actions.issue_recovery(by=second(), recovery=recovery)) == 29
    assert refusal(lambda: actions.issue_recovery(by=second(), recovery=recovery)) == "recovery_moved"


def test_operations_own_delay_is_kept():
    with connection.cursor() as cursor:
        cursor.execute("select rules from rooms_operation where slug = 'test'")
        assert "recovery_delay_s" not in cursor.fetchone()[0]
    assert read_operation(DIRECTORY).operation.recovery_delay == timedelta(minutes=2)


def test_each_step_is_an_entry_of_the_room_and_no_secret_stands_in_it():
    code = actions.issue_recovery(by=second(), recovery=agreed(ready=True))
    assert entered(code) == 302
    assert acts("alpha")[-4:] == [
        "people.recovery.propose", "people.recovery.agree", "people.recovery.issue", "people.entry_code.use",
    ]  # fmt: skip
    with connection.cursor() as cursor, eyes_of(factories.actor("alpha")):
        cursor.execute("select count(*) from ledger_fact where position(%s in body) > 0", [code])
        assert cursor.fetchone() == (0,)
    with connection.cursor() as cursor:
        cursor.execute("select string_agg(t::text, '') from people_entrycode t")
        assert code.replace("-", "") not in cursor.fetchone()[0].replace("-", "")


def test_code_sets_a_new_password_and_shuts_what_was_before():
    account = holder()
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
    old = Client()
    old.post("/accounts/login/", {"login": "press-officer@example.org", "password": factories.PASSWORD})
    code = actions.issue_recovery(by=second(), recovery=agreed(ready=True))
    assert (signs_in(NEW), Authenticator.objects.filter(user=account).count()) == (False, 1)
    assert entered(code.lower().replace("-", " ")) == 302
    assert Authenticator.objects.filter(user=account).count() == 0
    assert (signs_in(factories.PASSWORD), signs_in(NEW)) == (False, True)
    assert ApiToken.objects.filter(account=account, revoked_at=None).count() == 0


def test_code_works_once_for_its_address_and_in_its_time():
    code = actions.issue_recovery(by=second(), recovery=agreed(ready=True))
    assert entered(code, "alpha-officer@example.org") == 422
    assert entered(code[:-1] + ("A" if code[-1] != "A" else "B")) == 422
    assert entered(code, password="short") == 422
    EntryCode.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert entered(code) == 422
    EntryCode.objects.update(expires_at=datetime.now(UTC) + timedelta(hours=1))
    assert (entered(code), entered(code)) == (302, 422)


def test_answer_does_not_tell_whether_there_is_an_account():
    def page(email: str) -> str:
        typed = {"email": email, "code": "X" * 25, "password": NEW, "again": NEW}
        body = Client().post(ENTER, typed).content.decode()
        return re.sub(r"\b\w{64}\b", "TOKEN", body).replace(email, "ADDRESS")

    assert page(holder().email) == page("nobody@example.org")


def test_recovery_opens_the_room_of_its_officers_and_no_other():
    grant_membership(by=factories.actor("beta"), account=holder(), roles=["officer"])
    code = actions.issue_recovery(by=second(), recovery=agreed(ready=True))
    assert [place.room.slug for place in memberships_of(holder())] == ["alpha", "beta"]
    assert entered(code) == 302
    assert [place.room.slug for place in memberships_of(holder())] == ["alpha"]
    assert acts("beta")[-1] == "rooms.membership.end"


def test_recovery_withdraws_what_other_rooms_offered_and_leaves_its_own_rooms_offer():
    for slug in ("alpha", "beta", "un"):
        send_invitation(by=factories.actor(slug), email=holder().email, roles=["officer"])
    send_invitation(by=factories.actor("un"), email="somebody.else@example.org", roles=["officer"])
    code = actions.issue_recovery(by=second(), recovery=agreed(ready=True))
    assert len(invitations_for(holder().pk, datetime.now(UTC))) == 3
    assert entered(code) == 302
    left = invitations_for(holder().pk, datetime.now(UTC))
    assert [invitation.room.slug for invitation in left] == ["alpha"]
    assert [acts(slug)[-1] for slug in ("beta", "un")] == ["rooms.invitation.withdraw"] * 2
    with eyes_of(factories.actor("un")):
        kept = Invitation.objects.get(email="somebody.else@example.org")
    assert kept.ended_at is None


def test_tokens_of_the_account_end_with_an_entry_in_their_rooms():
    asked = actions.TokenAsked("scales", ("rooms.room.read",), datetime.now(UTC) + timedelta(days=1))
    grant_membership(by=factories.actor("alpha"), account=holder(), roles=["officer"])
    token, _secret = actions.create_token(by=factories.actor("alpha", "observer"), asked=asked)
    assert entered(actions.issue_recovery(by=second(), recovery=agreed(ready=True))) == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert acts("alpha")[-2:] == ["people.entry_code.use", "people.token.revoke"]


def test_holder_is_told_and_can_object():
    client = Client()
    client.force_login(holder())
    assert b"Your account is being recovered" not in client.get("/people/me/").content
    recovery = agreed(ready=True)
    code = actions.issue_recovery(by=second(), recovery=recovery)
    assert b"Your account is being recovered" in client.get("/people/me/").content
    assert "Your account is being recovered: object" in client.get("/floor/_waiting").content.decode()
    assert client.post(f"/people/me/recoveries/{recovery.pk}/object/").status_code == 302
    assert acts("alpha")[-1] == "people.recovery.object"
    assert (entered(code), signs_in(NEW)) == (422, False)


def test_recovery_of_somebody_else_does_not_exist():
    recovery = proposed()
    stranger, officer = Client(), Client()
    stranger.force_login(factories.account("beta"))
    officer.force_login(factories.account("alpha"))
    for client, place in (
        (stranger, "/people/recoveries/{}/agree/"), (stranger, "/people/recoveries/{}/withdraw/"),
        (stranger, "/people/recoveries/{}/issue/"), (stranger, "/people/me/recoveries/{}/object/"),
        (officer, "/people/me/recoveries/{}/object/"),
    ):  # fmt: skip
        answers = [client.post(place.format(one)) for one in (recovery.pk, uuid.uuid4())]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    assert b"alpha observer" not in stranger.get("/people/recoveries/").content


def test_wall_shows_a_recovery_to_its_room_and_its_holder_alone():
    recovery, seen = proposed(), {}
    for slug in ("alpha", "beta"):
        with eyes_of(factories.actor(slug)):
            seen[slug] = Recovery.objects.filter(pk=recovery.pk).exists()
    assert seen == {"alpha": True, "beta": False}


def test_pages_lead_through_the_whole_way():
    first, other = Client(), Client()
    first.force_login(factories.account("alpha"))
    other.force_login(factories.account("press"))
    other.post("/rooms/choose/", {"room": str(factories.room_id("alpha"))})
    typed = {"account": str(holder().pk), "reason": "lost everything"}
    assert first.post("/people/recoveries/propose/", typed).status_code == 302
    assert first.post("/people/recoveries/propose/", typed).status_code == 422
    with eyes_of(factories.actor("alpha")):
        recovery = Recovery.objects.get()
    place = f"/people/recoveries/{recovery.pk}"
    assert b"A second officer must agree" in first.post(f"{place}/agree/", follow=True).content
    assert "/agree/" not in first.get("/people/recoveries/").content.decode()
    assert f"{place}/agree/" in other.get("/people/recoveries/").content.decode()
    assert b"You agreed." in other.post(f"{place}/agree/", follow=True).content
    assert b"The delay runs until" in other.post(f"{place}/issue/", follow=True).content
    with eyes_of(factories.actor("alpha")):
        Recovery.objects.update(ready_at=datetime.now(UTC) - timedelta(seconds=1))
    shown = other.post(f"{place}/issue/")
    code = re.search(r'id="code">([A-Z2-9-]{29})<', shown.content.decode())[1]
    assert "no-store" in shown["Cache-Control"]
    assert code not in other.get("/people/recoveries/").content.decode()
    assert entered(code) == 302


def test_observer_neither_proposes_nor_agrees():
    client = Client()
    client.force_login(holder())
    recovery = proposed()
    places = ("/people/recoveries/propose/", f"/people/recoveries/{recovery.pk}/agree/")
    assert [client.post(place).status_code for place in places] == [403, 403]
