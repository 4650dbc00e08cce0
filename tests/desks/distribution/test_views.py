"""Pages of releases, distributions, reports, monitoring and complaints, and the page of a partner."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tansiq.building.rooms.actors import eyes_of
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.models import (
    Complaint,
    DistributionPlan,
    DistributionReport,
    Interview,
    MonitoringRound,
    PartnerRelease,
)
from tansiq.desks.distribution.rules import ComplaintStatement, RoundStatement
from tests import factories
from tests.desks.distribution.conftest import (
    DAY,
    accepted,
    check,
    plan_statement,
    report_statement,
    standing,
    store_of,
    text,
    total,
)

pytestmark = pytest.mark.django_db


def local(moment: datetime) -> str:
    return timezone.localtime(moment, timezone.get_fixed_timezone(120)).strftime("%Y-%m-%dT%H:%M")


def ago(**span: float) -> str:
    return local(datetime.now(UTC) - timedelta(**span))


def test_partner_says_what_came_on_a_plain_page(ngo, sent):
    release = sent(6)
    client = standing("ngo", language="ar")
    page = text(client, "/distribution/partner/")
    assert '<html lang="ar"' in page
    assert f"/distribution/releases/{release.pk}/accept/" in page
    here = f"/distribution/releases/{release.pk}/accept/"
    assert "/plain-" in text(client, here)
    typed = {"key": str(uuid4()), "received_1": "5", "damaged_1": "", "received_at": ago(hours=5), "remark": "",
             "store_name": "مخزن زيتونة", "store_place": "PS0265", "warehouse": ""}  # fmt: skip
    refused = client.post(here, typed)
    assert refused.status_code == 422
    assert "مخزن زيتونة" in refused.content.decode()
    assert client.post(here, {**typed, "remark": "منصة ناقصة"}).status_code == 302
    assert total(ngo, store_of(ngo)) == 5
    assert release.reference in text(client, "/distribution/releases/?standing=short")
    assert release.reference not in text(client, "/distribution/releases/?standing=accepted")


def test_goods_are_given_out_on_the_page_of_the_warehouse(un, filled):
    warehouse = filled(8)
    client = standing("un")
    here = f"/distribution/warehouses/{warehouse.pk}/release/"
    typed = {"key": str(uuid4()), "partner": str(factories.room_id("ngo")), "released_at": ago(hours=1),
             "commodity_1": "rice", "quantity_1": "9", "unit_1": "pallet", "remark": "with care"}  # fmt: skip
    answer = client.post(here, typed)
    assert answer.status_code == 422
    assert "8 − 0 − 9 = -1" in answer.content.decode()
    assert client.post(here, {**typed, "quantity_1": "6"}).status_code == 302
    with eyes_of(un):
        release = PartnerRelease.objects.get()
    assert "with care" in text(client, f"/distribution/releases/{release.pk}/")
    assert (
        client.post(
            f"/distribution/releases/{release.pk}/withdraw/", {"key": str(uuid4()), "text": "mistake"}
        ).status_code
        == 302
    )
    assert total(un, warehouse) == 8


def test_distribution_is_planned_checked_set_and_put_off_in_pages(ngo, sent):
    accepted(ngo, sent(6), 6)
    client, starts = standing("ngo"), datetime.now(UTC) + DAY
    typed = {"key": str(uuid4()), "warehouse": str(store_of(ngo).pk), "area": "PS0265", "site": "ساحة المدرسة",
             "starts_at": local(starts), "ends_at": local(starts + timedelta(hours=3)), "households": "100",
             "commodity_1": "rice", "quantity_1": "0.05", "unit_1": "pallet", "staff_count": "9",
             "crowd_measures": ["complaint_desk"], "focal_person": "Someone", "contact": "x"}  # fmt: skip
    assert client.post("/distribution/plans/new/", {**typed, "households": "1000"}).status_code == 422
    assert client.post("/distribution/plans/new/", typed).status_code == 302
    with eyes_of(ngo):
        plan = DistributionPlan.objects.get()
    here = f"/distribution/plans/{plan.pk}/"
    assert "ساحة المدرسة" in text(client, here)
    answer = client.post(f"{here}set/", {"key": str(uuid4())})
    assert answer.status_code == 422
    assert "not checked" in answer.content.decode()
    for code in ("route_safe", "hazards_checked"):
        checked = {
            "key": str(uuid4()),
            "check": code,
            "is_so": "yes",
            "by_whom": "team",
            "source": "visit",
            "checked_at": ago(minutes=5),
        }
        assert client.post(f"{here}check/", checked).status_code == 302
    assert client.post(f"{here}set/", {"key": str(uuid4())}).status_code == 302
    assert "ready: people are called" in text(client, here)
    assert client.post(f"{here}postpone/", {"key": str(uuid4()), "reason": "storm", "text": "wind"}).status_code == 302
    assert "Storm" in text(client, here)
    assert 'value="0.05"' in text(client, f"{here}amend/")
    assert plan.reference in text(client, "/distribution/plans/?state=postponed")


def report_typed(**more: str) -> dict[str, str]:
    return {"key": str(uuid4()), "held_at": ago(hours=1), "households": "80", "received_1": "5", "distributed_1": "4",
            "left_1": "1", "lost_1": "0", "group_female_18_59": "90", "remark": "هادئ", **more}  # fmt: skip


def test_report_works_without_scripts_keeps_a_draft_and_is_taken_once(ngo, planned):
    plan = planned()
    client, here = standing("ngo", language="ar"), f"/distribution/plans/{plan.pk}/report/"
    page = client.get(here)
    assert len(page.content) < 16_000
    assert client.post(here, report_typed(distributed_1="fou", keep="1")).status_code == 302
    assert 'value="fou"' in text(client, here)
    answer = client.post(here, report_typed(distributed_1="3"))
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "3 + 1 + 0 = 4" in said
    assert "هادئ" in said
    typed = report_typed()
    assert client.post(here, typed).status_code == 302
    assert client.post(here, typed).status_code == 302  # sent again: no answer had come
    with eyes_of(ngo):
        assert DistributionReport.objects.get().state == "reconciled"
    assert total(ngo, store_of(ngo)) == 2


def test_difference_that_is_insisted_on_waits_on_the_partners_page(ngo, planned):
    plan = planned()
    client = standing("ngo")
    client.post(f"/distribution/plans/{plan.pk}/report/", report_typed(distributed_1="3", insist="on"))
    here = f"/distribution/plans/{plan.pk}/reconcile/"
    assert here in text(client, "/distribution/partner/")
    assert client.post(here, {"key": str(uuid4()), "text": "على الشاحنة"}).status_code == 302
    assert client.get(here).status_code == 404
    assert "على الشاحنة" in text(client, f"/distribution/plans/{plan.pk}/")


def test_monitoring_is_drawn_asked_and_finished_in_pages(un, ngo, planned):
    plan = planned()
    actions.send_report(by=ngo, plan=plan, statement=report_statement())
    client = standing("un")
    drawn = {
        "key": str(uuid4()),
        "interviewer": str(factories.room_id("ngo")),
        "frame": "households",
        "population": "80",
        "size": "2",
    }
    answer = client.post(f"/distribution/plans/{plan.pk}/monitoring/", drawn)
    assert answer.status_code == 422
    assert "cannot ask people about it" in answer.content.decode()
    drawn["interviewer"] = str(factories.room_id("un"))
    assert client.post(f"/distribution/plans/{plan.pk}/monitoring/", drawn).status_code == 302
    with eyes_of(un):
        found = MonitoringRound.objects.get()
    here = f"/distribution/monitoring/{found.pk}/"
    assert found.seed in text(client, here)
    asked = {
        "key": str(uuid4()),
        "number": str(found.drawn[0]),
        "held_at": ago(hours=1),
        "answer_right_items": "yes",
        "answer_use": "used",
    }
    assert client.post(f"{here}interview/", asked).status_code == 302
    assert client.post(f"{here}finish/", {"key": str(uuid4())}).status_code == 302
    assert "Wilson" in text(client, here)
    assert client.get(f"{here}interview/").status_code == 404
    with eyes_of(un):
        assert Interview.objects.get().answers == {"right_items": "yes", "use": "used"}


def test_complaint_goes_its_round_in_pages(un, ngo):
    client = standing("ngo", language="ar")
    typed = {"key": str(uuid4()), "category": "quality", "text": "الخيام لا تمنع المطر", "channel": "desk", "received_at": ago(hours=2),
             "handler": str(factories.room_id("un")), "is_anonymous": "on", "on_behalf": "on"}  # fmt: skip
    assert client.post("/distribution/complaints/new/", typed).status_code == 302
    with eyes_of(ngo):
        complaint = Complaint.objects.get()
    here, other = f"/distribution/complaints/{complaint.pk}/", standing("un")
    assert client.get(f"{here}answer/").status_code == 404
    assert other.post(f"{here}answer/", {"key": str(uuid4()), "text": "They are replaced."}).status_code == 302
    assert f"{here}feed-back/" in text(client, "/distribution/partner/")
    assert client.post(f"{here}feed-back/", {"key": str(uuid4()), "text": "عند المكتب"}).status_code == 302
    assert complaint.reference in text(client, "/distribution/complaints/?state=closed")
    assert complaint.reference not in text(client, "/distribution/complaints/?state=open")
    assert client.post(f"{here}reopen/", {"key": str(uuid4()), "text": "لم يصل شيء"}).status_code == 302
    assert complaint.reference in text(client, "/distribution/complaints/?state=open")
    assert standing("beta").get(here).status_code == 404


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_every_page_speaks_the_readers_language(un, ngo, planned, language):
    plan = planned()
    check(ngo, plan, "route_safe")
    actions.send_report(by=ngo, plan=plan, statement=report_statement())
    found = actions.draw_round(by=un, statement=RoundStatement(plan.pk, factories.room_id("un"), population=80))
    statement = ComplaintStatement("quality", "desk", "wet", datetime.now(UTC))
    complaint = actions.receive_complaint(by=un, statement=statement)
    with eyes_of(un):
        release = PartnerRelease.objects.get()
    mine, theirs = standing("un", language=language), standing("ngo", language=language)
    for path in ("releases/", f"releases/{release.pk}/", "plans/", f"plans/{plan.pk}/", f"plans/{plan.pk}/monitoring/",
                 "monitoring/", f"monitoring/{found.pk}/", f"monitoring/{found.pk}/interview/", "complaints/",
                 "complaints/new/", f"complaints/{complaint.pk}/", f"complaints/{complaint.pk}/answer/"):  # fmt: skip
        assert f'<html lang="{language}"' in text(mine, f"/distribution/{path}"), path
    for path in ("partner/", "plans/new/"):
        assert f'<html lang="{language}"' in text(theirs, f"/distribution/{path}"), path


def test_page_of_a_partner_holds_nothing_of_others(un, ngo, sent):
    release = sent(6)
    statement = ComplaintStatement("quality", "desk", "wet", datetime.now(UTC))
    foreign = actions.receive_complaint(by=un, statement=statement)
    assert release.reference in text(standing("ngo"), "/distribution/partner/")
    page = text(standing("beta"), "/distribution/partner/")
    assert release.reference not in page
    assert foreign.reference not in page
    assert "Middle store" not in text(standing("ngo"), "/distribution/partner/")


@pytest.mark.parametrize("path", ["/distribution/plans/", "/distribution/releases/", "/distribution/partner/"])
def test_lists_cost_the_same_queries_for_one_row_and_for_three(ngo, sent, path):
    accepted(ngo, sent(6), 6)

    def plan() -> None:
        one = plan_statement(store_of(ngo), households=20)
        actions.make_plan(by=ngo, statement=one)
        sent(2)

    plan()
    client = standing("ngo")
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    plan()
    plan()
    with CaptureQueriesContext(connection) as three:
        client.get(path)
    assert len(three) == len(one)
