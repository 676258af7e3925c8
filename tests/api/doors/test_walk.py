"""Every route is walked by everybody to whom it is not open, and by everybody to whom it is."""

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select
from starlette.routing import Mount

from api.app import create_app
from api.doors.roles import Role
from api.operations.office import Office
from data.tables import Table
from tests.api.doors.who import PATH, PUBLIC, SERIES, SIGNED_IN, V1, WHO
from tests.builders_api import BODY, make_office
from tests.builders_doors import (
    ORIGIN,
    OTHER,
    account,
    browser,
    other_region,
    somebody,
    with_roles,
)
from tests.builders_visits import visit

HERE = "kalletal"
PAGE = {"Accept": "text/html"}
MARKS = ("Quitte", "Schlehe", "Bello", "01575550142", "hagebutte", "Holunder")
ROUTES = sorted(WHO)
GUARDED = [name for name in ROUTES if WHO[name].roles is not None]
BY_ROLE = [name for name in GUARDED if WHO[name] is not SIGNED_IN]
SETTLED = pytest.mark.filterwarnings("ignore::DeprecationWarning")

Rows = dict[str, list[tuple[Any, ...]]]


def fill(client: TestClient) -> None:
    """
    Fill an installation.

    A day with two versions of a plan, somebody left out on another, offers on a third; an open
    call.
    """
    quitte = {**BODY, "name": "Quitte, Erika", "note": "Hund Bello", "phone": "01575550142"}
    late = {"date": "2027-03-04", "appointment": "17:00", "stay_minutes": 60}
    for body in (
        quitte,
        {**quitte, "name": "Schlehe, Otto", "appointment": "10:00"},
        {**quitte, "name": "Schlehe, Ida", **late},
        {**quitte, "name": "Quitte, Karl", "date": "2027-03-03"},
        {**quitte, "name": "Quitte, Uta", "date": "2027-03-03", "appointment": "11:00"},
    ):
        taken = client.post(f"{V1}/requests", json=body)
        assert taken.status_code == 201, taken.text
    begun = client.post(f"{V1}/series", json={**quitte, **SERIES, "name": "Quitte, Erika"})
    assert begun.status_code == 201, begun.text
    kept = client.post("/anruf/merken", data={"name": "Quitte, Erika", "hinweis": "Hund Bello"})
    assert kept.url.query == b"getan=gemerkt"
    for date in ("2027-03-02", "2027-03-04"):
        planned = client.post(f"{V1}/days/{date}/plan", json={"seconds": 1})
        assert planned.status_code == 200
    happened = {"kind": "cancelled", "request": "r2", "at": "07:00"}
    events = f"{V1}/days/2027-03-02/events"
    assert client.post(events, json=happened).status_code == 201
    assert client.post(f"{V1}/requests/r4/offers").json()["offers"][0]["id"] == PATH["offer"]
    other = client.post(f"{V1}/requests/r5/offers").json()["offers"][0]["id"]
    assert client.post(f"{V1}/offers/{other}/accept").status_code == 200


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    other_region(folder)
    office = make_office(folder)
    with visit(office) as client:
        fill(client)
    token = {"name": "Holunder", "roles": ["planner"], "region": HERE}
    assert visit(office).post(f"{V1}/tokens", json=token).json()["token"]["number"] == 1
    assert account(office, "hagebutte", f"dispatcher@{HERE}") == 2
    office.close()
    return folder


@pytest.fixture(scope="module")
def office(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Where nobody has a right to anything, so that nothing changes."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(filled, folder, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAHRTEN_REGIONS", str(folder / "regions"))
        office = make_office(folder, url=ORIGIN)
        yield office
        office.close()


def call(client: TestClient, name: str, *, region: str | None = None, **headers: str) -> Response:
    """Call a route as WHO says, about *region*."""
    method, template = name.split()
    door = WHO[name]
    path = template.format_map({**PATH, **door.path})
    send = {**door.send, "headers": headers}
    if region is not None:
        send["params"] = {**send.get("params", {}), "region": region}
    return client.request(method, path, **send)


def text_of(answer: Response) -> str:
    if answer.headers.get("content-type") != "application/pdf":
        return answer.text
    return "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages
    )


def rows(office: Office) -> Rows:
    """Everything that is kept of people, their rides, and plans."""
    with office.store.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in Table.metadata.sorted_tables
            if table.name not in {"audit", "sessions", "memberships", "accounts", "sealing"}
        }


def test_every_route_is_in_the_table(office: Office) -> None:
    """Whoever adds a route says to whom it is open; files for the browser are open to all."""
    app = create_app(office.settings, office=office)
    served = {
        f"{method} {route.path_format or route.path}"
        for route in iter_route_contexts(app.routes)
        if not isinstance(route.original_route, Mount)
        for method in set(route.methods or ()) - {"HEAD"}
    }

    assert served == set(WHO)


@pytest.fixture(scope="module")
def stranger(office: Office) -> TestClient:
    somebody(office, "driver@nebenan", name="so that there are accounts".replace(" ", "-"))
    return browser(office)


@pytest.mark.parametrize("name", GUARDED)
def test_nobody_comes_in_unknown(stranger: TestClient, office: Office, name: str) -> None:
    """Not from outside, nor from the machine itself once there are accounts."""
    before = rows(office)
    for client in (stranger, visit(office)):
        answer = call(client, name)

        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.json()["type"] == "urn:gesunde-fahrten:unauthorized"
    assert rows(office) == before


@pytest.mark.parametrize("name", [name for name in GUARDED if f" {V1}" not in name])
def test_a_browser_that_is_unknown_is_asked_who_it_is(stranger: TestClient, name: str) -> None:
    """And afterwards is led to where it wanted to go; drivers have a code instead."""
    answer = call(stranger, name, **PAGE)

    if "/fahrer/{day}" in name:
        assert answer.status_code == 401
        assert "QR-Code noch einmal öffnen" in answer.text
    elif name.startswith("GET"):
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/anmelden")
    else:
        assert answer.status_code == 401
        assert "Bitte anmelden" in answer.text


def test_a_piece_of_a_page_lets_the_page_stay_and_says_what_to_do(stranger: TestClient) -> None:
    """Else all that was typed would be lost."""
    answer = call(stranger, "POST /anruf/vorschau", **PAGE, **{"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (401, "#antwort")
    assert "HX-Redirect" not in answer.headers
    assert "Sie sind abgemeldet." in answer.text
    assert '<a href="/anmelden" target="_blank">' in answer.text


def test_a_form_that_was_sent_too_late_says_how_it_goes_on(stranger: TestClient) -> None:
    answer = call(stranger, "POST /anruf", **PAGE)

    assert answer.status_code == 401
    assert "nichts gespeichert" in answer.text
    assert '<a class="button" href="/anmelden" target="_blank">' in answer.text


@pytest.mark.parametrize("name", [name for name in ROUTES if WHO[name] is PUBLIC])
def test_what_is_public_tells_nobody_anything(stranger: TestClient, name: str) -> None:
    """It answers, and names no one."""
    answer = call(stranger, name)

    assert answer.status_code in {200, 404, 422}
    assert not any(mark in answer.text for mark in MARKS)


@pytest.fixture(scope="module")
def by_role(office: Office) -> dict[Role, TestClient]:
    return {role: with_roles(office, [role], HERE) for role in Role}


@pytest.mark.parametrize("name", BY_ROLE)
def test_no_other_role_will_do(office: Office, by_role: dict[Role, TestClient], name: str) -> None:
    """Each role that WHO does not name is refused, and nothing has changed."""
    before = rows(office)
    roles = WHO[name].roles
    assert roles is not None
    for role in set(Role) - roles:
        for region in (None, HERE):
            answer = call(by_role[role], name, region=region)
            assert answer.status_code == 403, role
            assert not any(mark in text_of(answer) for mark in MARKS)
    assert rows(office) == before


@pytest.fixture(scope="module")
def from_elsewhere(office: Office) -> list[TestClient]:
    """Somebody who drives in another region, has every role there, and a weak one here besides."""
    every = [f"{role}@{OTHER}" for role in Role]
    return [
        with_roles(office, [Role.DRIVER], OTHER),
        somebody(office, *every, name="everything"),
        somebody(office, *every, f"driver@{HERE}", name="everything-there-little-here"),
    ]


@pytest.mark.parametrize("name", BY_ROLE)
def test_nobody_of_another_region_sees_anything(
    office: Office, from_elsewhere: list[TestClient], name: str
) -> None:
    """Not by asking about this region, nor by asking about their own with ids of this one."""
    before = rows(office)
    *strangers, weak = from_elsewhere
    for client in strangers if Role.DRIVER in (WHO[name].roles or ()) else [*strangers, weak]:
        asked = call(client, name, region=HERE)
        assert asked.status_code in {403, 404}
        for region in (None, OTHER):
            answer = call(client, name, region=region)
            if re.search(r"\{(request|offer|who|shift|version|solve|person|account|token)\}", name):
                # A page may not even look for what a form that is not filled in is about.
                refused = {403, 404, 409, *([422] if WHO[name].opens is None else [])}
                assert answer.status_code in refused, (name, answer.text)
            said = text_of(asked) + text_of(answer)
            assert not any(mark in said for mark in MARKS)
    after = rows(office)
    for table, kept in before.items():
        assert [row for row in after[table] if row in kept] == kept, table


@pytest.mark.parametrize(
    ("name", "role"), [(name, role) for name in BY_ROLE for role in sorted(WHO[name].roles or ())]
)
def test_the_right_role_opens_the_door(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, role: Role
) -> None:
    """The very same call: so it was the door that refused the others, and nothing else."""
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    office = make_office(tmp_path, url=ORIGIN)

    answer = call(with_roles(office, [role], HERE), name)

    if WHO[name].opens is None:
        assert answer.status_code in {200, 303, 409, 422}, answer.text
    else:
        assert answer.status_code == WHO[name].opens, answer.text
    office.close()
