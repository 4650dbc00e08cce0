"""Who may ask the API: a live token, or a session with its CSRF token; everyone else hears the same."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tansiq.building.people.actions import revoke_token
from tansiq.building.people.models import ApiToken
from tansiq.building.rooms.actions import end_membership
from tansiq.building.rooms.actors import memberships_of
from tests import factories

pytestmark = pytest.mark.django_db

ME = "/api/v1/me"


def outcome(client: Client, **headers: str) -> tuple[int, str, bytes]:
    answer = client.get(ME, headers=headers)
    return answer.status_code, answer["Content-Type"], answer.content


def test_token_acts_in_its_room_within_its_scope(program):
    answer = program("alpha", "rooms.room.read", "ledger.entry.read").get(ME).json()
    assert (answer["room"]["code"], answer["acts"], answer["via"]) == (
        "alpha",
        ["ledger.entry.read", "rooms.room.read"],
        "api",
    )


def test_every_token_that_does_not_work_is_answered_alike(program):
    revoked, ended, elsewhere, left = (program(slug) for slug in ("alpha", "beta", "un", "ngo"))
    revoke_token(by=factories.actor("alpha"), token=ApiToken.objects.get(account=factories.account("alpha")))
    tokens = ApiToken.objects
    tokens.filter(account=factories.account("beta")).update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    tokens.filter(account=factories.account("un")).update(networks=["198.51.100.0/24"])
    end_membership(by=factories.actor("ngo"), membership=memberships_of(factories.account("ngo"))[0])
    answers = {outcome(client) for client in (revoked, ended, elsewhere, left)}
    answers |= {
        outcome(Client(), Authorization=value)
        for value in ("Bearer tsq_unknown", "Bearer ", "Basic eDp5", "x", "Bearer é")
    }
    answers.add(outcome(Client()))
    assert len(answers) == 1
    status, kind, body = answers.pop()
    assert (status, kind, b"unauthorised" in body) == (401, "application/problem+json", True)


def test_refused_token_does_not_fall_back_on_the_session():
    client = Client()
    client.force_login(factories.account("alpha"))
    assert outcome(client)[0] == 200
    assert outcome(client, Authorization="Bearer tsq_unknown")[0] == 401


def test_session_reads_but_writes_only_with_the_csrf_token():
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.account("alpha"))
    assert client.get(ME).json()["via"] == "page"
    answer = client.post("/api/v1/doors/releases", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "session_unproven")
    client.get("/accounts/2fa/")
    client.get("/people/me/")
    token = client.cookies["tansiq_csrf"].value
    answer = client.post("/api/v1/doors/releases", {}, content_type="application/json", headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_token_needs_no_csrf_token(program):
    client = program("alpha", "doors.release.propose")
    answer = client.post("/api/v1/doors/releases", {}, content_type="application/json")
    assert answer.status_code == 422


def test_use_of_a_token_is_noted(program):
    program("alpha").get(ME)
    assert ApiToken.objects.get().last_used_at is not None


def test_act_outside_the_scope_is_refused(program):
    answer = program("alpha", "rooms.room.read").get("/api/v1/ledger/entries")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_answer_is_in_the_language_asked_for(program):
    client = program("alpha", "rooms.room.read")
    answer = client.get(f"/api/v1/ledger/entries/{uuid.uuid4()}/receipt", headers={"Accept-Language": "he"})
    assert answer["Content-Language"] == "he"
