"""Which database each part speaks to, and as whom; settings.DATABASES is made of this."""

import os
from typing import Any

from tansiq.console.addresses import AUDITOR, OWNER, RUNTIME, SEQUENCER, direct_parameters, role_parameters
from tansiq.console.state import data_directory, secret

__all__ = ["data_directory", "databases", "direct_parameters", "secret"]

ENGINE = "tansiq.building.wall.postgresql"
ALIASES = {"default": RUNTIME, "owner": OWNER, "sequencer": SEQUENCER, "auditor": AUDITOR}


def databases() -> dict[str, dict[str, Any]]:
    """Give every alias its connection; only the web server keeps a pool (TANSIQ_POOL, its size)."""
    found = {alias: _database(role_parameters(role)) for alias, role in ALIASES.items()}
    if direct_parameters():  # a pooler stands between: what is begun must end within its transaction
        for one in found.values():
            one["DISABLE_SERVER_SIDE_CURSORS"] = True
    size = int(os.environ.get("TANSIQ_POOL") or 0)
    if size:
        found["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": size, "timeout": 10}
    return found


def _database(parameters: dict[str, str]) -> dict[str, Any]:
    rest = dict(parameters)
    return {
        "ENGINE": ENGINE,
        "NAME": rest.pop("dbname"),
        "USER": rest.pop("user", ""),
        "PASSWORD": rest.pop("password", ""),
        "HOST": rest.pop("host", ""),
        "PORT": rest.pop("port", ""),
        "OPTIONS": {"application_name": "tansiq", "connect_timeout": 10, **rest},
    }
