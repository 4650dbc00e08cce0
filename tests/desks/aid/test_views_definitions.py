"""A room defines a count of its own: looked at first, saved as a version, changed by the next one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.models import Operation
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import CountDefinition
from tansiq.desks.aid.queries.reference import definition, definition_versions, definitions
from tests import factories
from tests.desks.aid.conftest import OPERATION

NEW, LIST = "/aid/counts/define/", "/aid/counts/definitions/"
BODY = {"measure": "quantity", "stages": ["entered"], "unit": "pallet", "time_rule": "each_event"}


def client(slug: str = "un", role: str = "officer") -> Client:
    found = Client()
    found.force_login(factories.account(slug, role))
    return found


def typed(**fields: object) -> dict[str, object]:
    return {
        "key": str(uuid4()), "code": "our_pallets", "name_en": "Our pallets", "name_ar": "منصاتنا", "name_he": "",
        "measure": "quantity", "unit": "pallet", "side": "receiver", "stages": ["entered"],
        "time_rule": "each_event", "attempts": "all", **fields,
    }  # fmt: skip


def text(answer) -> str:
    return answer.content.decode().replace("&#x27;", "'")


def kept(by) -> list[tuple[str, int]]:
    with eyes_of(by):
        return list(CountDefinition.objects.order_by("code", "version").values_list("code", "version"))


def test_definition_is_looked_at_before_it_is_saved(by, scan):
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    actions.record_event(by=by, statement=scan("T1"))
    actions.record_event(by=by, statement=replace(scan("T2"), occurred_at=hour_ago))
    page = text(client().post(NEW, typed()))
    assert "What it counts in the last week" in page
    assert "<dd>10</dd>" in page, "the old event lies before the week"
    assert 'value="Our pallets"' in page
    assert kept(by) == []
    saved = client().post(NEW, typed(save="1"))
    assert (saved.status_code, saved.headers["Location"]) == (302, f"{LIST}#our_pallets")
    assert kept(by) == [("our_pallets", 1)]
    assert "Our pallets" in text(client().get("/aid/counts/?count=our_pallets"))


def test_saving_twice_is_one_version(by):
    un, form = client(), typed(save="1")
    assert un.post(NEW, form).headers["Location"] == un.post(NEW, form).headers["Location"]
    assert kept(by) == [("our_pallets", 1)]


def test_change_begins_with_what_stands_and_makes_the_next_version(by):
    un = client()
    un.post(NEW, typed(save="1", stages=["entered", "screened"]))
    page = text(un.get(f"{NEW}?code=our_pallets"))
    assert page.count("checked") == 2
    assert "Version 1 stays as it is" in page
    un.post(f"{NEW}?code=our_pallets", typed(save="1", code="ignored", name_en="Our pallets, entered"))
    assert kept(by) == [("our_pallets", 1), ("our_pallets", 2)]
    listed = text(un.get(LIST))
    assert "Our pallets, entered" in listed and "Version 1" in listed
    with eyes_of(by):
        assert definition(by, "our_pallets", 1).definition.stages == {"entered", "screened"}
        assert definition(by, "our_pallets").definition.stages == {"entered"}


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"code": "Ours!"}, "code", "expected small Latin letters"),
        ({"code": "trucks_entered"}, "code", "is a definition of the operation"),
        ({"name_en": "", "name_ar": ""}, "name_en", "Give a name in one language at least."),
        ({"unit": ""}, "unit", "Choose the unit"),
        ({"stages": []}, "stages", "This field is required."),
        ({"stages": ["nowhere"]}, "stages", "not one of the available choices"),
    ],
)
def test_wrong_entry_is_named_beside_its_field(by, wrong, field, said):
    answer = client().post(NEW, typed(save="1", **wrong))
    assert answer.status_code == 422
    page = text(answer)
    assert said in page[page.index(f"id_{field}_error") :][:400]
    assert kept(by) == []


def test_only_own_definitions_can_be_changed(by):
    actions.define_count(by=by, code="ours", names={"en": "Ours"}, body=BODY)
    assert client().get(f"{NEW}?code=ours").status_code == 200
    for code in ("trucks_entered", "never"):
        assert client().get(f"{NEW}?code={code}").status_code == 404
    assert client("ngo").get(f"{NEW}?code=un.ours").status_code == 404
    assert client(role="observer").get(NEW).status_code == 403
    assert NEW not in text(client(role="observer").get(LIST))


def test_two_rooms_may_use_the_same_code(by):
    ngo = factories.actor("ngo")
    actions.define_count(by=by, code="ours", names={"en": "Of the UN"}, body=BODY)
    actions.define_count(by=ngo, code="ours", names={"en": "Of the NGO"}, body={**BODY, "stages": ["screened"]})
    for actor, name in ((by, "Of the UN"), (ngo, "Of the NGO")):
        with eyes_of(actor):
            assert definition(actor, "ours").names == {"en": name}
            assert [rule.names["en"] for rule in definitions(actor) if rule.definition.code == "ours"] == [name]


def test_definition_of_another_room_is_told_by_its_room(own_database):
    rules = {"record_types": {"aid_count": {"lines": {"headline": {"rooms": ["ngo"]}}}}}
    Operation.objects.using("owner").filter(slug="test").update(rules=rules)
    actions.load_reference(factories.operation(), OPERATION)
    by, ngo = factories.actor("un"), factories.actor("ngo")
    actions.define_count(by=by, code="ours", names={"en": "Of the UN"}, body=BODY)
    actions.define_count(by=ngo, code="ours", names={"en": "Of the NGO"}, body=BODY)
    with eyes_of(ngo):
        assert [(one.code, one.is_own) for one in definition_versions(ngo) if one.owner] == [
            ("ours", True), ("un.ours", False),
        ]  # fmt: skip
        assert definition(ngo, "un.ours").names == {"en": "Of the UN"}
    page = text(client("ngo").get("/aid/counts/"))
    assert "Of the UN (Room un)" in page and ">Of the NGO<" in page
    assert client("ngo").get(f"{NEW}?code=un.ours").status_code == 404


@pytest.mark.parametrize(
    ("code", "names", "refusal"),
    [("Ours!", {"en": "Ours"}, "code_malformed"), ("un.ours", {"en": "Ours"}, "code_malformed"),
     ("ours", {"en": " "}, "name_missing")],
)  # fmt: skip
def test_act_refuses_what_the_form_would(by, code, names, refusal):
    with pytest.raises(Refused) as refused:
        actions.define_count(by=by, code=code, names=names, body=BODY)
    assert refused.value.code == refusal
