"""`fahrten serve`."""

import logging
import os
import signal
import socket
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from api.errors import SettingsError
from api.jobs import crews
from api.jobs.runner import Runner
from api.observing import logs
from api.operations import starting
from api.operations.nights import Nights
from api.operations.office import Office
from api.settings import read_settings

if TYPE_CHECKING:
    import uvicorn

log = logging.getLogger("fahrten")


def serve(
    host: Annotated[str | None, typer.Option(help="Ohne sie gilt FAHRTEN_HOST.")] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Ohne ihn gilt FAHRTEN_PORT.")
    ] = None,
) -> None:
    """Seiten und Schnittstelle bereitstellen, bis Strg+C oder SIGTERM kommt."""
    import uvicorn

    from api.app import create_app
    from api.web.assets import AssetsMissingError

    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, _end)
    settings, wrong = read_settings()
    host = host or settings.host
    port = port or (None if "port" in wrong else settings.port)
    office = Office(settings)
    listener = starting.prepare(office, wrong, host=host, port=port)
    try:
        app = create_app(settings, office=office)
    except AssetsMissingError as error:
        raise SettingsError(str(error)) from error
    logs.configure_service(settings.log)
    office.warming.start()
    Nights(office).start()
    office.runner = Runner(office)
    office.runner.start()
    # Addresses of pages hold what people search for; our own log knows only their templates.
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        proxy_headers=False,  # whom to believe, api.doors.visit decides
        server_header=False,
        timeout_graceful_shutdown=settings.stop_seconds,
    )
    log.info("Bereit: %s (Ende mit Strg+C)", _address(host, listener))
    _run(_server(config, office.runner), listener)
    crews.end()
    log.info("ended")
    logging.shutdown()
    if any(each is not threading.main_thread() for each in threading.enumerate()):
        # Somebody still works, for a caller who has been sent away. Nothing of it is kept.
        sys.stderr.flush()
        os._exit(0)


def _server(config: "uvicorn.Config", runner: Runner) -> "uvicorn.Server":
    import uvicorn

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            runner.end()  # before it waits for callers, who wait for plans
            await super().shutdown(sockets)

    return Server(config)


def _run(server: "uvicorn.Server", listener: socket.socket) -> None:
    """Serve until a signal comes and what had begun is finished, or took too long."""
    try:
        server.run(sockets=[listener])
    except SystemExit as ended:
        if ended.code:
            raise


def _end(_: int, __: FrameType | None) -> None:
    """
    End well: also as the first process of a container, where a signal alone would do nothing.

    While the server runs, it handles signals itself and passes them on to here when it is done.
    """
    raise SystemExit(0)


def _address(host: str, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
