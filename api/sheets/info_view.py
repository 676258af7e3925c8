"""What everybody may know of a region, as German texts: for the information page and its flyer."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypedDict

from api.sheets import info_calls, wording
from api.sheets.week_words import UNKNOWN, oclock, week, windows_text
from api.sheets.wording import OPENSTREETMAP
from data.information import AHEAD, ComingEvent, Destination, Drive, Information
from routing.units import HOUR, MINUTE, Seconds
from scheduler.model import PlaceKind, TimeWindow
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
        fare=region.info.fare or UNKNOWN,
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


def _booking(information: Information) -> Iterator[str]:
    policy = information.region.policy
    # A number that is read out or dialled stays on one line.
    phone, booking = information.region.dispatch_phone.replace(" ", "\u00a0"), policy.booking
    yield (
        f"Rufen Sie an: {phone}. Spätestens {_before(booking.lead)} vor der Fahrt, frühestens "
        f"{wording.count(booking.horizon_days, 'Tag', 'Tage')} vorher."
    )
    yield from info_calls.asked_before(information)
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
    yield info_calls.way_home(information)
    yield (
        f"Absagen: Rufen Sie bitte so früh wie möglich dieselbe Nummer an, {phone}. Dann kann "
        "jemand anderes mitfahren."
    )
    yield from information.region.info.booking


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
            f"{wording.short_date(day)}: {windows_text(hours)}. {_last_way_home(hours)}"
            if hours
            else f"{wording.short_date(day)}: kein Bus"
            for day, hours in coming.bus.items()
        ],
    )


def _last_way_home(hours: Sequence[TimeWindow]) -> str:
    """Say until when everybody is at home again: events may last longer than the bus runs."""
    return f"Die letzte Rückfahrt endet vor {oclock(max(each.latest for each in hours))}."
