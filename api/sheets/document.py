"""The Tourenblatt as a JSON document: the manifest itself, with times as "08:30:00"."""

from typing import Any

from scheduler.clock import hh_mm_ss
from scheduler.manifest import Duty, Manifest, ManifestStop, ManifestVisit, PlaceLabel
from scheduler.model import Load, Needs, TimeWindow


def tourenblatt_json(manifest: Manifest) -> dict[str, Any]:
    """Everything that the sheet says, for programs; metres and clock times, no German."""
    header = manifest.header
    return {
        "shift": manifest.shift,
        "date": manifest.date.isoformat(),
        "hours": _window(manifest.hours),
        "region": header.region,
        "label": header.shift,
        "driver": header.driver,
        "vehicle": header.vehicle,
        "version": header.version,
        "published": header.published and header.published.isoformat(timespec="minutes"),
        "printed": header.printed.isoformat(timespec="minutes"),
        "dispatch_phone": header.dispatch_phone,
        "emergency_phone": header.emergency_phone,
        "shred_by": header.shred_by and header.shred_by.isoformat(),
        "before": _duty(header.before),
        "after": _duty(header.after),
        "next": _duty(header.next),
        "ended": header.ended,
        "passengers": manifest.passengers,
        "boardings": manifest.boardings,
        "metres": manifest.metres,
        "stops": [_stop(stop) for stop in manifest.stops],
        "on_call": [
            {
                "name": call.name,
                "phone": call.phone,
                "place": _place(call.place),
                "latest": hh_mm_ss(call.latest),
                "leaves": hh_mm_ss(call.leaves),
                "stop": call.stop,
                "promised": None if call.promised is None else _window(call.promised),
            }
            for call in manifest.on_call
        ],
        "cancelled": [contact.name for contact in manifest.cancelled],
    }


def _duty(duty: Duty | None) -> dict[str, Any] | None:
    if duty is None:
        return None
    return {
        "date": duty.date.isoformat(),
        "shift": duty.shift,
        "hours": _window(duty.hours),
        "driver": duty.driver,
        "vehicle": duty.vehicle,
    }


def _stop(stop: ManifestStop) -> dict[str, Any]:
    rest = stop.rest
    return {
        "number": stop.number,
        "arrival": hh_mm_ss(stop.arrival),
        "departure": hh_mm_ss(stop.departure),
        "place": _place(stop.place),
        "metres": stop.metres,
        "visits": [_visit(visit) for visit in stop.in_turn],
        "aboard": [{"name": entry.name, "people": entry.people} for entry in stop.aboard],
        "seating": None if stop.seating is None else _load(stop.seating),
        "rest": None if rest is None else _window(rest.window) | {"first": rest.first},
    }


def _visit(visit: ManifestVisit) -> dict[str, Any]:
    return {
        "kind": visit.kind.value,
        "trip": visit.trip.value,
        "begin": hh_mm_ss(visit.begin),
        "end": hh_mm_ss(visit.end),
        "name": visit.name,
        "phone": visit.phone,
        "note": visit.note,
        "needs": _needs(visit.needs),
        "appointment": None if visit.appointment is None else hh_mm_ss(visit.appointment),
        "goes_to": visit.goes_to,
        "back_at": None if visit.back_at is None else hh_mm_ss(visit.back_at),
        "on_call": visit.on_call,
        "promised": None if visit.promised is None else _window(visit.promised),
    }


def _place(place: PlaceLabel) -> dict[str, str]:
    return {"name": place.name, "address": place.address, "phone": place.phone}


def _needs(needs: Needs) -> dict[str, str | int]:
    return {"mobility": needs.mobility.value, "companions": needs.companions}


def _load(load: Load) -> dict[str, int]:
    return {"seats": load.seats, "wheelchairs": load.wheelchairs}


def _window(window: TimeWindow) -> dict[str, Any]:
    return {"begin": hh_mm_ss(window.earliest), "end": hh_mm_ss(window.latest)}
