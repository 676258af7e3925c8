"""Downloading a municipality, from a server of our own that answers like the public ones."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import osmnx
import pytest

from routing.errors import ExtractError
from routing.geo import Point
from routing.osm import fetch_extract, read_extract

# A square of about 1.4 km; the road runs through it from west to east.
BOUNDARY = [[8.90, 52.10], [8.92, 52.10], [8.92, 52.11], [8.90, 52.11], [8.90, 52.10]]
PLACE = {
    "place_id": 1,
    "lat": "52.105",
    "lon": "8.91",
    "importance": 0.5,
    "display_name": "Beispieltal",
    "boundingbox": ["52.10", "52.11", "8.90", "8.92"],
    "geojson": {"type": "Polygon", "coordinates": [BOUNDARY]},
}
ROADS = [
    {"type": "node", "id": 1, "lat": 52.105, "lon": 8.90},
    {"type": "node", "id": 2, "lat": 52.105, "lon": 8.91, "tags": {"highway": "traffic_signals"}},
    {"type": "node", "id": 3, "lat": 52.105, "lon": 8.92},
    {
        "type": "way",
        "id": 10,
        "nodes": [1, 2, 3],
        "tags": {"highway": "primary", "name": 'Straße "Süd" & <Nord>'},
    },
]
THINGS = [
    {
        "type": "node",
        "id": 4,
        "lat": 52.1051,
        "lon": 8.91,
        "tags": {
            "amenity": "doctors",
            "name": "Praxis Beispiel",
            "addr:street": "Weg",
            "addr:housenumber": "1",
            "addr:city": "Talle",
        },
    },
    {"type": "node", "id": 1, "lat": 52.105, "lon": 8.90},
    {"type": "node", "id": 5, "lat": 52.104, "lon": 8.90},
    {"type": "way", "id": 11, "nodes": [1, 5, 4, 1]},
    {
        "type": "relation",
        "id": 12,
        "members": [{"type": "way", "ref": 11, "role": "outer"}],
        "tags": {"type": "multipolygon", "amenity": "hospital", "name": "Klinik Beispiel"},
    },
]
STATUS = """Connected as: 1
Current time: 2027-03-02T08:00:00Z
Announced endpoint: none
Rate limit: 2
2 slots available now.
Currently running queries (pid, space limit, time limit, start time):
"""


@dataclass
class Answers:
    """What the server says, and what it was asked."""

    places: list[dict[str, Any]] = field(default_factory=lambda: [PLACE])
    roads: dict[str, Any] = field(default_factory=lambda: {"elements": ROADS})
    things: dict[str, Any] = field(default_factory=lambda: {"elements": THINGS})
    status: int = 200
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    url: str = ""


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    told = Answers()

    class Server(BaseHTTPRequestHandler):
        def reply(self, body: str, status: int = 200) -> None:
            told.agents.add(self.headers["User-Agent"])
            data = body.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            told.asked.append(f"GET {url.path} {parse_qs(url.query).get('q', [''])[0]}".strip())
            if url.path == "/nominatim/search":
                self.reply(json.dumps(told.places))
            elif url.path == "/api/status":
                self.reply(STATUS)
            else:
                self.reply("not found", 404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            query = parse_qs(body)["data"][0]
            what = "roads" if "highway" in query else "things"
            told.asked.append(f"POST {self.path} {what}")
            self.reply(json.dumps(getattr(told, what)), told.status)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr("osmnx._nominatim.time.sleep", lambda _: None)
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(answers: Answers, folder: Path) -> Path:
    return fetch_extract(
        "Beispieltal, Germany",
        folder=folder,
        overpass_url=f"{answers.url}/api",
        nominatim_url=f"{answers.url}/nominatim/",
    )


def test_a_municipality_is_downloaded_and_can_be_read(answers: Answers, tmp_path: Path) -> None:
    """Boundary, roads, addresses and health places, in three questions."""
    path = fetch(answers, tmp_path)
    extract = read_extract(path)

    assert (extract.network.nodes, extract.network.edges) == (3, 4)
    assert extract.network.snap(Point(52.105, 8.905)).metres == 0
    assert {address.label for address in extract.addresses} >= {"Weg 1, Talle"}
    assert 'Straße "Süd" & <Nord>' in {address.street for address in extract.addresses}
    assert [place.name for place in extract.health_places] == ["Klinik Beispiel", "Praxis Beispiel"]
    assert answers.asked == [
        "GET /nominatim/search Beispieltal, Germany",
        "GET /api/status",
        "POST /api/interpreter roads",
        "GET /api/status",
        "POST /api/interpreter things",
    ]


def test_the_servers_are_told_who_asks(answers: Answers, tmp_path: Path) -> None:
    """The rules of the public servers ask for that."""
    fetch(answers, tmp_path)

    assert answers.agents == {"gesunde-fahrten (import of one municipality)"}


def test_what_was_answered_is_not_asked_again(answers: Answers, tmp_path: Path) -> None:
    """The second import works without the network."""
    first = fetch(answers, tmp_path).read_bytes()
    asked = len(answers.asked)

    assert fetch(answers, tmp_path).read_bytes() == first
    assert len(answers.asked) == asked


def test_nothing_is_written_elsewhere_and_nothing_stays_changed(
    answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Osmnx likes ./data and ./cache, and replaces a function of socket."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    resolve, url = socket.getaddrinfo, osmnx.settings.overpass_url
    fetch(answers, tmp_path / "region")

    assert list(elsewhere.iterdir()) == []
    assert socket.getaddrinfo is resolve
    assert osmnx.settings.overpass_url == url
    assert osmnx.settings.cache_only_mode is False


def test_an_unknown_place_is_said(answers: Answers, tmp_path: Path) -> None:
    """A typing error in the name of the municipality."""
    answers.places = []

    with pytest.raises(ExtractError, match="kein Gebiet namens 'Beispieltal, Germany'"):
        fetch(answers, tmp_path)


def test_a_place_without_a_boundary_is_said(answers: Answers, tmp_path: Path) -> None:
    """A village that is only a point."""
    answers.places = [PLACE | {"geojson": {"type": "Point", "coordinates": [8.9, 52.1]}}]

    with pytest.raises(ExtractError, match="kein Gebiet namens"):
        fetch(answers, tmp_path)


def test_an_answer_that_was_broken_off_is_refused(answers: Answers, tmp_path: Path) -> None:
    """Overpass sends what it has and a remark; half the roads would be gone."""
    answers.roads = {"elements": ROADS[:2], "remark": "runtime error: Query timed out"}
    with pytest.raises(ExtractError, match="abgebrochen"):
        fetch(answers, tmp_path)
    assert not (tmp_path / "extract.osm").exists()

    answers.roads = {"elements": ROADS}
    assert fetch(answers, tmp_path).exists()


def test_a_server_that_refuses_is_said(answers: Answers, tmp_path: Path) -> None:
    """Bad request, and no server at all."""
    answers.status = 400
    with pytest.raises(ExtractError, match="verweigert"):
        fetch(answers, tmp_path)
    with pytest.raises(ExtractError, match="nicht zu erreichen"):
        fetch_extract(
            "Beispieltal",
            folder=tmp_path,
            overpass_url="http://127.0.0.1:9/api",
            nominatim_url="http://127.0.0.1:9/",
        )
