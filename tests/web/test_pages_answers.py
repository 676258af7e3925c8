"""What the pages answer, and with which headers: without a browser."""

import gzip
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from api.operations import solving
from api.operations.days import PlannedDay
from api.operations.office import Office
from api.settings import Settings
from api.web.assets import CONTENT_SECURITY_POLICY
from data.reading import Mistake, RegionError
from tests.builders_visits import visit

DAY = "/tage/2027-03-02"
BROWSER = {"Accept": "text/html,application/xhtml+xml"}
PAGES = ["/", DAY, "/tage", f"{DAY}/tourenblatt/vormittag"]


@pytest.fixture
def client(office: Office, planned: PlannedDay) -> TestClient:
    """The installation with the planned sample day, asked by a browser."""
    return visit(office, headers=BROWSER, follow_redirects=False, raise_server_exceptions=False)


class Inline(HTMLParser):
    """Notes what a strict policy would not run: scripts and styles within the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        given = dict(attrs)
        self.found += [f"{tag} {name}" for name in given if name == "style" or name[:2] == "on"]
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.found.append(tag)
        self.addresses += [
            value for name, value in attrs if name in {"src", "href", "action"} and value
        ]


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_nothing_inline_and_lead_nowhere_else(client: TestClient, path: str) -> None:
    """Every script and style is a file of ours, every link stays here or rings somebody."""
    page = Inline()
    page.feed(client.get(path).text)

    assert page.found == []
    assert page.addresses
    assert [a for a in page.addresses if not re.match(r"/(?!/)|#|tel:[+0-9]+$", a)] == []


@pytest.mark.parametrize(
    "path", [*PAGES, "/gibt-es-nicht", "/static/pages.css", f"{DAY}/karte.json"]
)
def test_every_answer_is_sent_with_a_strict_policy(client: TestClient, path: str) -> None:
    """No inline script, no other host, no frame, no guessing of types, no referrer."""
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", [*PAGES, f"{DAY}/karte.json", f"{DAY}/tourenblatt/vormittag.pdf"])
def test_what_names_people_is_not_kept_by_the_browser(client: TestClient, path: str) -> None:
    """The next user of the machine finds nothing."""
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_the_first_page_is_the_latest_planned_day(client: TestClient) -> None:
    """Whoever opens the address sees the day that was planned last."""
    answer = client.get("/")

    assert answer.status_code == 200
    assert "Dienstag, 2. März 2027" in answer.text
    current = re.compile('aria-current="[a-z]+"')  # the room itself, or a page in it
    assert current.sub("", answer.text) == current.sub("", client.get(DAY).text)


def test_the_day_says_who_is_left_and_why(client: TestClient, planned: PlannedDay) -> None:
    """Each unserved request has a name and a sentence; each wrong row its message."""
    page = client.get(DAY).text

    assert planned.plan.unserved
    for entry in planned.plan.unserved:
        assert planned.input.contacts[entry.request].name in page
    assert "Zu dieser Zeit ist kein Dienst" in page
    for fault in planned.rejected:
        assert fault.message in page


def test_the_day_says_how_good_the_plan_is_and_that_the_roads_are_coarse(
    client: TestClient, planned: PlannedDay
) -> None:
    """The proof stands among the figures, the warning beside the map."""
    page = client.get(DAY).text

    assert "Güte des Plans" in page
    assert ("bewiesen optimal" in page) == planned.plan.proven
    assert "Grobes Netz:" in page
    assert planned.region.network.source in page


@pytest.mark.parametrize("typed", ["2.3.2027", "02.03.27", "Di 02.03.2027", "2027-03-02"])
def test_a_date_may_be_typed_as_people_write_it(client: TestClient, typed: str) -> None:
    """German or ISO, with or without the weekday."""
    answer = client.get("/tage", params={"datum": typed})

    assert answer.status_code == 303
    assert answer.headers["Location"] == DAY


def test_a_wrong_date_is_given_back_for_mending(client: TestClient) -> None:
    """What was typed stands in the field, even if somebody types a page."""
    answer = client.get("/tage", params={"datum": '"><b>x'})

    assert answer.status_code == 422
    assert "&#34;&gt;&lt;b&gt;x" in answer.text
    assert "<b>x" not in answer.text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/tage/2027-03-06", "Am Samstag fährt kein Bus."),
        ("/tage/2027-03-03", "Dieser Tag ist noch nicht geplant."),
        ("/tage/2027-02-30", "Diese Seite gibt es nicht"),
        ("/tage/irgendwann", "Diese Seite gibt es nicht"),
        (f"{DAY}/tourenblatt/nacht", "gibt es keinen Dienst „nacht“"),
        (f"{DAY}/tourenblatt/nacht.pdf", "gibt es keinen Dienst „nacht“"),
        ("/tage/2027-03-03/tourenblatt/vormittag", "Diese Seite gibt es nicht"),
        ("/gibt-es-nicht", "Diese Seite gibt es nicht"),
        ("/static/gibt-es-nicht.css", "Diese Seite gibt es nicht"),
    ],
)
def test_what_is_not_there_is_said_in_german(client: TestClient, path: str, words: str) -> None:
    """A page with a heading and a way on, never a bare number."""
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert words in answer.text
    assert 'lang="de"' in answer.text


def test_a_fault_of_the_program_is_a_page_too(
    client: TestClient, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says that nobody but the program is to blame, and nothing about its inside."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret of the house")

    monkeypatch.setattr("api.operations.planning.read_plan", fail)
    answer = client.get(DAY)

    assert answer.status_code == 500
    assert "Der Fehler liegt am Programm, nicht an Ihnen." in answer.text
    assert "secret" not in answer.text


def test_a_broken_region_is_a_page_too(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its mistakes are for the log and for whoever looks after the program."""

    def fail(*_: object) -> None:
        raise RegionError([Mistake("places.csv", "Zeile 3", "x", "secret of the house")])

    monkeypatch.setattr("api.operations.office.Office.region", fail)
    answer = client.get("/")

    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Da ist etwas schiefgegangen" in answer.text
    assert "secret" not in answer.text


def test_a_planned_day_without_any_bus_is_shown_all_the_same(
    client: TestClient, office: Office
) -> None:
    """Planned on a Saturday: no shift, no tour, a page nevertheless; and links both ways."""
    region = office.region()
    saturday = date(2027, 2, 27)
    solving.plan_kept(office, region, saturday)
    answer = client.get(f"/tage/{saturday}")

    assert answer.status_code == 200
    assert "An diesem Tag ist kein Dienst besetzt." in answer.text
    assert client.get(f"/tage/{saturday}/karte.json").json()["features"] == []
    assert f'rel="next" href="{DAY}"' in answer.text
    assert f'rel="prev" href="/tage/{saturday}"' in client.get(DAY).text


def test_programs_still_get_documents_where_browsers_get_pages(client: TestClient) -> None:
    """The same wrong address, asked by a program."""
    answer = client.get("/api/v1/gibt-es-nicht", headers={"Accept": "application/json"})

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml", "*/*"])
def test_the_api_answers_with_documents_whoever_asks(client: TestClient, accept: str) -> None:
    """Under /api there are no pages, also for a browser that looks there."""
    answer = client.get("/api/v1/gibt-es-nicht", headers={"Accept": accept})

    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_empty_installation_says_how_to_begin(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing is planned on the first day."""
    settings = Settings(folder=tmp_path_factory.mktemp("empty"))
    with visit(settings, headers=BROWSER) as client:
        answer = client.get("/")

    assert answer.status_code == 200
    assert "Noch ist nichts gewünscht und nichts geplant" in answer.text
    assert "fahrten sample-day" in answer.text


def test_the_sheet_can_be_read_and_printed(client: TestClient) -> None:
    """As a page, and as a PDF whose name tells nothing about anybody."""
    page = client.get(f"{DAY}/tourenblatt/vormittag")
    pdf = client.get(f"{DAY}/tourenblatt/vormittag.pdf")

    assert "Tourenblatt" in page.text
    assert f'href="{DAY}/tourenblatt/vormittag.pdf"' in page.text
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["Content-Disposition"] == 'inline; filename="tourenblatt-2027-03-02.pdf"'
    assert pdf.content.startswith(b"%PDF-")


def test_the_map_names_places_but_nobody(client: TestClient, planned: PlannedDay) -> None:
    """Where the bus halts is on the map; who gets on is not."""
    answer = client.get(f"{DAY}/karte.json")

    assert answer.json()["type"] == "FeatureCollection"
    for contact in planned.input.contacts.values():
        assert contact.name not in answer.text


def test_the_ground_of_the_map_is_fetched_once_a_day(
    client: TestClient, planned: PlannedDay
) -> None:
    """Its address changes with the roads, so a browser may keep it."""
    network = planned.region.network
    assert f"/karte/grund.json?stand={network.fingerprint}" in client.get(DAY).text
    answer = client.get("/karte/grund.json", params={"stand": network.fingerprint})

    assert answer.headers["Cache-Control"] == "private, max-age=86400"
    kinds = [feature["geometry"]["type"] for feature in answer.json()["features"]]
    assert {"MultiLineString", "Point"} == set(kinds)


def test_answers_are_compressed(client: TestClient) -> None:
    """Villages have bad reception."""
    answer = client.get(DAY, headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("multipart/form-data", b"suche=bei"),  # without its boundary
        (FORM, b"suche=" + b"b" * 3_000_000),
    ],
)
def test_what_arrives_broken_is_no_fault_of_the_program(
    client: TestClient, kind: str, content: bytes
) -> None:
    """Nor does it stand in the log; the page says what is true."""
    answer = client.post("/fahrgaeste", content=content, headers={"Content-Type": kind})

    assert 400 <= answer.status_code < 500
    assert "Das ließ sich nicht annehmen" in answer.text
    assert "Gespeichert ist davon nichts." in answer.text
    assert "Programm" not in answer.text


def test_a_fault_of_the_program_is_told_as_one(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what goes on all the same."""

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(solving, "of_day", broken)

    answer = client.get(DAY)

    assert answer.status_code == 500
    assert "Der Fehler liegt am Programm, nicht an Ihnen." in answer.text


def sent(client: TestClient, path: str) -> tuple[int, str]:
    """How many bytes a file is on the wire, and what it says."""
    with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200, path
        raw = b"".join(answer.iter_raw())
        zipped = answer.headers.get("Content-Encoding") == "gzip"
    return len(raw), (gzip.decompress(raw) if zipped else raw).decode("utf-8", "replace")


def test_the_first_load_of_the_board_is_small(client: TestClient) -> None:
    """The page, all that it loads by itself, and the map: less than 120 kB, also on a slow line."""
    size, page = sent(client, DAY)
    files = set(re.findall(r'(?:src|href)="(/(?:static|assets)/[^"]+)"', page))
    asked = set(re.findall(r'data-(?:roads|routes|frage)="([^"]+)"', page))
    assert {"/static/board.js", "/static/live.js", "/assets/leaflet/leaflet.js"} <= files
    assert len(asked) == 3

    whole = size + sum(sent(client, path)[0] for path in files | asked)

    assert 40_000 < whole < 120_000
