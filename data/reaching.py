"""Open the database that an installation names, or say in one German sentence why not."""

import datetime as dt
import errno
from collections.abc import Callable

from alembic.util import CommandError
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from data.connecting import in_memory, takes_changes
from data.errors import DataError
from data.heads import NotedHead
from data.keys import Keys
from data.store import Store, scripts

EXAMPLES = "sqlite:////srv/fahrten/fahrten.sqlite3 oder postgresql://fahrten@localhost/fahrten"


_OF_THE_SYSTEM = {
    errno.EACCES: "Das ist diesem Benutzer nicht erlaubt",
    errno.EPERM: "Das ist diesem Benutzer nicht erlaubt",
    errno.EADDRINUSE: "Dort läuft schon etwas",
    errno.EADDRNOTAVAIL: "Diese Adresse hat der Rechner nicht",
    errno.EEXIST: "Dort liegt eine Datei",
    errno.ENOTDIR: "Dort liegt eine Datei",
    errno.ENOENT: "Das gibt es nicht",
    errno.ENOSPC: "Der Datenträger ist voll",
    errno.EROFS: "Der Datenträger ist nur lesbar",
}
# What SQLite says, in its own words, of a file that somebody has put there.
_GERMAN = {
    "file is not a database": "Das ist keine Datenbank",
    "unable to open database file": "Sie lässt sich nicht öffnen",
    "attempt to write a readonly database": "Sie ist nur lesbar",
    "database disk image is malformed": "Sie ist beschädigt",
    "database or disk is full": "Der Datenträger ist voll",
    "database is locked": "Jemand anders hat sie gesperrt",
}


class UnreachableDatabaseError(DataError):
    """The database cannot be used; the message names it, but never its password."""


class SilentServerError(UnreachableDatabaseError):
    """The server of the database does not let us in: it may have to be started yet."""


def open_store(
    url: str,
    *,
    keys: Keys | None = None,
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    noted: NotedHead | None = None,
) -> Store:
    """
    Open a database; its schema is left as it is. *clock* and *noted* are for the audit.

    Raises
    ------
    UnreachableDatabaseError
        If it does not answer, or knows more than this program does.
    """
    try:
        parsed = make_url(url)
        store = Store(url, keys=keys, clock=clock, noted=noted)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        # Whatever it is, a password may stand in it.
        msg = f"Das ist keine Adresse einer Datenbank. Richtig wäre zum Beispiel {EXAMPLES}."
        raise UnreachableDatabaseError(msg) from error
    except OSError as error:
        raise UnreachableDatabaseError(_unreachable(parsed, why(error))) from error
    if in_memory(parsed):
        msg = "Eine Datenbank im Arbeitsspeicher vergisst alles. Richtig wäre zum Beispiel "
        raise UnreachableDatabaseError(msg + f"{EXAMPLES}.")
    try:
        revision = store.revision()
    except DBAPIError as error:
        store.close()
        server = parsed.get_backend_name() != "sqlite"
        kind = SilentServerError if server else UnreachableDatabaseError
        raise kind(_unreachable(parsed, _cause(error))) from error
    if revision is not None and revision not in known_revisions():
        store.close()
        msg = (
            f"Die Datenbank {_shown(parsed)} ist neuer als dieses Programm (Stand {revision}, "
            f"bekannt bis {store.newest_revision()}). Bitte das neuere Programm starten."
        )
        raise UnreachableDatabaseError(msg)
    return store


def known_revisions() -> frozenset[str]:
    """Every revision of the schema that this program can bring up to date."""
    return frozenset(script.revision for script in scripts().walk_revisions())


def upgrade(store: Store) -> bool:
    """
    Bring the schema up to date; say whether anything was to be done.

    Raises
    ------
    UnreachableDatabaseError
        If the database refuses.
    """
    try:
        return store.upgrade()
    except (DBAPIError, CommandError) as error:
        raise UnreachableDatabaseError(_unreachable(store.engine.url, _cause(error))) from error


def refuse_read_only(store: Store) -> None:
    """
    Make sure that something can be kept.

    Raises
    ------
    UnreachableDatabaseError
        If the database can only be read, or the disk is full.
    """
    if not takes_changes(store.engine):
        cause = "Sie ist nur lesbar, oder der Datenträger ist voll"
        raise UnreachableDatabaseError(_unreachable(store.engine.url, cause))


def why(error: OSError) -> str:
    """Say in German what the system has refused."""
    return _OF_THE_SYSTEM.get(error.errno or 0, error.strerror or type(error).__name__)


def _cause(error: DBAPIError | CommandError) -> str:
    told = error.orig if isinstance(error, DBAPIError) else error
    lines = str(told).strip().splitlines() or [type(error).__name__]
    return _GERMAN.get(lines[0], lines[0])


def _unreachable(url: URL, cause: str) -> str:
    return f"Die Datenbank {_shown(url)} ist nicht zu benutzen: {cause.rstrip('.')}."


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)
