"""Make what was deleted really gone: from free pages, from the write-ahead log, from dead rows."""

import sqlite3
from contextlib import closing, suppress

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from data.tables import Table

_WAIT_SECONDS = 30  # for whoever reads; then whoever called decides what to do


def compact(engine: Engine) -> bool:
    """
    Write the database anew without what was deleted or changed; False if somebody was in the way.

    SQLite: the file and its write-ahead log. PostgreSQL: every table of ours, with what the planner
    has noted of it (`VACUUM FULL` waits for those who use one); its write-ahead log is recycled as
    its own settings say.
    """
    return (
        _compact_sqlite(engine) if engine.dialect.name == "sqlite" else _compact_postgresql(engine)
    )


def _compact_sqlite(engine: Engine) -> bool:
    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None  # noqa: S101  (the pool has just given it)
        with closing(driver.cursor()) as cursor:
            try:
                cursor.execute("VACUUM")
            except sqlite3.OperationalError:
                return False  # somebody writes, and does not end
            # https://www.sqlite.org/pragma.html#pragma_wal_checkpoint: (busy, pages, moved)
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (busy, _, _) = cursor.fetchone() or (1, 0, 0)
            return not busy


def _compact_postgresql(engine: Engine) -> bool:
    tables = ", ".join(table.name for table in Table.metadata.sorted_tables)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.detach()  # what is set here, nobody else is to find
        try:
            connection.execute(text(f"SET lock_timeout = '{_WAIT_SECONDS}s'"))
            connection.execute(text(f"VACUUM (FULL, ANALYZE) {tables}"))
        except DBAPIError:
            return False
        # Only some roles may; for all others the server does it by itself within minutes.
        with suppress(DBAPIError):
            connection.execute(text("CHECKPOINT"))
    return True
