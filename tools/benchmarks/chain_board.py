"""The chain board of thousands of live consignments, as the server answers it: page, row and chain of one."""

# ruff: noqa: S101 (a figure of something that went wrong is no figure)

import statistics
import sys
from typing import Any

from tools.measured_chain import TRUCKS, Sizes, fill
from tools.measured_house import figure, is_small, measured_database, measured_house, quantile, timed

DATABASE = "measured_chain"
GOAL = "p95 <= 200 ms"
PAGES = (
    "/floor/chain/",
    "/floor/chain/?by=holder",
    "/floor/chain/?by=crossing",
    "/floor/chain/?by=link&lane=transport",
)


def main(arguments: list[str]) -> None:
    """Time the pages in a room that sees all and in one that sees a part."""
    small = is_small(arguments)
    sizes, turns = (Sizes(60, 20), 3) if small else (Sizes(5_000, 2_500), 25)
    with measured_house(), measured_database(DATABASE + "_small" * small, keep=True) as name:
        filled = fill(name, sizes)
        for words, room_id in (("sees all", filled.readers.everything), ("sees a part", filled.readers.part)):
            size = f"{sizes.live:,} live consignments of {TRUCKS} trucks, {filled.events:,} events; a room that {words}"
            measure(room_id, size, turns)


def measure(room_id: Any, size: str, turns: int) -> None:
    """Time every arrangement in turns, then one row and the whole chain of one consignment."""
    client = visitor(room_id)
    for path in PAGES:
        assert client.get(path).status_code == 200
    took = [timed(lambda p=path: client.get(p))[0] for _ in range(turns) for path in PAGES]
    queries = queries_of(client, PAGES[0])
    figure(f"chain board, server time, p50 of {len(took)}", size, statistics.median(took) * 1000, "ms")
    figure(
        f"chain board, server time, p95 of {len(took)}", size, quantile(took, 0.95) * 1000, "ms",
        f"{queries} queries", goal=GOAL,
    )  # fmt: skip
    page = client.get(PAGES[0]).content.decode()
    one = page.split('id="chain-')[1].split('"')[0]
    for what, path in (("one row", f"/floor/chain/_row/{one}"), ("chain of one", f"/floor/chain/{one}/")):
        times = [timed(lambda p=path: client.get(p))[0] for _ in range(turns)]
        figure(f"{what}, server time, p95 of {turns}", size, quantile(times, 0.95) * 1000, "ms")


def queries_of(client: Any, path: str) -> int:
    """How many queries a page asks."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def visitor(room_id: Any) -> Any:
    """A signed-in officer of the room."""
    from django.conf import settings
    from django.test import Client

    from tansiq.building.people.models import Account
    from tansiq.building.rooms.actions import grant_membership
    from tansiq.building.rooms.actors import system_actor
    from tansiq.building.rooms.models import Membership, Room
    from tansiq.building.wall.context import room_context

    settings.ALLOWED_HOSTS = ["testserver"]
    room = Room.objects.get(pk=room_id)
    email = f"measured-{room.slug}@example.org"
    account = Account.objects.filter(email=email).first()
    if account is None:
        account = Account.objects.db_manager("owner").create_user(email, "a measured password", is_sample=True)
        account._state.db = "default"
    with room_context(room_ids=(room_id,)):
        known = Membership.objects.filter(room_id=room_id, account_id=account.pk).exists()
    if not known:
        grant_membership(by=system_actor(room), account=account, roles=["watch_officer"])
    client = Client()
    client.force_login(account)
    return client


if __name__ == "__main__":
    main(sys.argv[1:])
