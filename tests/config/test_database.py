"""Which address each part speaks to, where a pooler stands before the server."""

import pytest

from tansiq.config.database import databases, direct_parameters

ADDRESSES = {
    "DATABASE_URL": "postgresql://tansiq_owner:a@server:5432/site",
    "DATABASE_RT_URL": "postgresql://tansiq_rt:b@pooler:6432/site",
    "DATABASE_SEQUENCER_URL": "postgresql://tansiq_sequencer:c@pooler:6432/site",
    "DATABASE_AUDITOR_URL": "postgresql://tansiq_auditor:d@pooler:6432/site",
}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, address in ADDRESSES.items():
        monkeypatch.setenv(name, address)
    monkeypatch.delenv("DATABASE_DIRECT_URL", raising=False)
    return monkeypatch


def test_without_a_pooler_news_come_from_the_address_of_the_pages(given):
    assert direct_parameters() == {}
    assert [one.get("DISABLE_SERVER_SIDE_CURSORS") for one in databases().values()] == [None] * 4


def test_behind_a_pooler_news_come_from_the_server_and_no_cursor_outlives_a_transaction(given):
    given.setenv("DATABASE_DIRECT_URL", "postgresql://tansiq_rt:b@server:5432/site")
    found = direct_parameters()
    assert (found["host"], found["port"], found["user"]) == ("server", "5432", "tansiq_rt")
    pages = databases()["default"]
    assert (pages["HOST"], pages["PORT"], pages["DISABLE_SERVER_SIDE_CURSORS"]) == ("pooler", "6432", True)
