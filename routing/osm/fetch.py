"""Downloading a municipality from OpenStreetMap."""

import hashlib
import json
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias
from xml.sax.saxutils import quoteattr

import osmnx
import requests
from osmnx._errors import ResponseStatusCodeError

from routing.errors import ExtractError
from routing.osm.health import HEALTH_TAGS
from routing.osm.reader import VILLAGE_KINDS
from routing.units import Metres

# The public servers; both ask to be used sparingly, which osmnx does (one request a second for
# Nominatim, waiting for a free slot for Overpass).
OVERPASS_URL = "https://overpass-api.de/api"
NOMINATIM_URL = "https://nominatim.openstreetmap.org/"
USER_AGENT = "gesunde-fahrten (import of one municipality)"

# Roads just outside the municipality shorten ways inside it, and hospitals lie beyond it.
MARGIN: Metres = 3_000

_ROADS = (
    '["highway"~"^(motorway|trunk|primary|secondary|tertiary)(_link)?$'
    '|^(unclassified|residential|living_street|road|service|track)$"]'
)
_SECONDS = 300

_Area: TypeAlias = Any  # a polygon of shapely, which has no types


def fetch_extract(
    place: str,
    *,
    folder: Path,
    overpass_url: str = OVERPASS_URL,
    nominatim_url: str = NOMINATIM_URL,
    margin: Metres = MARGIN,
) -> Path:
    """
    Download roads, addresses and health places of a municipality to a file (.osm).

    The boundary comes from Nominatim, the data from Overpass, both through osmnx; what the
    servers answered is kept in ``folder/responses`` and not asked for again until that is deleted.

    Parameters
    ----------
    place
        As Nominatim knows it: "Kalletal, Germany".
    folder
        Where the file is written.
    margin
        How far beyond the boundary roads and addresses are taken.

    Returns
    -------
    The file, for `read_extract`.

    Raises
    ------
    ExtractError
        If a server cannot be reached, does not know the place, or broke off its answer.
    """
    question = f"{place} {margin} {overpass_url} {nominatim_url}"
    answers = folder / "responses" / hashlib.sha256(question.encode()).hexdigest()[:8]
    path = folder / "extract.osm"
    try:
        with _settings(answers, overpass_url=overpass_url, nominatim_url=nominatim_url):
            area = _area(place, margin=margin)
            osmnx.settings.cache_only_mode = True
            roads = list(_elements(_roads, area, folder=answers / "roads"))
            things = list(_elements(_things, area, folder=answers / "addresses"))
    except (requests.RequestException, ResponseStatusCodeError) as error:
        msg = f"Die Server von OpenStreetMap sind nicht zu erreichen: {error}"
        raise ExtractError(msg) from error
    _write([*roads, *things], path)
    return path


@contextmanager
def _settings(answers: Path, *, overpass_url: str, nominatim_url: str) -> Iterator[None]:
    """
    Set up osmnx, and leave no trace of that.

    Its settings belong to the whole program, and it replaces a function of `socket`.
    """
    wanted = {
        "cache_folder": answers,
        "data_folder": answers,
        "logs_folder": answers,
        "imgs_folder": answers,
        "use_cache": True,
        "overpass_url": overpass_url,
        "nominatim_url": nominatim_url,
        "requests_timeout": _SECONDS,
        # One request for the whole municipality, so that an answer is whole or missing.
        "max_query_area_size": 10**12,
        "doh_url_template": None,  # or it asks Google for addresses
        "http_user_agent": USER_AGENT,
        "http_referer": USER_AGENT,
        "http_accept_language": "de",
    }
    before = {name: getattr(osmnx.settings, name) for name in (*wanted, "cache_only_mode")}
    resolve = socket.getaddrinfo
    try:
        for name, value in wanted.items():
            setattr(osmnx.settings, name, value)
        yield
    finally:
        socket.getaddrinfo = resolve
        for name, value in before.items():
            setattr(osmnx.settings, name, value)


def _area(place: str, *, margin: Metres) -> _Area:
    """Boundary of a municipality with a margin, in degrees."""
    try:
        found = osmnx.geocoder.geocode_to_gdf(place)
    except (TypeError, ValueError, KeyError) as error:
        msg = f"Nominatim kennt kein Gebiet namens {place!r}: {error}"
        raise ExtractError(msg) from error
    metres = found.estimate_utm_crs()
    area: _Area = found.geometry.to_crs(metres).buffer(margin).to_crs(found.crs).union_all()
    return area


def _roads(area: _Area) -> None:
    osmnx.graph.graph_from_polygon(area, custom_filter=_ROADS, simplify=False, retain_all=True)


def _things(area: _Area) -> None:
    tags: dict[str, bool | str | list[str]] = {
        "addr:housenumber": True,
        "place": list(VILLAGE_KINDS),
        **HEALTH_TAGS,
    }
    osmnx.features.features_from_polygon(area, tags)


def _elements(
    ask: Callable[[_Area], None], area: _Area, *, folder: Path
) -> Iterator[Mapping[str, Any]]:
    """
    Ask Overpass, and give what it answered.

    osmnx is told to download only: its own graph and tables would lose the ways.
    """
    osmnx.settings.cache_folder = folder
    try:
        ask(area)
    except InterruptedError:  # "downloaded, and stopped as told"
        pass
    except ValueError as error:
        msg = f"Overpass hat keine brauchbare Antwort gegeben: {error}"
        raise ExtractError(msg) from error
    answers = sorted(folder.glob("*.json"))
    if len(answers) != len(getattr(area, "geoms", [area])):
        # osmnx keeps only whole answers: not those with an error or "runtime error" in them.
        msg = "Overpass hat die Antwort verweigert oder abgebrochen; bitte später noch einmal."
        raise ExtractError(msg)
    for answer in answers:
        yield from json.loads(answer.read_text(encoding="utf-8"))["elements"]


_ORDER = ("node", "way", "relation")


def _write(elements: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write elements as OSM XML: each once, nodes before ways before relations."""
    unique = {(_ORDER.index(element["type"]), element["id"]): element for element in elements}
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n')
        for _, element in sorted(unique.items(), key=lambda item: item[0]):
            file.write(_xml(element))
        file.write("</osm>\n")
    partial.replace(path)


def _xml(element: Mapping[str, Any]) -> str:
    kind = element["type"]
    place = f' lat="{element["lat"]}" lon="{element["lon"]}"' if kind == "node" else ""
    inner = [f'<nd ref="{node}"/>' for node in element.get("nodes", ())]
    inner += [
        f'<member type={quoteattr(m["type"])} ref="{m["ref"]}" role={quoteattr(m["role"])}/>'
        for m in element.get("members", ())
    ]
    inner += [
        f"<tag k={quoteattr(key)} v={quoteattr(value)}/>"
        for key, value in element.get("tags", {}).items()
    ]
    return f'<{kind} id="{element["id"]}" version="1"{place}>{"".join(inner)}</{kind}>\n'
