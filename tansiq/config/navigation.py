"""The ways through the building that the acting person may take."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context for every page: sections that the roles open, the acting room and the person's other rooms."""
    return {}
