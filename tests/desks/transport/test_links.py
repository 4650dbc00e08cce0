"""What scans by other rooms say of the chain: done once every unit has passed, unless the owner says something later."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.configuration import read_operation
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.rules import EventStatement
from tansiq.desks.transport import actions
from tansiq.desks.transport.models import Manifest, ManifestLine
from tansiq.desks.transport.queries.links import links_of
from tests import factories
from tests.desks.transport.conftest import OPERATION
from tests.desks.transport.test_scans import code_of, scan

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def stated_chain(settings_of_operation: None, django_db_blocker: object) -> Iterator[None]:
    """The operation states a chain, while these tests run."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        held = Operation.objects.using("owner").filter(slug="test")
        rules = held.get().rules
        held.update(rules={**rules, "chain": read_operation(OPERATION).chain.model_dump(mode="json")})
        factories.close_connections()
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        Operation.objects.using("owner").filter(slug="test").update(rules=rules)
        factories.close_connections()


@pytest.fixture
def departed(by, goods, said) -> Manifest:
    """A truck of two pallets on its way."""
    draft = actions.draft_manifest(by=by, statement=said(goods(by, "C-9"), "M-9"))
    return actions.depart_manifest(by=by, manifest=actions.seal_manifest(by=by, manifest=draft))


def told(by, manifest) -> dict[str, tuple[str, str]]:
    with eyes_of(by):
        ids = list(ManifestLine.objects.filter(manifest=manifest).values_list("consignment", flat=True))
        return {fact.link: (fact.state, fact.holder) for fact in links_of(ids, database_now())}


def test_link_is_done_once_every_unit_was_scanned_out_by_whoever_keeps_the_crossing(by, departed):
    floor = factories.actor("floor")
    codes = [code_of(by, departed, unit) for unit in ("P1", "P2")]
    actions.record_scans(by=floor, scans=[scan(codes[0], "scan_out"), scan(codes[1], "scan_in")], device="phone")
    assert told(by, departed) == {}
    actions.record_scans(by=floor, scans=[scan(codes[1], "scan_out")], device="phone")
    assert told(by, departed) == told(floor, departed) == {"entry": ("done", f"{floor.room_id}:")}
    assert told(factories.actor("press"), departed) == {}


def test_scans_of_the_owner_are_told_by_its_events_alone_and_its_later_word_counts(by, departed):
    floor, code = factories.actor("floor"), code_of(by, departed, None)
    actions.record_scans(by=by, scans=[scan(code, "scan_out")], device="phone")
    assert told(by, departed) == {}
    actions.record_scans(by=floor, scans=[replace(scan(code, "scan_out"), claimed_at=database_now())], device="phone")
    assert list(told(by, departed)) == ["entry"]
    back = EventStatement("rejected_at_crossing", database_now(), reason="documents", unit_code="P1", unit_kind="pallet",
                          crossing_code="kerem_shalom")  # fmt: skip
    aid.record_event(by=by, statement=back)
    assert told(by, departed) == {}
