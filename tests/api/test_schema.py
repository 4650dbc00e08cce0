"""What the API answers is what its description says, for input of every kind."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import READING

pytestmark = pytest.mark.django_db

description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
WRITING = ("doors.release.propose", "doors.release.recall", "aid.event.record", "aid.consignment.amend")


@pytest.fixture
def bearer(program):
    """The header of a token that may do all that the API offers."""
    return {"Authorization": program("alpha", *READING, *WRITING).defaults["HTTP_AUTHORIZATION"], "Host": "localhost"}


@pytest.fixture(autouse=True)
def one_transaction():
    """Keep the test's own transaction open from request to request, as Django's own client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@description.parametrize()
@settings(
    max_examples=5, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_answers_are_as_described(case, bearer):
    case.call_and_validate(headers=bearer, checks=CHECKS)
