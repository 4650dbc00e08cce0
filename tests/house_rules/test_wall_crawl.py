"""Every page, export, search and endpoint, walked as each room: nothing of another room's records is ever there.

The site is walked before and after one room (alpha) fills with records of every kind, at one pinned moment; what the
others get must not change by a byte. New pages are found by themselves: through the addresses, and through the links
of other pages. Pages that leak on purpose are walked along, and each must be found.
"""

import difflib
import os
import re
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest
from django.db import connections, models, transaction
from django.test import override_settings

from tansiq.building.doors.rules import RECORD_TYPES
from tansiq.building.ledger import sequencer
from tansiq.building.rooms.acts import own_audience, tell
from tansiq.building.wall.context import room_context
from tansiq.console.addresses import admin_parameters
from tansiq.desks.aid.models import AidEvent, Consignment
from tests import databases, factories
from tests.floor.listening import Listener
from tests.house_rules import leaking
from tests.house_rules.crawling import UUID, Answer, Route, Walker, pattern_of, query_words, routes, shape_of
from tests.house_rules.planting import furnish, kinds_of_record, pass_to, plant, rows_of
from tests.house_rules.standing_still import clock_at, pages_unset
from tests.servers import served_here, session_of

pytestmark = pytest.mark.slow

WHOLE = bool(os.environ.get("TANSIQ_WALL_CRAWL"))
"""Whether to read every address that is found; else the first of each shape, for each room: the same on every run."""

OF_A_SHAPE = 4 if WHOLE else 1
HIDING, RECEIVER, KNOWING = "alpha", "lead", "guarantors"
INCURIOUS = "un"
OTHERS = tuple(slug for slug in factories.ROOMS if slug != HIDING)
CURIOUS = OTHERS if WHOLE else ("beta",)  # fill in every form and every word of every address; the others follow links
TODAY, DAYS = datetime.now(UTC).date(), timedelta(days=2)
LONG_S = 86_400  # nobody is signed out, or asked for a proof, because the machine is slow
LATER = timedelta(minutes=30)  # all requests are made later than all that is planted, so that nothing is yet to come
UUIDS = re.compile(UUID)
KNOWN = "zqknown"  # the mark of what alpha released to the guarantors before anybody walked
MARK = "zqalpha"
NEVER = "00000000-0000-4000-8000-000000000000"  # the id of no record
WORDS = (MARK, NEVER) if WHOLE else (MARK,)  # what the curious ask each form for
NOT_WALKED = {
    "floor/events": "a stream without end; test_stream_tells_other_rooms_nothing listens to it",
}
"""Addresses that are not read, each with its reason."""

MUST_ASK = {
    "api/v1/places/search": {"q": MARK},
    "api/v1/changes": {"since": f"{TODAY - DAYS}T00:00:00Z"},
    "api/v1/aid/counts/{code}": {"from": str(TODAY - DAYS), "to": str(TODAY + DAYS)},
}
"""What an address must be asked to answer anything."""

CODES = ("kerem_shalom", "trucks_entered")
"""Codes of the operation that are in the addresses of what every room may read."""

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

LOST = {
    "aid_aidevent": "/aid/",
    "aid_aidmeasure": "/aid/counts/",
    "clocks_clock": "/clocks/",
    "crossings_daystatement": "/crossings/",
    "needs_caseload": "/needs/",
    "needs_exposure": "/needs/",
    "needs_storm": "/needs/",
    "crossings_slotbooking": "/crossings/",
    "aid_importrun": "/aid/imports/",
    "coordination_asking": "/coordination/",
    "distribution_warehouse": "/distribution/",
    "impediments_impediment": "/impediments/",
    "transport_manifest": "/transport/",
    "ledger_entry": "/floor/",
    "places_crossingquota": "/places/crossings/",
    "requests_request": "/requests/",
    "requests_clearancedecision": "/requests/items/",
    "places_crossingstatus": "/places/crossings/",
}
"""Tables that lose their wall for a test, and the beginning of the addresses where that must be seen."""

NOT_PLANTED = {
    "doors.RecallReceipt": "the receiver's statement, in the receiver's room",
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
        "coordination.Asking": "authority_role crossing_code",
        "coordination.AskingDetail": "route_code",
        "coordination.AskingLine": "commodity unit",
        "coordination.AskingStep": "code",
        "coordination.DecisionDetail": "route_code",
        "coordination.DecisionLine": "unit",
        "coordination.DecisionStep": "code crossing_code",
        "coordination.RouteDetail": "method",
        "coordination.RouteStatement": "cause route_code state",
        "distribution.Complaint": "area category channel",
        "distribution.DistributionPlan": "area",
        "distribution.Interview": "answers",
        "distribution.Line": "commodity group reason unit",
        "distribution.MonitoringRound": "frame_codes questionnaire",
        "distribution.PlanDetail": "crowd_measures",
        "distribution.Step": "code",
        "distribution.StockMovement": "commodity reason unit",
        "distribution.Warehouse": "place",
        "crossings.DayStatement": "reason",
        "crossings.SlotAnswer": "reason",
        "crossings.SlotBooking": "classes reason",
        "needs.Caseload": "indicator p_code",
        "needs.Exposure": "hazard level p_code",
        "needs.Storm": "areas hazard",
        "doors.Delivery": "lines record_type releasable_to",
        "doors.Release": "lines record_type second_roles",
        "impediments.Impediment": "answer chain_links kind obligation origin owner_role place",
        "impediments.ImpedimentDetail": "cost_unit",
        "impediments.ImpedimentStep": "answer owner_role",
        "people.ApiToken": "acts networks",
        "places.CrossingStatus": "reason",
        "requests.Clearance": "commodity commodity_class organisation_type role",
        "requests.ClearanceDecision": "commodity commodity_class decided_role organisation_type reason",
        "requests.DecisionTerms": "unit",
        "requests.Inconsistency": "commodity owner_role",
        "requests.Request": "consignor_class crossing_code places",
        "requests.RequestLine": "commodity unit",
        "requests.RequestStep": "outcome",
        "rooms.Invitation": "roles",
        "transport.Manifest": "consignor_class crossing_code",
        "transport.ManifestDetail": "capacity_unit",
        "transport.ManifestLine": "commodity unit unit_kind",
        "transport.Scan": "answers before_stage condition crossing_code deed place stage unit",
        "transport.SealReading": "deed",
        "transport.Difference": "kind",
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
        "crossings.SlotAnswer": "act",
        "distribution.Complaint": "reference",
        "distribution.DistributionPlan": "reference",
        "distribution.MonitoringRound": "drawn reference seed",
        "distribution.PartnerRelease": "reference",
        "distribution.Step": "act",
        "needs.CaseloadFile": "file_sha256",
        "impediments.ImpedimentStep": "act",
        "impediments.RelatedRecord": "record_label",
        "ledger.Entry": "act",
        "ledger.Fact": "body name",
        "ledger.Grant": "name",
        "people.ApiToken": "secret_sha256",
        "requests.ClearanceToken": "text",
        "requests.RequestStep": "act",
        "rooms.News": "topics",
        "rooms.Submission": "act record_label",
        "transport.ManifestStep": "act",
        "transport.UnitCode": "payload short",
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

    moment: datetime | None = None  # at which everybody asked
    walkers: dict[str, Walker] = field(default_factory=dict)
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
    tried: dict[str, int] = field(default_factory=dict)  # each address that its owner asked, and how it was answered
    hidden_ids: set[str] = field(default_factory=set)  # of what alpha wrote between before and after
    reached: dict[str, set[int]] = field(default_factory=dict)  # address -> how its owner was answered


def is_skipped(url: str) -> bool:
    path = url.split("?", maxsplit=1)[0].lstrip("/")
    return path in NOT_WALKED or path.startswith(("accounts/", "static/"))


def is_leak(url: str) -> bool:
    return url.startswith(f"/{leaking.AREA}")


@cache
def site() -> list[Route]:
    return routes()


def open_addresses(*, asking: bool = True) -> list[str]:
    """Every address without the id of a record, alone and, when asking, with each word of its query for alpha's mark."""
    found = []
    for route in site():
        if has_id(route):
            continue
        for code in CODES if route.gaps else ("",):
            plain = asked_what_it_must(route, route.filled(dict.fromkeys((name for name, _ in route.gaps), code)))
            words = query_words(route) if asking and not route.gaps else ()
            found += [plain, *(f"{route.filled({})}?{word}={MARK}" for word in sorted(words))]
    return found


def has_id(route: Route) -> bool:
    return any(kind == "uuid" for _, kind in route.gaps)


def asked_what_it_must(route: Route, url: str) -> str:
    asked = MUST_ASK.get(route.pattern)
    return f"{url}?{urlencode(asked)}" if asked else url


def addresses_of(records: dict[str, str], codes: list[str]) -> Iterator[tuple[Route, str, str]]:
    """Every address with gaps, filled with each code and each id that may fit; and the same with what never was."""
    for route in site():
        for code in codes if any(kind != "uuid" for _, kind in route.gaps) else [""]:
            for one in fitting(route, code, records) if has_id(route) else [NEVER]:
                values = {name: one if kind == "uuid" else code for name, kind in route.gaps}
                url = asked_what_it_must(route, route.filled(values))
                if route.gaps:
                    yield route, url, url.replace(one, NEVER).replace(MARK, "zqnobody")


def fitting(route: Route, code: str, records: dict[str, str]) -> list[str]:
    """The ids of records of the kind that the gap, or the code beside it, names; all where neither does."""
    gap = next(name for name, kind in route.gaps if kind == "uuid").removesuffix("_id").replace("_", "")
    named = RECORD_TYPES[code].model.__name__ if code in RECORD_TYPES else gap
    fit = [one for kind, one in records.items() if kind.lower().endswith(named.lower())]
    return fit if fit and not WHOLE else list(records.values())


def records_of_alpha(former: Container[str]) -> dict[str, str]:
    """The id of one record of every kind that nobody else was ever shown, by the kind's name."""
    found = {}
    for kind in kinds_of_record():
        ids = (str(row.get("id")) for row in rows_of(HIDING, kind) if "id" in row)
        if one := next((one for one in ids if one not in former), None):
            found[kind.__name__] = one
    return found


def codes_in_use() -> list[str]:
    return [*RECORD_TYPES, f"{MARK}_count", *CODES, "csv"]


@pytest.fixture(scope="module")
def walked(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walked]:
    place = tmp_path_factory.mktemp("crawl")
    settings = override_settings(
        DATA=place, VAULT=place / "vault", ROOT_URLCONF=leaking.__name__, ACCOUNT_REAUTHENTICATION_TIMEOUT=LONG_S,
        SESSION_IDLE_S=LONG_S,
    )  # fmt: skip
    with django_db_blocker.unblock(), settings, pages_unset(), databases.copied("crawl"):  # type: ignore[attr-defined]
        yield walk_everything()


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
        "coordination",
        "distribution",
        "crossings",
        "needs",
        "doors",
        "impediments",
        "ledger",
        "places",
        "requests",
        "rooms",
        "api",
    } & areas()


def test_every_address_was_reached_by_the_owner(walked: Walked) -> None:
    """A page that the walk cannot reach is named with its reason, so that no new page goes unwalked."""
    missed = [
        route.pattern
        for route in site()
        if not is_leak(f"/{route.pattern}")
        and not {200, 405} & walked.reached.get(resolve_pattern(route), set())
        and route.pattern not in {**NOT_WALKED, **SHOWS_NOTHING}
    ]
    assert [place for place in missed if not place.startswith(tuple(UNREACHED))] == []


@pytest.mark.parametrize("slug", OTHERS)
def test_answers_are_the_same_with_and_without_hidden_records(walked: Walked, slug: str) -> None:
    assert len(walked.before[slug]) > 20
    assert [told for url, told in changed(walked, slug).items() if not is_leak(url)] == []


@pytest.mark.parametrize("slug", OTHERS)
def test_every_leak_made_on_purpose_is_found(walked: Walked, slug: str) -> None:
    """A number, an hour, an order, an id, a word and a header, each of which tells of hidden records."""
    assert {url for url in changed(walked, slug) if is_leak(url)} == {
        f"/{leaking.AREA}{name}/" for name in leaking.LEAKS
    }
    assert [url for url, _told in distinguished(walked, slug) if is_leak(url)] != []


def changed(walked: Walked, slug: str) -> dict[str, str]:
    """Where the room was answered otherwise once alpha's records were there."""
    pairs = ((url, first.plain, walked.after[slug][url].plain) for url, first in walked.before[slug].items())
    return {url: difference(url, first, second) for url, first, second in pairs if first != second}


@pytest.mark.parametrize("slug", OTHERS)
def test_nothing_hidden_is_in_any_answer(walked: Walked, slug: str) -> None:
    leaks = [
        url
        for url, answer in (*walked.after[slug].items(), *walked.hidden[slug].items())
        if answer.holds([f"{MARK} ", f"{MARK}_", f"{MARK}@"]) and MARK not in url
    ]
    assert leaks == [f"/{leaking.AREA}word/"]
    ids = {url for url, answer in walked.after[slug].items() if walked.hidden_ids & set(answer.ids())}
    assert ids == {f"/{leaking.AREA}id/"}
    assert [url for url, answer in walked.hidden[slug].items() if answer.status == 500] == []


@pytest.mark.parametrize("slug", OTHERS)
def test_hidden_is_answered_as_what_never_was(walked: Walked, slug: str) -> None:
    visited = {pattern_of(url) for url in walked.hidden[slug]}
    assert {resolve_pattern(route) for route in site() if has_id(route) and not is_leak(f"/{route.pattern}")} <= visited
    assert [told for url, told in distinguished(walked, slug) if not is_leak(url)] == []


def distinguished(walked: Walked, slug: str) -> list[tuple[str, str]]:
    """Where the room was answered otherwise about a hidden record than about one that never was."""
    pairs = (
        (url, answer.plain, walked.absent[slug][url].plain) for url, answer in walked.hidden[slug].items()
    )  # the ids in them were replaced when they were taken
    return [(url, difference(url, first, second)) for url, first, second in pairs if first != second]


def test_what_is_hidden_cannot_be_changed_and_the_try_tells_nothing(walked: Walked) -> None:
    assert len(walked.posted) > 20
    told = {url: difference(url, *(answer.plain for answer in pair)) for url, pair in walked.posted.items()}
    assert [one for url, one in told.items() if one and not is_leak(url)] == []
    assert walked.rows_before == walked.rows_after


def test_what_was_released_is_seen_by_its_receiver(walked: Walked) -> None:
    assert [url for url, answer in walked.received.items() if answer.holds([f"{MARK} because"])] != []


def test_stream_tells_other_rooms_nothing(walked: Walked) -> None:
    assert walked.heard["beta"] == ["of its own"]
    assert walked.heard[HIDING] != []


@pytest.mark.parametrize(("table", "start"), LOST.items())
def test_policy_that_lets_all_read_is_found(walked: Walked, table: str, start: str) -> None:
    """The walk of the same pages, once one table has lost its wall, is answered otherwise."""
    walker = walked.walkers[INCURIOUS]
    pages = [url for url in walked.after[INCURIOUS] if url.startswith(start)]
    with clock_at(walked.moment):
        former = {url: walker.get(url).plain for url in pages}
        assert former == {url: walked.after[INCURIOUS][url].plain for url in pages}
        without_wall(f"create policy open on {table} for select using (true)")
        found = [url for url in pages if walker.get(url).plain != former[url]]
        without_wall(f"drop policy open on {table}")
    assert found != []


def without_wall(statement: str) -> None:
    name = connections["default"].settings_dict["NAME"]
    with psycopg.connect(**{**admin_parameters(), "dbname": name}) as connection:
        connection.execute(statement)


def walk_everything() -> Walked:
    walked = Walked()
    furnish()
    plant("beta", "zqbeta")
    plant("lead", "zqlead")
    plant(HIDING, KNOWN)
    for receiver in ("beta", HIDING):
        pass_to(receiver, factories.actor("lead"), "zqlead")
    pass_to(KNOWING, factories.actor(HIDING), KNOWN, without=of_ledgers(HIDING))
    sequencer.tick()
    former = ids_of(HIDING)
    walked.walkers = {slug: Walker(slug, OF_A_SHAPE) for slug in OTHERS}
    walked.moment = datetime.now(UTC) + LATER
    with clock_at(walked.moment):
        for slug, walker in walked.walkers.items():
            asking = slug in CURIOUS
            walker.walk(open_addresses(asking=asking), WORDS if asking else (), is_skipped)
            walked.before[slug] = walker.answers
    walked.heard = listened_while_alpha_writes()
    walked.rows_before, walked.texts = all_rows(), all_texts()
    with clock_at(walked.moment):
        for slug, walker in walked.walkers.items():
            walked.after[slug] = {url: walker.get(url) for url in walked.before[slug]}
    walked.hidden_ids = ids_of(HIDING) - former
    records = records_of_alpha(former)
    sequencer.tick()  # not before: the size of the tree is public, and tells of acts in steps of sixteen
    with clock_at(walked.moment):
        walk_as_owner(walked, records)
        for slug, walker in walked.walkers.items():
            visit_hidden(walked, slug, walker, records)
        post_to_hidden(walked, walked.walkers["beta"], records)
    walked.rows_after = all_rows()
    pass_to(RECEIVER, factories.actor(HIDING), MARK)
    receiver = Walker(RECEIVER)
    receiver.walk(["/doors/"], (), lambda url: not url.startswith("/doors/"))
    walked.received = receiver.answers
    return walked


def ids_of(slug: str) -> set[str]:
    """The ids of every record of a room."""
    return {str(row["id"]) for kind in kinds_of_record() for row in rows_of(slug, kind) if "id" in row}


def of_ledgers(slug: str) -> set[object]:
    """The ids of what came out of a ledger's file: the next file of that ledger may revise it, and its receiver sees that."""
    return {row["id"] for kind in (Consignment, AidEvent) for row in rows_of(slug, kind) if row["source"] != slug}


def walk_as_owner(walked: Walked, records: dict[str, str]) -> None:
    owner = Walker(HIDING, OF_A_SHAPE + 1)
    owner.walk(open_addresses(), (MARK,), is_skipped)
    walked.owner = owner.answers
    for url, found in owner.answers.items():
        note_reached(walked, url, found)
    for _route, url, _twin in addresses_of(records, codes_in_use()):
        seen = walked.reached.get(pattern_of(url), set())
        if url in walked.tried or is_skipped(url) or ({200, 405} & seen and not WHOLE):
            continue
        found = owner.get(url)
        note_reached(walked, url, found)
        if found.status == 200:
            walked.owner[url] = found


def note_reached(walked: Walked, url: str, found: Answer) -> None:
    walked.tried[url] = found.status
    walked.reached.setdefault(pattern_of(url), set()).add(found.status)


def visit_hidden(walked: Walked, slug: str, walker: Walker, records: dict[str, str]) -> None:
    """Ask for alpha's own addresses, and for the same of records that never were; at least one of every kind."""
    hidden, absent = walked.hidden.setdefault(slug, {}), walked.absent.setdefault(slug, {})
    shapes, twins, ids = Counter[str](), dict[str, Answer](), walked.hidden_ids
    there_first = sorted(walked.tried, key=lambda url: walked.tried[url] == 404)
    for url in (*there_first, *(url for _route, url, _twin in addresses_of(records, codes_in_use()))):
        path = urlsplit(url).path  # words were asked for before and after, by the curious
        about = url if slug in CURIOUS else path
        if not any(one in ids for one in UUIDS.findall(about)) and MARK not in (about if WHOLE else path):
            continue
        if (found := shape_of(url)) and shapes[found] >= OF_A_SHAPE:
            continue
        shapes[found] += 1
        twin = never(url, ids)
        if twin not in twins:
            twins[twin] = walker.get(twin)
        answer = walker.get(url)
        hidden[url], absent[url] = replace(answer, plain=never(answer.plain, ids)), twins[twin]


def never(text: str, ids: set[str]) -> str:
    """The text with what is alpha's replaced by what never was."""
    return UUIDS.sub(lambda found: NEVER if found[0] in ids else found[0], text).replace(MARK, "zqnobody")


def post_to_hidden(walked: Walked, walker: Walker, records: dict[str, str]) -> None:
    """Try to change, as beta, whatever has an address of its own."""
    body = {"reason": "a try", "note": "a try", "roles": "observer", "lines": "headline", "marking": "GREEN"}
    absent: dict[str, Answer] = {}
    for route, url, twin in addresses_of(records, [*RECORD_TYPES, "csv"]):
        if has_id(route) and not is_skipped(url):
            if twin not in absent:
                absent[twin] = walker.post(twin, body)
            answer = walker.post(url, body)
            walked.posted[url] = (replace(answer, plain=never(answer.plain, walked.hidden_ids)), absent[twin])


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
    """Every line in which two answers differ; nothing when they do not."""
    if first == second:
        return ""
    return "\n".join((url, *difflib.unified_diff(first.splitlines(), second.splitlines(), n=0, lineterm="")))


def resolve_pattern(route: Route) -> str:
    """The address as Django's resolver names it."""
    values = {name: NEVER if kind == "uuid" else "a" for name, kind in route.gaps}
    return pattern_of(route.filled(values))


def areas() -> set[str]:
    return {route.pattern.split("/")[0] for route in site()}
