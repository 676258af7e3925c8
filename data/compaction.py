"""Make what was deleted really gone: from free pages, from the write-ahead log, from dead rows."""

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError


def compact(engine: Engine) -> bool:
    """
    Write the database anew without what was deleted or changed; False if somebody was reading.

    SQLite: the file and its write-ahead log. PostgreSQL: every table of ours (`VACUUM FULL`
    waits for those who use one); its write-ahead log is recycled as its own settings say, and is
    switched on there only as far as the server's role allows.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            driver = connection.connection.dbapi_connection
            assert driver is not None  # noqa: S101  (the pool has just given it)
            cursor = driver.cursor()
            cursor.execute("VACUUM")
            # https://www.sqlite.org/pragma.html#pragma_wal_checkpoint: (busy, pages, moved)
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (busy, _, _) = cursor.fetchone() or (1, 0, 0)
            return not busy
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM FULL"))
        try:
            connection.execute(text("CHECKPOINT"))
        except DBAPIError:
            return False  # only some roles may; the server does it by itself within minutes
    return True
