"""Opening hours as a form shows them, against the library that reads OpenStreetMap's syntax."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.opening import open_windows, opening_hours_fault
from data.opening_week import OpeningWeek, read_hours, read_week, write_hours
from routing.units import HOUR
from scheduler.clock import clock
from scheduler.model import TimeWindow
from tests.builders_api import TODAY

LAND = {"country": "DE", "land": "NW"}
MORNING, AFTERNOON = TimeWindow(8 * HOUR, 12 * HOUR), TimeWindow(15 * HOUR, 18 * HOUR)

days = st.sampled_from([(), (MORNING,), (MORNING, AFTERNOON), (AFTERNOON,)])
spans = st.tuples(st.integers(0, 200), st.integers(0, 20)).map(
    lambda each: (
        TODAY + dt.timedelta(days=each[0]),
        TODAY + dt.timedelta(days=each[0] + each[1]),
    )
)
weeks = st.builds(
    OpeningWeek,
    st.tuples(*[days] * 7),
    st.booleans(),
    st.lists(spans, max_size=2).map(lambda each: tuple(sorted(each))),
)


@given(weeks)
def test_a_week_means_what_it_says(week: OpeningWeek) -> None:
    """On each day of a year: its weekday's hours, unless it is a holiday or a closed day."""
    text = week.text()
    assert opening_hours_fault(text) is None
    for number in range(0, 366, 3):
        day = TODAY + dt.timedelta(days=number)
        usual = week.days[day.weekday()]
        holiday = week.off_on_holidays and open_windows("PH off", day, **LAND) != open_windows(
            "PH 00:00-24:00", day, **LAND
        )
        closed = holiday or any(first <= day <= last for first, last in week.closed)
        assert open_windows(text, day, **LAND) == (() if closed else usual)


@given(weeks)
def test_what_is_written_is_read_again(week: OpeningWeek) -> None:
    """Or something that means the same, such as a closed span on days that are closed anyway."""
    again = read_week(week.text(), today=TODAY, **LAND)

    assert again is not None
    assert again.days == week.days
    assert again.closed == week.closed


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("Mo,Tu,Th 08:00-12:30,14:00-18:00; We,Fr 08:00-13:00; PH off", "8-12:30, 14-18"),
        ("Mo-Fr 08:00-12:00, Mo,Tu,Th 15:00-17:30; PH off", "8-12, 15-17:30"),
        ("24/7", "0-24"),
        ("Mo-Fr 08:00-12:00; 2027 Mar 01-2027 Mar 14 off", "8-12"),
        ("Mo-Fr 08:00-12:00; 2026 Mar 01 off; PH off", "8-12"),
    ],
)
def test_usual_hours_fit_into_a_week(text: str, monday: str) -> None:
    week = read_week(text, today=TODAY, **LAND)

    assert week is not None
    assert write_hours(week.days[0]) == monday


@pytest.mark.parametrize(
    "text",
    [
        "We[1] 08:00-12:00",
        "Apr-Sep Mo-Fr 08:00-18:00; Oct-Mar Mo-Fr 09:00-16:00",
        "week 1-53/2 Mo 08:00-12:00",
        "Mo-Fr 08:00-12:00; PH 10:00-11:00",
        "Mo-Fr 08:00-12:00; 2029 Jan 01-2029 Dec 31 Mo-Fr 10:00-11:00",
        'Mo-Fr 08:00-12:00 "nur mit Termin"',
        "Mo-Fr 08:00-12:00; Sa 08:00-12:00 unknown",
    ],
)
def test_what_says_more_is_left_to_whoever_can_write_it(text: str) -> None:
    assert opening_hours_fault(text) is None
    assert read_week(text, today=TODAY, **LAND) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("8-12", "8-12"),
        ("8-12, 15-18:30", "8-12, 15-18:30"),
        ("8 bis 12 und 15 bis 18", "8-12, 15-18"),
        ("8.30 – 12 Uhr", "8:30-12"),
        ("0-24", "0-24"),
        ("", ""),
        ("geschlossen", ""),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, meant: str) -> None:
    assert write_hours(read_hours(typed)) == meant


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("8", "sehen so aus"),
        ("12-8", "keine Zeit"),
        ("15-18, 8-12", "Reihenfolge"),
        ("8-12, 11-13", "Reihenfolge"),
        ("8-25", "gibt es nicht"),
        ("vormittags", "sehen so aus"),
        ("8" + " " * 100_000 + "x", "zu lang"),
    ],
)
def test_what_cannot_be_read_says_what_would_be_right(typed: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_hours(typed)


def test_the_clock_of_a_window_is_the_one_of_the_day() -> None:
    assert read_hours("8:15-9")[0].earliest == clock("08:15")
