"""Copies of an SQLite database while others write to it, and back again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from data import private
from data.archive import BackupError
from data.connecting import BUSY_SECONDS
from data.keys import Keys
from data.store import Store

_IN_USE_SECONDS = 2.0  # whoever serves, never lets go


def copy(source: Path, target: Path) -> None:
    """
    Copy a database as it is at one moment, with all that was committed until then.

    Raises
    ------
    BackupError
        If there is none.
    """
    if not source.is_file():
        msg = f"Eine Datenbank {source} gibt es noch nicht."
        raise BackupError(msg)
    try:
        private.make_file(target)
        with _open(source, BUSY_SECONDS) as here, _open(target, 0) as there:
            here.backup(there)  # all pages in one step: writers go on in the WAL meanwhile
            there.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file is all of it
    except sqlite3.DatabaseError as error:
        msg = f"Die Datenbank {source} ist nicht zu lesen: {error}."
        raise BackupError(msg) from error


def examine(database: Path) -> tuple[str, dict[str, int]]:
    """
    Check a database from its first page to its last.

    Returns
    -------
    tuple
        The revision of its schema ("" if it has none) and how many rows each table has.

    Raises
    ------
    BackupError
        If it is damaged.
    """
    try:
        with _open(database, _IN_USE_SECONDS) as connection:
            return _examine(connection, database)
    except sqlite3.DatabaseError as error:
        raise BackupError(_damaged(database)) from error


def upgrade(database: Path, *, keys: Keys | None) -> None:
    """Bring the schema of a copy up to date, and make it one file again."""
    store = Store(f"sqlite:///{database}", keys=keys)
    try:
        store.upgrade()
    finally:
        store.close()
    with _open(database, 0) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()


def replace(target: Path, source: Path, *, aside: Path | None) -> None:
    """
    Put a copy in the place of a database, all of it or, whatever happens meanwhile, nothing.

    Parameters
    ----------
    aside
        Where the old one is kept, if it is to be.

    Raises
    ------
    BackupError
        If somebody uses the database.
    """
    with _alone(target) as connection:
        if aside is not None:
            private.make_file(aside)
            with _open(aside, 0) as kept:
                connection.backup(kept)
            examine(aside)
        with _open(source, 0) as restored:
            restored.backup(connection)  # one transaction


@contextmanager
def _alone(target: Path) -> Iterator[sqlite3.Connection]:
    """Open a database and keep everybody else out of it."""
    private.make_folder(target.parent)
    private.make_file(target)
    private.tighten([target])
    try:
        with _open(target, _IN_USE_SECONDS) as connection:
            # Only whoever is alone can leave WAL mode.
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            if mode != "delete":
                raise BackupError(_in_use(target))
            yield connection
    except sqlite3.OperationalError as error:
        raise BackupError(_in_use(target)) from error


@contextmanager
def _open(database: Path, seconds: float) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database, timeout=seconds, isolation_level=None)) as connection:
        yield connection


def _examine(connection: sqlite3.Connection, database: Path) -> tuple[str, dict[str, int]]:
    sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    if not sound or connection.execute("PRAGMA foreign_key_check").fetchall():
        raise BackupError(_damaged(database))
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    rows = {}
    for (name,) in names:
        quoted = str(name).replace('"', '""')
        (rows[str(name)],) = connection.execute(
            f'SELECT count(*) FROM "{quoted}"'  # noqa: S608  (a table that is there)
        ).fetchone()
    revision = ""
    if rows.get("alembic_version"):
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return revision, rows


def _damaged(database: Path) -> str:
    return f"{database}: Diese Datenbank ist beschädigt."


def _in_use(database: Path) -> str:
    return (
        f"Die Datenbank {database} wird gerade benutzt. Bitte erst den Dienst beenden "
        "(systemctl stop fahrten)."
    )
