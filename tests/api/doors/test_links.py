"""The code on a sheet: it opens one shift of one day, with the PIN beside it, and ends with it."""

import datetime as dt
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
import segno
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import SecretStr

from api.operations import auditing, links, privacy, signing_in
from api.operations.links import GivenLink
from api.operations.office import Office
from api.settings import Settings
from data import links as kept_links
from data.keys import Keys
from tests.api.doors.who import PATH, V1, WHO
from tests.builders_api import BODY, KEY, TUESDAY, make_office
from tests.builders_doors import (
    ORIGIN,
    OTHER,
    account,
    browser,
    other_region,
    session,
    somebody,
)
from tests.builders_offers import Clock
from tests.builders_visits import visit

SHIFT = "vormittag"
TICKS = f"{V1}/days/{TUESDAY}/ticks"
# Tuesday, seven in the morning in Kalletal.
MORNING = dt.datetime(2027, 3, 2, 6, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A planned Tuesday with somebody on the morning's bus, and on the afternoon's."""
    folder = tmp_path_factory.mktemp("planned")
    other_region(folder)
    office = make_office(folder)
    with visit(office) as client:
        for name, at in (("Quitte, Erika", "09:30"), ("Schlehe, Otto", "15:00")):
            body = {**BODY, "name": name, "appointment": at}
            assert client.post(f"{V1}/requests", json=body).status_code == 201
        answer = client.post(f"{V1}/days/{TUESDAY}/plan", json={"seconds": 1})
        assert len(answer.json()["routes"]) == 2
    office.close()
    return folder


@pytest.fixture
def now() -> Clock:
    return Clock(MORNING)


@pytest.fixture
def office(
    planned: Path, tmp_path: Path, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    shutil.copytree(planned, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    office = make_office(tmp_path, clock=now, url=ORIGIN)
    yield office
    office.close()


def given(office: Office, shift: str = SHIFT) -> GivenLink:
    link = links.give(office, office.region(), TUESDAY, shift)
    assert link is not None
    return link


def type_in(client: TestClient, link: GivenLink, pin: str | None = None) -> Response:
    return client.post(link.address, data={"pin": link.pin if pin is None else pin})


def wrong(link: GivenLink) -> str:
    return f"{(int(link.pin) + 1) % 10**6:06}"


def driver(office: Office, shift: str = SHIFT) -> TestClient:
    """A telephone that has scanned the code and typed the PIN."""
    client = browser(office)
    assert type_in(client, given(office, shift)).status_code == 303
    return client


def tick(request: str) -> dict[str, Any]:
    at = "2027-03-02T06:00:00Z"
    mark = {"request": request, "trip": "outbound", "mark": "aboard", "at": at}
    return {"ticks": [{"key": f"0123456789abcdef-{request}", **mark}]}


def publish(office: Office, version: int) -> None:
    answer = somebody(office, "dispatcher", name=f"publisher-{version}").post(
        f"{V1}/days/{TUESDAY}/publish", json={"version": version}
    )
    assert answer.status_code == 200, answer.text


def test_the_link_asks_for_the_pin_and_then_shows_the_sheet(office: Office) -> None:
    """Before the PIN is right, it names the day and the shift only."""
    client, link = browser(office), given(office)

    asked = client.get(link.address)
    entered = type_in(client, link)
    shown = client.get(link.address)

    assert asked.status_code == 200
    assert "Dienstag, 2. März 2027, Vormittag" in asked.text
    assert "Quitte" not in asked.text
    assert entered.headers["Location"] == link.address.removeprefix(ORIGIN)
    assert "Quitte, Erika" in shown.text
    assert "Schlehe" not in shown.text


def test_the_cookie_of_a_driver_is_as_careful_as_any_other(office: Office) -> None:
    """
    And another one, so that nobody is signed out by looking at a sheet.

    Closing the browser does not end it: the day does.
    """
    cookie = type_in(browser(office), given(office)).headers["Set-Cookie"]

    assert cookie.startswith("__Host-fahrt=")
    given_flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    # From seven in the morning until midnight.
    until_midnight = f"max-age={17 * 60 * 60}"
    assert given_flags == {"path=/", "secure", "httponly", "samesite=lax", until_midnight}


def test_whoever_signs_out_leaves_no_tour_behind(office: Office) -> None:
    """Also none that was opened by a link beside the account."""
    client = browser(office, session(office, account(office, "erika", "dispatcher")))
    publish(office, 1)
    type_in(client, given(office))

    client.post("/abmelden")

    assert client.get(f"/fahrer/{TUESDAY}/{SHIFT}").status_code == 401


PHONE = {"Accept": "text/html"}


def says_to_scan(answer: Response, office: Office) -> None:
    """Which code to open, and whom to ring; not what name and password are."""
    phone = re.sub(r"[^+0-9]", "", office.region().dispatch_phone)
    assert "<h1>QR-Code noch einmal öffnen</h1>" in answer.text
    assert f'href="tel:{phone}">Disposition anrufen' in answer.text
    assert "Passwort" not in answer.text
    assert "Quitte" not in answer.text


def test_who_comes_to_a_tour_that_is_closed_is_told_to_open_the_code_again(
    office: Office, now: Clock
) -> None:
    """Without a cookie, by a link that was made anew, and on the next day."""
    publish(office, 1)
    tour = f"/fahrer/{TUESDAY}/{SHIFT}"
    client = driver(office)
    assert client.get(tour, headers=PHONE).status_code == 200

    stranger = browser(office).get(tour, headers=PHONE)
    links.renew(office, office.region(), TUESDAY, SHIFT)
    renewed = client.get(tour, headers=PHONE)
    again = driver(office)
    now.now += dt.timedelta(days=1)
    next_day = again.get(tour, headers=PHONE)

    for answer in (stranger, renewed, next_day):
        assert answer.status_code == 401
        says_to_scan(answer, office)
        assert f'href="/anmelden?weiter=%2Ffahrer%2F{TUESDAY}%2F{SHIFT}"' in answer.text


def test_who_comes_to_the_tour_of_another_shift_is_told_so_too(office: Office) -> None:
    """A mark that was sent there without a script is said to be lost."""
    client = driver(office)
    other = f"/fahrer/{TUESDAY}/nachmittag"

    shown = client.get(other, headers=PHONE)
    sent = browser(office).post(f"{other}/melden", headers=PHONE)

    assert (shown.status_code, sent.status_code) == (403, 401)
    for answer in (shown, sent):
        says_to_scan(answer, office)
    assert "Die letzte Meldung ist nicht gespeichert" in sent.text


def test_a_closed_tour_names_the_dispatcher_of_its_region(office: Office, tmp_path: Path) -> None:
    """Also once the link is over, as long as the browser shows what it gave."""
    file = tmp_path / "regions" / OTHER / "region.toml"
    file.write_text(file.read_text().replace(office.region().dispatch_phone, "05264 999"))
    there = links.give(office, office.region(OTHER), TUESDAY, SHIFT)
    assert there is not None
    client = browser(office)
    type_in(client, there)

    answer = client.get(f"/fahrer/{TUESDAY}/nachmittag", headers=PHONE)

    assert 'href="tel:05264999">Disposition anrufen' in answer.text


def test_whoever_is_signed_in_stays_so_beside_a_link(office: Office) -> None:
    """A dispatcher who tries a link out goes on being one."""
    client = browser(office, session(office, account(office, "erika", "administrator")))
    publish(office, 1)
    type_in(client, given(office))

    assert client.get(f"{V1}/audit").status_code == 200
    assert client.get(f"/fahrer/{TUESDAY}/{SHIFT}").status_code == 200
    assert client.get(f"/fahrer/{TUESDAY}/nachmittag").status_code == 403


def test_the_link_of_another_shift_asks_anew(office: Office) -> None:
    """Each shift has its own link and PIN."""
    morning, afternoon = given(office), given(office, "nachmittag")
    client = driver(office)

    assert "PIN" in client.get(afternoon.address).text
    assert type_in(client, afternoon, morning.pin).status_code == 422
    assert type_in(client, afternoon).status_code == 303
    assert "Schlehe, Otto" in client.get(afternoon.address).text


def test_a_forged_link_opens_nothing(office: Office, tmp_path: Path) -> None:
    """Nor one with another letter, one signed with another key, or one for another shift."""
    link, other = given(office), given(office, "nachmittag")
    payload, _, signature = link.address.rpartition(".")
    theirs = Office(
        Settings(folder=tmp_path / "theirs", key=SecretStr("B" * 43 + "="), url=ORIGIN),
        clock=office.now,
    )
    stolen = links.give(theirs, office.region(), TUESDAY, SHIFT)
    assert stolen is not None
    last = "A" if signature[-5] != "A" else "B"
    phone = re.sub(r"[^+0-9]", "", office.region().dispatch_phone)
    for address in (
        f"{payload}.{signature[:-5]}{last}{signature[-4:]}",
        f"{other.address.rpartition('.')[0]}.{signature}",
        f"{payload}.",
        f"{ORIGIN}/fahrt/x",
        stolen.address,
    ):
        client = browser(office, headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"})
        for answer in (client.get(address), client.post(address, data={"pin": link.pin})):
            assert answer.status_code == 404
            assert "Dieser Link gilt nicht" in answer.text
            assert f'href="tel:{phone}">Disposition anrufen' in answer.text
            assert "Zur Startseite" not in answer.text


def test_a_link_is_good_from_the_evening_before_until_the_day_ends(
    office: Office, now: Clock
) -> None:
    """Neither the link, nor the PIN, nor what was opened with it, is good for longer."""
    link = given(office)
    midnight = dt.datetime(2027, 3, 1, 23, 0, tzinfo=dt.UTC)  # in Kalletal
    now.now = midnight - dt.timedelta(days=1) - MINUTE
    early = browser(office).get(link.address)
    now.now += MINUTE
    assert browser(office).get(link.address).status_code == 200
    client = driver(office)
    now.now = midnight + dt.timedelta(days=1) - MINUTE
    assert "Quitte" in client.get(link.address).text
    assert client.get(TICKS).status_code == 200
    now.now += MINUTE

    assert early.status_code == 404
    assert "gilt ab 01.03.2027" in early.json()["detail"]
    assert client.get(link.address).status_code == 404
    assert type_in(client, link).status_code == 404
    assert client.get(TICKS).status_code == 401


def test_five_wrong_pins_lock_the_link_for_a_while(office: Office, now: Clock) -> None:
    """From wherever they come; other links go on, and the right one does once it is over."""
    link = given(office)
    for number in range(5):
        client = browser(office, client=(f"192.0.2.{number}", 1))
        assert type_in(client, link, wrong(link)).status_code == 422

    locked = type_in(browser(office, client=("192.0.2.9", 1)), link)
    assert (locked.status_code, "Zu viele Fehlversuche" in locked.text) == (429, True)
    assert type_in(browser(office), given(office, "nachmittag")).status_code == 303
    now.now += MINUTE
    assert type_in(browser(office), link).status_code == 303


@pytest.mark.parametrize("pin", ["", "12345", "ünf", "0" * 200])
def test_what_is_no_pin_is_wrong(office: Office, pin: str) -> None:
    """It is said where the right one stands."""
    answer = type_in(browser(office), given(office), pin)

    assert answer.status_code == 422
    assert "unter dem Code" in answer.text


def test_a_pin_may_be_typed_as_it_is_printed(office: Office) -> None:
    """In two halves."""
    link = given(office)

    answer = type_in(browser(office), link, f" {link.pin[:3]} {link.pin[3:]} ")

    assert answer.status_code == 303


def test_a_driver_marks_their_own_shift_and_nothing_else(office: Office) -> None:
    """Whoever rides with the other bus is none of their business."""
    client = driver(office)

    own = client.post(TICKS, json=tick("r1"))
    other = client.post(TICKS, json=tick("r2"))

    assert [each["message"] for each in own.json()] == [""]
    assert [each["kept"] for each in other.json()] == [None]
    assert {each["request"] for each in client.get(TICKS).json()} == {"r1"}
    assert client.get(f"{V1}/days/2027-03-03/ticks").status_code == 403


@pytest.mark.parametrize("what", ["", ".gpx", "/preview"])
def test_a_driver_reads_their_own_shift_and_nothing_else(office: Office, what: str) -> None:
    """In every form; whoever has come by no link has no shift of their own."""
    client = driver(office)
    dispatcher = somebody(office, "dispatcher")

    def read(day: object, shift: str, **headers: str) -> Response:
        return client.get(f"{V1}/days/{day}/manifests/{shift}{what}", headers=headers)

    for accept in ("application/json", "text/html", "application/pdf"):
        own = read(TUESDAY, SHIFT, Accept=accept)
        assert own.status_code == 200, own.text
        assert "Schlehe" not in own.text
        for day, shift in ((TUESDAY, "nachmittag"), ("2027-03-03", SHIFT)):
            refused = read(day, shift, Accept=accept)
            assert (refused.status_code, "Schlehe" in refused.text) == (403, False)
    assert client.get(f"{V1}/days/{TUESDAY}/manifests").status_code == 403
    path = f"{V1}/days/{TUESDAY}/manifests/{SHIFT}{what}"
    assert dispatcher.get(path).status_code == 200
    by_account = somebody(office, "driver", name="f01").get(path)
    assert by_account.status_code == (200 if what == "/preview" else 403)


OWN = {
    f"POST {V1}/days/{{date}}/ticks",
    f"GET {V1}/days/{{date}}/ticks",
    f"GET {V1}/days/{{date}}/states",
    f"GET {V1}/days/{{date}}/manifests/{{shift}}",
    f"GET {V1}/days/{{date}}/manifests/{{shift}}.gpx",
    f"GET {V1}/days/{{date}}/manifests/{{shift}}/preview",
    "POST /abmelden",
}


@pytest.mark.parametrize(
    "name", sorted(name for name, door in WHO.items() if door.roles is not None and name not in OWN)
)
def test_no_other_door_is_open_to_a_driver(office: Office, name: str) -> None:
    """Every other route refuses whoever came by a link."""
    method, template = name.split()
    path = template.format_map({**PATH, **WHO[name].path, "shift": "nachmittag"})

    answer = driver(office).request(method, path, **WHO[name].send)

    assert answer.status_code in {403, 404}, answer.text
    assert "Schlehe" not in answer.text


def test_a_driver_signs_out(office: Office) -> None:
    """On a telephone that is not theirs."""
    client = driver(office)

    client.post("/abmelden")

    assert client.get(TICKS).status_code == 401
    assert "PIN" in client.get(given(office).address).text


def test_a_lost_sheet_is_made_worthless(office: Office) -> None:
    """A new link and a new PIN; the old ones, and who came in by them, are out."""
    old, client = given(office), driver(office)
    dispatcher = somebody(office, "dispatcher")

    renewed = dispatcher.post(f"{V1}/days/{TUESDAY}/links/{SHIFT}/renew")

    assert renewed.status_code == 200, renewed.text
    new = given(office)
    assert {"shift": SHIFT, "address": f"{new.address}?v=1", "pin": new.pin} in renewed.json()
    assert new.address != old.address
    assert client.get(TICKS).status_code == 401
    assert browser(office).get(old.address).status_code == 404
    assert type_in(browser(office), new, old.pin).status_code == 422
    assert type_in(browser(office), new).status_code == 303
    assert type_in(browser(office), given(office, "nachmittag")).status_code == 303
    missing = dispatcher.post(f"{V1}/days/{TUESDAY}/links/nacht/renew")
    assert missing.status_code == 404


def test_a_link_is_made_anew_once_however_often_that_is_sent(office: Office) -> None:
    """The same key, the same link; else the one that was just passed on would be dead."""
    dispatcher = somebody(office, "dispatcher")
    path, key = f"{V1}/days/{TUESDAY}/links/{SHIFT}/renew", {"Idempotency-Key": "0123456789abcdef"}

    first, second = (dispatcher.post(path, headers=key).json() for _ in range(2))

    assert first == second == dispatcher.get(f"{V1}/days/{TUESDAY}/links").json()
    assert dispatcher.post(path).json() != first


def test_that_a_link_was_made_anew_is_forgotten_after_the_day(office: Office, now: Clock) -> None:
    """Not before: the lost sheet would open the shift again."""
    links.renew(office, office.region(), TUESDAY, SHIFT)
    left = []
    for _ in range(4):
        now.now += dt.timedelta(days=1)
        signing_in.forget_ended(office, now.now)
        with office.store.reading() as reading:
            left.append(kept_links.times(reading, "kalletal", TUESDAY, SHIFT))

    assert left == [1, 1, 0, 0]


def test_another_key_ends_all_links(
    planned: Path, tmp_path: Path, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whoever came in by them."""
    shutil.copytree(planned, tmp_path / "var")
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "var" / "regions"))
    file = tmp_path / "key"
    file.write_text(KEY.get_secret_value() + "\n")
    settings = Settings(folder=tmp_path / "var", key_file=file, url=ORIGIN)
    office = Office(settings, clock=now)
    old, client = given(office), driver(office)

    privacy.rotate_key(office)

    assert len(Keys(file).known()) == 2
    assert browser(office).get(old.address).status_code == 404
    assert client.get(TICKS).status_code == 401
    assert type_in(browser(office), given(office)).status_code == 303


def test_a_link_shows_what_drivers_hold_and_survives_publishing(office: Office) -> None:
    """The page of the published version, though there is a newer one, until that is published."""
    publish(office, 1)
    link = links.give(office, office.region(), TUESDAY, SHIFT, version=1)
    assert link is not None
    client = driver(office)
    happened = {"kind": "cancelled", "request": "r1"}
    dispatcher = somebody(office, "dispatcher")
    assert dispatcher.post(f"{V1}/days/{TUESDAY}/events", json=happened).status_code == 201

    led = client.get(link.address)
    held = client.get(led.headers["Location"]).text
    publish(office, 2)
    later = client.get(client.get(link.address).headers["Location"]).text

    assert led.headers["Location"] == f"/fahrer/{TUESDAY}/{SHIFT}?v=1"
    assert "<bdi>Quitte, Erika</bdi>" in held
    assert "<bdi>Quitte, Erika</bdi>" not in later
    assert "entfällt: Einsteigen Quitte, Erika" in later
    assert "Version 2" in later
    again = links.give(office, office.region(), TUESDAY, SHIFT, version=1)
    assert again == link


def test_sheet_track_and_preview_are_those_of_what_drivers_hold(office: Office) -> None:
    """A draft is for the dispatcher; each says of which version it is."""
    publish(office, 1)
    dispatcher, link = somebody(office, "dispatcher"), driver(office)
    by_account = somebody(office, "driver", name="f01")
    happened = {"kind": "cancelled", "request": "r1"}
    assert dispatcher.post(f"{V1}/days/{TUESDAY}/events", json=happened).status_code == 201
    sheet = f"{V1}/days/{TUESDAY}/manifests/{SHIFT}"

    def version(client: TestClient) -> str:
        track = re.search("<metadata><name>(.*?)</name>", client.get(f"{sheet}.gpx").text)
        assert track is not None
        assert client.get(sheet).json()["version"] in track[1]
        return track[1].partition(", ")[2]

    def preview(client: TestClient) -> str:
        printed = pypdf.PdfReader(io.BytesIO(client.get(f"{sheet}/preview").content))
        edition = re.search(r"Version \d(, Entwurf)?", printed.pages[0].extract_text())
        assert edition is not None
        return edition[0]

    assert version(link) == preview(link) == preview(by_account) == "Version 1"
    assert version(dispatcher) == preview(dispatcher) == "Version 2, Entwurf"


def test_the_code_and_the_pin_stand_on_the_sheet(office: Office) -> None:
    """On paper, and on the dispatcher's page; the code is that of the address."""
    client = somebody(office, "dispatcher")
    sheet = f"/tage/{TUESDAY}/tourenblatt/{SHIFT}"
    pdf = client.get(f"{sheet}.pdf").content
    page = client.get(sheet).text
    link = links.give(office, office.region(), TUESDAY, SHIFT, version=1)
    assert link is not None

    printed = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    spoken = f"{link.pin[:3]} {link.pin[3:]}"
    assert f"PIN {spoken}" in printed
    assert f"PIN <b>{spoken}</b>" in page
    drawn = io.BytesIO()
    segno.make(link.address, error="m", micro=False).save(
        drawn, kind="svg", border=2, xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    assert drawn.getvalue().decode() in page


def test_without_an_address_there_is_no_code(
    planned: Path, tmp_path: Path, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it would lead, nobody knows; the API says so."""
    shutil.copytree(planned, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    client = visit(make_office(tmp_path, clock=now))

    assert "PIN" not in client.get(f"/tage/{TUESDAY}/tourenblatt/{SHIFT}").text
    answer = client.get(f"{V1}/days/{TUESDAY}/links")
    assert (answer.status_code, "FAHRTEN_URL" in answer.json()["detail"]) == (404, True)


def test_a_link_belongs_to_its_region(office: Office) -> None:
    """The same shift of the same day elsewhere has another one."""
    there = links.give(office, office.region(OTHER), TUESDAY, SHIFT)
    assert there is not None
    here = given(office)

    assert there.pin != here.pin
    client = driver(office)
    assert client.get(TICKS, params={"region": OTHER}).status_code == 404
    assert "PIN" in client.get(there.address).text


def test_the_audit_has_what_a_driver_saw_and_wrong_pins(office: Office) -> None:
    """Under the day and the shift: who drove then, the roster knows."""
    before = auditing.head(office).number
    client, link = browser(office), given(office)
    type_in(client, link, wrong(link))
    type_in(client, link)
    client.get(link.address)

    rows = auditing.show(office, office.region(), most=99, installation=True)
    new = [row for row in rows if row.number > before][::-1]

    actor = f"link:{TUESDAY}/{SHIFT}"
    assert [(row.actor, row.action, row.region) for row in new] == [
        (actor, "POST /fahrt/{token}", "kalletal"),
        (actor, "POST /fahrt/{token}", "kalletal"),
        (actor, "GET /fahrt/{token}", "kalletal"),
    ]
    refused, begun, read = (row.touched for row in new)
    assert refused == {"refused": {"links": [f"{TUESDAY}/{SHIFT}"]}}
    assert begun == {"added": {"sessions": ["session:1"]}}
    assert "p1" in read["read"]["people"]
