"""On which dates something comes every week, and where a closed one goes."""

import datetime as dt

import pytest

from data.weekly import OnClosed, Pattern

MONDAY = dt.date(2027, 3, 1)


def day(number: int) -> dt.date:
    """March 2027; the first is a Monday."""
    return MONDAY + dt.timedelta(days=number - 1)


def dates(pattern: Pattern, first: int = 1, last: int = 31) -> list[int]:
    return [each.day for each in pattern.between(day(first), day(last))]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (Pattern(frozenset({1}), day(1)), [2, 9, 16, 23, 30]),
        (Pattern(frozenset({1}), day(9)), [9, 16, 23, 30]),
        (Pattern(frozenset({1}), day(2), day(16)), [2, 9, 16]),
        (Pattern(frozenset({0, 2, 4}), day(3), day(10)), [3, 5, 8, 10]),
        # Every second week, from the one of the first day: Thursday the 4th, then the 16th.
        (Pattern(frozenset({1, 3}), day(3), every=2), [4, 16, 18, 30]),
        (Pattern(frozenset({1}), day(3), every=3), [23]),
        (Pattern(frozenset({1}), day(2), day(1)), []),
    ],
)
def test_weekdays_come_every_so_many_weeks(pattern: Pattern, expected: list[int]) -> None:
    """Counted from the week of the first day, which need not be a date itself."""
    assert dates(pattern) == expected


def test_a_part_of_the_time_has_its_part_of_the_dates() -> None:
    """Both ends included; asked for before it begins, it begins when it does."""
    pattern = Pattern(frozenset({1}), day(9), every=2)

    assert dates(pattern, 9, 23) == [9, 23]
    assert dates(pattern, 10, 22) == []
    assert list(pattern.between(day(1) - dt.timedelta(days=400), day(8))) == []


@pytest.mark.parametrize(
    ("on_closed", "expected"),
    [
        (OnClosed.LEAVE_OUT, []),
        # The Monday and the Friday are dates themselves.
        (OnClosed.DAY_BEFORE, [9, 7]),
        (OnClosed.DAY_AFTER, [11, 13]),
    ],
)
def test_a_closed_date_is_shifted_to_days_that_are_no_dates(
    on_closed: OnClosed, expected: list[int]
) -> None:
    """Three days at most; a second ride on another date would be none."""
    pattern = Pattern(frozenset({0, 2, 4}), day(1))

    assert [each.day for each in pattern.instead(day(10), on_closed)] == expected


@pytest.mark.parametrize(
    ("weekdays", "every"), [(frozenset(), 1), (frozenset({7}), 1), ({1}, 0), ({1}, 13)]
)
def test_what_is_no_pattern_is_refused(weekdays: frozenset[int], every: int) -> None:
    """At birth."""
    with pytest.raises(ValueError, match=r"are 0 to 6|comes every"):
        Pattern(frozenset(weekdays), MONDAY, every=every)
