"""Online geocoders, from a server of our own that answers like Nominatim and Photon."""

import json
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from routing.errors import GeocoderUnavailable
from routing.geo import BoundingBox, Point
from routing.geocoding import MISSING, Missing, OnlineGeocoder, Provider


def nominatim(lat: float, lon: float, **address: str) -> dict[str, Any]:
    return {"lat": str(lat), "lon": str(lon), "display_name": "Weg, Talle", "address": address}


HOUSE = nominatim(52.11, 8.95, house_number="3", road="Weg")
STREET = nominatim(52.12, 8.95, road="Weg")
ELSEWHERE = nominatim(48.1, 11.5, house_number="3", road="Weg")
AREA = BoundingBox(south=52.0, west=8.8, north=52.2, east=9.1)


def photon(lat: float, lon: float, **properties: str) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


@dataclass
class Server:
    """What it answers, and what it was asked."""

    url: str = ""
    answer: str = "[]"
    status: int = 200
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)


@dataclass
class Memory:
    """A cache in memory."""

    kept: dict[str, Point | None] = field(default_factory=dict)

    def get(self, query: str) -> Point | Missing | None:
        """Look it up."""
        return self.kept.get(query, MISSING)

    def put(self, query: str, point: Point | None) -> None:
        """Write it down."""
        self.kept[query] = point


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            told.times.append(time.monotonic())
            told.paths.append(url.path)
            told.asked.append(parse_qs(url.query))
            told.agents.add(self.headers["User-Agent"])
            body = told.answer.encode()
            self.send_response(told.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{running.server_port}"
    yield told
    running.shutdown()
    running.server_close()
    thread.join()


def geocoder(
    server: Server,
    cache: Memory | None = None,
    *,
    provider: Provider = "nominatim",
    area: BoundingBox | None = AREA,
    delay: float = 0,
) -> OnlineGeocoder:
    return OnlineGeocoder(
        provider,
        f"{server.url}/prefix/",
        "Bürgerbus Beispiel (info@example.org)".replace("ü", "ue"),
        cache or Memory(),
        area=area,
        delay=delay,
    )


def test_nominatim_finds_a_house(server: Server) -> None:
    """Asked under its prefix, in the region only, and told who asks."""
    server.answer = json.dumps([HOUSE])

    assert geocoder(server).locate("Weg 3, Talle") == Point(52.11, 8.95)
    assert server.paths == ["/prefix/search"]
    assert server.asked[0]["q"] == ["weg 3, talle"]
    assert server.asked[0]["bounded"] == ["1"]
    assert server.agents == {"Buergerbus Beispiel (info@example.org)"}


def test_photon_finds_a_house(server: Server) -> None:
    """Its answers are GeoJSON."""
    server.answer = json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                photon(52.12, 8.95, name="Weg", osm_key="highway"),
                photon(52.11, 8.95, housenumber="3", street="Weg"),
            ],
        }
    )

    assert geocoder(server, provider="photon").locate("Weg 3, Talle") == Point(52.11, 8.95)
    assert server.paths == ["/prefix/api"]
    assert server.asked[0]["bbox"] == ["8.8,52.0,9.1,52.2"]


def test_a_street_is_not_a_house(server: Server) -> None:
    """The bus would stand at the wrong door; without a number, a street is what was asked."""
    server.answer = json.dumps([STREET])

    assert geocoder(server).locate("Weg 3, Talle") is None
    assert geocoder(server).locate("Weg, Talle") == Point(52.12, 8.95)


def test_an_address_elsewhere_is_none(server: Server) -> None:
    """Even if the server disregards the area."""
    server.answer = json.dumps([ELSEWHERE])

    assert geocoder(server).locate("Weg 3") is None
    assert geocoder(server, area=None).locate("Weg 3") == Point(48.1, 11.5)


@pytest.mark.parametrize("answer", [[HOUSE], []])
def test_an_answer_is_kept_and_not_asked_for_again(server: Server, answer: list[object]) -> None:
    """Also "not found", and in whatever way the address is spelt."""
    server.answer = json.dumps(answer)
    cache = Memory()
    first = geocoder(server, cache).locate("Weg 3, Talle")

    assert geocoder(server, cache).locate("  WEG 3,  Talle") == first
    assert len(server.asked) == 1
    assert cache.kept == {"weg 3, talle": Point(52.11, 8.95) if answer else None}


@pytest.mark.parametrize(
    ("status", "answer"),
    [(500, "oops"), (429, "[]"), (403, "[]"), (200, "<html>"), (200, '[{"lat": "x"}]')],
)
def test_an_outage_is_not_a_missing_address(server: Server, status: int, answer: str) -> None:
    """It is raised, it is not kept, and it does not tell the address."""
    server.status, server.answer = status, answer
    cache = Memory()

    with pytest.raises(GeocoderUnavailable) as caught:
        geocoder(server, cache).locate("Geheimweg 3, Talle")
    assert cache.kept == {}
    assert "geheimweg" not in str(caught.value).lower()
    assert caught.value.__suppress_context__

    server.status, server.answer = 200, json.dumps([HOUSE])
    assert geocoder(server, cache).locate("Geheimweg 3, Talle") == Point(52.11, 8.95)


def test_no_server_is_an_outage() -> None:
    """A wrong port, a router without power."""
    nobody = OnlineGeocoder("nominatim", "http://127.0.0.1:9", "Beispiel", Memory())

    with pytest.raises(GeocoderUnavailable):
        nobody.locate("Weg 3")


def test_no_address_is_written_to_the_log(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """Where somebody lives and rides to is nobody's business; geopy logs its retries."""
    caplog.set_level(logging.DEBUG)
    server.status = 503
    with pytest.raises(GeocoderUnavailable):
        geocoder(server).locate("Geheimweg 3")

    assert not [line for line in caplog.messages if "geheimweg" in line.lower()]
    assert len(server.asked) == 1


def test_questions_are_a_pause_apart_whoever_asks(server: Server) -> None:
    """One limiter for all geocoders of the program, also from several threads."""
    server.answer = json.dumps([HOUSE])
    one, two = geocoder(server, delay=0.2), geocoder(server, delay=0.2)
    with ThreadPoolExecutor(4) as pool:
        texts = ["Weg 1", "Weg 2", "Weg 3", "Weg 4"]
        list(pool.map(lambda text: (one if text < "Weg 3" else two).locate(text), texts))

    pauses = [later - sooner for sooner, later in zip(server.times, server.times[1:], strict=False)]
    assert len(pauses) == 3
    assert min(pauses) > 0.15


def test_kept_answers_wait_for_nobody(server: Server) -> None:
    """The cache lies before the limiter."""
    cache = Memory({f"weg {n}": Point(52.1, 8.9) for n in range(100)})
    patient = geocoder(server, cache, delay=60)
    started = time.monotonic()
    for n in range(100):
        patient.locate(f"Weg {n}")

    assert time.monotonic() - started < 5
    assert server.asked == []


def test_nothing_asks_for_nothing(server: Server) -> None:
    """An empty field."""
    assert geocoder(server).locate("   ") is None
    assert server.asked == []


@pytest.mark.parametrize(
    ("provider", "url", "agent", "complaint"),
    [
        ("google", "https://example.org", "Beispiel", "Unknown geocoder 'google'"),
        ("photon", "example.org", "Beispiel", "begins with http"),
        ("photon", "file:///etc/passwd", "Beispiel", "begins with http"),
        ("photon", "https://example.org", "  ", "user agent is empty"),
    ],
)
def test_a_wrong_setting_is_refused(
    provider: Provider, url: str, agent: str, complaint: str
) -> None:
    """When the program starts, not with the first passenger."""
    with pytest.raises(ValueError, match=complaint):
        OnlineGeocoder(provider, url, agent, Memory())
