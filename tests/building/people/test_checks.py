"""Signing in without a second factor is for the sample's database alone."""

import pytest

from tansiq.building.people.checks import sample_fault, sample_guard
from tansiq.building.people.models import Account
from tests import factories

pytestmark = pytest.mark.django_db


def make_real() -> None:
    Account.objects.filter(pk=factories.account("alpha").pk).update(is_sample=False)


def test_sample_database_may_start():
    assert sample_fault() is None


def test_real_account_stops_the_start(settings):
    make_real()
    assert sample_fault() == (
        "TANSIQ_SAMPLE_WITHOUT_MFA is set, but this database holds an account that is not the sample's; unset it: "
        "signing in without a second factor is for the sample operation alone."
    )
    assert [fault.id for fault in sample_guard(databases=["default"])] == ["people.sample_guard"]
    settings.SAMPLE_WITHOUT_MFA = False
    assert (sample_fault(), sample_guard(databases=["default"])) == (None, [])


def test_check_asks_no_database_that_is_not_named():
    make_real()
    assert sample_guard(databases=None) == []
