"""The database keeps what it was given, and its schema is the one that the program means."""

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from data.store import Store
from data.tables import Geocode, Home, Note, Table


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'deep' / 'down' / 'fahrten.sqlite3'}")
    store.upgrade()
    yield store
    store.close()


def home(label: str) -> Home:
    return Home(region="kalletal", label=label, lat=52.1, lon=9.0)


def test_the_migrations_make_exactly_the_tables_that_the_program_uses(store: Store) -> None:
    """A column added to `data.tables` without a migration is found here."""
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_upgrading_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    """Every start of the program upgrades."""
    store = Store(f"sqlite:///{tmp_path / 'fahrten.sqlite3'}")

    assert not store.answers()
    assert [store.upgrade(), store.upgrade()] == [True, False]
    assert store.answers()


def test_the_schema_goes_down_and_up_again(store: Store) -> None:
    """Down to nothing leaves nothing but Alembic's own table."""
    store.downgrade("base")
    with store.engine.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        assert set(tables.scalars()) <= {"alembic_version", "sqlite_sequence"}

    store.upgrade()

    assert store.answers()


def test_sqlite_is_set_to_lose_nothing(store: Store) -> None:
    """WAL, synchronous=FULL (2), and references that are enforced, on every connection."""
    with store.reading() as session:
        settings = [
            session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert settings == ["wal", 2, 1]


def test_a_reference_to_nothing_is_refused(store: Store) -> None:
    """A note without its request cannot be kept."""
    with pytest.raises(IntegrityError), store.writing() as session:
        session.add(Note(request_id=4711, text="Beispiel"))


def test_a_block_that_fails_keeps_nothing(store: Store) -> None:
    """All of it or none of it."""

    def fail() -> None:
        with store.writing() as session:
            session.add(home("Beispielstraße 1"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Home)) == 0


def test_writers_wait_for_each_other(store: Store) -> None:
    """Eight threads with ten bookings each: none fails with "database is locked"."""
    failures: list[BaseException] = []

    def book(thread: int) -> None:
        try:
            for number in range(10):
                with store.writing() as session:
                    session.scalar(select(func.count()).select_from(Home))  # read, then write
                    session.add(home(f"Beispielstraße {thread}-{number}"))
        except BaseException as error:  # noqa: BLE001  (told to the main thread)
            failures.append(error)

    threads = [threading.Thread(target=book, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Home)) == 8 * 10


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    """A process that prints each home after keeping it is killed in the middle."""
    file = tmp_path / "fahrten.sqlite3"
    script = f"""
from data.store import Store
from data.tables import Home
store = Store("sqlite:///{file}")
store.upgrade()
number = 0
while True:
    with store.writing() as session:
        session.add(Home(region="r", label=str(number), lat=0, lon=0))
    print(number, flush=True)
    number += 1
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(50)]
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in process.stdout]

    connection = sqlite3.connect(file)
    kept = {int(label) for (label,) in connection.execute("SELECT label FROM homes")}
    connection.close()
    assert set(acknowledged) <= kept


def test_a_moment_comes_back_in_utc(store: Store) -> None:
    """SQLite keeps no time zones; what goes in with one comes out as the same moment."""
    noon_in_berlin = dt.datetime(2027, 3, 2, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    with store.writing() as session:
        session.add(Geocode(query="x", lat=None, lon=None, fetched=noon_in_berlin))

    with store.reading() as session:
        (kept,) = session.scalars(select(Geocode.fetched))

    assert kept == noon_in_berlin
    assert kept.utcoffset() == dt.timedelta(0)


def test_a_moment_without_a_time_zone_is_refused(store: Store) -> None:
    """Whose noon it was could never be found out again."""
    noon = dt.datetime(2027, 3, 2, 12)  # noqa: DTZ001  (the mistake under test)
    with pytest.raises(Exception, match="needs a time zone"), store.writing() as session:
        session.add(Geocode(query="x", lat=None, lon=None, fetched=noon))
