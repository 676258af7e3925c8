"""From SQLite to PostgreSQL and back: every row arrives, and numbers go on where they were."""

from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from data import audit_chain, requests
from data.day_input import Booking
from data.intake import Intake
from data.moving import MoveError, move
from data.region import Region
from data.region_file import load_region
from data.store import Store
from data.tables import Table
from tests.builders_api import KEYS, NOW, row
from tests.data.test_migrations import fill


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region("kalletal")


def take(store: Store, region: Region) -> str:
    booking = Intake(region).take(row(), "new")
    assert isinstance(booking, Booking)
    with store.writing() as session:
        return requests.add(session, "kalletal", booking, now=NOW)


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, as the program reads it."""
    store = Store(url)
    with store.reading() as session:
        found = {
            table.name: [tuple(each) for each in session.execute(table.select())]
            for table in Table.metadata.sorted_tables
        }
    store.close()
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def test_everything_arrives_and_counting_goes_on(
    database: str, region: Region, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """From each kind to the other; the number of a removed request is not given again."""
    store = Store(database, keys=KEYS)
    store.upgrade()
    fill(store, region)
    removed = take(store, region)
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM requests WHERE id = {removed[1:]}")  # noqa: S608
    store.close()
    if database.startswith("sqlite"):
        with request.getfixturevalue("postgres").database("template1") as other:
            check(database, other, region, removed)
    else:
        check(database, f"sqlite:///{tmp_path / 'other.sqlite3'}", region, removed)


def check(source: str, target: str, region: Region, removed: str) -> None:
    before = contents(source)
    moved = move(source, target)

    assert contents(target) == contents(source) == before
    assert all(moved.rows.values()), moved.rows
    with pytest.raises(MoveError, match="ist nicht leer"):
        move(source, target)
    store = Store(target, keys=KEYS)
    assert int(take(store, region)[1:]) == int(removed[1:]) + 1
    with store.reading() as session:
        verified = audit_chain.verify(session)
    # The anchor has the first row.
    assert (verified.fault, verified.head.number) == (None, verified.rows + 1)
    with store.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.exec_driver_sql("UPDATE audit SET actor = 'nobody'")
    store.close()


def test_into_a_new_database_nothing_is_moved_twice(tmp_path: Path) -> None:
    """An empty one moves as well, and stays usable."""
    source, target = (f"sqlite:///{tmp_path / name}" for name in ("a", "b"))

    assert set(move(source, target).rows.values()) == {0}
    assert set(move(source, target).rows.values()) == {0}
