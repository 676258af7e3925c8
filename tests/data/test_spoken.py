"""Appointments as they are said on the telephone: understood, or asked back; never guessed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.cells import read_appointment
from data.spoken import read_spoken
from data.spoken_days import MOST_DAYS, WEEKDAYS
from data.spoken_time import read_spoken_time
from routing.units import HOUR, MINUTE
from scheduler.clock import clock

SUNDAY = dt.date(2027, 2, 28)
TUESDAY = dt.date(2027, 3, 2)
MONDAY, WEDNESDAY, FRIDAY = dt.date(2027, 3, 1), dt.date(2027, 3, 3), dt.date(2027, 3, 5)
TODAYS = st.dates(dt.date(2024, 1, 1), dt.date(2060, 1, 1))
WORKING_WEEK = [MONDAY, TUESDAY, WEDNESDAY, dt.date(2027, 3, 4), FRIDAY]


@pytest.mark.parametrize(
    ("text", "dates", "time", "place"),
    [
        ("Di 9:30 Dr. Beispiel", [TUESDAY], "9:30", "Dr. Beispiel"),
        ("dienstags 9.30 bei Dr. Beispiel", [TUESDAY], "9.30", "Dr. Beispiel"),
        ("Di. 2.3. 9:30 MVZ", [TUESDAY], "9:30", "MVZ"),
        ("2.3.9:30", [TUESDAY], "9:30", ""),
        ("2.3.12:30", [TUESDAY], "12:30", ""),
        ("2.3.27 9 Uhr", [TUESDAY], "9 Uhr", ""),
        ("2027-03-02 9:30", [TUESDAY], "9:30", ""),
        ("Mo, Mi und Fr 13 Uhr Dialyse", [MONDAY, WEDNESDAY, FRIDAY], "13 Uhr", "Dialyse"),
        ("Mo Mi Fr 8:00", [MONDAY, WEDNESDAY, FRIDAY], "8:00", ""),
        ("morgen halb 10 beim MVZ", [MONDAY], "09:30", "MVZ"),
        ("übermorgen 9:30", [TUESDAY], "9:30", ""),
        ("Dialyse Di 9:30", [TUESDAY], "9:30", "Dialyse"),
        ("9:30 Di MVZ", [TUESDAY], "9:30", "MVZ"),
        ("übernächste Woche Di 9:30", [dt.date(2027, 3, 9)], "9:30", ""),
        ("Di übernächste Woche 9:30", [dt.date(2027, 3, 9)], "9:30", ""),
        ("Di 8-12 Uhr Apotheke", [TUESDAY], "8:00-12:00", "Apotheke"),
        ("Di 8:00 bis 12:00", [TUESDAY], "8:00 bis 12:00", ""),
        ("heute 20:00 Krone", [SUNDAY], "20:00", "Krone"),
        ("Di um 9 MVZ", [TUESDAY], "09:00", "MVZ"),
        ("Di um neun", [TUESDAY], "09:00", ""),
        ("um 9 Di MVZ", [TUESDAY], "09:00", "MVZ"),
        ("2.3. um zwölf ins MVZ", [TUESDAY], "12:00", "MVZ"),
        ("Di um 15 MVZ", [TUESDAY], "15:00", "MVZ"),
        ("Di um zehn nach Lemgo", [TUESDAY], "10:00", "Lemgo"),
        ("Dialyse um neun Di", [TUESDAY], "09:00", "Dialyse"),
        ("Di um 9 Uhr", [TUESDAY], "9 Uhr", ""),
        ("Di neun Uhr MVZ", [TUESDAY], "9:00", "MVZ"),
        ("Di 9 Uhr 30 MVZ", [TUESDAY], "9:30", "MVZ"),
        ("Di neun Uhr 05", [TUESDAY], "9:05", ""),
        ("Di 8 Uhr 30 bis 10 Uhr MVZ", [TUESDAY], "8:30 bis 10 Uhr", "MVZ"),
        ("Di 9.30 MVZ", [TUESDAY], "9.30", "MVZ"),
        ("Di um 9.30 Uhr", [TUESDAY], "9.30 Uhr", ""),
        ("Di halb zehn MVZ", [TUESDAY], "09:30", "MVZ"),
        ("Di um HALB ZWÖLF", [TUESDAY], "11:30", ""),
        ("Di halb eins", [TUESDAY], "12:30", ""),
        ("Di halb 15 MVZ", [TUESDAY], "14:30", "MVZ"),
        ("Di viertel nach 9 MVZ", [TUESDAY], "09:15", "MVZ"),
        ("Di um viertel vor zehn", [TUESDAY], "09:45", ""),
        ("Di Viertel vor eins", [TUESDAY], "12:45", ""),
        ("Di dreiviertel zehn MVZ", [TUESDAY], "09:45", "MVZ"),
        ("Di zehn nach neun MVZ", [TUESDAY], "09:10", "MVZ"),
        ("Di 5 vor 12", [TUESDAY], "11:55", ""),
        ("Di fünf nach halb zehn", [TUESDAY], "09:35", ""),
        ("Di zwanzig Minuten nach 9 Uhr", [TUESDAY], "09:20", ""),
        ("9.3. 14 Uhr MVZ", [dt.date(2027, 3, 9)], "14 Uhr", "MVZ"),
        ("Mi 10.3. 10 Uhr MVZ", [dt.date(2027, 3, 10)], "10 Uhr", "MVZ"),
        ("9.3. 10-12 Uhr", [dt.date(2027, 3, 9)], "10:00-12:00", ""),
        ("9.3. 10 bis 12 Uhr MVZ", [dt.date(2027, 3, 9)], "10:00-12:00", "MVZ"),
        ("9.3.10 Uhr", [dt.date(2027, 3, 9)], "10 Uhr", ""),
        ("9.3. 10.30", [dt.date(2027, 3, 9)], "10.30", ""),
        ("9.3. 10 nach 9 MVZ", [dt.date(2027, 3, 9)], "09:10", "MVZ"),
        ("9.3.27 14 Uhr", [dt.date(2027, 3, 9)], "14 Uhr", ""),
        ("9.3. 27 14 Uhr", [dt.date(2027, 3, 9)], "14 Uhr", ""),
        ("9.3.2027 14 Uhr", [dt.date(2027, 3, 9)], "14 Uhr", ""),
        ("10. März 10 Uhr MVZ", [dt.date(2027, 3, 10)], "10 Uhr", "MVZ"),
        ("am 10. um 9 Uhr", [dt.date(2027, 3, 10)], "9 Uhr", ""),
        ("Mi 10. 9:30 MVZ", [dt.date(2027, 3, 10)], "9:30", "MVZ"),
        ("Mittwoch, den 10.3. 9:30", [dt.date(2027, 3, 10)], "9:30", ""),
        ("in 14 Tagen 9 Uhr", [dt.date(2027, 3, 14)], "9 Uhr", ""),
        ("heute in einer Woche 9 Uhr", [dt.date(2027, 3, 7)], "9 Uhr", ""),
        ("morgen in zwei Wochen 9 Uhr MVZ", [dt.date(2027, 3, 15)], "9 Uhr", "MVZ"),
        ("nächste Woche Mo bis Fr 9:00 MVZ", WORKING_WEEK, "9:00", "MVZ"),
        ("Mo-Fr 9:00 MVZ", WORKING_WEEK, "9:00", "MVZ"),
        ("von Mo bis Fr nächste Woche 9:00", WORKING_WEEK, "9:00", ""),
        ("Montag bis Mittwoch und Freitag 9:00", [MONDAY, TUESDAY, WEDNESDAY, FRIDAY], "9:00", ""),
        ("1.3. bis 5.3. 9:00", WORKING_WEEK, "9:00", ""),
        ("Mo 1.3. - Fr 5.3. 9:00", WORKING_WEEK, "9:00", ""),
        ("Di MVZ 9:30", [TUESDAY], "9:30", "MVZ"),
        ("Di MVZ um neun", [TUESDAY], "09:00", "MVZ"),
        ("Di 9:30 2. Stock", [TUESDAY], "9:30", "2. Stock"),
        ("Di zwischen 9 und 11 MVZ", [TUESDAY], "09:00-11:00", "MVZ"),
        ("MVZ Di zwischen neun und 10:30 Uhr", [TUESDAY], "09:00-10:30", "MVZ"),
        ("Di zwischen halb neun und viertel vor zehn, MVZ", [TUESDAY], "08:30-09:45", "MVZ"),
        ("zwischen 14 und 16 Uhr Di, Fr MVZ", [TUESDAY, FRIDAY], "14:00-16:00", "MVZ"),
        ("Di von 9 Uhr bis 11 beim MVZ", [TUESDAY], "09:00-11:00", "MVZ"),
        ("Di 9:30 von Beispiel", [TUESDAY], "9:30", "von Beispiel"),
        ("Di, 9.30h, MVZ", [TUESDAY], "9.30 Uhr", "MVZ"),
        ("Di 9:30 h MVZ", [TUESDAY], "9:30 Uhr", "MVZ"),
        ("Di 9:30 H. Beispiel", [TUESDAY], "9:30", "H. Beispiel"),
        ("Di 8.30h bis 10.30h MVZ", [TUESDAY], "8.30 Uhr bis 10.30 Uhr", "MVZ"),
        ("morgen früh 9:30 MVZ", [MONDAY], "9:30", "MVZ"),
        ("Di nachmittags 15:00 MVZ", [TUESDAY], "15:00", "MVZ"),
        ("Di nach Lemgo 9:30", [TUESDAY], "9:30", "nach Lemgo"),
    ],
)
def test_what_is_clear_is_understood(
    text: str, dates: list[dt.date], time: str, place: str
) -> None:
    spoken = read_spoken(text, today=SUNDAY)

    assert spoken.questions == ()
    assert (list(spoken.dates), spoken.time, spoken.place) == (dates, time, place)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("So 9:30", "Heute oder in einer Woche?"),
        ("Mi 2.3. 9:30", "ist ein Dienstag, kein Mittwoch"),
        ("2.10. 9:30", "In welchem Jahr?"),
        ("27.2.2027 9:30", "ist vorbei"),
        ("diese Woche Sa 9:30", "ist vorbei"),
        ("31.2. 9:30", "gibt es im Kalender nicht"),
        ("9:30 MVZ", "An welchem Tag?"),
        ("Di MVZ", "Um wie viel Uhr?"),
        ("Di 25:30", "Richtig ist eine Uhrzeit"),
        ("Di 12:00-8:00", "endet, bevor sie beginnt"),
        ("Di 9 MVZ", "Ist „9“ die Uhrzeit? Bitte „9 Uhr“ schreiben."),
        ("Di neun", "Bitte „neun Uhr“ schreiben"),
        ("Dialyse Di 9", "Bitte „9 Uhr“ schreiben"),
        ("9.3. 10 MVZ", "Bitte „10 Uhr“ schreiben"),
        ("Di um 9 oder 10 MVZ", "„9 oder 10 MVZ“ ist nicht klar"),
        ("Di viertel zehn", "„viertel zehn“ ist nicht klar"),
        ("9.3. 1430 Uhr MVZ", "„1430 Uhr MVZ“ ist nicht klar"),
        ("9.3. 27 Uhr MVZ", "Richtig ist eine Uhrzeit"),
        ("Ostermontag 10 Uhr MVZ", "„Ostermontag“ ist als Tag nicht bekannt"),
        ("2.3.24 9:30", "Der 02.03.2024 ist vorbei"),
        ("in 8 Tagen 9 Uhr", "Bitte „7.3.“ oder „8.3.“ schreiben"),
        ("in 2 Wochen Di 9 Uhr", "ist ein Sonntag, kein Dienstag"),
        ("Di in 2 Wochen 9 Uhr", "ist ein Sonntag, kein Dienstag"),
        ("am 28. um 9 Uhr", "Heute oder in einem Monat?"),
        ("am 32. um 9 Uhr", "gibt es im Kalender nicht"),
        ("Mo bis Mo 9:00", "Von Montag bis Montag?"),
        ("5.3. bis 1.3. 9:00", "Der 1.3. liegt vor dem 5.3."),
        ("1.3. bis 30.4. 9:00", "Höchstens 14 Tage"),
        ("jeden Mittwoch 10:30 MVZ", "die erste Fahrt buchen, „Mittwoch 10:30 MVZ“"),
        ("jede zweite Woche Mi 10:30", "wird eine Serie"),
        ("täglich 9:00 MVZ", "wird eine Serie"),
        ("Mi 9:00 und Fr 14:00 MVZ", "einen nach dem anderen"),
        ("Mi 9:00 MVZ und Fr 14:00 Apotheke", "einen nach dem anderen"),
        ("Mi 9:00 und Fr MVZ", "alle Tage vor die Uhrzeit"),
        ("Di um 9 oder 10 MVZ", "Um wie viel Uhr?"),
        ("Di um neun oder zehn", "Um wie viel Uhr?"),
        ("Di um 9 bis 10", "Um wie viel Uhr?"),
        ("Di um neun dreißig", "Um wie viel Uhr?"),
        ("Di um 9 30", "Um wie viel Uhr?"),
        ("Di zwischen 9 MVZ", "„zwischen 9 MVZ“ ist nicht klar"),
        ("Di zwischen 9 und 11 3. Stock", "nicht klar"),
        ("Di zwischen zwei und vier MVZ", "Um 2:00 oder um 14:00 Uhr?"),
        ("Di zwischen 11 und 9", "endet, bevor sie beginnt"),
        ("Di vormittags MVZ", "Wer keine feste Zeit hat: Di zwischen 9 und 11 Uhr."),
        ("Di um ein Haus", "Um wie viel Uhr?"),
        ("Di um 25", "Um wie viel Uhr?"),
        ("Di viertel zehn", "Um wie viel Uhr?"),
        ("Di 9 Uhr 75", "Richtig ist eine Uhrzeit"),
        ("Di viertel nach 24", "Richtig ist eine Uhrzeit"),
        ("Dialyse 25:00 Di", "Richtig ist eine Uhrzeit"),
        ("Di um drei MVZ", "Um 3:00 oder um 15:00 Uhr?"),
        ("Di halb 3", "Um 2:30 oder um 14:30 Uhr?"),
        ("Dialyse um drei Di", "Um 3:00 oder um 15:00 Uhr?"),
        ("Mi oder Do 9:30 MVZ", "„oder Do“ ist nicht klar. Bitte nur einen Tag"),
        ("entweder Mi 9:30 MVZ", "„entweder“ ist nicht klar"),
        ("Mi MVZ oder 4.3. 9:30", "„oder 4.3.“ ist nicht klar"),
        ("Mi 9:30 oder Do MVZ", "„oder Do“ ist nicht klar"),
        ("Mi 9:30 oder 10:00 MVZ", "„oder 10:00“ ist nicht klar"),
        ("Mi ab 9:30 MVZ", "„ab“ ist nicht klar. Bitte die Uhrzeit des Termins"),
        ("Mi bis 9:30 MVZ", "„bis“ ist nicht klar"),
        ("Mi gegen 9:30", "„gegen“ ist nicht klar"),
        ("Mi MVZ ca. 9:30", "„ca.“ ist nicht klar"),
        ("Mi nicht vor 9:30 MVZ", "„nicht vor“ ist nicht klar"),
        ("Mi vormittags 15:00 MVZ", "„vormittags“ ist nicht klar"),
        ("Mi 9:30 MVZ Rückfahrt 11:00", "„Rückfahrt 11:00“ gehört nicht zum Termin"),
        ("Mi 9:30 MVZ, zurück um elf", "„zurück um elf“ gehört nicht zum Termin"),
        ("gestern 9:30", "Der 27.02.2027 ist vorbei"),
        ("vorgestern 9:30", "Der 26.02.2027 ist vorbei"),
    ],
)
def test_what_is_not_clear_is_asked_back(text: str, question: str) -> None:
    spoken = read_spoken(text, today=SUNDAY)

    assert any(question in each for each in spoken.questions)
    assert not (spoken.dates and spoken.time)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Di 10 Zahnarzt", "Zahnarzt"),
        ("jeden Mittwoch 10:30 MVZ", "MVZ"),
        ("Mi 9:00 und Fr 14:00 MVZ", "MVZ"),
        ("Mi 9:00 MVZ und Fr 14:00 Apotheke", "MVZ"),
        ("Di um 9 oder 10 MVZ", "9 oder 10 MVZ"),
        ("Mi oder Do 9:30 MVZ", "MVZ"),
        ("entweder Mi 9:30 MVZ", "MVZ"),
        ("Mi ab 9:30 MVZ", "MVZ"),
        ("Mi gegen 9:30", ""),
        ("Mi MVZ nicht vor 9:30", "MVZ"),
        ("Mi 9:30 oder 10:00 MVZ", "MVZ"),
        ("Mi 9:30 MVZ, Rückfahrt 11:00", "MVZ"),
    ],
)
def test_what_is_asked_back_leaves_the_place_alone(text: str, place: str) -> None:
    assert read_spoken(text, today=SUNDAY).place == place


@given(today=TODAYS, day=st.integers(1, 31))
def test_the_day_of_a_month_is_the_next_of_that_number(today: dt.date, day: int) -> None:
    spoken = read_spoken(f"am {day}. 9:30", today=today)

    if today.day == day:
        assert spoken.dates == ()
    else:
        (found,) = spoken.dates
        assert found.day == day
        assert 0 < (found - today).days <= 62


def test_nothing_typed_is_no_mistake() -> None:
    assert read_spoken("  ", today=SUNDAY).questions == ()


@given(today=TODAYS, weekday=st.integers(0, 6), short=st.booleans())
def test_a_weekday_is_the_next_one_after_today(
    today: dt.date, weekday: int, *, short: bool
) -> None:
    name = WEEKDAYS[weekday][: 2 if short else None]

    spoken = read_spoken(f"{name} 9:30", today=today)

    if today.weekday() == weekday:
        assert spoken.dates == ()
    else:
        (day,) = spoken.dates
        assert day.weekday() == weekday
        assert 0 < (day - today).days < 7


@given(today=TODAYS, ahead=st.integers(0, 183))
def test_a_date_without_its_year_is_the_next_of_that_name(today: dt.date, ahead: int) -> None:
    day = today + dt.timedelta(days=ahead)

    assert read_spoken(f"{day.day}.{day.month}. 9:30", today=today).dates == (day,)


@pytest.mark.parametrize(
    ("text", "time"),
    [("11:40", "11:40"), ("11 Uhr", "11:00"), ("um elf", "11:00"), ("halb zwölf", "11:30")],
)
def test_a_time_alone_is_read_as_it_is_said(text: str, time: str) -> None:
    assert read_spoken_time(text) == clock(time)


@pytest.mark.parametrize(
    ("text", "earliest", "time"),
    [
        ("um drei", "09:30", "15:00"),
        ("halb vier", "06:00", "15:30"),
    ],
)
def test_what_would_be_too_early_is_meant_for_the_afternoon(
    text: str, earliest: str, time: str
) -> None:
    assert read_spoken_time(text, earliest=clock(earliest)) == clock(time)


@pytest.mark.parametrize(
    "text", ["", "11", "99:99", "um drei", "8:00-9:00", "11 Uhr MVZ", "Di", "halb"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Uhr"):
        read_spoken_time(text)


@given(hour=st.integers(7, 12), spelled=st.booleans())
def test_parts_of_an_hour_are_what_they_are_called(hour: int, *, spelled: bool) -> None:
    words = ("sieben", "acht", "neun", "zehn", "elf", "zwölf")
    said = words[hour - 7] if spelled else str(hour)

    whole = read_spoken_time(f"um {said}")

    assert whole == hour * HOUR
    assert read_spoken_time(f"viertel nach {said}") == whole + 15 * MINUTE
    assert read_spoken_time(f"{said} Uhr 30") == whole + 30 * MINUTE
    if hour > 7:
        assert read_spoken_time(f"halb {said}") == whole - 30 * MINUTE
        assert read_spoken_time(f"viertel vor {said}") == whole - 15 * MINUTE
        assert read_spoken_time(f"dreiviertel {said}") == whole - 15 * MINUTE


PIECES = (
    "Di", "Mo", "morgen", "gestern", "2.3.", "31.12.", "9:30", "9.30", "9", "25", "Uhr", "-", "bis",
    "oder", "halb", "viertel", "dreiviertel", "vor", "nach", "um", "neun", "drei", "ein", "dreißig",
    "nächste Woche", "in 14 Tagen", "10.", "10. März", "jeden", "und", "MVZ", "Dıenstag", "ſechs",
    "FÜNF", "ab", "gegen", "9.30h", "zurück", "früh",
)  # fmt: skip


@given(
    today=TODAYS,
    text=st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(PIECES), max_size=20).map(" ".join),
    ),
)
def test_whatever_is_typed_no_day_is_past_and_every_time_can_be_read(
    today: dt.date, text: str
) -> None:
    spoken = read_spoken(text, today=today)

    assert all(day >= today for day in spoken.dates)
    assert list(spoken.dates) == sorted(set(spoken.dates))
    assert len(spoken.dates) <= MOST_DAYS
    if spoken.time:
        read_appointment(spoken.time)
    if text.strip() and not (spoken.dates and spoken.time):
        assert spoken.questions
