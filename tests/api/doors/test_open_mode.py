"""Without accounts, the doors are open to whoever sits at the machine, and to nobody else."""

from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from api.doors.visit import hostname, is_loopback, visit_of
from api.operations.office import Office
from api.settings import Settings
from tests.builders_api import KEY, make_office
from tests.builders_doors import account
from tests.builders_visits import visit

PLACES = "/api/v1/places"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


@pytest.mark.parametrize("name", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_whoever_sits_at_the_machine_may_do_everything(
    office: Office, peer: str, name: str
) -> None:
    """By any of the names and addresses that a machine has for itself."""
    answer = visit(office, client=(peer, 50000)).get(PLACES, headers={"Host": name})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "how",
    [
        {"client": ("192.0.2.1", 50000)},
        {"client": ("::ffff:192.0.2.1", 50000)},
        {"base_url": "http://fahrten.example.org"},
        {"base_url": "http://localhost.example.org"},
        {"base_url": "http://127.0.0.1.example.org"},
        {"base_url": "http://192.0.2.7"},
        {"base_url": "https://localhost"},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"X-Forwarded-For": "192.0.2.1"}},
        {"headers": {"X-Forwarded-Proto": "http"}},
        {"headers": {"X-Forwarded-Host": "localhost"}},
        {"headers": {"X-Real-IP": "127.0.0.1"}},
        {"headers": {"Forwarded": "for=127.0.0.1"}},
        {"headers": {"Via": "1.1 proxy"}},
        {"client": ("192.0.2.1", 50000), "headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"client": ("192.0.2.1", 50000), "headers": {"Host": "localhost"}},
    ],
    ids=str,
)
def test_whoever_comes_from_elsewhere_is_told_how_to_begin(
    office: Office, how: dict[str, Any]
) -> None:
    """A false name, a forged address, another page's name for this machine: none of it opens."""
    client = visit(office, **how)

    answer = client.get(PLACES)
    page = client.get("/", headers={"Accept": "text/html"})

    assert answer.status_code == 401
    assert "fahrten user add" in answer.json()["detail"]
    assert page.url.path == "/anmelden"
    assert "fahrten user add" in page.text


def test_a_proxy_that_speaks_as_in_1996_is_noticed() -> None:
    """nginx, not told otherwise, neither says that it is there nor which name was asked."""

    def came(version: str) -> bool:
        scope = {
            "type": "http",
            "http_version": version,
            "scheme": "http",
            "client": ("127.0.0.1", 50000),
            "headers": [(b"host", b"127.0.0.1:8000")],
        }
        return visit_of(Request(scope), Settings()).at_home

    assert (came("1.1"), came("1.0")) == (True, False)


def test_a_visit_without_an_address_is_not_from_here() -> None:
    """As over a Unix socket, behind which anybody may stand."""
    scope = {"type": "http", "headers": [(b"host", b"localhost")], "client": None}

    assert not visit_of(Request(scope), Settings()).at_home


@pytest.mark.parametrize("setting", [{"login": "always"}, {"url": "https://fahrten.example.org"}])
def test_an_installation_can_be_closed_from_the_beginning(
    tmp_path: Path, setting: dict[str, str]
) -> None:
    """If so set, or if others are to come here, nobody is let in without an account."""
    settings = Settings.model_validate({"folder": tmp_path, "key": KEY, **setting})

    assert visit(settings).get(PLACES).status_code == 401


def test_with_the_first_account_everybody_has_to_sign_in(office: Office) -> None:
    """Also a running service that has let somebody in a moment ago."""
    client = visit(office)
    assert client.get(PLACES).status_code == 200

    account(office, "erika", "dispatcher")

    assert client.get(PLACES).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),  # a program, such as curl
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Origin": "http://localhost"}, 201),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "https://example.org"}, 403),
        ({"Origin": "http://localhost:9000"}, 403),
        ({"Origin": "http://localhost.example.org"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": "null"}, 403),
    ],
    ids=str,
)
def test_no_page_of_somebody_else_changes_anything(
    office: Office, headers: dict[str, str], status: int
) -> None:
    """A browser at the machine needs no cookie here, so every page that it shows could try."""
    body = {"date": "2027-03-02", "name": "Beispiel, Erika", "appointment": "09:30"}
    places = {"origin": "Beispielstraße 3, Talle", "destination": "MVZ Kalletal"}
    how = {"way_back": "none"}
    answer = visit(office).post("/api/v1/requests", json={**body, **places, **how}, headers=headers)

    assert answer.status_code == status, answer.text
    if status == 403:
        assert answer.json()["type"] == "urn:gesunde-fahrten:foreign-page"


def test_names_and_addresses_of_this_machine() -> None:
    """Names are compared as a whole, and addresses as what they are."""
    ours = ("localhost", "127.1.2.3", "::1", "::ffff:127.0.0.1")
    assert all(is_loopback(name) for name in ours)
    assert not any(
        is_loopback(name) for name in ("", "localhost.", "128.0.0.1", "::", "127.0.0.1.nip.io")
    )
    assert hostname("[::1]:8000") == "::1"
    assert hostname("localhost:8000") == hostname("localhost") == "localhost"
