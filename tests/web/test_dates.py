"""Days as people type them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web.dates import UnreadableDateError, read_day


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
        assert read_day(text) == day


@pytest.mark.parametrize("text", ["morgen", "2.3.", "2.3", "31.2.2027", "2027-13-01", "1.1.203"])
def test_what_is_no_day_is_said_to_be_none(text: str) -> None:
    """The year is not guessed, and the text is repeated."""
    with pytest.raises(UnreadableDateError, match=f"„{text}“ ist kein Tag"):
        read_day(text)


def test_an_empty_field_is_asked_to_be_filled() -> None:
    """There is nothing to repeat."""
    with pytest.raises(UnreadableDateError, match=r"^Bitte so schreiben: 2.3.2027$"):
        read_day("  ")


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading(text: str) -> None:
    """It is a day, or it is refused with its own error and no other."""
    with suppress(UnreadableDateError):
        assert isinstance(read_day(text), date)
