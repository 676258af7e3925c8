"""Before the service starts: everything that would go wrong later is said now, one line each."""

import difflib
import errno
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
from data.errors import DataError, NotKeptError

_GERMAN = {
    errno.EACCES: "Das ist diesem Benutzer nicht erlaubt",
    errno.EPERM: "Das ist diesem Benutzer nicht erlaubt",
    errno.EADDRINUSE: "Dort läuft schon etwas",
    errno.EADDRNOTAVAIL: "Diese Adresse hat der Rechner nicht",
    errno.EEXIST: "Dort liegt eine Datei",
    errno.ENOTDIR: "Dort liegt eine Datei",
    errno.ENOSPC: "Der Datenträger ist voll",
    errno.EROFS: "Der Datenträger ist nur lesbar",
}
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
    _note(found, lambda: refuse_unknown(os.environ))
    _note(found, lambda: _write_into(settings.folder))
    _note(found, lambda: crews.check(settings))
    _note(found, office.region)
    _note(found, lambda: office.store)
    listener = _note(found, lambda: listen(host, port))
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
        why = "Diesen Namen gibt es nicht" if isinstance(error, socket.gaierror) else _why(error)
        msg = f"Unter {host}:{port} kann nicht gelauscht werden: {why}."
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


def _note(found: list[Exception], step: Callable[[], T]) -> T | None:
    try:
        return step()
    except (SettingsError, DataError, NotKeptError) as error:
        found.append(error)
        return None


def _write_into(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        msg = f"FAHRTEN_FOLDER={folder}: Hierhin kann nicht geschrieben werden: {_why(error)}."
        raise SettingsError(msg) from error


def _why(error: OSError) -> str:
    return _GERMAN.get(error.errno or 0, error.strerror or type(error).__name__)
