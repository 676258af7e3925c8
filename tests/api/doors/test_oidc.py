"""Signing in with an identity provider: a real one, in this process, that the tests make lie."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from api.errors import SettingsError
from api.operations import accounts, auditing
from api.operations.office import Office
from api.settings import Settings, load_settings
from tests.api.doors.who import V1
from tests.builders_api import KEY, NOW
from tests.builders_doors import ORIGIN, PASSWORD, account, browser
from tests.builders_offers import Clock
from tests.builders_provider import CLIENT, SECRET, Provider, running_provider

PLACES = f"{V1}/places"
EMAIL = "erika@example.org"
VERIFIED = {"email": EMAIL, "email_verified": True}


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    fresh = Provider(key=running.key)
    for name in ("claims", "signs_with", "algorithm", "about", "asked"):
        setattr(running, name, getattr(fresh, name))
    running.now = int(NOW.timestamp())
    running.claims = dict(VERIFIED)
    return running


@pytest.fixture
def office(tmp_path: Path, provider: Provider, now: Clock) -> Office:
    settings = Settings(
        folder=tmp_path,
        key=KEY,
        url=ORIGIN,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
    )
    return Office(settings, clock=now)


@pytest.fixture
def erika(office: Office) -> int:
    return account(office, EMAIL, "planner")


def go(provider: Provider, client: TestClient, onward: str = "") -> Response:
    """Sign in there, and come back."""
    away = client.get("/anmelden/oidc", params={"weiter": onward})
    assert away.status_code == 303, away.text
    assert away.headers["Location"].startswith(f"{provider.issuer}/authorize?")
    # As a browser comes back from elsewhere.
    headers = {"Sec-Fetch-Site": "cross-site"}
    return client.get(provider.consent(away.headers["Location"]), headers=headers)


def test_whom_the_provider_vouches_for_comes_in(
    office: Office, provider: Provider, erika: int
) -> None:
    """With the account of the mail address, and what it may do."""
    client = browser(office)

    answer = go(provider, client)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert client.get(PLACES).status_code == 200
    assert client.get(f"{V1}/audit").status_code == 403
    rows = auditing.show(office, office.region(), most=1, installation=True)
    assert rows[0].actor == f"account:{erika}"
    assert rows[0].action == "GET /anmelden/oidc/zurueck"
    assert accounts.one(office, erika).subject == f"{provider.issuer} 17"


@pytest.mark.parametrize(
    ("wanted", "where"),
    [("/anruf?wie=r5", "/anruf?wie=r5"), ("//example.org", "/"), ("/\\example.org", "/")],
)
def test_one_comes_back_to_where_one_wanted_to_go_and_nowhere_else(
    office: Office, provider: Provider, erika: int, wanted: str, where: str
) -> None:
    assert go(provider, browser(office), wanted).headers["Location"] == where


def test_later_the_number_counts_and_not_the_address(
    office: Office, provider: Provider, erika: int
) -> None:
    """Addresses change, and are given to somebody else."""
    go(provider, browser(office))

    provider.claims = {}
    assert go(provider, browser(office)).status_code == 303
    provider.claims = {**VERIFIED, "sub": "18"}
    assert go(provider, browser(office)).status_code == 422


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "otto@example.org", "email_verified": True},
        {"email": EMAIL, "email_verified": False},
        {"email": EMAIL, "email_verified": "true"},
        {"email": EMAIL},
        {},
    ],
    ids=str,
)
def test_whom_nobody_here_knows_does_not_come_in(
    office: Office, provider: Provider, erika: int, claims: dict[str, Any]
) -> None:
    """An address that is not verified is nobody's."""
    provider.claims = claims
    client = browser(office)

    answer = go(provider, client)

    assert answer.status_code == 422
    assert client.get(PLACES).status_code == 401


def test_a_closed_account_stays_closed(office: Office, provider: Provider, erika: int) -> None:
    """Whatever the provider says."""
    accounts.set_active(office, erika, active=False)

    assert go(provider, browser(office)).status_code == 422


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://id.example.org"},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": int(NOW.timestamp()) - 120},
        {"exp": None},
        {"iat": int(NOW.timestamp()) + 3600},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_is_refused(
    office: Office, provider: Provider, erika: int, claims: dict[str, Any]
) -> None:
    """By somebody else, for somebody else, for another question, or of another time."""
    provider.claims = {**VERIFIED, **claims}

    assert go(provider, browser(office)).status_code == 422


def test_a_token_that_the_provider_has_not_signed_is_refused(
    office: Office, provider: Provider, erika: int
) -> None:
    """Another key under the same name."""
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "1"})

    assert go(provider, browser(office)).status_code == 422


def test_an_answer_belongs_to_one_browser_and_one_question(
    office: Office, provider: Provider, erika: int, now: Clock
) -> None:
    """Whoever has somebody follow the end of their own way signs nobody in."""
    theirs, mine = browser(office), browser(office)
    back = provider.consent(theirs.get("/anmelden/oidc").headers["Location"])

    assert mine.get(back).status_code == 422
    mine.get("/anmelden/oidc")
    assert mine.get(back).status_code == 422
    assert theirs.get(f"{back}x").status_code == 422
    assert theirs.get(back).status_code == 303
    assert theirs.get(back).status_code == 422


def test_what_takes_too_long_has_to_be_begun_anew(
    office: Office, provider: Provider, erika: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the browser was sent away with is good for some minutes, and nobody can forge it."""
    client = browser(office)
    back = provider.consent(client.get("/anmelden/oidc").headers["Location"])
    kept = client.cookies["__Host-anmeldung"]

    forged = browser(office, cookies={"__Host-anmeldung": f"{kept[:-2]}AA"})

    assert forged.get(back).status_code == 422
    monkeypatch.setattr("api.web.provider._SECONDS", -1)
    assert client.get(back).status_code == 422
    monkeypatch.undo()
    assert client.get(back).status_code == 303


@pytest.mark.parametrize("about", [{"issuer": "https://id.example.org"}, {"token_endpoint": None}])
def test_a_provider_that_is_none_is_said_to_be_out_of_order(
    office: Office, provider: Provider, about: dict[str, Any]
) -> None:
    """502, and a way on: passwords still work."""
    account(office, "otto", "planner", password=PASSWORD)
    provider.about = about
    client = browser(office)

    assert client.get("/anmelden/oidc").status_code == 502
    told = {"name": "otto", "passwort": PASSWORD}
    assert client.post("/anmelden", data=told).status_code == 303


def test_the_page_at_the_door_leads_there(office: Office, erika: int) -> None:
    """By a link, since a form would not be let out."""
    assert 'href="/anmelden/oidc"' in browser(office).get("/anmelden").text
    onward = browser(office).get("/anmelden", params={"weiter": "/tage"}).text
    assert 'href="/anmelden/oidc?weiter=%2Ftage"' in onward


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"ISSUER": "http://id.example.org"}, "https://"),
        ({"ISSUER": "https://id.example.org"}, "FAHRTEN_OIDC_CLIENT_ID und FAHRTEN_URL"),
    ],
)
def test_half_a_configuration_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], words: str
) -> None:
    """At the start, and not when somebody wants to come in."""
    for name, value in settings.items():
        monkeypatch.setenv(f"FAHRTEN_OIDC_{name}", value)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    (line,) = str(caught.value).splitlines()
    assert line.startswith("FAHRTEN_OIDC_ISSUER: ")
    assert words in line
