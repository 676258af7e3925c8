"""Free pages, dead rows and the write-ahead log are emptied, or it is said that they are not."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from data import compaction, connecting
from data.compaction import compact
from data.store import Store
from tests.builders_databases import Postgres


@pytest.fixture
def hurried(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for anybody."""
    monkeypatch.setattr(compaction, "_WAIT_SECONDS", 0.1)
    if backend == "sqlite":
        monkeypatch.setattr(connecting, "BUSY_SECONDS", 0.1)


@pytest.fixture
def opened(hurried: None, database: str) -> Iterator[Store]:
    opened = Store(database)
    opened.upgrade()
    yield opened
    opened.close()


def test_what_is_being_read_is_not_compacted(opened: Store) -> None:
    """SQLite's log has to stay for the reader; PostgreSQL cannot move the table meanwhile."""
    with opened.reading() as session:
        session.execute(text("SELECT count(*) FROM people"))
        with opened.engine.begin() as connection:
            if opened.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("INSERT INTO sealing (id, key) VALUES (1, 'x')")
        assert not compact(opened.engine)

    assert compact(opened.engine)


def test_who_writes_for_long_is_told_and_no_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What was asked for before, an erasure, has happened all the same."""
    monkeypatch.setattr(connecting, "BUSY_SECONDS", 0.1)
    file = tmp_path / "fahrten.sqlite3"
    opened = Store(f"sqlite:///{file}")
    opened.upgrade()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not compact(opened.engine)
        other.execute("ROLLBACK")

    assert compact(opened.engine)
    opened.close()


def test_an_ordinary_role_of_postgresql_will_do(postgres: Postgres) -> None:
    """Only some may ask for a checkpoint; the server makes one by itself within minutes."""
    with postgres.database("template1") as url:
        owner = create_engine(url, isolation_level="AUTOCOMMIT")
        with owner.connect() as connection:
            name = connection.scalar(text("SELECT current_database()"))
            connection.execute(text("DROP ROLE IF EXISTS bus"))
            connection.execute(text("CREATE ROLE bus LOGIN"))
            connection.execute(text(f"ALTER DATABASE {name} OWNER TO bus"))
        owner.dispose()
        opened = Store(url.replace("postgres@", "bus@"))
        opened.upgrade()

        assert compact(opened.engine)
        with opened.engine.connect() as connection:
            assert connection.scalar(text("SHOW lock_timeout")) == "0"
        opened.close()
