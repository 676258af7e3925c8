"""Open the database that an installation names, or say in one German sentence why not."""

import datetime as dt
from collections.abc import Callable

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from data.errors import DataError
from data.keys import Keys
from data.store import MIGRATIONS, Store

EXAMPLES = "sqlite:////srv/fahrten/fahrten.sqlite3 oder postgresql://fahrten@localhost/fahrten"


class UnreachableDatabaseError(DataError):
    """The database cannot be used; the message names it, but never its password."""


def open_store(
    url: str,
    *,
    keys: Keys | None = None,
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
) -> Store:
    """
    Open a database; its schema is left as it is. *clock* is for the audit.

    Raises
    ------
    UnreachableDatabaseError
        If it does not answer, or knows more than this program does.
    """
    try:
        parsed = make_url(url)
        store = Store(url, keys=keys, clock=clock)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        # Whatever it is, a password may stand in it.
        msg = f"Das ist keine Adresse einer Datenbank. Richtig wäre zum Beispiel {EXAMPLES}."
        raise UnreachableDatabaseError(msg) from error
    except OSError as error:
        raise UnreachableDatabaseError(_unreachable(parsed, str(error.strerror))) from error
    try:
        revision = store.revision()
    except DBAPIError as error:
        store.close()
        lines = str(error.orig).strip().splitlines() or [type(error).__name__]
        raise UnreachableDatabaseError(_unreachable(parsed, lines[0])) from error
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
    scripts = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return frozenset(script.revision for script in scripts)


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
        told = error.orig if isinstance(error, DBAPIError) else error
        lines = str(told).strip().splitlines() or [type(error).__name__]
        raise UnreachableDatabaseError(_unreachable(store.engine.url, lines[0])) from error


def _unreachable(url: URL, cause: str) -> str:
    return f"Die Datenbank {_shown(url)} ist nicht zu benutzen: {cause.rstrip('.')}."


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)
