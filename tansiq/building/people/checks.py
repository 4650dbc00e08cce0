"""Refuses to start without second factors anywhere but on the sample's own database."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connections

FAULT = (
    "TANSIQ_SAMPLE_WITHOUT_MFA is set, but this database holds {found}; unset it: "
    "signing in without a second factor is for the sample operation alone."
)
FOUND = {
    (True, False): "an operation that is not the sample's",
    (False, True): "an account that is not the sample's",
    (True, True): "operations and accounts that are not the sample's",
}


def sample_fault(using: str = "default") -> str | None:
    """Why the centre may not start as it is set up, in one sentence; None when it may."""
    if not settings.SAMPLE_WITHOUT_MFA:
        return None
    try:
        with connections[using].cursor() as cursor:
            cursor.execute("select to_regclass('rooms_operation') is null or to_regclass('people_account') is null")
            if cursor.fetchone()[0]:
                return None
            cursor.execute(
                "select exists (select 1 from rooms_operation where not is_sample), "
                "exists (select 1 from people_account where not is_sample)"
            )
            found = FOUND.get(cursor.fetchone())
    except DatabaseError:
        return None  # no database: nobody can sign in either, and whoever reads it next says so
    return FAULT.format(found=found) if found else None


@checks.register("people", checks.Tags.database)
def sample_guard(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """The same as a check of Django's, so that migrating refuses too."""
    faults = [fault for using in databases or () if (fault := sample_fault(using))]
    return [checks.Error(fault, id="people.sample_guard") for fault in faults[:1]]
