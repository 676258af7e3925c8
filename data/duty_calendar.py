"""
The shifts of a volunteer as a calendar file (RFC 5545), for their own phone.

It says when, which bus, and where it stands; nothing about passengers.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from data.moments import moment
from data.vtimezone import vtimezone
from scheduler.manifest import Duty


def write_calendar(
    duties: Iterable[Duty], *, region: str, zone: ZoneInfo, phone: str, now: dt.datetime
) -> bytes:
    """
    Write shifts as events; a shift keeps its identity, so that a second import doubles nothing.

    Parameters
    ----------
    region
        How the region is called for people.
    phone
        Of the dispatch.
    now
        The present moment, with a time zone.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//gesunde Fahrten//Dienste//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Bürgerbus {region}")
    driven = list(duties)
    if driven:
        days = [duty.date for duty in driven]
        calendar.add_component(vtimezone(zone, min(days), max(days) + dt.timedelta(days=1)))
    for duty in driven:
        calendar.add_component(_event(duty, region, zone, phone, now))
    made: bytes = calendar.to_ical()
    return made


def _event(duty: Duty, region: str, zone: ZoneInfo, phone: str, now: dt.datetime) -> Event:
    event = Event()
    name = f"{region}/{duty.date}/{duty.shift}/{duty.driver}"
    event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_OID, name)))
    event.add("dtstamp", now)
    event.add("dtstart", moment(duty.date, duty.hours.earliest, zone))
    event.add("dtend", moment(duty.date, duty.hours.latest, zone))
    event.add("summary", f"Bürgerbus: {duty.shift}")
    event.add("location", duty.place)
    event.add("description", f"{duty.vehicle}. Disposition: {phone}")
    return event
