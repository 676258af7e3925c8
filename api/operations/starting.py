"""Before the service starts: everything that would go wrong later is said now, one line each."""

import difflib
import os
import socket
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from api.errors import SettingsError
from api.jobs import crews
from api.operations.office import Office
from api.settings import PREFIX, Settings
from data import private
from data.errors import DataError, NotKeptError
from data.reaching import SilentServerError, refuse_read_only, why
from data.reading import RegionError

_BACKLOG = 2048
# Not ours, but the benchmarks' and tests'; whoever develops may have them set.
_ELSEWHERE = {"FAHRTEN_SHARED", "FAHRTEN_TEST_DAYS"}

T = TypeVar("T")


def prepare(office: Office, *, host: str, port: int) -> socket.socket:
    """
    Make sure that the service can work; return the socket on which it will listen.

    Raises
    ------
    Exception
        The one mistake that there is, if it is only one.
    SettingsError
        With a line for each mistake, if there are several.
    """
    settings = office.settings
    found: list[Exception] = []
    _note(found, "", lambda: refuse_unknown(os.environ))
    writable = _note(found, "", lambda: _write_into(settings.folder))
    _note(found, "", lambda: crews.check(settings))
    _note(found, f"FAHRTEN_REGION={settings.region}: ", office.filed)
    if writable or settings.database:  # else it is the same mistake once more
        _note(found, "FAHRTEN_DATABASE: " if settings.database else "", lambda: _open(office))
    listener = _note(found, "", lambda: listen(host, port))
    if listener is not None and not found:
        return listener
    if listener is not None:
        listener.close()
    office.close()
    if len(found) == 1:
        raise found[0]
    raise SettingsError("\n".join(str(fault) for fault in found))


def listen(host: str, port: int) -> socket.socket:
    """
    Take the port.

    Raises
    ------
    SettingsError
        If somebody else has it, or it is forbidden.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        cause = "Diesen Namen gibt es nicht" if isinstance(error, socket.gaierror) else why(error)
        msg = f"Unter {host}:{port} kann nicht gelauscht werden: {cause}."
        raise SettingsError(msg) from error


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """
    Refuse settings that there are not: somebody believes that they count.

    Raises
    ------
    SettingsError
        With a line for each of them.
    """
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    lines = []
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in {*known, *_ELSEWHERE}:
            close = difflib.get_close_matches(name, known, n=1)
            meant = f" Gemeint ist vielleicht {close[0]}." if close else ""
            lines.append(f"{name}: Diese Einstellung gibt es nicht.{meant}")
    if lines:
        raise SettingsError("\n".join(lines))


def _note(found: list[Exception], setting: str, step: Callable[[], T]) -> T | None:
    """Take a step, and note what is wrong; *setting* is named where the message does not."""
    try:
        return step()
    except (SettingsError, RegionError, SilentServerError) as error:
        found.append(error)
    except (DataError, NotKeptError) as error:
        found.append(SettingsError(f"{setting}{error}"))
    return None


def _open(office: Office) -> None:
    refuse_read_only(office.store)


def _write_into(folder: Path) -> bool:
    try:
        private.make_folder(folder)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError as error:
        msg = f"FAHRTEN_FOLDER={folder}: Hierhin kann nicht geschrieben werden: {why(error)}."
        raise SettingsError(msg) from error
