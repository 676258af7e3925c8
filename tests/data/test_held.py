"""A change that is kept back goes to the disk with what belongs to it, or not at all."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.store import Store
from data.tables import Home


def home(label: str) -> Home:
    return Home(region="kalletal", sealed=label.encode(), spot=b"")


def labels(store: Store) -> list[str]:
    with store.reading() as session:
        return sorted(sealed.decode() for sealed in session.scalars(select(Home.sealed)))


def elsewhere(store: Store) -> list[str]:
    """What another thread sees, which is what is on the disk."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(labels, store).result()


def let_in(_: Session) -> None:
    """Nobody has been here before."""


def write(store: Store, label: str) -> None:
    with store.writing() as session:
        session.add(home(label))


def test_only_the_call_itself_sees_its_change_until_it_is_finished(store: Store) -> None:
    """Then everybody sees it, with what was added."""
    with store.holding(let_in) as held:
        write(store, "change")
        assert (labels(store), elsewhere(store)) == (["change"], [])
        held.finish(lambda session: session.add(home("answer")))
        assert elsewhere(store) == ["answer", "change"]

    assert labels(store) == ["answer", "change"]


def test_if_nothing_can_be_added_nothing_was_changed(store: Store) -> None:
    """Neither the change nor half of what belongs to it."""

    def fail(session: Session) -> None:
        session.add(home("answer"))
        session.flush()
        raise RuntimeError

    with store.holding(let_in) as held:
        write(store, "change")
        with pytest.raises(RuntimeError):
            held.finish(fail)

    assert labels(store) == []
    write(store, "next")  # the lock is free


def test_a_call_that_fails_afterwards_has_changed_what_it_changed(store: Store) -> None:
    """As it would without anybody holding it back."""

    def fail() -> None:
        with store.holding(let_in):
            write(store, "change")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert labels(store) == ["change"]


def test_a_block_that_fails_keeps_nothing_of_itself(store: Store) -> None:
    """And everything of the one before."""

    def fail() -> None:
        with store.writing() as session:
            session.add(home("second"))
            session.flush()
            raise RuntimeError

    with store.holding(let_in) as held:
        write(store, "first")
        with pytest.raises(RuntimeError):
            fail()
        assert elsewhere(store) == ["first"]
        held.finish(lambda session: session.add(home("answer")))

    assert labels(store) == ["answer", "first"]


def test_a_block_that_changes_nothing_keeps_nobody_waiting(store: Store) -> None:
    """Only looking, or deleting what is not there; planning may follow, which takes long."""
    with store.holding(let_in) as held:
        with store.writing() as session:
            session.execute(delete(Home).where(Home.sealed == b"nobody"))
        with ThreadPoolExecutor(1) as pool:
            pool.submit(write, store, "other").result(timeout=600)
        held.finish(lambda session: session.add(home("answer")))

    assert labels(store) == ["answer", "other"]


def test_whoever_is_second_is_stopped_before_anything_is_changed(store: Store) -> None:
    """With the lock: what is looked at there stays so."""

    def refuse(session: Session) -> None:
        if session.scalar(select(Home.sealed)) is not None:
            raise LookupError

    for _ in range(2):
        try:
            with store.holding(refuse) as held:
                write(store, "change")
                held.finish(lambda session: session.add(home("answer")))
        except LookupError:
            assert labels(store) == ["answer", "change"]

    assert labels(store) == ["answer", "change"]
