"""Signing in: nothing tells who exists, sessions turn over, and a second factor is asked of everyone."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from tansiq.building.people.models import Account
from tests import factories

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
OFFICER = "alpha-officer@example.org"


@pytest.fixture(autouse=True)
def no_waiting(settings):
    settings.ACCOUNT_RATE_LIMITS = False


def sign_in(client: Client, email: str, password: str = factories.PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def normalised(response, email: str) -> tuple[int, bytes]:
    """The answer with what was typed, and the page's own token, taken out."""
    body = response.content
    for line in body.split(b"\n"):
        for piece in line.split(b'"'):
            if len(piece) == 64 and piece.isalnum():
                body = body.replace(piece, b"TOKEN")
    return response.status_code, body.replace(email.encode(), b"ADDRESS")


def real_account(**fields) -> Account:
    """An account that is not the sample's; the runtime role makes none, so it is made of one that is there."""
    account = factories.account("alpha")
    for name, value in {"is_sample": False, **fields}.items():
        setattr(account, name, value)
    account.save()
    return account


def second_step(account: Account) -> str:
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_right_password_leads_in():
    client = Client()
    response = sign_in(client, OFFICER)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/people/me/").status_code == 200


def test_no_answer_tells_whether_an_account_exists():
    wrong = normalised(sign_in(Client(), OFFICER, "not the password"), OFFICER)
    absent = normalised(sign_in(Client(), "nobody@example.org", "not the password"), "nobody@example.org")
    assert wrong == absent
    assert wrong[0] == 200


def test_disabled_account_is_answered_like_an_absent_one():
    real_account(is_sample=True, is_active=False)
    disabled = normalised(sign_in(Client(), OFFICER), OFFICER)
    assert disabled == normalised(sign_in(Client(), "nobody@example.org"), "nobody@example.org")


def test_sample_account_never_comes_in_where_second_factors_are_asked(settings):
    settings.SAMPLE_WITHOUT_MFA = False
    refused = normalised(sign_in(Client(), OFFICER), OFFICER)
    assert refused == normalised(sign_in(Client(), "nobody@example.org"), "nobody@example.org")


def test_session_of_a_sample_account_ends_when_the_flag_goes(settings):
    client = Client()
    sign_in(client, OFFICER)
    settings.SAMPLE_WITHOUT_MFA = False
    assert client.get("/people/me/").status_code == 302


def test_absent_account_costs_a_password_check_too(monkeypatch):
    hashed = []
    original = Account.set_password
    monkeypatch.setattr(Account, "set_password", lambda self, raw: (hashed.append(1), original(self, raw))[1])
    sign_in(Client(), "nobody@example.org", "not the password")
    assert hashed == [1]


def test_many_failures_are_stopped_alike_for_present_and_absent(settings):
    del settings.ACCOUNT_RATE_LIMITS
    answers = {}
    for email, address in ((OFFICER, "192.0.2.1"), ("nobody@example.org", "192.0.2.2")):
        client = Client(REMOTE_ADDR=address)
        answers[email] = [normalised(sign_in(client, email, f"wrong {turn}"), email) for turn in range(7)]
    assert answers[OFFICER] == answers["nobody@example.org"]
    assert answers[OFFICER][0][1] != answers[OFFICER][-1][1]


def test_session_turns_over_at_sign_in():
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["tansiq_session"] = session.session_key
    planted = session.session_key
    sign_in(client, OFFICER)
    assert client.cookies["tansiq_session"].value != planted
    thief = Client()
    thief.cookies["tansiq_session"] = planted
    assert thief.get("/people/me/").status_code == 302


def test_old_session_is_refused_after_signing_out():
    client, thief = Client(), Client()
    sign_in(client, OFFICER)
    thief.cookies["tansiq_session"] = client.cookies["tansiq_session"].value
    assert thief.get("/people/me/").status_code == 200
    client.post("/accounts/logout/")
    assert thief.get("/people/me/").status_code == 302


@pytest.mark.parametrize(("stamp", "age"), [("seen_at", 901), ("began_at", 12 * 3600 + 1)])
def test_session_ends_unused_or_after_a_shift(stamp, age):
    client = Client()
    sign_in(client, OFFICER)
    client.get("/people/me/")
    session = client.session
    session[stamp] = int(time.time()) - age
    session.save()
    assert client.get("/people/me/").status_code == 302


def test_session_in_use_goes_on():
    client = Client()
    sign_in(client, OFFICER)
    client.get("/people/me/")
    session = client.session
    session["seen_at"] = int(time.time()) - 600
    session.save()
    assert client.get("/people/me/").status_code == 200
    assert client.session["seen_at"] >= int(time.time()) - 5


def test_pieces_that_ask_for_themselves_do_not_keep_a_session_alive():
    client = Client()
    sign_in(client, OFFICER)
    client.get("/people/me/")
    session = client.session
    session["seen_at"] = before = int(time.time()) - 600
    session.save()
    assert client.get("/people/me/", headers={"HX-Request": "true"}).status_code == 200
    assert client.session["seen_at"] == before


def test_account_without_second_factor_can_only_set_one_up():
    real_account()
    client = Client()
    sign_in(client, OFFICER)
    assert [client.get(place)["Location"] for place in ("/people/me/", "/floor/", "/rooms/")] == ["/accounts/2fa/"] * 3


def test_page_that_sets_up_the_first_factor_says_so_and_shows_no_way_that_leads_back():
    account, client = real_account(), Client()
    sign_in(client, OFFICER)
    closed = client.get("/accounts/2fa/").content.decode()
    second_step(account)
    opened = client.get("/accounts/2fa/").content.decode()
    marks = ("Before any room opens", 'class="rail"', "data-live-stream", "menu-rooms", "Passkeys", "ecurity key")
    assert [mark in closed for mark in marks] == [True, False, False, False, True, False]
    assert [mark in opened for mark in marks] == [False, True, True, True, True, False]


def test_password_alone_is_half_a_sign_in():
    account = real_account()
    code = second_step(account)
    client = Client()
    assert sign_in(client, OFFICER)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/people/me/").status_code == 302
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    assert client.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/"
    assert client.get("/people/me/").status_code == 200


def test_wrong_code_does_not_lead_in():
    second_step(real_account())
    client = Client()
    sign_in(client, OFFICER)
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.get("/people/me/").status_code == 302


def test_factors_can_be_read_by_the_runtime_role():
    second_step(real_account())
    assert Authenticator.objects.filter(user__email=OFFICER).count() == 1


@pytest.mark.parametrize(
    "place",
    [
        "signup/",
        "email/",
        "confirm-email/x/",
        "password/reset/key/x-y/",
        "login/code/confirm/",
        "inactive/",
        "sessions/",
    ],
)
def test_doors_of_the_library_that_stay_shut(place):
    assert Client().get(f"/accounts/{place}").status_code == 404


def test_recovery_page_promises_no_mail():
    assert Client().get(reverse("recovery")).status_code == 200


def test_language_is_kept_with_the_account():
    client = Client()
    sign_in(client, OFFICER)
    client.post("/language/", {"language": "ar", "next": "/people/me/"})
    assert factories.account("alpha").language == "ar"
    elsewhere = Client()
    sign_in(elsewhere, OFFICER)
    assert elsewhere.cookies["tansiq_language"].value == "ar"
    del elsewhere.cookies["tansiq_language"]
    assert elsewhere.get("/people/me/")["Content-Language"] == "ar"


def test_unknown_language_changes_nothing():
    client = Client()
    sign_in(client, OFFICER)
    client.post("/language/", {"language": "xx", "next": "/"})
    assert factories.account("alpha").language == "en"
