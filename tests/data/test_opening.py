from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.opening import open_windows, opening_hours_fault, public_holiday
from scheduler.clock import END_OF_DAY

TUESDAY = date(2027, 3, 2)
WEDNESDAY = date(2027, 3, 3)
EASTER_MONDAY = date(2027, 3, 29)
CORPUS_CHRISTI = date(2027, 5, 27)  # a Thursday; a holiday in North Rhine-Westphalia
PRACTICE = "Mo-Fr 08:00-12:00,15:00-18:00; We 08:00-12:00; PH off"


def hours(text: str, day: date = TUESDAY, *, country: str = "DE", land: str = "NW") -> list[str]:
    return [str(window) for window in open_windows(text, day, country=country, land=land)]


def test_a_practice_closes_at_midday() -> None:
    """Between the morning and the afternoon nobody opens the door."""
    assert hours(PRACTICE) == ["08:00-12:00", "15:00-18:00"]


def test_a_practice_closes_on_wednesday_afternoon() -> None:
    """A later rule for one weekday replaces the earlier one."""
    assert hours(PRACTICE, WEDNESDAY) == ["08:00-12:00"]


def test_a_practice_is_closed_on_sunday() -> None:
    """A weekday that no rule names is closed: an empty tuple, not an unknown."""
    assert hours(PRACTICE, date(2027, 3, 7)) == []


def test_a_holiday_of_the_land_closes_and_not_that_of_another_land() -> None:
    """Corpus Christi is a holiday in North Rhine-Westphalia and none in Berlin."""
    assert hours(PRACTICE, CORPUS_CHRISTI, land="NW") == []
    assert hours(PRACTICE, CORPUS_CHRISTI, land="BE") == ["08:00-12:00", "15:00-18:00"]


def test_a_holiday_of_the_whole_country_closes() -> None:
    """The first of November 2027, a Monday, is All Saints in NRW; the third of October all over."""
    assert hours("Mo-Su 08:00-12:00; PH off", date(2027, 11, 1)) == []
    assert hours("Mo-Su 08:00-12:00; PH off", date(2027, 10, 3), land="BE") == []


def test_hours_for_holidays_hold_on_holidays_only() -> None:
    """An emergency pharmacy opens from ten to noon on holidays, on other days as usual."""
    text = "Mo-Fr 09:00-18:00; PH,Su 10:00-12:00"

    assert hours(text, CORPUS_CHRISTI) == ["10:00-12:00"]
    assert hours(text, CORPUS_CHRISTI + timedelta(days=1)) == ["09:00-18:00"]


def test_holiday_beside_weekdays_means_holidays_on_these_weekdays() -> None:
    """As OpenStreetMap's specification has it: without a comma, both must hold."""
    text = "PH Mo-We 10:00-12:00"

    assert hours(text, EASTER_MONDAY) == ["10:00-12:00"]
    assert hours(text, EASTER_MONDAY + timedelta(days=1)) == []
    assert hours(text, CORPUS_CHRISTI) == []


def test_a_holiday_in_an_unclear_place_is_refused() -> None:
    """The text "Mo-Fr PH" could mean either; it is refused at once, not on the first holiday."""
    fault = opening_hours_fault("Mo-Fr PH 08:00-12:00")

    assert fault == "nennt PH an einer Stelle, die nicht eindeutig ist"


def test_the_day_before_a_holiday_can_be_named() -> None:
    """The text "PH -1 day" means the eve of a holiday, here a Wednesday."""
    text = "Mo-Fr 08:00-18:00; PH -1 day 08:00-13:00"

    assert hours(text, CORPUS_CHRISTI - timedelta(days=1)) == ["08:00-13:00"]
    assert hours(text, CORPUS_CHRISTI) == ["08:00-18:00"]


def test_a_comment_is_not_read_as_a_holiday() -> None:
    """What stands between quotation marks is for people."""
    assert hours('Mo-Fr 08:00-12:00 "PH: siehe Aushang"', CORPUS_CHRISTI) == ["08:00-12:00"]


def test_by_appointment_counts_as_open() -> None:
    """Whoever rides there has an appointment."""
    assert hours('Tu 14:00-16:00 unknown "nach Vereinbarung"') == ["14:00-16:00"]


def test_hours_that_meet_are_one_window() -> None:
    """Open until noon and by appointment from noon on is open throughout."""
    assert hours('Tu 08:00-12:00, Tu 12:00-13:00 unknown "Termin"') == ["08:00-13:00"]


def test_a_night_is_cut_at_midnight() -> None:
    """A clinic's night belongs half to each day."""
    text = "Tu 20:00-06:00"

    assert hours(text, TUESDAY) == ["20:00-24:00"]
    assert hours(text, WEDNESDAY) == ["00:00-06:00"]


def test_open_round_the_clock_is_one_window_of_the_whole_day() -> None:
    """The text "24/7" begins at midnight and ends at midnight."""
    (window,) = open_windows("24/7", TUESDAY, country="DE", land="NW")

    assert (window.earliest, window.latest) == (0, END_OF_DAY)


@pytest.mark.parametrize(
    "text",
    ["Mo-Do 08:00-12:00", "8 bis 12 Uhr", "Mo-Fr 8-12", "", "Mo-Fr 08:00-12:00 und Sa"],
)
def test_a_text_in_another_syntax_is_refused_in_german(text: str) -> None:
    """German weekdays and bare hours are the usual mistakes; the fault names the place."""
    fault = opening_hours_fault(text)

    assert fault is not None
    assert fault.startswith(("ist nicht lesbar ab", "endet zu früh"))


def test_the_fault_quotes_the_text_from_the_mistake_on() -> None:
    """The message points at the German abbreviation of Thursday."""
    assert opening_hours_fault("Mo-Do 08:00-12:00") == "ist nicht lesbar ab 'Do 08:00-12:00'"


def test_a_good_text_has_no_fault() -> None:
    """The practice's own hours are fine."""
    assert opening_hours_fault(PRACTICE) is None


@given(st.text(max_size=60), st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_any_text_is_either_refused_or_gives_windows_in_order(text: str, day: date) -> None:
    """Whatever a mapper typed: a fault, or windows within the day that do not touch."""
    if opening_hours_fault(text) is None:
        windows = open_windows(text, day, country="DE", land="NW")

        assert all(0 <= window.earliest < window.latest <= END_OF_DAY for window in windows)
        assert all(a.latest < b.earliest for a, b in pairwise(windows))


PARTS = (
    *("Mo-Fr", "We", "Mo[1]", "PH", "PH,", "Su,PH", "PH off", "PH 10:00-12:00", "PH -1 day", "SH"),
    *("08:00-12:00", "14:00+", "22:00-03:00", "10:00-16:00/90", "sunrise-sunset", "24/7"),
    *("Dec 24", "week 1-53/2", "easter", "2027", "off", "unknown", '"x"', ",", ";", "||"),
)


@given(st.lists(st.sampled_from(PARTS), max_size=8), st.dates(TUESDAY, date(2028, 12, 31)))
def test_what_can_be_read_can_be_read_on_every_day(parts: list[str], day: date) -> None:
    """A text that is accepted once never fails on a holiday, where PH is answered."""
    text = " ".join(parts)

    if opening_hours_fault(text) is None:
        windows = open_windows(text, day, country="DE", land="NW")

        assert all(window.earliest < window.latest for window in windows)


def test_holidays_have_german_names() -> None:
    """They are shown to whoever asks why no bus runs."""
    assert public_holiday(CORPUS_CHRISTI, country="DE", land="NW") == "Fronleichnam"
    assert public_holiday(TUESDAY, country="DE", land="NW") is None


def test_a_small_country_without_lands_has_holidays_too() -> None:
    """Liechtenstein keeps Candlemas, and needs no Land."""
    assert public_holiday(date(2027, 2, 2), country="LI", land="") == "Mariä Lichtmess"


@pytest.mark.parametrize(("country", "land"), [("DE", "XX"), ("XX", ""), ("", ""), ("utils", "")])
def test_an_unknown_land_is_refused(country: str, land: str) -> None:
    """A typing error in region.toml must not silently mean: no holidays."""
    with pytest.raises(ValueError, match=r"bekannt"):
        public_holiday(TUESDAY, country=country, land=land)


@pytest.mark.parametrize("days", ["367", "9999"])
def test_a_day_too_far_from_a_holiday_is_told(days: str) -> None:
    """No calendar goes so far; it would be found out only when a day is planned."""
    assert "Abstand" in (opening_hours_fault(f"PH +{days} days off") or "")
