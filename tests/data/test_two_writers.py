"""Several people do the same thing at the same moment, on either database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlalchemy import func, select

from data import plans, promises, requests
from data.day_input import Booking
from data.intake import Intake
from data.plan_document import plan_document
from data.promises import read_standing
from data.region import Region
from data.store import Store
from data.tables import Home, Imported, KeptRequest, Person, StandingPlan
from scheduler.plan import Cost, Plan
from tests.builders_api import NOW, TUESDAY, row

TOGETHER = 6
Result = TypeVar("Result")

NOTHING = Plan(date=TUESDAY, routes=(), unserved=(), cost=Cost(0, 0), bound=Cost(0, 0))


def at_once(do: Callable[[int], Result]) -> list[Result]:
    """Let several threads begin together; the first that fails fails the test."""
    barrier = Barrier(TOGETHER)

    def begin(number: int) -> Result:
        barrier.wait()
        return do(number)

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(begin, range(TOGETHER)))


def book(region: Region) -> Booking:
    booking = Intake(region).take(row(), "new")
    assert isinstance(booking, Booking), booking
    return booking


def test_plans_of_one_day_get_versions_one_after_the_other(store: Store) -> None:
    """Each is kept, none under the number of another."""
    document = plan_document(NOTHING, region="kalletal", points={})

    def keep(number: int) -> int:
        with store.writing() as session:
            return plans.keep(
                session,
                document,
                region="kalletal",
                day=TUESDAY,
                requests=(),
                input_key=str(number),
                now=NOW,
            ).version

    assert sorted(at_once(keep)) == [1, 2, 3, 4, 5, 6]


def test_a_new_passenger_who_books_twice_at_once_is_one_person(
    store: Store, kalletal: Region
) -> None:
    """On two telephones, from an address that nobody has seen before."""
    booking = book(kalletal)

    def keep(_: int) -> str:
        with store.writing() as session:
            return requests.add(session, "kalletal", booking, now=NOW)

    assert len(set(at_once(keep))) == TOGETHER
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1
        assert session.scalar(select(func.count()).select_from(Home)) == 1


def test_a_row_that_is_imported_twice_at_once_is_one_request(
    store: Store, kalletal: Region
) -> None:
    """One file, sent again because the first answer was slow."""
    booking = book(kalletal)

    def keep(_: int) -> tuple[str, bool]:
        with store.writing() as session:
            return requests.add_imported(session, "kalletal", booking, row(), now=NOW)

    assert sorted(at_once(keep)) == [("r1", False)] * (TOGETHER - 1) + [("r1", True)]
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(KeptRequest)) == 1
        assert session.scalar(select(func.count()).select_from(Imported)) == 1


def test_of_those_who_promise_on_the_same_plan_one_is_first(store: Store) -> None:
    """The very first promise of a day, and one on a plan that is there already."""
    for version in (0, 1):
        with store.reading() as session:
            before = read_standing(session, "kalletal", TUESDAY, now=NOW)
        assert before.version == version

        def keep(_: int, before: promises.Standing = before) -> bool:
            with store.writing() as session:
                return promises.keep(session, before, NOTHING, points={}, now=NOW)

        assert sorted(at_once(keep)) == [False] * (TOGETHER - 1) + [True]
    with store.reading() as session:
        assert session.scalar(select(StandingPlan.version)) == 2


def test_a_locked_request_is_not_cancelled_meanwhile(store: Store, kalletal: Region) -> None:
    """Whoever looked and found it wanted may rely on that until the end of the block."""
    with store.writing() as session:
        name = requests.add(session, "kalletal", book(kalletal), now=NOW)

    def look_or_cancel(number: int) -> tuple[bool, bool]:
        with store.writing() as session:
            if number == 0:
                requests.cancel(session, "kalletal", name, now=NOW)
                return False, False
            before = requests.lock(session, "kalletal", name)
            session.expire_all()
            return before, requests.read(session, kalletal, name).cancelled is None

    seen = at_once(look_or_cancel)[1:]

    assert all(before == after for before, after in seen)
