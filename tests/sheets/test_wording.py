"""German words and numbers on sheets and pages."""

from datetime import date, datetime

import pytest

from api.sheets import wording
from scheduler.model import Load, Mobility, Needs


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0, "0,0 km"),
        (49, "0,0 km"),
        (50, "0,1 km"),
        (12_349, "12,3 km"),
        (12_350, "12,4 km"),
        (99_950, "100,0 km"),
    ],
)
def test_kilometres_have_one_decimal_and_a_comma(metres: int, words: str) -> None:
    """Rounded half up, in whole numbers."""
    assert wording.kilometres(metres) == words


def test_dates_are_german_whatever_the_machine_speaks() -> None:
    """Weekday, day, month in words."""
    day = date(2027, 3, 2)

    assert wording.full_date(day) == "Dienstag, 2. März 2027"
    assert wording.short_date(day) == "Di 02.03.2027"
    assert wording.moment(datetime(2027, 3, 1, 7, 5)) == "01.03.2027, 07:05 Uhr"  # noqa: DTZ001


def test_minutes_are_never_told_shorter_than_they_are() -> None:
    """Rounded up."""
    assert wording.minutes(60) == "1 Minute"
    assert wording.minutes(61) == "2 Minuten"


@pytest.mark.parametrize(
    ("needed", "words"),
    [
        (Needs(), []),
        (Needs(companions=2), ["+2 Begleitung"]),
        (Needs(Mobility.WALKER), ["Rollator"]),
        (Needs(Mobility.WHEELCHAIR, companions=1), ["Rollstuhl", "+1 Begleitung"]),
    ],
)
def test_needs_are_named_in_the_order_of_loading(needed: Needs, words: list[str]) -> None:
    """First what has to be lifted in."""
    assert wording.needs(needed) == words


@pytest.mark.parametrize(
    ("places", "words"),
    [
        (Load(8), "8 Sitze"),
        (Load(1, 1), "1 Sitz + 1 Rollstuhlplatz"),
        (Load(0, 2), "2 Rollstuhlplätze"),
        (Load(), "keine Plätze"),
    ],
)
def test_seats_are_counted_in_words(places: Load, words: str) -> None:
    """One seat, two seats."""
    assert wording.seats(places) == words


def test_a_draft_has_no_version() -> None:
    """Only a kept plan is numbered."""
    assert wording.edition("2") == "Version 2"
    assert wording.edition("2", published=False) == "Version 2, Entwurf"
    assert wording.edition(wording.DRAFT, published=False) == "Entwurf"
