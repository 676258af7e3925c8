"""Until when to ring for which ride: the telephone is not answered as long as the bus runs."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from api.sheets import wording
from api.sheets.week_words import oclock, week, weekdays
from data.information import Information, Week
from routing.units import HOUR, Seconds
from scheduler.clock import END_OF_DAY, Clock
from scheduler.model import TimeWindow

# With a lead of a day or more, the lead itself says when to ring.
_A_DAY: Seconds = 24 * HOUR
_WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def asked_before(information: Information) -> Iterator[str]:
    """Say which rides have to be asked for earlier than the lead says: nobody answers in time."""
    lead = information.region.policy.booking.lead
    if information.phone_week is not None and lead < _A_DAY:
        yield from _usually(information, information.phone_week, lead)
    yield from _special(information)


def _usually(information: Information, phone: Week, lead: Seconds) -> Iterator[str]:
    """Go through an ordinary week."""
    served = [day for day, shifts in enumerate(information.service_week) if shifts]
    silent: dict[str, list[int]] = {}
    early: dict[tuple[str, str], list[int]] = {}
    later: dict[str, list[int]] = {}
    for weekday in served:
        shifts, calls = information.service_week[weekday], phone[weekday]
        until = _until(weekday, phone)
        if not calls and until is not None:
            silent.setdefault(_named(weekday, *until), []).append(weekday)
        elif calls:
            if (from_then := calls[0].earliest + lead) > shifts[0].earliest and until is not None:
                before = f" vor {oclock(from_then)}" if from_then < shifts[-1].latest else ""
                key = before, _the_day_before(weekday, *until)
                early.setdefault(key, []).append(weekday)
            for sentence in _later(shifts, calls, lead):
                later.setdefault(sentence, []).append(weekday)
    if early:
        yield " ".join(
            f"Fahrten{'' if days == served else _on(days)}{when}: bitte anrufen bis {until}."
            for (when, until), days in early.items()
        )
    if later:
        yield " ".join(
            sentence if days == served else f"{weekdays(days)}: {sentence}"
            for sentence, days in later.items()
        )
    if silent:
        yield " ".join(
            f"Fahrten{_on(days)}: bitte anrufen bis {until}." for until, days in silent.items()
        )
    if early or silent:
        yield (
            "Liegt ein Feiertag davor: bitte an einem Tag davor anrufen, an dem jemand am Telefon "
            "ist."
        )


def way_home(information: Information) -> str:
    """Say how to come home, also when nobody answers any more."""
    answered = ""
    if information.phone_week is not None:
        answered = f"Am Telefon ist jemand {'; '.join(week(information.phone_week))}. "
    return (
        "Die Rückfahrt bestellen Sie gleich mit. Wissen Sie nicht, wie lange es dauert, rufen Sie "
        f"an, wenn Sie fertig sind: Ein Platz bleibt für Sie frei. {answered}Ohne Anruf holt Sie "
        "der Bus ab, den wir Ihnen als spätesten nennen."
    )


def _special(information: Information) -> Iterator[str]:
    for special in information.special_days:
        if special.call_by is not None:
            day, until = special.call_by
            yield (
                f"Fahrten am {wording.full_date(special.date)}: bitte anrufen bis "
                f"{wording.full_date(day)}, {oclock(until)}."
            )


def _until(weekday: int, phone: Week) -> tuple[int, Clock] | None:
    """How many days before somebody answers last, and until when; ``None`` if nobody ever does."""
    for days in range(1, len(phone) + 1):
        if calls := phone[weekday - days]:
            return days, calls[-1].latest
    return None


def _named(weekday: int, days: int, until: Clock) -> str:
    week_before = " der Woche davor" if days == len(_WEEKDAYS) else ""
    return f"{_WEEKDAYS[weekday - days]}{week_before}, {oclock(until)}"


def _the_day_before(weekday: int, days: int, until: Clock) -> str:
    """Say the same of all weekdays before which somebody answers; name the others."""
    return f"zum Tag davor, {oclock(until)}" if days == 1 else _named(weekday, days, until)


def _on(days: Sequence[int]) -> str:
    """Write 0, 1, 2, 4 as " von Montag bis Mittwoch und am Freitag"."""
    runs = []
    for _, run in groupby(enumerate(days), key=lambda each: each[1] - each[0]):
        names = [_WEEKDAYS[day] for _, day in run]
        if len(names) > 2:
            runs.append(f"von {names[0]} bis {names[-1]}")
        else:
            runs += [f"am {name}" for name in names]
    *others, last = runs
    return f" {', '.join(others)} und {last}" if others else f" {last}"


def _later(
    shifts: Sequence[TimeWindow], calls: Sequence[TimeWindow], lead: Seconds
) -> Iterator[str]:
    """Say until when to ring for rides that begin while, a *lead* before, nobody answers."""
    # Whoever answers no more on that day does so after any ride.
    gaps = [*pairwise(calls), (calls[-1], TimeWindow(END_OF_DAY, END_OF_DAY))]
    for before, after in gaps:
        first, last = before.latest + lead, after.earliest + lead
        if any(shift.earliest < last and first < shift.latest for shift in shifts):
            which = (
                f"nach {oclock(first)}"
                if after.earliest == END_OF_DAY
                else f"zwischen {oclock(first)} und {oclock(last)}"
            )
            yield f"Fahrten {which}: Rufen Sie bitte bis {oclock(before.latest)} an."
