"""Pages of doors: the preview equals what the receiver is shown; each room sees its own side of a release."""

import re
import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tansiq.building.doors.models import Delivery, Release
from tansiq.building.doors.queries import share_state_of
from tansiq.building.ledger.models import Entry, Grant
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.acts import Done, act, own_audience
from tansiq.building.rooms.models import News, Submission
from tests import factories
from tests.building.doors.conftest import add_row, row, seen_of, write_whole
from tests.building.doors.test_overlap import alpha, recall, release

pytestmark = pytest.mark.django_db

COPY = re.compile(r'<section class="card" id="shown-to-(\w+)">.*?<div class="released-copy">(.*?)</div>', re.S)
HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)"(?: id="[\w-]+")? value="([^"]*)"')


def client(slug: str, role: str = "officer", language: str = "en") -> Client:
    found = Client()
    found.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    found.force_login(factories.account(slug, role))
    return found


def address(name: str, record: Release, code: str = "test_whole") -> str:
    return reverse(f"doors:{name}", args=[code, record.pk])


def typed(**changed: object) -> dict[str, object]:
    return {
        "key": str(uuid.uuid4()), "lines": ["headline", "detail"], "rooms": ["beta"], "marking": "GREEN",
        "until": "168", "reason": "they asked", **changed,
    }  # fmt: skip


def hidden(answer: object) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(answer.content.decode()):
        if name not in {"csrfmiddlewaretoken", "room"}:
            found.setdefault(name, []).append(value)
    return found


def written(slug: str) -> list[int]:
    with eyes_of(factories.actor(slug)):
        return [model.objects.count() for model in (Release, Delivery, Entry, Grant, News, Submission)]


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_preview_shows_what_each_receiver_is_shown_afterwards(three_lines, language):
    record = write_whole(by=alpha(), text="<b>a</b>")
    release(record, "un")
    owner = client("alpha", language=language)
    before = [written(slug) for slug in ("alpha", "beta", "un")]
    preview = owner.post(address("release-preview", record), typed(rooms=["beta", "un"]))
    assert [written(slug) for slug in ("alpha", "beta", "un")] == before, "a preview writes nothing"
    assert seen_of("beta", record) == []
    promised = dict(COPY.findall(preview.content.decode()))
    assert owner.post(address("release-propose", record), hidden(preview)).status_code == 302
    shown = {}
    for slug in ("beta", "un"):
        with eyes_of(factories.actor(slug)):
            delivery = Delivery.objects.filter(lines=["headline", "detail"]).get()
        page = client(slug, language=language).get(reverse("doors:delivery", args=[delivery.pk])).content.decode()
        shown[slug] = re.search(r'<div class="released-copy">(.*?)</div>', page, re.S).group(1)
    assert promised == shown
    assert (
        shown["beta"]
        == "<h3>&lt;b&gt;a&lt;/b&gt;</h3><ul><li>&lt;b&gt;a&lt;/b&gt; detail</li><li>&lt;b&gt;a&lt;/b&gt; headline</li></ul>"
    )


@act("doors.test.note")
def note(*, by, record):
    """A row of the receiver's own that names the record."""
    added = row(by, own_audience(by.room_id), record.pk, "row_headline", "an own thought")
    return Done(added, wrote=[added])


def test_preview_does_not_show_the_receivers_own_rows(three_lines):
    record = write_whole(by=alpha(), text="a")
    release(record, "beta")
    note(by=factories.actor("beta"), record=record)
    with eyes_of(factories.actor("beta")):
        delivery = Delivery.objects.get()
    own_page = client("beta").get(reverse("doors:delivery", args=[delivery.pk])).content.decode()
    preview = client("alpha").post(address("release-preview", record), typed()).content.decode()
    assert ("own thought" in own_page, "own thought" in preview) == (True, False)


def test_release_needs_the_preview_and_what_it_showed(three_lines):
    record, owner = write_whole(by=alpha(), text="a"), client("alpha")
    unseen = owner.post(address("release-propose", record), typed())
    assert (unseen.status_code, seen_of("beta", record)) == (200, []), "the preview comes first"
    stale = hidden(owner.post(address("release-preview", record), typed()))
    add_row(by=alpha(), record=record, line="headline", text="b")
    changed = owner.post(address("release-propose", record), stale)
    assert (changed.status_code, seen_of("beta", record)) == (409, [])
    assert "The record changed since you looked" in changed.content.decode()
    agreed = hidden(changed)
    for _again in range(2):
        assert owner.post(address("release-propose", record), agreed).status_code == 302
    with eyes_of(alpha()):
        assert Release.objects.filter(record_type="test_whole").count() == 1


HOUR = "2099-11-29T18:00Z"


def until_after_preview(record: Release, **changed: object) -> list[str]:
    preview = client("alpha").post(address("release-preview", record), typed(**changed))
    assert preview.status_code == 200
    return [hidden(preview)[name][0] for name in ("until", "until_at")]


@pytest.mark.parametrize("choice", ["168", "at"])
def test_hour_that_is_typed_wins_over_the_usual_choice(three_lines, choice):
    record = write_whole(by=alpha(), text="a")
    untyped = until_after_preview(record, until="168", until_at="")
    assert untyped[1] != "2099-11-29T18:00:00Z"
    assert until_after_preview(record, until=choice, until_at=HOUR) == ["at", "2099-11-29T18:00:00Z"]


def test_hour_counts_where_no_choice_was_sent(three_lines):
    record, asked = write_whole(by=alpha(), text="a"), typed(until_at=HOUR)
    del asked["until"]
    preview = client("alpha").post(address("release-preview", record), asked)
    assert hidden(preview)["until_at"] == ["2099-11-29T18:00:00Z"]


@pytest.mark.parametrize(("choice", "words"), [("24", "1 day"), ("", "until it is recalled")])
def test_hour_against_another_choice_is_refused_beside_the_field(three_lines, choice, words):
    record, owner = write_whole(by=alpha(), text="a"), client("alpha")
    assert owner.post(address("release-preview", record), typed(until=choice)).status_code == 200
    for name in ("release-preview", "release-propose"):
        refused = owner.post(address(name, record), typed(until=choice, until_at=HOUR))
        assert refused.status_code == 422
        assert list(refused.context["form"].errors) == ["until_at"]
        assert f"An hour is written here, but “{words}” is chosen above." in refused.content.decode()
    with eyes_of(alpha()):
        assert Release.objects.filter(record_type="test_whole").count() == 0


def test_form_lists_rooms_by_kind_lines_with_content_and_keeps_what_was_typed(three_lines):
    record, owner = write_whole(by=alpha(), text="a"), client("alpha")
    page = owner.get(address("release-propose", record)).content.decode()
    assert [slug for slug in factories.ROOMS if f'value="{slug}"' in page] == [
        s for s in factories.ROOMS if s != "alpha"
    ]
    assert "Names, phone numbers and sources." in page
    wrong = owner.post(address("release-preview", record), typed(rooms=[], until="at", until_at="tomorrow"))
    text = wrong.content.decode()
    assert (wrong.status_code, "they asked" in text) == (422, True)
    assert "Choose at least one room that is not your own." in text
    assert "“tomorrow” is no date and time" in text
    early = owner.post(address("release-preview", record), typed(until="at", until_at="0001-01-01T00:00+14:00"))
    assert (early.status_code, "is no date and time" in early.content.decode()) == (422, True)


def test_room_of_another_operation_is_not_offered_and_not_taken(three_lines):
    record = write_whole(by=alpha(), text="a")
    answer = client("alpha").post(address("release-preview", record), typed(rooms=["elsewhere"]))
    assert answer.status_code == 422


def test_record_of_another_room_is_not_released_and_a_hidden_one_does_not_exist(three_lines):
    record, beta = write_whole(by=alpha(), text="a"), client("beta")
    hidden_page, never = (beta.get(address("release-propose", one)) for one in (record, Release(id=uuid.uuid4())))
    assert (hidden_page.status_code, never.status_code) == (404, 404)
    release(record, "beta")
    assert beta.get(address("release-propose", record)).status_code == 403
    sent = beta.post(address("release-preview", record), typed(rooms=["un"]))
    assert (sent.status_code, seen_of("un", record)) == (403, [])
    with eyes_of(alpha()):
        assert Entry.objects.filter(act="doors.onward.refuse").count() == 1, "the owner is told of the try"


def test_lists_show_each_room_its_side(three_lines):
    record = write_whole(by=alpha(), text="grain for a mill")
    decided = release(record, "beta")
    pages = {slug: client(slug).get("/doors/").content.decode() for slug in ("alpha", "beta", "un")}
    assert [f"release-{decided.pk}" in page for page in pages.values()] == [True, False, False]
    assert ["grain for a mill" in page for page in pages.values()] == [True, True, False]
    recall(decided)
    page = client("beta").get("/doors/").content.decode()
    assert ("grain for a mill" in page, "enough" in page, "Take note" in page) == (False, True, True)


@pytest.mark.parametrize("path", ["/doors/", "/doors/_released/", "/doors/_received/", "/doors/received/"])
@pytest.mark.parametrize("slug", ["alpha", "beta"])
def test_lists_cost_the_same_for_one_and_three(three_lines, path, slug):
    def cost() -> int:
        reader = client(slug)
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(path).status_code == 200
        return len(captured)

    release(write_whole(by=alpha(), text="a"), "beta")
    one = cost()
    for text in "bc":
        release(write_whole(by=alpha(), text=text), "beta", "un")
    assert cost() == one


def test_receiver_takes_note_of_a_recall_and_the_owner_sees_it(three_lines):
    decided = release(write_whole(by=alpha(), text="a"), "beta")
    owner, beta = client("alpha"), client("beta")
    page = reverse("doors:release", args=[decided.pk])
    empty = owner.post(f"{page}recall/", {"recall-key": str(uuid.uuid4()), "recall-reason": " "})
    assert empty.status_code == 422
    sent = {"recall-key": str(uuid.uuid4()), "recall-reason": "sent by mistake"}
    assert [owner.post(f"{page}recall/", sent).status_code for _twice in range(2)] == [302, 302]
    with eyes_of(factories.actor("beta")):
        delivery = Delivery.objects.get()
    place = reverse("doors:delivery", args=[delivery.pk])
    assert "sent by mistake" in beta.get(place).content.decode()
    assert "not yet" in owner.get(page).content.decode()
    assert beta.post(f"{place}acknowledge/").status_code == 302
    text = owner.get(page).content.decode()
    assert ("not yet" in text, "sent by mistake" in text, "/receipt/" in text) == (False, True, True)


def test_release_and_delivery_pages_do_not_exist_for_others(three_lines):
    decided = release(write_whole(by=alpha(), text="a"), "beta")
    with eyes_of(alpha()):
        delivery = Delivery.objects.get()
    pages = [reverse("doors:release", args=[decided.pk]), reverse("doors:delivery", args=[delivery.pk])]
    assert [client("un").get(page).status_code for page in pages] == [404, 404]
    assert [client("beta").get(page).status_code for page in pages] == [404, 200]
    assert client("beta").post(f"{pages[0]}recall/", {"recall-reason": "mine"}).status_code == 404


def mark(slug: str, record: Release, source: str = "{% share_of share row %}") -> str:
    reader = factories.actor(slug)
    with eyes_of(reader):
        found = Release.objects.get(pk=record.pk)
        request = RequestFactory().get("/")
        request.actor = reader
        context = Context({"request": request, "row": found, "share": share_state_of([found], reader)})
        return Template("{% load doors %}" + source).render(context)


def test_mark_of_a_row_tells_who_reads_it(three_lines):
    record = write_whole(by=alpha(), text="a")
    assert "share--own" in mark("alpha", record)
    decided = release(record, "un", "beta")
    assert ("share--released" in mark("alpha", record), 'title="Room beta, Room un"' in mark("alpha", record)) == (
        True,
        True,
    )
    assert 'title="from Room alpha"' in mark("beta", record)
    recall(decided)
    assert "share--recalled" in mark("alpha", record)
    assert mark("alpha", record, "{% share_state row %}") == mark("alpha", record)
