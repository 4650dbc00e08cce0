"""Kinds of clock of the test operation, and a subject to wait for."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tansiq.building.clocks.models import ClockKind
from tansiq.building.clocks.queries import database_now
from tansiq.building.clocks.rules import HOLDER, OWNER, Step, Told
from tests import factories

LADDER = [
    Step("half", 0.5, None, (Told(HOLDER),)),
    Step("100%", 1.0, None, (Told(HOLDER), Told(OWNER)), lapses=True),
    Step("escalate", None, timedelta(minutes=30), (Told("floor", "officer"),)),
]


def make_kind(code: str = "answer", duration: timedelta = timedelta(hours=1)) -> ClockKind:
    return ClockKind.objects.using("owner").get_or_create(
        operation_id=factories.operation().pk, code=code,
        defaults={
            "names": {"en": "Answer", "ar": "رد", "he": "תשובה"}, "duration": duration,
            "ladder": [step.as_json() for step in LADDER],
            "pause_reasons": {"waiting_for_owner": {"en": "waiting for the owner", "ar": "بانتظار المالك", "he": "ממתין לבעלים"}},
        },
    )[0]  # fmt: skip


@pytest.fixture(scope="session")
def _kinds(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        make_kind()
    yield


@pytest.fixture
def kind(_kinds: None, db: None) -> str:
    return "answer"


@pytest.fixture
def now(db: None) -> datetime:
    return database_now()
