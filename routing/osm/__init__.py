"""
OpenStreetMap in, a region's roads, addresses and health places out.

The only place that imports osmnx and osmium. osmnx takes seconds to import: nothing that serves
or plans imports this package.
"""

from routing.osm.extract import Extract, read_extract
from routing.osm.fetch import NOMINATIM_URL, OVERPASS_URL, fetch_extract
from routing.osm.health import HealthPlace

__all__ = [
    "NOMINATIM_URL",
    "OVERPASS_URL",
    "Extract",
    "HealthPlace",
    "fetch_extract",
    "read_extract",
]
