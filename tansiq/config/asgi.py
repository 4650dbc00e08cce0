"""The web application as an ASGI server starts it; refuses where signing in would be too easy."""

import os
from concurrent.futures import ThreadPoolExecutor

from django.core.asgi import get_asgi_application
from django.db import connections

from tansiq.building.people.checks import sample_fault

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tansiq.config.settings")

application = get_asgi_application()


def refuse_sample_elsewhere() -> None:
    """Stop with one sentence where second factors are off and the database is not the sample's alone."""

    def fault() -> str | None:
        try:
            return sample_fault()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as aside:  # the server's own thread already runs its loop
        found = aside.submit(fault).result()
    if found:
        raise SystemExit(f"Refused: {found}")


refuse_sample_elsewhere()
