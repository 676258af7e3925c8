"""The database keeps what it was given, and its schema is the one that the program means."""

import datetime as dt
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError, InternalError

from data.store import Store
from data.tables import Geocode, Home, Note, Table
from tests.builders_api import KEY, KEYS
from tests.builders_databases import Postgres


def home(label: str) -> Home:
    return Home(region="kalletal", sealed=label.encode(), spot=b"")


def test_the_migrations_make_exactly_the_tables_that_the_program_uses(store: Store) -> None:
    """A column added to `data.tables` without a migration is found here."""
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_upgrading_twice_does_nothing_the_second_time(empty_database: str) -> None:
    """Every start of the program upgrades."""
    store = Store(empty_database)

    assert not store.answers()
    assert [store.upgrade(), store.upgrade()] == [True, False]
    assert store.answers()
    store.close()


def test_two_processes_that_start_together_upgrade_once(empty_database: str) -> None:
    """Whoever comes second finds everything ready."""
    stores = [Store(empty_database) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Store.upgrade, stores))

    assert all(store.answers() for store in stores)
    for store in stores:
        store.close()


def test_the_schema_goes_down_and_up_again(store: Store) -> None:
    """Down to nothing leaves nothing but Alembic's own table."""
    store.downgrade("base")
    assert set(inspect(store.engine).get_table_names()) <= {"alembic_version"}

    store.upgrade()

    assert store.answers()


def test_sqlite_is_set_to_lose_nothing(tmp_path: Path) -> None:
    """WAL, synchronous=FULL (2), and references that are enforced, on every connection."""
    store = Store(f"sqlite:///{tmp_path / 'fahrten.sqlite3'}")
    with store.reading() as session:
        settings = [
            session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    store.close()

    assert settings == ["wal", 2, 1]


def test_postgresql_loses_nothing_even_if_it_is_told_to(postgres: Postgres) -> None:
    """Whoever manages the server may have thought of speed."""
    with postgres.database() as url:
        store = Store(url)
        with store.engine.begin() as connection:
            name = connection.scalar(text("SELECT current_database()"))
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
        store.engine.dispose()

        with store.writing() as session:
            assert session.scalar(text("SHOW synchronous_commit")) == "on"
        store.close()


def test_the_short_name_of_postgresql_will_do(postgres: Postgres) -> None:
    """As other programs write it; the driver is ours to choose."""
    with postgres.database() as url:
        store = Store(url.replace("postgresql+psycopg:", "postgresql:"))
        assert store.answers()
        store.close()


def test_nothing_can_be_changed_while_reading(postgres: Postgres) -> None:
    """PostgreSQL sees to it; SQLite would only forget it again."""
    with postgres.database() as url:
        store = Store(url)
        with store.reading() as session:
            session.add(home("Beispielstraße 1"))
            with pytest.raises(InternalError, match="read-only"):
                session.flush()
        store.close()


def book(store: Store) -> None:
    with store.writing() as session:
        session.add(home("Beispielstraße 1"))


def test_whoever_reads_sees_the_state_of_one_moment(store: Store) -> None:
    """Two questions in one block, and a booking between them."""
    with store.reading() as session:
        counted = select(func.count()).select_from(Home)
        before = session.scalar(counted)
        with ThreadPoolExecutor(1) as somebody:
            somebody.submit(book, store).result()
        after = session.scalar(counted)

    assert (before, after) == (0, 0)


def test_a_number_that_was_told_is_never_given_again(store: Store) -> None:
    """Also when the newest of its kind is gone."""
    numbers = []
    for label in ("Beispielstraße 1", "Beispielstraße 2"):
        with store.writing() as session:
            kept = home(label)
            session.add(kept)
            session.flush()
            numbers.append(kept.id)
        with store.writing() as session:
            session.delete(kept)

    assert numbers[0] < numbers[1]


def test_a_reference_to_nothing_is_refused(store: Store) -> None:
    """A note without its request cannot be kept."""
    with pytest.raises(IntegrityError), store.writing() as session:
        session.add(Note(request_id=4711, sealed=b""))


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
    """Eight threads with ten bookings each: none fails, and none reads what another changes."""

    def book(thread: int) -> None:
        for number in range(10):
            with store.writing() as session:
                before = session.scalar(select(func.count()).select_from(Home))
                session.add(home(f"Beispielstraße {thread}-{number}"))
                session.flush()
                assert before is not None
                assert session.scalar(select(func.count()).select_from(Home)) == before + 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(book, range(8)))

    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Home)) == 8 * 10


def test_what_was_acknowledged_survives_kill_9(database: str) -> None:
    """A process that prints each home after keeping it is killed in the middle."""
    script = f"""
from data.keys import Keys
from data.store import Store
from data.tables import Home
store = Store({database!r}, keys=Keys(given={KEY.get_secret_value()!r}))
store.upgrade()
number = 0
while True:
    with store.writing() as session:
        session.add(Home(region="r", sealed=str(number).encode(), spot=b""))
    print(number, flush=True)
    number += 1
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(50)]
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in process.stdout]

    store = Store(database, keys=KEYS)
    with store.writing() as session:  # the lock of who was killed is free
        kept = {int(sealed) for sealed in session.scalars(select(Home.sealed))}
    store.close()
    assert set(acknowledged) <= kept


def test_a_moment_comes_back_in_utc(store: Store) -> None:
    """SQLite keeps no time zones, PostgreSQL has its own; what comes out is the same moment."""
    noon_in_berlin = dt.datetime(2027, 3, 2, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    with store.writing() as session:
        session.add(Geocode(sealed=b"x", spot=None, fetched=noon_in_berlin))

    with store.reading() as session:
        (kept,) = session.scalars(select(Geocode.fetched))

    assert kept == noon_in_berlin
    assert kept.utcoffset() == dt.timedelta(0)


def test_a_moment_without_a_time_zone_is_refused(store: Store) -> None:
    """Whose noon it was could never be found out again."""
    noon = dt.datetime(2027, 3, 2, 12)  # noqa: DTZ001  (the mistake under test)
    with pytest.raises(Exception, match="needs a time zone"), store.writing() as session:
        session.add(Geocode(sealed=b"x", spot=None, fetched=noon))
