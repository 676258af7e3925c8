"""What everybody may know of a region, as German texts: for the information page and its flyer."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypedDict

from api.sheets import wording
from api.sheets.wording import OPENSTREETMAP
from data.information import AHEAD, ComingEvent, Destination, Drive, Information, Week
from routing.units import HOUR, MINUTE, Seconds
from scheduler.clock import Clock, hh_mm
from scheduler.model import WHOLE_DAY, PlaceKind, TimeWindow
from scheduler.policy import PharmacyMode


class PlaceView(TypedDict):
    """A practice, pharmacy ...; *hours* has a line for each group of weekdays."""

    name: str
    address: str
    phone: str
    hours: list[str]
    drive: str


class GroupView(TypedDict):
    """Places of one kind."""

    heading: str
    places: list[PlaceView]


class EventView(TypedDict):
    """A health weekend."""

    name: str
    when: str
    text: str
    place: PlaceView
    bus: list[str]


class InfoView(TypedDict):
    """All of the information page."""

    title: str
    region: str
    as_of: str
    phone: str
    phone_hours: list[str]
    emergency: str
    website: str
    map_by: str
    booking: list[str]
    aboard: list[str]
    fare: str
    service: list[str]
    special: list[list[str]]
    special_until: str
    villages: list[str]
    events: list[EventView]
    groups: list[GroupView]
    drives: list[list[str]]
    drives_to: str


_HEADINGS = {
    PlaceKind.MVZ: "Medizinische Versorgungszentren (MVZ)",
    PlaceKind.PRACTICE: "Praxen",
    PlaceKind.PHARMACY: "Apotheken",
    PlaceKind.THERAPY: "Therapie und Dialyse",
    PlaceKind.HOSPITAL: "Krankenhäuser",
}
_UNKNOWN = "noch nicht angegeben"
_WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")


def info_view(information: Information, *, village: str = "") -> InfoView:
    """Put all of it into words; drives are those from *village*, if one is given."""
    region = information.region
    groups = groupby(information.destinations, key=lambda each: each.place.kind)
    first = next(iter(information.destinations), None)
    return InfoView(
        title=f"gesunde Fahrten {region.title}",
        region=region.title,
        as_of=wording.long_date(information.today),
        phone=region.dispatch_phone,
        phone_hours=week(information.phone_week),
        emergency=region.emergency_phone,
        website=region.info.website,
        map_by="" if region.network.coarse else OPENSTREETMAP,
        booking=list(_booking(information)),
        aboard=list(_aboard(information)),
        fare=region.info.fare or _UNKNOWN,
        service=week(information.service_week),
        special=[
            [wording.full_date(day.date), "Bus fährt" if day.runs else "kein Bus", day.reason]
            for day in information.special_days
        ],
        special_until=wording.long_date(information.today + AHEAD),
        villages=list(information.villages),
        events=[_event(event, village) for event in information.events],
        groups=[
            GroupView(heading=_HEADINGS[kind], places=[_place(each, village) for each in places])
            for kind, places in groups
        ],
        drives=[_row(each) for each in sorted(first.drives, key=_name)] if first else [],
        drives_to=first.place.name if first else "",
    )


def week(hours: Week | None) -> list[str]:
    """Put hours into words, a line for all weekdays on which they are the same."""
    if hours is None:
        return [_UNKNOWN]
    groups: dict[tuple[TimeWindow, ...], list[int]] = {}
    for weekday, windows in enumerate(hours):
        if windows:
            groups.setdefault(windows, []).append(weekday)
    lines = [f"{_weekdays(days)} {_windows(windows)}" for windows, days in groups.items()]
    return lines or ["geschlossen"]


def _weekdays(days: Sequence[int]) -> str:
    """Write 0, 1, 2, 4 as "Mo–Mi, Fr"; two neighbours are listed."""
    runs = []
    for _, run in groupby(enumerate(days), key=lambda each: each[1] - each[0]):
        names = [_DAYS[day] for _, day in run]
        runs.append(f"{names[0]}–{names[-1]}" if len(names) > 2 else ", ".join(names))
    return ", ".join(runs)


def _windows(windows: Sequence[TimeWindow]) -> str:
    if list(windows) == [WHOLE_DAY]:
        return "rund um die Uhr"
    times = [f"{hh_mm(each.earliest)}–{hh_mm(each.latest)}" for each in windows]
    return f"{' und '.join(times)} Uhr"


def _booking(information: Information) -> Iterator[str]:
    policy = information.region.policy
    # A number that is read out or dialled stays on one line.
    phone, booking = information.region.dispatch_phone.replace(" ", "\u00a0"), policy.booking
    yield (
        f"Rufen Sie an: {phone}. Spätestens {_before(booking.lead)} vor der Fahrt, frühestens "
        f"{wording.count(booking.horizon_days, 'Tag', 'Tage')} vorher."
    )
    yield from _day_before(information)
    if booking.lead_wheelchair > booking.lead and information.wheelchairs:
        yield f"Mit einem Rollstuhl bitte spätestens {_before(booking.lead_wheelchair)} vorher."
    yield (
        "Sagen Sie, wann und wo Ihr Termin ist und wo wir Sie abholen sollen. Wir nennen Ihnen "
        f"gleich einen Zeitraum von etwa {wording.minutes(policy.promise.window)}, in dem der Bus "
        "kommt."
    )
    latest, earliest = policy.arrival.latest_before, policy.arrival.earliest_before
    yield (
        f"Der Bus bringt Sie {latest // MINUTE} bis {wording.minutes(earliest)} vor Ihrem Termin "
        "hin. Unterwegs steigen andere ein und aus."
    )
    yield (
        "Die Rückfahrt bestellen Sie gleich mit. Wissen Sie nicht, wie lange es dauert, rufen Sie "
        "an, wenn Sie fertig sind: Ein Platz bleibt für Sie frei."
    )
    yield (
        f"Absagen: Rufen Sie bitte so früh wie möglich dieselbe Nummer an, {phone}. Dann kann "
        "jemand anderes mitfahren."
    )
    yield from information.region.info.booking


def _day_before(information: Information) -> Iterator[str]:
    """Say which rides cannot be asked for on their own day: nobody answers in time."""
    if information.phone_week is None:
        return
    lead = information.region.policy.booking.lead
    silent, mornings = [], set()
    for weekday, (shifts, calls) in enumerate(
        zip(information.service_week, information.phone_week, strict=True)
    ):
        if shifts and not calls:
            silent.append(_WEEKDAYS[weekday])
        elif shifts and (from_then := calls[0].earliest + lead) > shifts[0].earliest:
            mornings.add(from_then)
    if mornings:
        yield f"Fahrten vor {_oclock(max(mornings))}: Rufen Sie bitte am Werktag davor an."
    if silent:
        yield f"Fahrten am {' und am '.join(silent)}: Rufen Sie bitte am Werktag davor an."


def _oclock(moment: Clock) -> str:
    """Write 9 Uhr or 9:30 Uhr."""
    hour, minutes = divmod(moment // MINUTE, 60)
    return f"{hour}:{minutes:02d} Uhr" if minutes else f"{hour} Uhr"


def _aboard(information: Information) -> Iterator[str]:
    policy = information.region.policy
    if information.wheelchairs:
        places = wording.count(information.wheelchairs, "Rollstuhlplatz", "Rollstuhlplätze")
        yield f"Im Bus gibt es {places}; bitte sagen Sie am Telefon, dass Sie einen brauchen."
    yield "Rollator und Begleitperson fahren mit; bitte auch das am Telefon sagen."
    stop = wording.minutes(policy.pharmacy.stay)
    if policy.pharmacy.mode is PharmacyMode.BUS_WAITS:
        yield f"Auf Wunsch hält der Bus auf dem Heimweg an der Apotheke und wartet bis zu {stop}."
    else:
        yield (
            "Auf Wunsch bringt der Bus Sie auf dem Heimweg zur Apotheke; ein späterer holt Sie "
            "dort ab."
        )


def _before(lead: Seconds) -> str:
    """Write 90 minutes, 3 hours or 2 days, whichever comes out even."""
    if lead and lead % (24 * HOUR) == 0:
        return wording.count(lead // (24 * HOUR), "Tag", "Tage")
    if lead > HOUR and lead % HOUR == 0:
        return wording.count(lead // HOUR, "Stunde", "Stunden")
    return wording.minutes(lead)


def _place(destination: Destination, village: str) -> PlaceView:
    place = destination.place
    return PlaceView(
        name=place.name,
        address=place.address.label,
        phone=place.phone,
        hours=week(destination.week),
        drive=_drive(destination.drives, village),
    )


def _drive(drives: Sequence[Drive], village: str) -> str:
    """Say how long it takes, from one village or from all of them."""
    if not drives:
        return "fährt der Bus nicht an"
    if village:
        drive = next((each for each in drives if each.village == village), None)
        if drive is None:
            return f"von {village} fährt der Bus nicht hierher"
        return f"von {village} {_long(drive.minutes)}, mit Umwegen höchstens {drive.longest}"
    shortest, longest = (f(each.minutes for each in drives) for f in (min, max))
    return (
        _long(longest) if shortest == longest else f"{shortest} bis {_long(longest)}, je nach Dorf"
    )


def _long(minutes: int) -> str:
    return wording.count(minutes, "Minute", "Minuten")


def _row(drive: Drive) -> list[str]:
    return [drive.village, str(drive.minutes), str(drive.longest)]


def _name(drive: Drive) -> str:
    return drive.village


def _event(coming: ComingEvent, village: str) -> EventView:
    event = coming.event
    days = [wording.full_date(event.first)]
    if event.last != event.first:
        days.append(wording.full_date(event.last))
    when = " bis ".join(days)
    return EventView(
        name=event.name,
        when=f"{when}, {event.hours}" if event.hours else when,
        text=event.text,
        place=_place(coming.destination, village),
        bus=[
            f"{wording.short_date(day)}: {_windows(hours)}. {_last_way_home(hours)}"
            if hours
            else f"{wording.short_date(day)}: kein Bus"
            for day, hours in coming.bus.items()
        ],
    )


def _last_way_home(hours: Sequence[TimeWindow]) -> str:
    """Say until when everybody is at home again: events may last longer than the bus runs."""
    return f"Die letzte Rückfahrt endet vor {_oclock(max(each.latest for each in hours))}."
