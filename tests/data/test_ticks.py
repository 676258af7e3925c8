"""Marks of drivers: only added, each once, and the latest of each trip holds."""

import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data import requests, ticks
from data.acting import Deed, acting
from data.day_input import Booking
from data.errors import KeyReusedError
from data.intake import Intake
from data.region import Region
from data.store import Store
from data.ticks import Mark, Marked, Tick
from scheduler.model import TripKind
from tests.builders_api import NOW, TUESDAY, row

OUT, BACK = TripKind.OUTBOUND, TripKind.RETURN
EIGHT = dt.datetime(2027, 3, 2, 7, 0, tzinfo=dt.UTC)


def at(minutes: int) -> dt.datetime:
    return EIGHT + dt.timedelta(minutes=minutes)


@pytest.fixture
def request_of(store: Store, kalletal: Region) -> str:
    booking = Intake(kalletal).take(row(), "new")
    assert isinstance(booking, Booking)
    with store.writing() as session:
        return requests.add(session, "kalletal", booking, now=NOW)


def tick(store: Store, request: str, mark: Mark, minutes: int, trip: TripKind = OUT) -> int:
    made = Tick(request, trip, "vormittag", mark, at(minutes))
    with store.writing() as session:
        count = len(ticks.read_day(session, "kalletal", TUESDAY))
        kept, new = ticks.keep(
            session, "kalletal", TUESDAY, made, key=f"a-key-of-a-phone-{count}", now=at(999)
        )
    assert new
    return kept.number


def holds(store: Store) -> dict[TripKind, Marked]:
    with store.reading() as session:
        day = TUESDAY + dt.timedelta(days=1)
        (held,) = ticks.marked_between(session, "kalletal", TUESDAY, day).values()
    return held


def test_a_mark_is_kept_with_who_made_it_when_and_when_it_came(
    store: Store, request_of: str
) -> None:
    """The moment is the one of the telephone; the key is not readable."""
    with acting(Deed("link:2027-03-02/vormittag", "POST /ticks")):
        tick(store, request_of, Mark.ABOARD, 12)

    with store.reading() as session:
        (kept,) = ticks.read_day(session, "kalletal", TUESDAY)
        written = str(session.execute(text("SELECT * FROM ticks")).all())
    assert (kept.request, kept.trip, kept.mark, kept.shift) == (
        request_of,
        OUT,
        Mark.ABOARD,
        "vormittag",
    )
    assert (kept.at, kept.received, kept.by) == (at(12), at(999), "link:2027-03-02/vormittag")
    assert "a-key" not in written


def test_the_same_key_is_kept_once_and_for_nothing_else(store: Store, request_of: str) -> None:
    """A telephone that did not hear the answer sends again."""
    made = Tick(request_of, OUT, "vormittag", Mark.ABOARD, at(12))
    other = Tick(request_of, OUT, "vormittag", Mark.DONE, at(12))
    results = []
    for _ in range(2):
        with store.writing() as session:
            results.append(ticks.keep(session, "kalletal", TUESDAY, made, key="k" * 16, now=NOW))
    with store.writing() as session, pytest.raises(KeyReusedError):
        ticks.keep(session, "kalletal", TUESDAY, other, key="k" * 16, now=NOW)
    with store.writing() as session:
        _, elsewhere = ticks.keep(session, "lemgo", TUESDAY, made, key="k" * 16, now=NOW)

    (first, new), (second, again) = results
    assert (new, again, elsewhere) == (True, False, True)
    assert first == second


@pytest.mark.parametrize(
    ("made", "mark", "moments"),
    [
        ([(Mark.ARRIVED, 10)], Mark.ARRIVED, {Mark.ARRIVED: 10}),
        (
            [(Mark.ARRIVED, 10), (Mark.ABOARD, 12), (Mark.DONE, 30)],
            Mark.DONE,
            {Mark.ARRIVED: 10, Mark.ABOARD: 12, Mark.DONE: 30},
        ),
        # What was marked later counts, whenever it comes in.
        (
            [(Mark.DONE, 30), (Mark.ABOARD, 12)],
            Mark.DONE,
            {Mark.ABOARD: 12, Mark.DONE: 30},
        ),
        (
            [(Mark.NO_SHOW, 10), (Mark.ABOARD, 14)],
            Mark.ABOARD,
            {Mark.NO_SHOW: 10, Mark.ABOARD: 14},
        ),
        # The bus arrives at the doctor's: whoever is aboard stays it.
        ([(Mark.ABOARD, 12), (Mark.ARRIVED, 28)], Mark.ABOARD, {Mark.ABOARD: 12, Mark.ARRIVED: 28}),
        ([(Mark.ABOARD, 12), (Mark.OPEN, 13)], None, {}),
        (
            [(Mark.ABOARD, 12), (Mark.OPEN, 13), (Mark.NO_SHOW, 15)],
            Mark.NO_SHOW,
            {Mark.NO_SHOW: 15},
        ),
        # Not out yet after all: in since 12; the bus was there at 10.
        (
            [(Mark.ARRIVED, 10), (Mark.ABOARD, 12), (Mark.DONE, 30), (Mark.ABOARD, 31)],
            Mark.ABOARD,
            {Mark.ARRIVED: 10, Mark.ABOARD: 12},
        ),
        ([(Mark.DONE, 30), (Mark.ABOARD, 31)], Mark.ABOARD, {}),
        # Not in after all, but the bus was there; then not even that.
        (
            [(Mark.ARRIVED, 10), (Mark.ABOARD, 12), (Mark.OPEN, 13)],
            Mark.ARRIVED,
            {Mark.ARRIVED: 10},
        ),
        ([(Mark.ARRIVED, 10), (Mark.ABOARD, 12), (Mark.OPEN, 13), (Mark.OPEN, 14)], None, {}),
        ([(Mark.ARRIVED, 10), (Mark.OPEN, 11)], None, {}),
        # At the same moment, the one that came later.
        ([(Mark.NO_SHOW, 10), (Mark.ABOARD, 10)], Mark.ABOARD, {Mark.NO_SHOW: 10, Mark.ABOARD: 10}),
    ],
)
def test_the_latest_mark_of_a_trip_holds(
    store: Store,
    request_of: str,
    made: list[tuple[Mark, int]],
    mark: Mark | None,
    moments: dict[Mark, int],
) -> None:
    """And each moment is remembered, until a mark is taken back."""
    for each, minutes in made:
        tick(store, request_of, each, minutes)
    tick(store, request_of, Mark.ARRIVED, 100, BACK)

    held = holds(store)

    assert held[OUT].mark is mark
    assert {each: held[OUT].when(each) for each in moments} == {
        each: at(minutes) for each, minutes in moments.items()
    }
    assert [each for each in Mark if held[OUT].when(each) and each not in moments] == []
    assert held[BACK].mark is Mark.ARRIVED

    # Forgotten, the same holds, without a time, a key or a name.
    with store.writing() as session:
        ticks.forget(session, [int(request_of[1:])])
    after = holds(store)
    assert (after[OUT].mark, after[BACK].mark) == (mark, Mark.ARRIVED)
    with store.reading() as session:
        left = ticks.read_day(session, "kalletal", TUESDAY)
    assert {(each.by, each.at.hour, each.received.hour) for each in left} == {("", 0, 0)}
    assert len(left) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ticks SET mark = 'done' WHERE id = 1",
        "UPDATE ticks SET at = received",
        "UPDATE ticks SET actor = '', mark = 'done' WHERE id = 1",
        "UPDATE ticks SET id = 9 WHERE id = 1",
        "DELETE FROM ticks WHERE id = 1",
        "DELETE FROM ticks",
    ],
)
def test_the_database_refuses_whoever_wants_to_change_a_mark(
    store: Store, request_of: str, statement: str
) -> None:
    """A wrong one is corrected by a later one."""
    tick(store, request_of, Mark.ABOARD, 12)
    tick(store, request_of, Mark.DONE, 30)
    with store.reading() as session:
        before = ticks.read_day(session, "kalletal", TUESDAY)
    with (
        store.engine.begin() as connection,
        pytest.raises(DBAPIError, match="append-only"),
    ):
        connection.execute(text(statement))
    store.engine.dispose()

    with store.reading() as session:
        assert ticks.read_day(session, "kalletal", TUESDAY) == before


def test_a_mark_is_not_replaced_or_emptied_either(store: Store, request_of: str) -> None:
    """SQLite's REPLACE deletes without a trigger for it; PostgreSQL can empty a table."""
    tick(store, request_of, Mark.ABOARD, 12)
    tick(store, request_of, Mark.DONE, 30)
    statements = ["TRUNCATE ticks"]
    if store.engine.dialect.name == "sqlite":
        columns = "region, date, request_id, trip, shift, mark, at, received, actor, key"
        statements = [
            "INSERT OR REPLACE INTO ticks SELECT * FROM ticks WHERE id = 1",
            f"INSERT OR REPLACE INTO ticks ({columns}) SELECT {columns} FROM ticks WHERE id = 1",  # noqa: S608
        ]
    for statement in statements:
        with (
            store.engine.begin() as connection,
            pytest.raises(DBAPIError, match="append-only"),
        ):
            connection.execute(text(statement))
    store.engine.dispose()
