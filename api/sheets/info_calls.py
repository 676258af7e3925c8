"""Until when to ring for which ride: the telephone is not answered as long as the bus runs."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from api.sheets import wording
from api.sheets.week_words import oclock, week, weekdays
from data.information import Information
from routing.units import Seconds
from scheduler.clock import END_OF_DAY, Clock
from scheduler.model import TimeWindow

_WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def asked_before(information: Information) -> Iterator[str]:
    """Say which rides have to be asked for earlier than the lead says: nobody answers in time."""
    if information.phone_week is None:
        return
    lead = information.region.policy.booking.lead
    silent, mornings = [], set[Clock]()
    later: dict[str, list[int]] = {}
    for weekday, (shifts, calls) in enumerate(
        zip(information.service_week, information.phone_week, strict=True)
    ):
        if shifts and not calls:
            silent.append(_WEEKDAYS[weekday])
        elif shifts:
            if (from_then := calls[0].earliest + lead) > shifts[0].earliest:
                mornings.add(from_then)
            for sentence in _later(shifts, calls, lead):
                later.setdefault(sentence, []).append(weekday)
    if mornings:
        yield f"Fahrten vor {oclock(max(mornings))}: Rufen Sie bitte am Werktag davor an."
    if later:
        served = [day for day, shifts in enumerate(information.service_week) if shifts]
        yield " ".join(
            sentence if days == served else f"{weekdays(days)}: {sentence}"
            for sentence, days in later.items()
        )
    if silent:
        yield f"Fahrten am {' und am '.join(silent)}: Rufen Sie bitte am Werktag davor an."
    yield from _special(information)


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
