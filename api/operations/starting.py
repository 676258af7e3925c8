"""Before the service starts: everything that would go wrong later is said now, one line each."""

import difflib
import os
import socket
import tempfile
from collections.abc import Callable, Mapping
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

from api.errors import SettingsError
from api.jobs import crews
from api.operations.office import Office
from api.settings import PREFIX, Settings
from data import private
from data.errors import DataError, NotKeptError
from data.keys import KeyFaultError
from data.reaching import SilentServerError, open_store, refuse_read_only, why
from data.reading import RegionError

_BACKLOG = 2048
# Not ours, but the benchmarks' and tests'; whoever develops may have them set.
_ELSEWHERE = {"FAHRTEN_SHARED", "FAHRTEN_TEST_DAYS"}

T = TypeVar("T")


def prepare(
    office: Office, wrong: Mapping[str, str], *, host: str, port: int | None
) -> socket.socket:
    """
    Make sure that the service can work; return the socket on which it will listen.

    Parameters
    ----------
    wrong
        What is wrong with the settings themselves, by field (`api.settings.read_settings`).
    port
        ``None`` if that is one of them.

    Raises
    ------
    Exception
        The one mistake that there is, if it is only one.
    SettingsError
        With a line for each mistake, by the names of their settings, if there are several.
    """
    settings = office.settings
    found = _Found()
    for name, line in {**wrong, **unknown(os.environ)}.items():
        found.add(name, SettingsError(line))
    writable = found.take("folder", "", lambda: _write_into(settings.folder))
    found.take("cluster", "", lambda: crews.check(settings))
    found.take("region", f"FAHRTEN_REGION={settings.region}: ", office.filed)
    given = bool(settings.key.get_secret_value())
    keyed = not given or found.take("key", "", settings.keys.known) is not None
    if writable or settings.database:  # else it is the same mistake once more
        told = "FAHRTEN_DATABASE: " if settings.database else ""
        found.take("database", told, lambda: _open(office, keyed=keyed))
    listener = found.take("port", "", lambda: listen(host, port)) if port is not None else None
    if listener is not None and not found.mistakes:
        return listener
    if listener is not None:
        listener.close()
    office.close()
    mistakes = [error for _, error in sorted(found.mistakes, key=itemgetter(0))]
    if len(mistakes) == 1:
        raise mistakes[0]
    raise SettingsError("\n".join(map(str, mistakes)))


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


def unknown(environment: Mapping[str, str]) -> dict[str, str]:
    """Find settings that there are not: somebody believes that they count; a line for each."""
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    lines = {}
    for name in environment:
        if name.startswith(PREFIX) and name not in {*known, *_ELSEWHERE}:
            close = difflib.get_close_matches(name, known, n=1)
            meant = f" Gemeint ist vielleicht {close[0]}." if close else ""
            field = name.removeprefix(PREFIX).lower()
            lines[field] = f"{name}: Diese Einstellung gibt es nicht.{meant}"
    return lines


class _Found:
    """Mistakes, each with the field of the setting that it belongs to."""

    def __init__(self) -> None:
        self.mistakes: list[tuple[str, Exception]] = []

    def add(self, field: str, error: Exception) -> None:
        """Note a mistake."""
        self.mistakes.append((field, error))

    def take(self, field: str, setting: str, step: Callable[[], T]) -> T | None:
        """Take a step, and note what is wrong; *setting* is named where the message does not."""
        try:
            return step()
        except (SettingsError, RegionError, SilentServerError, KeyFaultError) as error:
            told = SettingsError(str(error)) if isinstance(error, KeyFaultError) else error
            self.add(field, told)
        except (DataError, NotKeptError) as error:
            self.add(field, SettingsError(f"{setting}{error}"))
        return None


def _open(office: Office, *, keyed: bool) -> None:
    """Open the database; without its key, no more than that."""
    if keyed:
        refuse_read_only(office.store)
        return
    store = open_store(office.settings.database_url)
    try:
        refuse_read_only(store)
    finally:
        store.close()


def _write_into(folder: Path) -> bool:
    try:
        private.make_folder(folder)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError as error:
        msg = f"FAHRTEN_FOLDER={folder}: Hierhin kann nicht geschrieben werden: {why(error)}."
        raise SettingsError(msg) from error
