"""Error pages: the same bytes for hidden and for never-existed, and shown even when nothing else works."""

from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.views import defaults


def not_found(path: str, reason: str) -> bytes:
    return defaults.page_not_found(RequestFactory().get(path), Exception(reason)).content


def test_not_found_is_the_same_for_hidden_and_never_existed() -> None:
    assert not_found("/aid/consignments/1/", "hidden by a fence") == not_found("/aid/nothing/", "no such address")


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "405.html", "500.html"])
def test_error_page_needs_neither_request_nor_built_front_end(name: str, tmp_path: Path, settings: object) -> None:
    settings.FRONTEND_MANIFEST = tmp_path / "missing.json"  # type: ignore[attr-defined]
    page = render_to_string(name)
    assert 'data-outcome="failed"' in page
    assert "<script" not in page
