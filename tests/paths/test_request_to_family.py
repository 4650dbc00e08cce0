"""One request from the NGO's desk to the association's confirmation: eight people, four rooms, three languages.

On the way one line is refused, one authority stays silent and a part is intercepted. Everybody clicks and types in
pages; then the same story is read back from the ledger, receipt by receipt.
"""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils import timezone
from playwright.sync_api import expect

from tansiq.building.clocks.jobs import strike_due_clocks
from tansiq.building.clocks.models import Clock
from tansiq.building.rooms.models import Room
from tansiq.building.wall.context import room_context
from tansiq.desks.coordination.jobs import follow_clocks
from tansiq.engine.merkle import verify_receipt
from tests.paths.conftest import Person, Way, read

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ZONE, DAY = ZoneInfo("Asia/Gaza"), timedelta(days=1)
ASKED, TAKEN, ARRIVED = 24, 6, 18  # pallets of tents
CROSSING, HEAD, REFERENCE = "kerem_shalom", "R-0001", "ngo_cedar-R-0001-1"


def local(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def test_one_request_reaches_families_through_eight_hands_and_the_ledger_tells_it_again(way: Way):
    cedar, watch = way.people["cedar"], way.people["watch"]
    ngo_asks(way, cedar)
    officer_clears_one_line_and_refuses_another(way, way.people["liaison.a"])
    ngo_makes_a_consignment_and_asks_for_coordination(way, cedar)
    officer_approves(way, way.people["liaison.a"])
    second_officer_gives_the_green_light(way, way.people["second.a"])
    other_party_stays_silent(way, cedar)
    watch_finds(
        way, watch, "the deadline of “Security coordination” passed without an answer", "Liaison officer, Party B room"
    )  # fmt: skip
    ngo_goes_on_without_it(way, cedar)
    watch_finds(way, watch, "Not moving: “Route open and cleared”")
    watch_states_the_route_open(way, watch)
    ngo_books_a_slot(way, cedar)
    crossing_confirms(way, way.people["crossing"])
    ngo_loads_and_departs(way, cedar)
    watch_finds(way, watch, "Not moving: “Entry”", "Crossing officer, Shared floor")
    crossing_scans(way, way.people["crossing"])
    watch_finds(way, watch, "Not moving: “Transport”", "Logistics officer, Sample NGO Cedar")
    ngo_tells_of_the_interception(way, cedar)
    watch_finds(way, watch, "Not moving: “Reception”", "Logistics officer, Sample NGO Cedar")
    floor_stores_and_gives_to_the_association(way, way.people["logistics"])
    watch_finds(way, watch, "Not moving: “Distribution”", "Local partner, Sample association Olive")
    association_distributes_and_confirms(way, way.people["olive"])
    others_saw_nothing(way)
    director_reads_the_story(way, way.people["duty.director"])
    ledger_tells_it_again(way)


def ngo_asks(way: Way, cedar: Person) -> None:
    """The NGO asks for two lines; its words stay as they were written."""
    cedar.go("/requests/")
    cedar.press("New request")
    cedar.fill(
        title="خيام ومولدات لأسر في دير البلح", places="PS0265", consignor_class="international_ngo",
        crossing_code=CROSSING, ready_date=timezone.now().date(), commodity_1="tents", quantity_1=ASKED,
        unit_1="pallet", commodity_2="generator_solar", quantity_2=2, unit_2="pallet",
    )  # fmt: skip
    cedar.press("Save the draft")
    way.keep("request", "cedar")
    cedar.press("Send", "request")
    cedar.sees("خيام", "غرفة الطرف أ", "الدولة القائدة")
    cedar.submit()
    cedar.reads("The request is sent; the clocks of those who must clear it are running.")
    way.told("cedar", "requests.request.draft", "requests.request.send")


def officer_clears_one_line_and_refuses_another(way: Way, liaison: Person) -> None:
    """In Hebrew: the tents may pass, the generators may not, and why."""
    for goods, decided in (("אוהלים", {"outcome": "approved"}),
                           ("גנרטורים", {"outcome": "refused", "reason": "item_dual_use", "words": "לא במעבר זה."})):  # fmt: skip
        liaison.go("/requests/to-answer/")
        liaison.follow(goods)
        liaison.press("Decide")
        liaison.sees(goods, "ארגון לדוגמה ארז")
        liaison.fill(**decided)
        liaison.press("Record the decision")
    liaison.reads("Nothing waits for this room")
    way.told("liaison.a", "requests.clearance.decide")


def ngo_makes_a_consignment_and_asks_for_coordination(way: Way, cedar: Person) -> None:
    """The refusal stands in Arabic with its reason; only the cleared line can move; both parties are asked."""
    cedar.go("/requests/")
    cedar.follow(HEAD)
    cedar.sees("الصنف يعد مزدوج الاستخدام", "לא במעבר זה.", "ضابط ارتباط")
    cedar.press("Make a consignment")
    assert cedar.page.locator("[name^=quantity_]").count() == 1
    cedar.press("Register the consignment")
    cedar.follow(REFERENCE)
    cedar.sees("خيام", f"مطلوبة {ASKED}")
    way.keep("consignment", "cedar")
    cedar.press("Its whole story on one line of time")
    way.keep("story", "cedar")
    cedar.press("Ask for coordination")
    now = timezone.now()
    cedar.fill(
        authorities=("party_a", "party_b"), window_from=local(now), window_until=local(now + 9 * DAY),
        crossing_code=CROSSING, route_code="kerem_shalom_approach", note="أربع وعشرون منصة من الخيام",
    )  # fmt: skip
    cedar.submit()
    cedar.reads("waits for an answer")
    way.told("cedar", "requests.request.consign", "coordination.coordination.ask")


def officer_approves(way: Way, liaison: Person) -> None:
    liaison.go("/coordination/queue/")
    liaison.follow(HEAD)
    way.keep("asking", "liaison.a")
    liaison.sees("אוהלים", "כרם שלום")
    liaison.press("Answer")
    liaison.fill(answer="approve")
    liaison.submit()
    liaison.sees("אושר · עדיין אין אור ירוק")
    way.told("liaison.a", "coordination.coordination.answer")


def second_officer_gives_the_green_light(way: Way, second: Person) -> None:
    second.go("/coordination/")
    second.follow(HEAD)
    second.press("Give the green light")
    second.submit()
    second.sees("האור הירוק ניתן.", "ניתן אור ירוק")
    way.told("second.a", "coordination.green_light.give")


def other_party_stays_silent(way: Way, cedar: Person) -> None:
    """Its deadline passes; the silence is recorded and never reads as an agreement."""
    rooms = {room.slug: room for room in Room.objects.filter(operation__slug=read().operation.slug)}
    asker = rooms["ngo_cedar"]
    with room_context(room_ids=(asker.pk,)), transaction.atomic():
        clock = Clock.objects.get(room=asker, kind__code="coordination_answer", holder_room=rooms["party_b"])
        past = clock.duration + timedelta(minutes=1)
        clock.started_at, clock.due_at = clock.started_at - past, clock.due_at - past
        clock.save()
        with connection.cursor() as cursor:
            cursor.execute("select clocks_set_tick(%s, %s)", [clock.pk, clock.due_at])
    assert strike_due_clocks.func(0) > 0
    assert follow_clocks.func(0) == 1
    cedar.go(way.pages["story"])
    cedar.reads("no response by the deadline", "green light given", "Impediment opened")
    way.told("cedar", "coordination.coordination.record_no_response", "impediments.impediment.open")


def ngo_goes_on_without_it(way: Way, cedar: Person) -> None:
    """The silent party's agreement is not required: the NGO asks it no more, and the obstacle is resolved."""
    cedar.go(way.pages["story"])
    cedar.follow("غرفة الطرف ب")
    cedar.press("Withdraw")
    cedar.fill(text="موافقة هذه الجهة ليست شرطا هنا.")
    cedar.submit()
    cedar.go(way.pages["consignment"])
    cedar.press("Impediments that hold it")
    cedar.follow(HEAD)
    way.keep("impediment", "cedar")
    cedar.sees("غرفة الطرف ب")
    cedar.press("Resolve")
    cedar.fill(reason="الجهة الملزمة وافقت وأعطت الضوء الأخضر.")
    cedar.submit()
    way.told("cedar", "coordination.coordination.withdraw", "impediments.impediment.resolve")


def ngo_books_a_slot(way: Way, cedar: Person) -> None:
    """The first slot that is offered on the first day on which the crossing opens."""
    cedar.go(way.pages["consignment"])
    cedar.press("Book a slot")
    for days in range(1, 8):
        cedar.fill(crossing=CROSSING, day=(timezone.now() + days * DAY).astimezone(ZONE).date())
        cedar.press("Show its slots")
        if cedar.page.locator("[name=slot]").count():
            break
    cedar.page.locator("[name=slot]").select_option(index=0)
    cedar.submit()
    way.keep("slot", "cedar")
    cedar.sees("كرم أبو سالم", "محجوز")
    way.told("cedar", "crossings.slot.book")


def watch_states_the_route_open(way: Way, watch: Person) -> None:
    watch.go("/coordination/routes/")
    watch.press("State a route")
    watch.fill(route_code="kerem_shalom_approach", state="open", source="Road crew, by telephone")
    watch.submit()
    watch.sees("Open")
    way.told("watch", "coordination.route.state")


def crossing_confirms(way: Way, crossing: Person) -> None:
    crossing.go("/crossings/slots/")
    crossing.click(crossing.page.locator("main table tbody a"))
    crossing.press("Confirm", "slot")
    crossing.submit()
    crossing.sees("The slot is confirmed.")
    way.people["cedar"].go(way.pages["slot"])
    way.people["cedar"].sees("مؤكد")
    way.told("crossing", "crossings.slot.confirm")


def ngo_loads_and_departs(way: Way, cedar: Person) -> None:
    cedar.go("/transport/")
    cedar.press("Draft a manifest")
    cedar.page.locator("main tr", has_text=HEAD).get_by_role("checkbox").check()
    cedar.press("Load these")
    offered = cedar.page.locator("[name=of_1] option", has_text="خيام")
    cedar.fill(
        number="CEDAR-7", day=timezone.now().astimezone(ZONE).date(), crossing_code=CROSSING,
        consignor_class="international_ngo", of_1=offered.get_attribute("value"), code_1="CEDAR-T7", kind_1="truck",
        quantity_1=ASKED, vehicle="77-777-77",
    )  # fmt: skip
    cedar.submit()
    way.keep("manifest", "cedar")
    for step in ("Seal the manifest", "Send the truck off"):
        cedar.press(step)
        cedar.submit()
    cedar.reads("The truck has departed.")
    way.code = cedar.page.locator(
        "main td .code, main .code", has_text=re.compile(r"^\w{4}-\w{4}-\w$")
    ).first.inner_text()
    way.told("cedar", "transport.manifest.seal", "transport.manifest.depart")


def crossing_scans(way: Way, crossing: Person) -> None:
    """The code under the square is typed: in, and out on the other side."""
    crossing.go("/transport/scan/")
    scans = crossing.page.locator("[data-scan-list] > li")
    for count, (deed, stage) in enumerate((("scan_in", "At inspection"), ("scan_out", "Entered")), 1):
        crossing.fill(place="crossing", deed=deed, code=way.code)
        crossing.page.click("#scan-form button[type=submit]")
        expect(scans).to_have_count(count)
        expect(scans.first).to_have_attribute("data-state", "taken")
        expect(scans.first).to_contain_text(stage)
    way.people["cedar"].go(way.pages["manifest"])
    way.people["cedar"].sees("القاعة المشتركة", "دخلت")
    way.told("crossing", "transport.scan.record", "aid.event.scan")


def ngo_tells_of_the_interception(way: Way, cedar: Person) -> None:
    for stage, amount, more in (
        ("collected", ASKED, {"crossing_code": CROSSING}), ("in_transit_inside", ASKED, {}),
        ("intercepted", TAKEN, {"reason": "intercepted_peacefully", "place": "طريق صلاح الدين"}),
        ("arrived", ARRIVED, {}),
    ):  # fmt: skip
        cedar.go(way.pages["consignment"])
        cedar.click(cedar.page.locator("main a[href*='unit_code=']"))
        cedar.fill(
            stage=stage,
            occurred_at=local(timezone.now()),
            unit_1="pallet",
            commodity_1="tents",
            receiver_1=amount,
            **more,
        )
        cedar.submit()
        cedar.reads("The event is recorded.")
    cedar.go(way.pages["consignment"])
    cedar.sees("أخذها محتاجون سلميا", f"اعترضت {TAKEN}", f"وصلت {ARRIVED}")
    way.told("cedar", "aid.event.record")


def floor_stores_and_gives_to_the_association(way: Way, logistics: Person) -> None:
    logistics.go("/distribution/")
    logistics.press("Open a warehouse")
    logistics.fill(name="Middle area store", place="store_middle", pallets=200)
    logistics.submit()
    way.keep("warehouse", "logistics")
    logistics.press("Receive goods")
    reference = logistics.page.locator("[name=consignment] option", has_text=HEAD)
    logistics.fill(
        consignment=reference.get_attribute("value"), commodity_1="tents", quantity_1=ARRIVED, unit_1="pallet"
    )
    logistics.submit()
    logistics.sees("The goods are in stock.", f"{ARRIVED} 0 Pallet")
    logistics.press("Give to a partner")
    logistics.fill(commodity_1="tents", quantity_1=ARRIVED, unit_1="pallet", partner="Sample association Olive")
    logistics.submit()
    logistics.sees("The goods are given out; the partner is asked what came.")
    way.keep("release", "logistics")
    way.told("logistics", "distribution.stock.receive", "distribution.partner_release.send")


def association_distributes_and_confirms(way: Way, olive: Person) -> None:
    """In plain Arabic: what came, a plan with its checks, a report whose figures are first wrong, then right."""
    olive.go("/distribution/partner/")
    olive.sees("القاعة المشتركة", f"خيام {ARRIVED} منصة نقالة")
    olive.press("Say what came")
    olive.fill(store_name="مخزن الجمعية", store_place="PS0265")
    olive.submit()
    olive.sees("استلمت كما أرسلت")
    olive.go("/distribution/partner/")
    olive.press("Plan a distribution")
    now = timezone.now()
    olive.fill(
        commodity_1="tents", quantity_1="0.1", unit_1="pallet", warehouse="مخزن الجمعية", area="PS0265",
        site="ساحة المدرسة", starts_at=local(now), ends_at=local(now + timedelta(hours=3)), households=10 * ARRIVED,
        crowd_measures="separate_queues",
    )  # fmt: skip
    olive.submit()
    way.keep("plan", "olive")
    for check in ("route_safe", "hazards_checked"):
        olive.press("Enter a check")
        olive.fill(check=check, is_so="yes", by_whom="فريق الجمعية", source="زيارة الموقع")
        olive.submit()
    olive.press("Set it")
    olive.submit()
    olive.press("Report")
    olive.fill(distributed_1=ARRIVED - 2, households=10 * ARRIVED, group_female_18_59=200, group_male_18_59=190)
    olive.submit()
    olive.sees("الأرقام لا تتطابق", "الفرق: 2")
    assert olive.page.locator("[name=households]").input_value() == str(10 * ARRIVED)
    olive.fill(distributed_1=ARRIVED)
    olive.submit()
    olive.sees("وصل التقرير. شكرا لكم.", "سوي")
    way.told(
        "olive", "distribution.partner_release.accept", "distribution.plan.make", "distribution.plan.set",
        "distribution.report.send",
    )  # fmt: skip


def watch_finds(way: Way, watch: Person, *why: str) -> None:
    """The chain board names the consignment; its page says in one sentence what holds it, and who."""
    watch.go("/floor/chain/")
    watch.follow(HEAD)
    watch.sees(*why)


def others_saw_nothing(way: Way) -> None:
    """A competitor and the press find nothing, in no list and under no address; the silent party only its own."""
    lists = ("/requests/", "/requests/items/", "/aid/", "/aid/consignments/", "/transport/", "/coordination/", "/ledger/",
             "/crossings/slots/", "/floor/chain/", "/impediments/", "/distribution/", "/distribution/plans/")  # fmt: skip
    for name in ("lantern", "press"):
        person = way.people[name]
        for path in lists:
            person.go(path)
            assert HEAD not in person.page.content(), (name, path)
        assert {page: person.go(path) for page, path in way.pages.items()} == dict.fromkeys(way.pages, 404), name
    silent = way.people["liaison.b"]
    closed = [silent.go(way.pages[name]) for name in ("request", "asking", "slot", "warehouse", "release", "plan")]
    assert closed == [404] * len(closed)
    silent.go("/coordination/")
    silent.sees("غرفة الطرف ب")
    assert silent.page.locator("main table tbody tr", has_text=HEAD).count() == 1


def director_reads_the_story(way: Way, director: Person) -> None:
    """From the request to the confirmation, in English, as far as the shared floor may see."""
    director.go(way.pages["request"])
    director.sees("refused", "Item considered dual-use", f"{ASKED}")
    director.go(way.pages["story"])
    director.sees(
        "No response by the deadline", "Green light given", "Intercepted", "Taken peacefully by people in need"
    )
    director.go(way.pages["plan"])
    director.sees("Sample association Olive", "reconciled")
    director.go("/floor/chain/")
    director.sees("Came through 1")


def ledger_tells_it_again(way: Way) -> None:
    """Each act's receipt, downloaded by whoever did it, holds, and stands in the tree where its chapter stands."""
    key, reached = str(way.signer.key().verifier), 0
    for who, acts, size in way.chapters:
        person = way.people[who]
        for act in acts:
            person.go(f"/ledger/?act={act}")
            links = person.page.locator("main table a[href$='/receipt/']")
            proved = [
                verify_receipt(person.page.request.get(person.url + str(link.get_attribute("href"))).body(), [key])
                for link in links.all()
            ]
            here = [one for one in proved if reached <= one.index < size]
            assert here and {one.facts["act"] for one in proved} == {act}, (who, act)
        reached = size
