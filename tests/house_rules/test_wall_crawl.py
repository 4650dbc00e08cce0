"""Every page, export, search and endpoint, walked as each room: nothing of another room's records is ever there.

The site is walked before and after one room (alpha) fills with records of every kind; what the others get must not
change by a byte. New pages are found by themselves: through the addresses, and through the links of other pages.
"""

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import pytest
from django.db import connections, models, transaction
from django.test import override_settings

from tansiq.building.doors.rules import RECORD_TYPES
from tansiq.building.ledger import sequencer
from tansiq.building.rooms.acts import own_audience, tell
from tansiq.building.wall.context import room_context
from tests import databases, factories
from tests.floor.listening import Listener
from tests.house_rules.crawling import Answer, Route, Walker, pattern_of, query_words, routes
from tests.house_rules.planting import furnish, kinds_of_record, pass_to, plant, rows_of
from tests.servers import served_here, session_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get("TANSIQ_WALL_CRAWL"),
        reason="walks thousands of addresses, for minutes: TANSIQ_WALL_CRAWL=1 make test ARGS=tests/house_rules",
    ),
]

HIDING, RECEIVER = "alpha", "lead"
OTHERS = ("beta", "un", "press", "floor")
CURIOUS = "beta"  # fills in every form and every word of every address; the others follow links
MARK = "zqalpha"
NEVER = "00000000-0000-4000-8000-000000000000"  # the id of no record
NOT_WALKED = {
    "floor/events": "a stream without end; test_stream_tells_other_rooms_nothing listens to it",
}
"""Addresses that are not read, each with its reason."""

UNREACHED = {
    "accounts/": "signing in, before there is a room",
    "language/": "takes a choice, shows nothing",
}
SHOWS_NOTHING = {
    "": "leads to the floor or to the sign-in page",
    "api/": "answers that there is nothing",
    "api/{rest}": "answers that there is nothing",
}
"""Addresses that show nobody anything, each with its reason."""

"""Beginnings of addresses of which the owner of records gets no page with 200, each with its reason."""

NOT_PLANTED = {
    "doors.RecallReceipt": "the receiver's statement, in the receiver's room",
    "ledger.Grant": "stands in the receiver's room",
}
"""Kinds of record of which alpha has none, each with its reason."""

UNMARKED = {
    "a code of the operation, checked when it is written": {
        "aid.AidEvent": "crossing_code reason source stage",
        "aid.AidMeasure": "commodity consignor_class crossing_code source stage unit",
        "aid.CargoName": "commodity",
        "aid.Consignment": "consignor_class crossing_code source",
        "aid.ConsignmentLine": "commodity unit",
        "aid.HandlingUnit": "kind",
        "aid.ImportRun": "mapping mapping_code record_kind source source_names",
        "aid.LedgerRow": "record_kind source",
        "clocks.Clock": "ladder pause_reason",
        "clocks.ClockPause": "reason",
        "clocks.ClockStep": "step",
        "clocks.Notice": "step",
        "doors.Delivery": "lines record_type releasable_to",
        "doors.Release": "lines record_type second_roles",
        "impediments.Impediment": "answer chain_links kind obligation origin owner_role place",
        "impediments.ImpedimentDetail": "cost_unit",
        "impediments.ImpedimentStep": "answer owner_role",
        "people.ApiToken": "acts networks",
        "places.CrossingStatus": "reason",
        "rooms.Membership": "roles",
    },
    "made by the house: a digest, the name of an act, of a table, of a fact": {
        "aid.AidEvent": "fingerprint",
        "aid.AidMeasure": "cargo_key",
        "aid.CargoName": "cargo_key",
        "aid.ImportRun": "file_sha256",
        "aid.LedgerRow": "fingerprint row_key",
        "clocks.Clock": "subject_label",
        "clocks.ClockNote": "act",
        "impediments.ImpedimentStep": "act",
        "impediments.RelatedRecord": "record_label",
        "ledger.Entry": "act",
        "ledger.Fact": "body name",
        "people.ApiToken": "secret_sha256",
        "rooms.News": "topics",
        "rooms.Submission": "act record_label",
    },
    "further columns of a ledger; this one has none": {"aid.LedgerRow": "notes"},
    "the words of another act on the same record, which is planted in another row": {
        "doors.Delivery": "recall_reason",
    },
}
"""Columns of text in which alpha's mark is not found, by reason."""


@dataclass
class Walked:
    """What everyone was answered, before and after alpha's records were there."""

    before: dict[str, dict[str, Answer]] = field(default_factory=dict)
    after: dict[str, dict[str, Answer]] = field(default_factory=dict)
    owner: dict[str, Answer] = field(default_factory=dict)  # alpha's own pages
    hidden: dict[str, dict[str, Answer]] = field(default_factory=dict)  # alpha's addresses, as others are answered
    absent: dict[str, dict[str, Answer]] = field(default_factory=dict)  # the same with the id of no record
    posted: dict[str, tuple[Answer, Answer]] = field(default_factory=dict)  # by beta: hidden, absent
    received: dict[str, Answer] = field(default_factory=dict)  # by lead, once released to it
    rows_before: dict[str, list[str]] = field(default_factory=dict)  # alpha's, in every table
    rows_after: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, list[dict[str, str]]] = field(default_factory=dict)  # alpha's text columns
    heard: dict[str, list[str]] = field(default_factory=dict)  # on the event stream, while alpha wrote
    reached: dict[str, set[int]] = field(default_factory=dict)  # address -> how its owner was answered


def is_skipped(url: str) -> bool:
    path = url.split("?", maxsplit=1)[0].lstrip("/")
    return path in NOT_WALKED or path.startswith(("accounts/", "static/"))


@cache
def site() -> list[Route]:
    return routes()


def open_addresses(*, asking: bool = True) -> list[str]:
    """Every address without a gap, alone and, when asking, with each word of its query for alpha's mark."""
    found = []
    for route in site():
        if not route.gaps:
            found.append(route.filled({}))
            words = query_words(route) if asking else ()
            found += [f"{route.filled({})}?{word}={MARK}" for word in sorted(words)]
    return found


def addresses_of(ids: list[str], codes: list[str]) -> Iterator[tuple[Route, str, str]]:
    """Every address with gaps, filled with each id and code; and the same with what never was."""
    for route in site():
        if not route.gaps:
            continue
        for one in ids if any(kind == "uuid" for _, kind in route.gaps) else [NEVER]:
            for code in codes if any(kind != "uuid" for _, kind in route.gaps) else [""]:
                values = {name: one if kind == "uuid" else code for name, kind in route.gaps}
                if all(kind in ("uuid", "slug", "str", "path") for _, kind in route.gaps):
                    yield (
                        route,
                        route.filled(values),
                        route.filled(values).replace(one, NEVER).replace(MARK, "zqnobody"),
                    )


def ids_of_alpha(most: int) -> list[str]:
    """So many records of every kind."""
    return [str(row["id"]) for kind in kinds_of_record() for row in rows_of(HIDING, kind)[:most] if "id" in row]


def codes_in_use() -> list[str]:
    return [*RECORD_TYPES, f"{MARK}_count", "kerem_shalom", "csv"]


@pytest.fixture(scope="module")
def walked(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walked]:
    place = tmp_path_factory.mktemp("crawl")
    former = connections["default"].settings_dict["NAME"]
    name = f"{former}_crawl"
    with django_db_blocker.unblock(), override_settings(DATA=place, VAULT=place / "vault"):  # type: ignore[attr-defined]
        databases.drop(name)
        databases.copy(databases.in_use[-1], name)
        point_at(name)
        yield walk_everything()
        point_at(former)
    databases.drop(name)


def point_at(name: str) -> None:
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def test_every_kind_of_record_was_there_to_be_hidden(walked: Walked) -> None:
    planted = {label for label, rows in walked.rows_before.items() if rows}
    assert {kind._meta.label for kind in kinds_of_record()} - planted == set(NOT_PLANTED)


def test_every_text_of_a_record_carried_the_mark(walked: Walked) -> None:
    unmarked = {
        f"{kind._meta.label}.{part.name}"
        for kind in kinds_of_record()
        for part in texts_of(kind)
        if kind._meta.label not in NOT_PLANTED
        and not any(MARK in row[part.column] for row in walked.texts[kind._meta.label])
    }
    allowed = {
        f"{kind}.{name}" for kinds in UNMARKED.values() for kind, names in kinds.items() for name in names.split()
    }
    assert unmarked - allowed == set()


def test_owner_sees_its_own_records_on_every_page(walked: Walked) -> None:
    """That nothing leaks means something only where something could."""
    seen = [url for url, answer in walked.owner.items() if answer.holds([MARK])]
    assert len(seen) > 20
    assert {url.split("/")[1] for url in seen} >= {
        "aid",
        "clocks",
        "doors",
        "impediments",
        "ledger",
        "places",
        "rooms",
        "api",
    } & areas()


def test_every_address_was_reached_by_the_owner(walked: Walked) -> None:
    """A page that the walk cannot reach is named with its reason, so that no new page goes unwalked."""
    missed = [
        route.pattern
        for route in site()
        if not {200, 405} & walked.reached.get(resolve_pattern(route), set())
        and route.pattern not in {**NOT_WALKED, **SHOWS_NOTHING}
    ]
    assert [place for place in missed if not place.startswith(tuple(UNREACHED))] == []


@pytest.mark.parametrize("slug", OTHERS)
def test_answers_are_the_same_with_and_without_hidden_records(walked: Walked, slug: str) -> None:
    before, after = walked.before[slug], walked.after[slug]
    assert len(before) > 20
    assert [
        difference(url, before[url].plain, after[url].plain) for url in before if before[url].plain != after[url].plain
    ] == []


@pytest.mark.parametrize("slug", OTHERS)
def test_nothing_hidden_is_in_any_answer(walked: Walked, slug: str) -> None:
    leaks = [
        url
        for url, answer in (*walked.after[slug].items(), *walked.hidden[slug].items())
        if answer.holds([f"{MARK} ", f"{MARK}_", f"{MARK}@"]) and MARK not in url
    ]
    assert leaks == []
    assert [url for url, answer in walked.hidden[slug].items() if answer.status == 500] == []


@pytest.mark.parametrize("slug", OTHERS)
def test_hidden_is_answered_as_what_never_was(walked: Walked, slug: str) -> None:
    hidden, absent = walked.hidden[slug], walked.absent[slug]
    assert len(hidden) > 20
    told = {url: answer.plain.replace(MARK, "zqnobody") for url, answer in hidden.items()}
    assert [difference(url, told[url], absent[url].plain) for url in hidden if told[url] != absent[url].plain] == []


def test_what_is_hidden_cannot_be_changed_and_the_try_tells_nothing(walked: Walked) -> None:
    assert len(walked.posted) > 20
    told = [difference(url, *(answer.plain for answer in pair)) for url, pair in walked.posted.items()]
    assert [one for one in told if one] == []
    assert walked.rows_before == walked.rows_after


def test_what_was_released_is_seen_by_its_receiver(walked: Walked) -> None:
    assert [url for url, answer in walked.received.items() if answer.holds([f"{MARK} because"])] != []


def test_stream_tells_other_rooms_nothing(walked: Walked) -> None:
    assert walked.heard["beta"] == ["of its own"]
    assert walked.heard[HIDING] != []


def walk_everything() -> Walked:
    walked = Walked()
    furnish()
    plant("beta", "zqbeta")
    plant("lead", "zqlead")
    for receiver in ("beta", HIDING):
        pass_to(receiver, factories.actor("lead"), "zqlead")
    sequencer.tick()
    walkers = {slug: Walker(slug) for slug in OTHERS}
    for slug, walker in walkers.items():
        asking = slug == CURIOUS
        walker.walk(open_addresses(asking=asking), (MARK, NEVER) if asking else (), is_skipped)
        walked.before[slug] = walker.answers
    walked.heard = listened_while_alpha_writes()
    walked.rows_before, walked.texts = all_rows(), all_texts()
    for slug, walker in walkers.items():
        walked.after[slug] = {url: walker.get(url) for url in walked.before[slug]}
    sequencer.tick()  # not before: the size of the tree is public, and tells of acts in steps of sixteen
    walk_as_owner(walked)
    for slug, walker in walkers.items():
        visit_hidden(walked, slug, walker)
    post_to_hidden(walked, walkers["beta"])
    walked.rows_after = all_rows()
    pass_to(RECEIVER, factories.actor(HIDING), MARK)
    receiver = Walker(RECEIVER)
    receiver.walk(open_addresses(), (MARK,), is_skipped)
    walked.received = receiver.answers
    return walked


def walk_as_owner(walked: Walked) -> None:
    owner = Walker(HIDING)
    owner.walk(open_addresses(), (MARK,), is_skipped)
    walked.owner = owner.answers
    statuses = {url: found.status for url, found in owner.answers.items()}
    for _route, url, _twin in addresses_of(ids_of_alpha(1), codes_in_use()):
        if url not in statuses and not is_skipped(url):
            found = owner.get(url)
            statuses[url] = found.status
            if found.status == 200:
                walked.owner[url] = found
    for url, status in statuses.items():
        walked.reached.setdefault(pattern_of(url), set()).add(status)


def visit_hidden(walked: Walked, slug: str, walker: Walker) -> None:
    """Ask for alpha's own addresses, and for the same of records that never were."""
    ids = {str(row["id"]) for kind in kinds_of_record() for row in rows_of(HIDING, kind) if "id" in row}
    hidden, absent = walked.hidden.setdefault(slug, {}), walked.absent.setdefault(slug, {})
    for url in walked.owner:
        twin = url.replace(MARK, "zqnobody")
        for one in ids:
            twin = twin.replace(one, NEVER)
        if twin != url:
            hidden[url] = walker.get(url)
            absent[url] = walker.get(twin)


def post_to_hidden(walked: Walked, walker: Walker) -> None:
    """Try to change, as beta, whatever has an address of its own."""
    body = {"reason": "a try", "note": "a try", "roles": "observer", "lines": "headline", "marking": "GREEN"}
    absent: dict[str, Answer] = {}
    for route, url, twin in addresses_of(ids_of_alpha(1), [*RECORD_TYPES, "csv"]):
        if any(kind == "uuid" for _, kind in route.gaps):
            if twin not in absent:
                absent[twin] = walker.post(twin, body)
            walked.posted[url] = (walker.post(url, body), absent[twin])


def all_rows() -> dict[str, list]:
    return {kind._meta.label: sorted(map(str, rows_of(HIDING, kind))) for kind in kinds_of_record()}


def all_texts() -> dict[str, list[dict[str, str]]]:
    return {
        kind._meta.label: [
            {part.column: str(row[part.column]) for part in texts_of(kind)} for row in rows_of(HIDING, kind)
        ]
        for kind in kinds_of_record()
    }


def texts_of(kind: type[models.Model]) -> list[models.Field]:
    """Columns that may hold what somebody typed."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    return [part for part in kind._meta.concrete_fields if isinstance(part, kinds) and not part.choices]


def listened_while_alpha_writes() -> dict[str, list[str]]:
    """Plant alpha's records while both have the floor open; the topics of the first news that each of them hears."""
    with served_here() as served:
        ears = {slug: Listener(served, session_of(factories.account(slug))) for slug in ("beta", HIDING)}
        try:
            assert [ear.next().name for ear in ears.values()] == ["beat", "beat"]
            plant(HIDING, MARK)
            announce("beta", "of its own")
            return {slug: ear.next_news().topics for slug, ear in ears.items()}
        finally:
            for ear in ears.values():
                ear.close()


def announce(slug: str, topic: str) -> None:
    room_id = factories.room_id(slug)
    with room_context(room_ids=(room_id,)), transaction.atomic():
        tell(room_id, own_audience(room_id), [topic])


def difference(url: str, first: str, second: str) -> str:
    """The first line in which two answers differ; nothing when they do not."""
    pairs = itertools.zip_longest(first.splitlines(), second.splitlines(), fillvalue="")
    return next((f"{url}: {a.strip()[:200]!r} / {b.strip()[:200]!r}" for a, b in pairs if a != b), "")


def resolve_pattern(route: Route) -> str:
    """The address as Django's resolver names it."""
    values = {name: NEVER if kind == "uuid" else "a" for name, kind in route.gaps}
    return pattern_of(route.filled(values))


def areas() -> set[str]:
    return {route.pattern.split("/")[0] for route in site()}
