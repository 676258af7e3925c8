"""Days that are to be planned: one at a time, held by one process, finished once."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data import keeping, retention, solves
from data.errors import LostLeaseError, NotKeptError
from data.solves import MOST_ATTEMPTS, PATIENCE, Lease, Solve, State
from data.store import Store
from data.tables import KeptSolve
from tests.builders_api import NOW, TUESDAY

WEDNESDAY = TUESDAY + dt.timedelta(days=1)
LATER = NOW + PATIENCE


def ask(session: Session, day: dt.date = TUESDAY, *, region: str = "kalletal") -> Solve:
    solve, _ = solves.ask(session, region, day, seconds=5.0, seed=7, actor="account:3", now=NOW)
    return solve


def claim(
    session: Session, holder: str = "one", now: dt.datetime = NOW
) -> tuple[Solve, Lease] | None:
    return solves.claim(session, holder, now=now)


def begun(store: Store, holder: str = "one") -> Lease:
    with store.writing() as session:
        ask(session)
        taken = claim(session, holder)
    assert taken is not None
    return taken[1]


def read(store: Store) -> Solve:
    with store.reading() as session:
        return solves.find(session, "kalletal", "s1")


def test_a_day_is_asked_for_once(store: Store) -> None:
    """A second one who asks gets the same; another day, and another region, are others."""
    with store.writing() as session:
        first, again = ask(session), ask(session)
        others = [ask(session, WEDNESDAY), ask(session, region="lemgo")]

    assert first == again
    assert (first.id, first.state, first.seconds, first.seed) == ("s1", State.WAITING, 5.0, 7)
    assert [each.id for each in others] == ["s2", "s3"]


def test_the_database_itself_refuses_a_second_open_one(store: Store) -> None:
    """Whatever the program does."""
    fields = {"region": "kalletal", "kind": "plan_day", "seed": 0, "actor": "x", "asked": NOW}
    with store.writing() as session:
        session.add(KeptSolve(date=TUESDAY, state="running", **fields))
    with store.writing() as session:
        session.add(KeptSolve(date=TUESDAY, state="waiting", **fields))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_of_many_who_claim_at_once_one_gets_it(store: Store) -> None:
    """Several web processes on one database."""
    with store.writing() as session:
        ask(session)

    def try_to(number: int) -> bool:
        with store.writing() as session:
            return claim(session, str(number)) is not None

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(try_to, range(6))) == 1
    assert (read(store).state, read(store).attempt) == (State.RUNNING, 1)


def test_whoever_is_silent_for_long_is_taken_for_dead(store: Store) -> None:
    """Not a moment earlier; a heartbeat puts it off."""
    lease = begun(store)
    with store.writing() as session:
        assert claim(session, "two", LATER - dt.timedelta(seconds=1)) is None
        assert solves.beat(session, "one", {lease.number: None}, now=LATER) == {1: False}
        assert claim(session, "two", LATER) is None
        taken = claim(session, "two", LATER + PATIENCE)

    assert taken is not None
    assert (taken[0].attempt, taken[1].holder) == (2, "two")


def test_who_was_taken_for_dead_and_comes_back_writes_nothing(store: Store) -> None:
    """Neither a result nor a fault nor how far it is."""
    lease = begun(store)
    with store.writing() as session:
        claim(session, "two", LATER)

    writes: list[Callable[[Session], object]] = [
        lambda session: solves.finish(session, lease, State.DONE, version=1, now=LATER),
        lambda session: solves.fail(session, lease, "x", now=LATER),
        lambda session: solves.give_back(session, lease),
        lambda session: solves.once_more(session, lease, now=LATER),
    ]
    for write in writes:
        with pytest.raises(LostLeaseError), store.writing() as session:
            write(session)
    with store.writing() as session:
        assert solves.beat(session, "one", {lease.number: {"gap": 0}}, now=LATER) == {}
    assert (read(store).state, read(store).progress, read(store).version) == ("running", None, None)


def test_a_solve_is_finished_once(store: Store) -> None:
    """Also by whoever holds it. Then the day can be asked for again."""
    lease = begun(store)
    with store.writing() as session:
        solves.finish(session, lease, State.DONE, version=4, now=NOW)
    with pytest.raises(LostLeaseError), store.writing() as session:
        solves.finish(session, lease, State.DONE, version=5, now=NOW)

    done = read(store)
    assert (done.state, done.version, done.ended, done.open) == (State.DONE, 4, NOW, False)
    with store.writing() as session:
        assert ask(session).id == "s2"


def test_what_is_given_back_is_picked_up_by_the_next(store: Store) -> None:
    """The service was stopped: that is no attempt that failed."""
    lease = begun(store)
    with store.writing() as session:
        solves.give_back(session, lease)
        given = solves.find(session, "kalletal", "s1")
        taken = claim(session, "two")

    assert (given.state, given.attempt) == (State.WAITING, 0)
    assert taken is not None
    assert taken[0].attempt == 1


def test_what_too_many_die_of_fails(store: Store) -> None:
    """Whether the worker dies or the whole process, and others come first to their turn."""
    lease = begun(store)
    with store.writing() as session:
        ask(session, WEDNESDAY)
        for _ in range(MOST_ATTEMPTS - 1):
            again = solves.once_more(session, lease, now=NOW)
            assert again is not None
            lease = again
        taken = claim(session, "two", LATER)

    assert taken is not None
    assert taken[0].id == "s2"
    assert (read(store).state, read(store).error) == (State.FAILED, solves.WORN_OUT)


def test_a_worker_that_dies_too_often_is_no_longer_asked(store: Store) -> None:
    """By the same process."""
    lease: Lease | None = begun(store)
    tries = 1
    with store.writing() as session:
        while lease is not None:
            lease = solves.once_more(session, lease, now=NOW)
            tries += lease is not None

    assert tries == MOST_ATTEMPTS
    assert read(store).state == State.FAILED


def test_what_nobody_has_begun_is_stopped_at_once(store: Store) -> None:
    """There is no plan so far that could be kept."""
    with store.writing() as session:
        ask(session)
        stopped = solves.ask_stop(session, "kalletal", "s1", now=NOW)
        assert claim(session) is None

    assert (stopped.state, stopped.version) == (State.STOPPED, None)
    assert stopped.error == solves.STOPPED_EARLY


def test_who_works_at_a_solve_hears_that_it_is_to_stop(store: Store) -> None:
    """With the next heartbeat, and each change is a step."""
    lease = begun(store)
    with store.writing() as session:
        solves.beat(session, "one", {1: {"gap": 0.5}}, now=NOW)
        before = solves.find(session, "kalletal", "s1")
        solves.ask_stop(session, "kalletal", "s1", now=NOW)
        assert solves.beat(session, "one", {1: {"gap": 0.5}}, now=NOW) == {1: True}
        after = solves.find(session, "kalletal", "s1")

    assert before.progress == {"gap": 0.5}
    assert after.step == before.step + 1
    assert lease.number == 1


@pytest.mark.parametrize("solve", ["s2", "s0", "17", "s", "s99999999999999999", "r1"])
def test_a_solve_that_there_is_not_is_not_found(store: Store, solve: str) -> None:
    begun(store)
    with store.reading() as session, pytest.raises(NotKeptError):
        solves.find(session, "kalletal", solve)


def test_a_solve_of_another_region_is_not_found(store: Store) -> None:
    """Nor stopped."""
    begun(store)
    with store.writing() as session, pytest.raises(NotKeptError):
        solves.ask_stop(session, "lemgo", "s1", now=NOW)


def test_old_solves_go_with_the_rides_of_their_day(store: Store) -> None:
    """Also where nobody ever asked for a ride."""
    with store.writing() as session:
        ask(session)
        ask(session, WEDNESDAY)
        assert keeping.kept_regions(session) == ["kalletal"]
        retention.forget_before(session, "kalletal", WEDNESDAY)
        left = [solves.of_day(session, "kalletal", day, most=9) for day in (TUESDAY, WEDNESDAY)]

    assert [len(each) for each in left] == [0, 1]
