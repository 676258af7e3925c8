"""
What a region tells everybody, beyond what it is run by: fare, phone hours, health weekends.

All of it may be missing from region.toml; the information page then says so.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta

from data.opening import opening_hours_fault
from data.reading import Table
from scheduler.model import PlaceId

LONGEST_EVENT_DAYS = 31


@dataclass(frozen=True)
class PublicInfo:
    """
    What passengers ask first; "" where nobody has said it yet.

    *phone_hours* is in OpenStreetMap's syntax. *booking* are sentences of the region's own.
    """

    fare: str = ""
    phone_hours: str = ""
    website: str = ""
    booking: tuple[str, ...] = ()


@dataclass(frozen=True)
class HealthEvent:
    """A health weekend (Gesundheitswochenende) or the like, from *first* to *last* day."""

    name: str
    first: date
    last: date
    place: PlaceId
    hours: str = ""
    text: str = ""


def read_info(table: Table) -> PublicInfo:
    """Read the table [info] of region.toml; mistakes are noted."""
    table.only("fare", "phone_hours", "website", "booking")
    hours, website = table.text("phone_hours", ""), table.text("website", "")
    if hours and (fault := opening_hours_fault(hours)):
        table.wrong("phone_hours", f"{fault}; richtig wäre etwa 'Mo-Fr 08:00-12:00; PH off'.")
        hours = ""
    if website and not website.startswith("https://"):
        table.wrong("website", "muss mit https:// beginnen.")
    return PublicInfo(
        fare=table.text("fare", ""),
        phone_hours=hours,
        website=website,
        booking=table.texts("booking"),
    )


def read_events(tables: list[Table], places: Container[PlaceId]) -> tuple[HealthEvent, ...]:
    """Read every [[event]] of region.toml, the earliest first; mistakes are noted."""
    events = []
    for table in tables:
        table.only("name", "from", "until", "place", "hours", "text")
        first = table.day("from")
        last = table.day("until") if "until" in table.values else first
        if not first <= last < first + timedelta(days=LONGEST_EVENT_DAYS):
            most = LONGEST_EVENT_DAYS
            table.wrong("until", f"muss auf 'from' folgen, höchstens {most} Tage zusammen.")
        place, hours = table.text("place"), table.text("hours", "")
        if place and place not in places:
            table.wrong("place", "muss eine id aus places.csv sein.")
        name, text = table.text("name"), table.text("text", "")
        events.append(HealthEvent(name, first, last, place, hours, text))
    return tuple(sorted(events, key=lambda event: (event.first, event.name)))
