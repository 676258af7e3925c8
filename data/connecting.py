"""Connections to a database of either kind, set so that nothing acknowledged is ever lost."""

import shutil
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from data import private
from data.keys import WRITES

BUSY_SECONDS = 30  # how long a writer waits for another one before it gives up
WRITE_LOCK = 0x66616872  # "fahr"; any number that nobody else locks in the same database

# A server whose cable is cut is noticed within a minute, and one that is not there, at once:
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
_SERVER = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
_LEAST_FREE = 20_000_000  # bytes; with less, the next bookings fill the disk
_BUSY = ("database is locked", "database table is locked")


def make_engine(url: str) -> Engine:
    """
    Make what gives connections; the folder of an SQLite file is made if it is missing.

    Transactions of a connection with the option `WRITES` take the one write lock at their first
    statement.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    return _postgresql(parsed)


def in_memory(url: URL) -> bool:
    """Whether an SQLite database is nowhere on the disk."""
    if url.get_backend_name() != "sqlite":
        return False
    return url.database in {None, "", ":memory:"} or "mode=memory" in str(url)


def takes_changes(engine: Engine) -> bool:
    """Whether something could be written now; nothing is, and nobody is waited for."""
    if engine.dialect.name == "sqlite":
        return _sqlite_takes_changes(Path(str(engine.url.database)))
    with engine.connect() as connection:
        asked = connection.exec_driver_sql(
            "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool"
        )
        return not asked.scalar()


def _sqlite(url: URL) -> Engine:
    if not in_memory(url):
        private.make_folder(Path(str(url.database)).parent)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "do_connect", partial(_make_private, url))
    event.listen(engine, "connect", _make_durable)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: URL) -> Engine:
    given: dict[str, Any] = {
        name: value for name, value in _SERVER.items() if name not in url.query
    }
    engine = create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=given)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _sqlite_takes_changes(file: Path) -> bool:
    if shutil.disk_usage(file.parent).free < _LEAST_FREE:
        return False
    there = f"file:{quote(str(file.resolve()))}?mode=rw"  # it may be gone, and is not made anew
    try:
        with closing(sqlite3.connect(there, uri=True, timeout=0, isolation_level=None)) as asking:
            asking.execute("BEGIN IMMEDIATE")
            asking.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return str(error) in _BUSY  # somebody else does write
    return True


def _make_private(url: URL, *_: object) -> None:
    """Let SQLite find its file there, so that it and those beside it are for their owner only."""
    if not in_memory(url) and not str(url.database).startswith("file:"):
        private.make_file(Path(str(url.database)))


def database_files(url: str) -> list[Path]:
    """The files of an SQLite database, whether they are there or not; none of any other."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or in_memory(parsed):
        return []
    file = Path(str(parsed.database))
    return [file, *(file.with_name(f"{file.name}-{end}") for end in ("wal", "shm", "journal"))]


def _make_durable(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """
    Survive a power cut with everything that was acknowledged.

    See https://sqlite.org/pragma.html#pragma_synchronous: in WAL mode only FULL writes through
    to the disk at each commit.
    """
    connection.isolation_level = None  # transactions are begun below, not by the driver
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    """
    Wait for the write lock, and write through to the disk even if the server would not.

    The lock (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS) is
    one of the database, and falls with the transaction. A writer who has vanished without a word,
    its cable cut, loses it.
    """
    if connection.get_execution_options().get(WRITES):
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'; "
            f"SET LOCAL idle_in_transaction_session_timeout = '{2 * BUSY_SECONDS}s'; "
            "SELECT set_config('synchronous_commit', 'on', true) "
            "WHERE current_setting('synchronous_commit') = 'off'; "
            f"SELECT pg_advisory_xact_lock({WRITE_LOCK})"
        )
