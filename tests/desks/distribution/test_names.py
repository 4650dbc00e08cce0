"""No register of local staff exists: no field can hold one, and the one name of a distribution is purged."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import psycopg
from django.apps import apps
from django.db import connections, models

import tansiq
from tansiq.building.ledger.models import Entry
from tansiq.building.ledger.queries import opened
from tansiq.building.rooms.actors import eyes_of
from tansiq.console.addresses import admin_parameters
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.jobs import follow
from tansiq.desks.distribution.models import FocalPerson
from tansiq.desks.distribution.rules import Goods, ReceiptStatement, WarehouseStatement
from tests import factories
from tests.desks.distribution.conftest import DAY, HOUR, load_words, plan_statement

NAME, CONTACT = "Zaynab Testname", "zq-0599-contact"
OF_PERSONS = re.compile(r"(^|_)(person|persons|people|staff|employee|employees|worker|workers|volunteer|volunteers|driver|"
                        r"contact|phone|telephone|email|passport|national_id|identity|full_name|first_name|last_name)(_|$)")  # fmt: skip
KNOWN = {
    "distribution.FocalPerson.contact": "one for each distribution, purged after its days",
    "distribution.PlanDetail.staff_count": "a number",
    "aid.ConsignmentIdentities.contact": "one record of one consignment, identities line",
    "aid.ConsignmentIdentities.driver": "one record of one consignment, identities line",
    "impediments.ImpedimentIdentities.contact": "who answers for one obstacle, identities line",
    "impediments.ImpedimentIdentities.owner_person": "who answers for one obstacle, identities line",
    "people.Account.email": "who signs in",
    "rooms.Invitation.email": "who is invited to sign in",
    "account.EmailAddress.email": "the sign-in library's",
    "socialaccount.SocialAccount.email": "the sign-in library's",
}
"""Fields that may hold something of a person, each with its reason. A list of staff has none."""


def everywhere(*words: str) -> list[str]:
    """Every table and column of the whole database in which a word stands, whoever may read it."""
    name, found = connections["default"].settings_dict["NAME"], []
    with psycopg.connect(**{**admin_parameters(), "dbname": name}) as connection:
        columns = connection.execute(
            "select table_schema, table_name, column_name, data_type from information_schema.columns c "
            "join information_schema.tables t using (table_schema, table_name) "
            "where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'"
        ).fetchall()
        for schema, table, column, kind in columns:
            text = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            for word in words:
                sql = f'select 1 from "{schema}"."{table}" where {text} like %s limit 1'
                if connection.execute(sql, [f"%{word}%"]).fetchone():
                    found.append(f"{table}.{column}")
    return sorted(set(found))


def a_past_plan(key: object) -> object:
    """A distribution that was held twenty days ago, with the name of whom people met there."""
    ngo, now = factories.actor("ngo"), datetime.now(UTC)
    store = actions.open_warehouse(by=ngo, statement=WarehouseStatement("Olive store", "PS0265"))
    goods = (Goods("rice", "pallet", Decimal(9)),)
    receipt = ReceiptStatement(goods, now - 30 * DAY, explanation="opening stock")
    actions.receive_stock(by=ngo, warehouse=store, statement=receipt)
    starts = now - 20 * DAY
    statement = plan_statement(store, starts_at=starts, ends_at=starts + HOUR, focal_person=NAME, contact=CONTACT)
    return actions.make_plan(by=ngo, key=key, statement=statement)


def test_name_is_nowhere_in_the_database_after_its_days(own_database):
    """Not in the record, a history, the outbox, a search, the submissions or the ledger: nowhere."""
    load_words()
    plan = a_past_plan(factories.room_id("ngo"))
    assert everywhere(NAME, CONTACT) == ["distribution_focalperson.contact", "distribution_focalperson.name"]
    assert follow.func(0) >= 1
    assert everywhere(NAME, CONTACT) == []
    with eyes_of(factories.actor("ngo")):
        person = FocalPerson.objects.get(plan=plan)
        (entry,) = opened(Entry.objects.filter(act="distribution.plan.purge_names"))
    assert (person.name, person.contact, person.purged_at is not None) == ("", "", True)
    assert entry.facts["plan"] == str(plan.pk)
    assert entry.facts["kept_days"] == 14


def test_name_stays_until_its_day_has_come(own_database):
    load_words(names_kept_for="P60D")
    a_past_plan(factories.room_id("ngo"))
    follow.func(0)
    assert everywhere(NAME) == ["distribution_focalperson.name"]


def test_no_field_of_the_whole_database_can_hold_a_list_of_staff():
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if OF_PERSONS.search(field.name) and not field.is_relation
        and not isinstance(field, models.IntegerField | models.BooleanField | models.UUIDField)
    } | {"distribution.PlanDetail.staff_count"}  # fmt: skip
    assert found - set(KNOWN) == set()
    assert "distribution.FocalPerson.contact" in found


def test_name_of_a_person_can_be_typed_at_one_place_of_this_desk_alone():
    """A field of a form or of the API that asks for one would be found by its name."""
    named = {}
    for path in sorted(Path(tansiq.__file__).parent.rglob("*.py")):
        place = path.relative_to(Path(tansiq.__file__).parent).as_posix()
        if not place.startswith(("desks/distribution/forms", "desks/distribution/rules", "api/distribution")):
            continue
        for field in re.findall(r"^    (\w+)(?:: [^=\n]+)?(?: =|$)", path.read_text(encoding="utf-8"), re.MULTILINE):
            if OF_PERSONS.search(field):
                named.setdefault(field, set()).add(place.split("/")[-1])
    assert set(named) <= {"focal_person", "contact", "staff_count", "people"}
