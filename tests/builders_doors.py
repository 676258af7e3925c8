"""Accounts of every kind, and clients that are signed in with them."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from api.doors.grants import read_grants
from api.doors.visit import Visit
from api.operations import accounts, signing_in
from api.operations.office import Office
from data import accounts as kept_accounts
from tests.builders_regions import KALLETAL
from tests.builders_visits import visit

PASSWORD = "kalter Kaffee am Morgen"  # noqa: S105  (of nobody)
OTHER = "nebenan"  # another region of the same installation
ORIGIN = "https://fahrten.example.org"
FROM = Visit("192.0.2.1", "fahrten.example.org", secure=True, at_home=False)
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
PLACES = "/api/v1/places"  # open to some roles only


def sign_in(client: TestClient, name: str = "erika", password: str = PASSWORD) -> Response:
    return client.post("/anmelden", data={"name": name, "passwort": password})


def other_region(folder: Path) -> None:
    """A second region beside Kalletal, with the same places."""
    shutil.copytree(KALLETAL, folder / "regions" / OTHER)


def account(office: Office, name: str, *roles: str, password: str | None = None) -> int:
    """
    Somebody with *roles* such as "planner@kalletal".

    Without a *password* it takes no time to make it, and nobody can sign in with it. The
    installation has somebody who administers it.
    """
    if not signing_in.has_accounts(office):
        root = {kept_accounts.EVERYWHERE: frozenset({"administrator"})}
        accounts.add(office, "root", root, password=None, must_change=False)
    grants = read_grants(roles, region="kalletal")
    made = accounts.add(office, name, grants, password=password, must_change=False)
    return made.number


def session(office: Office, number: int) -> str:
    """Let an account be signed in."""
    with office.store.writing() as writing:
        return signing_in.begin(office, writing, kept_accounts.get(writing, number))


def browser(office: Office, secret: str | None = None, **how: Any) -> TestClient:
    """Somebody elsewhere, over TLS, whose browser shows *secret*."""
    cookies = {} if secret is None else {"__Host-fahrten": secret}
    return visit(
        office,
        **{
            "base_url": ORIGIN,
            "client": ("192.0.2.1", 40000),
            "cookies": cookies,
            "headers": SAME_ORIGIN,
            "follow_redirects": False,
            **how,
        },
    )


def somebody(office: Office, *roles: str, name: str = "", **how: Any) -> TestClient:
    """A browser that is signed in with an account of these roles."""
    number = account(office, name or "-".join(roles).replace("*", "all"), *roles)
    return browser(office, session(office, number), **how)


def with_roles(office: Office, roles: Iterable[str], region: str) -> TestClient:
    """The same, of roles in one region."""
    return somebody(office, *(f"{role}@{region}" for role in roles))
