"""Why a consignment is not moving is one sentence in each language, for every way in which a link can hold."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from tansiq.engine.chain import READINESS, Fact, Link, Load, Resource, facts_of, links_of, stand, why
from tansiq.floor.queries.chain.board import ChainRow, Party, moment
from tansiq.floor.queries.chain.sentences import ENDED, STATES, WITH_HOLDER, WITHOUT_HOLDER, plain, why_not_moving

NOW, HOUR = 1_800_000_000, 3600
LINKS = links_of([Link("coordination"), Link("entry", ("coordination",))])
DONE = Fact("C", "coordination", "done", NOW - 90 * HOUR)
NAMES = {"en": "Entry", "ar": "الدخول", "he": "כניסה"}
PARTY = Party(
    {"en": "UN desk", "ar": "مكتب الأمم المتحدة", "he": "דסק האו״ם"}, {"en": "officer", "ar": "ضابط", "he": "קצין"}
)
NOBODY = Party({}, "")
HELD_BY = {
    "ready": (Fact("C", "entry", since=NOW - 50 * HOUR, holder="un"),),
    "refused": (Fact("C", "entry", "refused", NOW - 50 * HOUR, "un"),),
    "invalid": (Fact("C", "entry", "invalid", NOW - 50 * HOUR, "un"),),
    "no_response": (Fact("C", "entry", since=NOW - 50 * HOUR, holder="un", deadline=NOW - HOUR),),
    "expired": (Fact("C", "entry", "done", NOW - 60 * HOUR, "un", valid_until=NOW - 50 * HOUR),),
    "closed": (Fact("C", "entry", since=NOW - 60 * HOUR, holder="un", rests_on=("gate",)),),
}  # fmt: skip
GATE = Resource("gate", is_open=False, since=NOW - 50 * HOUR, holder="un")
WORDS = {
    "en": {"ready": "not done yet", "refused": "refused", "invalid": "taken back", "no_response": "without an answer",
           "expired": "validity has ended", "closed": "held up by"},
    "ar": {"ready": "لم تكتمل بعد", "refused": "مرفوضة", "invalid": "سُحبت", "no_response": "دون رد",
           "expired": "صلاحيتها انتهت", "closed": "معطلة بسبب"},
    "he": {"ready": "טרם הושלמה", "refused": "סורבה", "invalid": "בוטלה", "no_response": "ללא מענה", "expired": "תוקפה פג",
           "closed": "מעוכבת בשל"},
}  # fmt: skip


def row_of(state: str, holder: Party = PARTY, since: int | None = NOW - 50 * HOUR) -> ChainRow:
    """A row as the engine's answer gives it."""
    return ChainRow(
        id=uuid4(), reference="C", lane="entry", link_code="entry", link=NAMES, state=state, holder=holder,
        since=None if since is None else moment(since), held=timedelta(hours=0 if since is None else 50), deadline=None,
        clock=None, is_overdue=False, per_day=None, lost=None, crossing="",
        closed={"en": "Kissufim", "ar": "كيسوفيم", "he": "כיסופים"} if state == "closed" else "", impediments=(),
        units=1, through=0, ended=0,
    )  # fmt: skip


@pytest.mark.parametrize("state", HELD_BY)
def test_engine_gives_this_reason_and_it_has_its_sentences(state: str):
    facts = facts_of(LINKS, [Load("C")], [DONE, *HELD_BY[state]], [GATE] if state == "closed" else [])
    told = why(stand(facts, NOW), 0)
    assert told.reason is not None
    assert (told.reason.code, told.reason.link, told.reason.holder) == (state, "entry", "un")
    assert moment(told.since) == (row_of(state).since if state != "ready" else moment(NOW - 50 * HOUR))
    assert state in WITH_HOLDER and state in WITHOUT_HOLDER


def test_every_state_of_the_engine_that_can_hold_has_a_sentence():
    silent = {"not_needed", "done", "overtaken", "blocked"}  # links of these states hold nothing
    assert set(READINESS) - silent == set(WITH_HOLDER) == set(WITHOUT_HOLDER) == set(HELD_BY)
    assert set(READINESS) | set(ENDED) == set(STATES)


@pytest.mark.parametrize("state", HELD_BY)
@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_sentence_names_link_holder_and_since(state: str, language: str):
    with translation.override(language):
        told = plain(why_not_moving(row_of(state)))
        without = plain(why_not_moving(row_of(state, NOBODY, None)))
    assert WORDS[language][state] in told and WORDS[language][state] in without
    assert NAMES[language] in told and NAMES[language] in without
    assert PARTY.room[language] in told and PARTY.role[language] in told
    assert "130600Z JAN 27" in told and re.search(r"\b2\b", told)
    assert "Z JAN" not in without and PARTY.room[language] not in without
    assert "%(" not in told + without and told.endswith(".") and without.endswith(".")
    if state == "closed":
        assert {"en": "Kissufim", "ar": "كيسوفيم", "he": "כיסופים"}[language] in told


@pytest.mark.parametrize("state", ENDED)
def test_what_is_over_says_so_in_each_language(state: str):
    found = set()
    for language in ("en", "ar", "he"):
        with translation.override(language):
            found.add(why_not_moving(row_of(state)))
    assert len(found) == 3
