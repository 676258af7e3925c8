"""How requests end that nobody drives: each way is kept apart."""

import datetime as dt

import pytest
from sqlalchemy import text

from data.outcomes import Outcome, cancellation
from data.store import Store
from routing.units import MINUTE
from scheduler.clock import clock

TUESDAY = dt.date(2027, 3, 2)


@pytest.mark.parametrize(
    ("moment", "outcome"),
    [
        ("2027-03-01 23:59", Outcome.CANCELLED),
        ("2027-03-02 00:00", Outcome.CANCELLED_SAME_DAY),
        ("2027-03-02 08:30", Outcome.CANCELLED_SAME_DAY),
        ("2027-03-02 08:31", Outcome.CANCELLED_LATE),
        ("2027-03-02 11:00", Outcome.CANCELLED_LATE),
    ],
)
def test_the_clock_tells_how_early_a_ride_was_cancelled(moment: str, outcome: Outcome) -> None:
    """To be there at 9:30, with 60 minutes in which nobody else could book: until 8:30."""
    now = dt.datetime.fromisoformat(moment)

    assert cancellation(TUESDAY, clock("09:30"), now=now, lead=60 * MINUTE) is outcome


def test_shortly_after_midnight_the_evening_before_is_late() -> None:
    """The lead may reach into the day before; late is late on either."""
    now = dt.datetime(2027, 3, 1, 23, 50)  # noqa: DTZ001  # a clock on the wall
    assert cancellation(TUESDAY, clock("00:30"), now=now, lead=60 * MINUTE) is (
        Outcome.CANCELLED_LATE
    )


def test_what_was_cancelled_before_there_were_outcomes_stays_cancelled(store: Store) -> None:
    """One column is added and taken away in place: nothing that hangs on a request is lost."""
    store.downgrade("0002")
    with store.engine.begin() as connection:
        for statement in _OLD:
            connection.execute(text(statement))

    store.upgrade()

    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT id, outcome FROM requests ORDER BY id")).all()
        assert [tuple(each) for each in rows] == [(1, None), (2, "cancelled")]
    store.downgrade("0002")
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM notes")).scalar() == 1


_ASKED = (
    "INSERT INTO requests (id, region, date, person_id, origin, destination, way_back, pharmacy, "
    "mobility, companions, priority, created, changed, cancelled) VALUES ({}, 'kalletal', "
    "'2027-03-02', 1, 'a', 'b', 'none', '', 'walks', 0, 0, '2027-02-28', '2027-02-28', {})"
)
_OLD = (
    "INSERT INTO people (id, region, name, born, phone) VALUES (1, 'kalletal', 'Beispiel', '', '')",
    _ASKED.format(1, "NULL"),
    _ASKED.format(2, "'2027-03-01'"),
    "INSERT INTO notes (request_id, text) VALUES (1, 'Hund im Hof')",
)
