"""`tansiq serve`: one web server."""

import os

import click
import uvicorn

from tansiq.console.children import follow_parent
from tansiq.console.ports import chosen_port, claim_port

APPLICATION = "tansiq.config.asgi:application"
POOL = "16"  # database connections a web process keeps


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [default: PORT, or 8000]")
@click.option("--proxies", default="127.0.0.1", show_default=True, help="Proxies to be believed.")
def serve(host: str, port: int | None, proxies: str) -> None:
    """Run one web server.

    Several may run side by side behind a proxy; nothing in one process is needed by another.
    """
    follow_parent()
    port = port or chosen_port()
    claim_port(host, port, patience_s=3)
    os.environ.setdefault("TANSIQ_POOL", POOL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tansiq.config.settings")
    uvicorn.run(
        APPLICATION,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=5,  # event streams never end by themselves
        server_header=False,
    )
