"""A web server in a process of its own, on the database and the listening socket that are named."""

import os
import socket
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ.setdefault("TANSIQ_POOL", "8")  # as in production, so that a page that keeps a connection is noticed


def run(database: str, descriptor: int) -> None:
    import django
    import uvicorn
    from django.db import connections

    django.setup()
    for alias in connections:
        connections[alias].settings_dict["NAME"] = database
    config = uvicorn.Config(
        "tansiq.config.asgi:application", lifespan="off", log_level="warning", access_log=False,
        timeout_graceful_shutdown=3,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]))
