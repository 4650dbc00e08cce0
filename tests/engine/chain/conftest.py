"""The nine links, for tests of the chain."""

import pytest

from tansiq.engine.chain import Link, links_of

NINE = links_of(
    [
        Link("security_coordination"),
        Link("items_cleared", ("security_coordination",)),
        Link("route_open", ("security_coordination",)),
        Link("slot", ("items_cleared", "route_open")),
        Link("entered", ("slot",)),
        Link("transported", ("route_open", "entered")),
        Link("received", ("transported",)),
        Link("distributed", ("received",)),
        Link("confirmed", ("distributed",)),
    ]
)


@pytest.fixture(scope="session")
def nine():
    return NINE
