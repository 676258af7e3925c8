"""Days as people type them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web.dates import UnreadableDateError, read_day

TODAY = date(2027, 2, 28)  # a Sunday


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_way_to_write_a_day_is_read(day: date) -> None:
    """With and without leading zeros, century, weekday and blanks."""
    for text in (
        f"{day.day}.{day.month}.{day.year}",
        f" {day.day:02d}.{day.month:02d}.{day.year} ",
        f"{day.day}. {day.month}. {day.year % 100:02d}",
        f"Di. {day.day}.{day.month}.{day.year}",
        f"Donnerstag, {day.day}.{day.month}.{day.year}",
        day.isoformat(),
    ):
        assert read_day(text, today=TODAY) == day


@pytest.mark.parametrize("text", ["2.3", "31.2.2027", "2027-13-01", "1.1.203", "Mi 9:30", "bald"])
def test_what_is_no_day_is_said_to_be_none(text: str) -> None:
    """The year is not guessed, and the text is repeated."""
    with pytest.raises(UnreadableDateError, match=f"„{text}“ ist kein Tag"):
        read_day(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("heute", TODAY),
        ("morgen", date(2027, 3, 1)),
        ("Mi", date(2027, 3, 3)),
        ("2.3.", date(2027, 3, 2)),
        ("nächste Woche Di", date(2027, 3, 2)),
        ("in 14 Tagen", date(2027, 3, 14)),
    ],
)
def test_a_day_is_read_as_it_is_said(text: str, day: date) -> None:
    assert read_day(text, today=TODAY) == day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("So", "Heute oder in einer Woche"),
        ("2.10.", "In welchem Jahr"),
        ("gestern", "Der 27.02.2027 ist vorbei"),
        ("Mo, Di", "nur einen Tag"),
        ("Mo bis Mi", "nur einen Tag"),
    ],
)
def test_of_two_days_none_is_guessed(text: str, said: str) -> None:
    with pytest.raises(UnreadableDateError, match=said):
        read_day(text, today=TODAY)


def test_an_empty_field_is_asked_to_be_filled() -> None:
    """There is nothing to repeat."""
    with pytest.raises(UnreadableDateError, match=r"^Bitte so schreiben: 2.3.2027$"):
        read_day("  ", today=TODAY)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading(text: str) -> None:
    """It is a day, or it is refused with its own error and no other."""
    with suppress(UnreadableDateError):
        assert isinstance(read_day(text, today=TODAY), date)
