"""
The way of one shift as a GPX 1.1 file, for a navigation device: halts by number, never by name.

Where somebody lives is a point in it, like on the sheet; who that is, is not.
"""

import datetime as dt
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass

from routing.geo import Point

NAMESPACE = "http://www.topografix.com/GPX/1/1"
_DECIMALS = 6  # of a degree: a tenth of a metre


@dataclass(frozen=True)
class TrackStop:
    """A halt: what it is called in the file, where, and when the bus is there (with time zone)."""

    name: str
    point: Point
    arrival: dt.datetime


def write_gpx(
    name: str, stops: Sequence[TrackStop], line: Sequence[Point], *, source: str, made: dt.datetime
) -> bytes:
    """
    Write the halts as a route, to be driven one after the other, and the line as a track.

    *source* says whose map it is; *made* is the moment of writing, with a time zone.
    """
    file = ET.Element("gpx", {"xmlns": NAMESPACE, "version": "1.1", "creator": "gesunde Fahrten"})
    about = ET.SubElement(file, "metadata")
    _text(about, "name", name)
    _text(about, "desc", source)
    _text(about, "time", _utc(made))
    route = ET.SubElement(file, "rte")
    _text(route, "name", name)
    for stop in stops:
        point = ET.SubElement(route, "rtept", _position(stop.point))
        _text(point, "time", _utc(stop.arrival))
        _text(point, "name", stop.name)
    track = ET.SubElement(file, "trk")
    _text(track, "name", name)
    segment = ET.SubElement(track, "trkseg")
    for each in line:
        ET.SubElement(segment, "trkpt", _position(each))
    written: bytes = ET.tostring(file, encoding="utf-8", xml_declaration=True)
    return written


def _text(parent: ET.Element, tag: str, text: str) -> None:
    # What XML cannot carry at all is left out.
    ET.SubElement(parent, tag).text = "".join(each for each in text if each >= " ")


def _position(point: Point) -> dict[str, str]:
    return {"lat": f"{point.lat:.{_DECIMALS}f}", "lon": f"{point.lon:.{_DECIMALS}f}"}


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
