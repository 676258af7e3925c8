"""Where the OpenStreetMap files are, which are no part of this repository."""

import os
from pathlib import Path


class MapError(OSError):
    """A map, or what was made of it, is not there or cannot be read."""


def map_file(name: str) -> Path:
    """
    Find a file of maps beside the checkout or in the folder FAHRTEN_SHARED.

    Raises
    ------
    MapError
        If it is not there.
    """
    shared = Path(os.environ.get("FAHRTEN_SHARED") or Path(__file__).parents[2] / "shared")
    path = shared / "osm" / name
    if not path.is_file():
        msg = f"There is no {path}; FAHRTEN_SHARED names the folder of osm/{name}."
        raise MapError(msg)
    return path
