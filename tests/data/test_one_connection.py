"""One call works on one connection: nobody waits for what they hold themselves."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from data.journal import journal_of
from data.store import NestedChangeError, Store
from data.tables import AuditRow, Home

MOST_CONNECTIONS = 15  # of a pool of SQLAlchemy, unless it is told otherwise


def home(label: str) -> Home:
    return Home(region="kalletal", sealed=label.encode(), spot=b"")


def homes(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Home)) or 0


@pytest.fixture
def most(store: Store) -> list[int]:
    """How many connections were taken at the same time, so far and at the most."""
    taken = [0, 0]

    def out(*_: object) -> None:
        taken[0] += 1
        taken[1] = max(taken)

    def back(*_: object) -> None:
        taken[0] -= 1

    event.listen(store.engine, "checkout", out)
    event.listen(store.engine, "checkin", back)
    return taken


def test_who_looks_up_while_changing_sees_the_change(store: Store, most: list[int]) -> None:
    """Nothing of it is on the disk yet, and no second connection is needed to see it."""
    with store.writing() as session:
        session.add(home("Beispielstraße 3"))
        with store.reading() as looking:
            assert homes(looking) == 1
        session.add(home("Beispielstraße 5"))

    assert most == [0, 1]
    with store.reading() as session:
        assert homes(session) == 2


def test_who_looks_up_while_looking_up_sees_the_same_moment(store: Store, most: list[int]) -> None:
    """Also if somebody else has changed something in between."""
    with store.reading() as session:
        assert homes(session) == 0
        with ThreadPoolExecutor(1) as pool:
            pool.submit(write, store, "Beispielstraße 3").result()
        with store.reading() as looking:
            assert homes(looking) == 0

    assert most == [0, 2]


@pytest.mark.parametrize("outside", ["reading", "writing"])
def test_a_change_within_another_block_is_refused_at_once(store: Store, outside: str) -> None:
    """It would wait for the very lock, or the very connection, that this call holds."""
    with getattr(store, outside)(), pytest.raises(NestedChangeError):
        write(store, "Beispielstraße 3")

    with store.reading() as session:
        assert homes(session) == 0


def test_that_holds_for_a_call_whose_change_is_held_back(store: Store, most: list[int]) -> None:
    """While it changes, and afterwards until the answer is there."""
    with store.holding(lambda _: None) as held:
        with store.writing() as session:
            session.add(home("Beispielstraße 3"))
            with store.reading() as looking:
                assert homes(looking) == 1
            with pytest.raises(NestedChangeError):
                write(store, "Beispielstraße 5")
        with store.reading() as looking, store.reading() as again:
            assert (homes(looking), homes(again)) == (1, 1)
        held.finish(lambda session: session.add(home("answer")))

    assert most == [0, 1]


def test_whoever_changes_finishes_though_every_connection_waits_for_the_lock(store: Store) -> None:
    """With a second connection to look something up, they would all wait for each other."""
    many = MOST_CONNECTIONS + 5
    pool = store.engine.pool
    assert isinstance(pool, QueuePool)
    with ThreadPoolExecutor(many) as threads:
        with store.writing() as session:
            session.add(home("Beispielstraße 3"))
            session.flush()  # with the first statement the lock is taken
            waiting = [threads.submit(write, store, str(number)) for number in range(many)]
            while pool.checkedout() < MOST_CONNECTIONS:
                time.sleep(0.01)
            with store.reading() as looking:
                assert homes(looking) == 1
        for each in waiting:
            each.result()

    with store.reading() as session:
        assert homes(session) == 1 + many


def test_what_a_nested_block_opens_is_written_down_once(store: Store) -> None:
    """In the row of the block around it, which is on the disk before that is left."""
    with store.reading() as session:
        journal_of(session).read("people", "p1", region="kalletal")
        with store.reading() as looking:
            journal_of(looking).read("people", "p2", region="kalletal")

    with store.reading() as session:
        (row,) = session.scalars(select(AuditRow))
    assert row.touched == '{"read":{"people":["p1","p2"]}}'


def write(store: Store, label: str) -> None:
    with store.writing() as session:
        session.add(home(label))
