"""A driver's name stands in one row of the database, and after the purge in none."""

from datetime import timedelta
from decimal import Decimal

from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tansiq.desks.transport import actions
from tansiq.desks.transport.rules import LineAsked, ManifestStatement
from tests import factories
from tests.desks.transport.conftest import DAY, load_settings


def test_purged_names_stand_in_no_row_of_the_database(own_database, superuser):
    load_settings()
    by = factories.actor("un")
    line = LineStatement(Decimal(2), "pallet", commodity="rice")
    goods = aid.register_consignment(by=by, statement=ConsignmentStatement("C-1", (line,)))
    stated = ManifestStatement("M-1", DAY, "T-1", (LineAsked(goods.pk, 1, "P1", Decimal(1)),), driver="zqdriver")
    held = actions.draft_manifest(by=by, statement=stated)
    tables = [row[0] for row in superuser.execute("select tablename from pg_tables where schemaname = 'public'")]

    def standing():
        return [
            t
            for t in tables
            if superuser.execute(f'select 1 from "{t}" x where x::text like %s limit 1', ["%zqdriver%"]).fetchone()
        ]

    assert standing() == ["transport_manifestidentities"]
    actions.purge_manifest(by=by, manifest=held, today=DAY + timedelta(days=30))
    assert standing() == []
