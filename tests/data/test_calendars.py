"""What counts as a free appointment in a practice's calendar, and what is said of the rest."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.calendars import LARGEST_CALENDAR, FreeAppointment, Unusable, read_calendar
from data.errors import UnreadableFileError
from scheduler.clock import clock
from tests.builders_calendars import calendar, event

ZONE = ZoneInfo("Europe/Berlin")
NOW = dt.datetime(2027, 2, 28, 19, 0)  # noqa: DTZ001  (local time of the region)
DAY = dt.date(2027, 3, 2)

ODD_ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Praxiszeit\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    "TZOFFSETFROM:{offset}\r\nTZOFFSETTO:{offset}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def read(*parts: str) -> tuple[list[FreeAppointment], list[Unusable]]:
    return read_calendar(calendar(*parts), "mvz.ics", zone=ZONE, now=NOW)


def free(at: str, day: dt.date = DAY, place: str = "") -> FreeAppointment:
    return FreeAppointment(day, clock(at), place)


@pytest.mark.parametrize(
    "begin",
    [
        ":20270302T102000",  # on the clocks of the region
        ":20270302T092000Z",  # Kalletal is an hour ahead in winter
        ";TZID=Europe/Berlin:20270302T102000",
        ";TZID=W. Europe Standard Time:20270302T102000",  # as Outlook calls it
        ";TZID=Europe/London:20270302T092000",
        ":20270302T102059",
    ],
)
def test_an_event_is_a_free_appointment_at_its_begin(begin: str) -> None:
    assert read(event(begin)) == ([free("10:20")], [])


def test_summer_time_counts() -> None:
    """In June Kalletal is two hours ahead."""
    assert read(event(":20270601T082000Z"))[0] == [free("10:20", dt.date(2027, 6, 1))]


def test_a_zone_that_the_file_describes_is_taken_from_that_very_file() -> None:
    """The library remembers zones: the next file that calls its own by the same name differs."""
    for offset, at in (("+0500", "06:20"), ("+0200", "09:20")):
        assert read(ODD_ZONE.format(offset=offset), event(";TZID=Praxiszeit:20270302T102000")) == (
            [free(at)],
            [],
        )
    assert "Zeitzone" in read(event(";TZID=Praxiszeit:20270302T102000"))[1][0].message


def test_appointments_come_in_order_each_once_with_their_place() -> None:
    found, unusable = read(
        event(":20270303T080000", "LOCATION:MVZ  Kalletal"),
        event(":20270302T110000"),
        event(),
        event(),
    )

    assert (found, unusable) == (
        [free("10:20"), free("11:00"), free("08:00", dt.date(2027, 3, 3), "MVZ Kalletal")],
        [],
    )
    assert [each.entry for each in found] == [3, 2, 1]


@pytest.mark.parametrize(
    ("entry", "when", "words"),
    [
        (event(":20270302T102000", "TRANSP:OPAQUE"), "02.03.2027, 10:20", "belegt"),
        (event(":20270302T102000", "STATUS:CANCELLED"), "02.03.2027, 10:20", "abgesagt"),
        (event(":20270302T102000", "RRULE:FREQ=DAILY"), "02.03.2027, 10:20", "einzeln"),
        (event(";VALUE=DATE:20270302"), "02.03.2027", "ganzen Tag"),
        (event(":20260302T102000"), "02.03.2026, 10:20", "Vergangenheit"),
        (event(";TZID=Kalletal/Mitte:20270302T102000"), "02.03.2027, 10:20", "Europe/Berlin"),
        (event(":2027-03-02 10:20"), "", "20270302T102000"),
        (event(":20270302T992000"), "", "nicht zu lesen"),
        (event(":20270302T102000", "DTSTART:20270303T102000"), "", "nicht zu lesen"),
        (event(":99990302T102000"), "", "Jahr"),
        (event(":21991231T235900Z"), "31.12.2199, 23:59", "Jahr"),
        ("BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n", "", "keinen Beginn"),
    ],
)
def test_what_is_no_free_appointment_is_named_and_the_others_are_read(
    entry: str, when: str, words: str
) -> None:
    found, (unusable,) = read(event(":20270302T110000"), entry)

    assert found == [free("11:00")]
    assert (unusable.file, unusable.entry, unusable.when) == ("mvz.ics", 2, when)
    assert words in unusable.message


def test_titles_are_never_told() -> None:
    """A title may be the name of a patient."""
    _, (unusable,) = read(event(":20270302T102000", "TRANSP:OPAQUE", "SUMMARY:Beispiel Erika"))

    assert "Erika" not in str(unusable)
    assert str(unusable).startswith("mvz.ics, Eintrag 1 (02.03.2027, 10:20): Ist belegt")


def test_umlauts_of_an_old_program_are_read() -> None:
    text = calendar(event(":20270302T102000", "LOCATION:Praxis Süd")).decode().encode("cp1252")

    found, _ = read_calendar(text, "a.ics", zone=ZONE, now=NOW)

    assert found[0].place == "Praxis Süd"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "kein vollständiger Kalender"),
        (b"<html>Bitte anmelden</html>", "kein vollständiger Kalender"),
        (bytes(range(256)) * 10, "kein vollständiger Kalender"),
        (calendar(event())[:-30], "kein vollständiger Kalender"),
        (calendar(event()).decode().encode("utf-16"), "kein vollständiger Kalender"),
        (event().encode(), "kein vollständiger Kalender"),
        (b"BEGIN:VCARD\r\nFN:Erika\r\nEND:VCARD\r\n", "kein vollständiger Kalender"),
        (calendar(), "ohne einen einzigen Eintrag"),
        (b"x" * (LARGEST_CALENDAR + 1), "zu groß"),
    ],
)
def test_what_is_no_calendar_is_refused_as_a_whole(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFileError, match=words) as caught:
        read_calendar(content, "/geheim/mvz.ics", zone=ZONE, now=NOW)

    assert str(caught.value).startswith("„mvz.ics“")


@given(st.lists(st.sampled_from([*event().splitlines(), "RRULE:x", "BEGIN:VEVENT", "é;=:", ""])))
def test_scrambled_calendars_are_read_or_refused(lines: list[str]) -> None:
    """Nothing but the one error comes out, whatever lines somebody mixed up."""
    content = calendar("".join(f"{line}\r\n" for line in lines))
    try:
        found, unusable = read_calendar(content, "a.ics", zone=ZONE, now=NOW)
    except UnreadableFileError:
        return
    assert len(found) + len(unusable) <= lines.count("BEGIN:VEVENT")


@given(st.binary(max_size=200))
def test_garbage_is_refused(garbage: bytes) -> None:
    for content in (garbage, calendar("BEGIN:VEVENT\r\n") + garbage):
        with pytest.raises(UnreadableFileError):
            read_calendar(content, "a.ics", zone=ZONE, now=NOW)


def test_a_zone_with_an_endless_name_is_refused() -> None:
    """It was looked for as a file, whose name was too long for the disk."""
    zone = f"BEGIN:VTIMEZONE\r\nTZID:{'9' * 5_000}\r\nEND:VTIMEZONE\r\n"
    odd = calendar(zone, event(f";TZID={'9' * 5_000}:20270302T102000"))

    try:
        free, unusable = read_calendar(odd, "mvz.ics", zone=ZONE, now=NOW)
    except UnreadableFileError:
        return
    assert (free, len(unusable)) == ([], 1)
