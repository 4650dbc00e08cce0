"""The pages of one's own account."""

import re

import pytest
from django.test import Client

from tansiq.building.people.models import ApiToken
from tests import factories

pytestmark = pytest.mark.django_db


def signed_in(slug: str, role: str = "officer") -> Client:
    client = Client()
    client.force_login(factories.account(slug, role))
    return client


def make_token(client: Client, **changes):
    typed = {"name": "scales", "days": "30", "acts": ["rooms.room.read"], "networks": "192.0.2.0/24", **changes}
    return client.post("/people/me/tokens/create/", typed)


def test_secret_is_shown_once_and_never_cached():
    client = signed_in("alpha")
    made = make_token(client)
    secret = re.search(rb"tsq_[\w-]{43}", made.content)
    assert (made.status_code, made["Cache-Control"]) == (200, "max-age=0, no-cache, no-store, must-revalidate, private")
    assert secret is not None
    assert b"tsq_" not in client.get("/people/me/").content


def test_form_keeps_what_was_typed_and_says_what_is_wrong():
    answer = make_token(signed_in("alpha"), networks="everywhere", days="400")
    assert (answer.status_code, ApiToken.objects.count()) == (422, 0)
    assert b"everywhere is not a network address" in answer.content


def test_own_token_is_revoked():
    client = signed_in("alpha")
    make_token(client)
    token = ApiToken.objects.get()
    assert client.post(f"/people/me/tokens/{token.pk}/revoke/").status_code == 302
    assert ApiToken.objects.get().revoked_at is not None


def test_token_of_somebody_else_does_not_exist():
    make_token(signed_in("alpha"))
    answers = [
        signed_in("beta").post(f"/people/me/tokens/{token_id}/revoke/")
        for token_id in (ApiToken.objects.get().pk, factories.room_id("alpha"))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_observer_is_offered_no_token():
    client = signed_in("alpha", "observer")
    assert b"Make a token" not in client.get("/people/me/").content
    assert client.get("/people/me/tokens/create/").status_code == 403


def test_person_of_another_room_cannot_be_disabled_nor_told_from_nobody():
    client = signed_in("alpha")
    answers = [
        client.post(f"/people/{account_id}/disable/")
        for account_id in (factories.account("beta").pk, factories.room_id("beta"))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize(
    "place",
    [
        "/people/me/",
        "/accounts/2fa/",
        "/accounts/reauthenticate/",
        "/accounts/password/change/",
        "/people/me/tokens/create/",
    ],
)
@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_pages_of_the_account_open_in_each_language(place, language):
    client = signed_in("alpha")
    client.cookies["tansiq_language"] = language
    answer = client.get(place)
    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        assert f'lang="{language}"'.encode() in answer.content
