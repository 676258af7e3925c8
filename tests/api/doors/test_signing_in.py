"""Signing in: who is let in, what their browser is given, and when it ends."""

import datetime as dt
import re
from pathlib import Path

import pytest

from api.doors import passwords
from api.operations import accounts, auditing
from api.operations.office import Office
from api.settings import Settings
from tests.api.doors.who import V1
from tests.builders_api import KEY
from tests.builders_doors import (
    OTHER,
    PASSWORD,
    PLACES,
    SAME_ORIGIN,
    account,
    browser,
    other_region,
    session,
    sign_in,
    somebody,
)
from tests.builders_offers import Clock
from tests.builders_visits import visit

BAD = "x"
GIVEN = "von jemand anders"
WRONG = "Name oder Passwort stimmt nicht."


def test_whoever_knows_the_password_comes_in(office: Office, erika: int) -> None:
    """And is led on; names may be written in any way."""
    client = browser(office)

    answer = sign_in(client, " Erika ")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert client.get(PLACES).status_code == 200


def test_over_tls_the_cookie_can_be_planted_and_read_by_nobody(office: Office, erika: int) -> None:
    """Its name promises a browser that it is ours alone; no script sees it."""
    cookie = sign_in(browser(office)).headers["Set-Cookie"]

    assert re.match(r"__Host-fahrten=[\w-]{43};", cookie)
    given = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert given == {"path=/", "secure", "httponly", "samesite=lax"}


def test_at_the_machine_itself_it_works_without_tls(office: Office, erika: int) -> None:
    """Such a browser would not send a cookie back that is for TLS only."""
    client = visit(office, headers=SAME_ORIGIN, follow_redirects=False)

    cookie = sign_in(client).headers["Set-Cookie"]

    assert cookie.startswith("fahrten=")
    assert "secure" not in cookie.lower()
    assert client.get(PLACES).status_code == 200


def test_a_password_never_crosses_a_network_in_clear(office: Office, erika: int) -> None:
    """There is no form, and the right password is not even looked at."""
    client = visit(
        office, base_url="http://192.0.2.7", client=("192.0.2.1", 1), headers=SAME_ORIGIN
    )

    for answer in (client.get("/anmelden"), sign_in(client)):
        assert answer.status_code == 403
        assert "nicht verschlüsselt" in answer.text
        assert "passwort" not in answer.text
        assert "Set-Cookie" not in answer.headers


def test_behind_a_proxy_of_ours_it_counts_how_the_browser_came(
    office: Office, erika: int, tmp_path: Path
) -> None:
    """The proxy says that it was TLS; nobody else is believed."""
    how = {"base_url": "http://fahrten.example.org", "follow_redirects": False}
    over_tls = {**SAME_ORIGIN, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}

    near = sign_in(visit(office, headers=over_tls, **how))
    far = sign_in(visit(office, headers=over_tls, client=("192.0.2.9", 1), **how))

    assert near.headers["Set-Cookie"].startswith("__Host-")
    assert far.status_code == 403


def test_the_address_of_the_settings_says_that_it_is_tls(
    tmp_path: Path, office: Office, erika: int
) -> None:
    """For proxies that say nothing about it."""
    settings = Settings(folder=tmp_path, key=KEY, url="https://Fahrten.example.org/")
    client = visit(
        settings, base_url="http://fahrten.example.org", headers=SAME_ORIGIN, follow_redirects=False
    )

    assert sign_in(client).headers["Set-Cookie"].startswith("__Host-")


def test_over_tls_a_cookie_without_the_name_is_nothing(office: Office, erika: int) -> None:
    """Another host of the domain could have planted it."""
    secret = session(office, erika)

    assert browser(office, cookies={"fahrten": secret}).get(PLACES).status_code == 401
    assert browser(office, cookies={"__Host-fahrten": secret}).get(PLACES).status_code == 200


def test_whoever_signs_in_gets_a_new_secret(office: Office, erika: int) -> None:
    """Whoever had planted theirs beforehand does not come in with it."""
    planted = "A" * 43
    client = browser(office, planted)

    sign_in(client)

    given = client.cookies.get("__Host-fahrten", domain="fahrten.example.org")
    assert given not in {None, planted}
    assert browser(office, planted).get(PLACES).status_code == 401


def test_an_earlier_session_of_the_browser_ends_with_the_next(office: Office, erika: int) -> None:
    """Nobody is signed in twice with one browser."""
    before = session(office, erika)

    sign_in(browser(office, before))

    assert browser(office, before).get(PLACES).status_code == 401


@pytest.mark.parametrize(
    ("name", "password"),
    [("erika", PASSWORD.upper()), ("niemand", PASSWORD), ("otto", PASSWORD), ("?", "")],
)
def test_nobody_learns_what_was_wrong(
    office: Office, erika: int, monkeypatch: pytest.MonkeyPatch, name: str, password: str
) -> None:
    """Wrong password, no such name, closed account: one answer, and the same work for it."""
    otto = account(office, "otto", "planner", password=PASSWORD)
    accounts.set_active(office, otto, active=False)
    compared = []
    fits = passwords.fits

    def counted(password: str, kept: str | None) -> tuple[bool, str | None]:
        compared.append(password)
        return fits(password, kept)

    monkeypatch.setattr(passwords, "fits", counted)

    client = browser(office)
    answer = sign_in(client, name, password)

    assert answer.status_code == 422
    assert WRONG in answer.text
    assert answer.text.replace(f'value="{name}"', "") == sign_in(client, "x").text.replace(
        'value="x"', ""
    )
    assert len(compared) == 2
    assert "Set-Cookie" not in answer.headers


def test_an_unknown_name_is_compared_with_a_real_hash() -> None:
    """Else it would take no time; and it never fits, whatever it is."""
    assert passwords.fits(PASSWORD, None) == (False, None)
    assert passwords.fits(PASSWORD, "no hash") == (False, None)
    assert passwords._nobodys().startswith("$argon2id$")


def test_after_five_wrong_passwords_one_has_to_wait_longer_and_longer(
    office: Office, erika: int, now: Clock
) -> None:
    """Half a minute, then twice as long each time; the right one does not help meanwhile."""
    client = browser(office)
    for _ in range(5):
        assert sign_in(client, password=BAD).status_code == 422
    for seconds in (30, 60, 120):
        locked = sign_in(client)
        assert (locked.status_code, locked.headers["Retry-After"]) == (429, str(seconds))
        assert "Zu viele Fehlversuche" in locked.text
        now.now += dt.timedelta(seconds=seconds)
        assert sign_in(client, password=BAD).status_code == 422

    now.now += dt.timedelta(seconds=240)
    assert sign_in(client).status_code == 303
    assert sign_in(browser(office), password=BAD).status_code == 422


def test_a_name_that_there_is_not_is_locked_as_well(office: Office, erika: int) -> None:
    """Else the lock would tell which ones there are. Other names go on."""
    client = browser(office)
    for _ in range(5):
        sign_in(client, "niemand")

    assert sign_in(client, "niemand").status_code == 429
    assert sign_in(client).status_code == 303


def test_one_client_may_not_try_one_name_after_the_other(office: Office, erika: int) -> None:
    """Twenty failures, whatever the names; a success of theirs in between does not help."""
    client = browser(office)
    for number in range(20):
        sign_in(client, f"name-{number}")
        if number == 10:
            assert sign_in(client).status_code == 303

    assert sign_in(client).status_code == 429
    assert sign_in(browser(office, client=("192.0.2.2", 1))).status_code == 303


def test_behind_a_proxy_the_client_is_whom_the_proxy_has_seen(office: Office, erika: int) -> None:
    """What a client itself says of where it comes from counts for nothing."""
    proxy = ("127.0.0.1", 1)
    for number in range(20):
        forged = {**SAME_ORIGIN, "X-Forwarded-For": f"198.51.100.{number}, 192.0.2.1"}
        sign_in(browser(office, headers=forged, client=proxy), f"name-{number}")

    same, other = (
        browser(office, headers={**SAME_ORIGIN, "X-Forwarded-For": address}, client=proxy)
        for address in ("192.0.2.1", "192.0.2.2")
    )
    assert sign_in(same).status_code == 429
    assert sign_in(other).status_code == 303


def test_one_network_of_ipv6_is_one_client(office: Office, erika: int) -> None:
    """Everybody has billions of addresses there."""
    for number in range(20):
        sign_in(browser(office, client=(f"2001:db8::{number:x}", 1)), f"name-{number}")

    assert sign_in(browser(office, client=("2001:db8::ffff", 1))).status_code == 429
    assert sign_in(browser(office, client=("2001:db8:1::1", 1))).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("falsch", "warmer Tee am Abend", "warmer Tee am Abend", "jetzige Passwort stimmt nicht"),
        (PASSWORD, "warmer Tee am Abend", "warmer Tee", "zweimal verschieden"),
        (PASSWORD, "kurz", "kurz", "mindestens 12 Zeichen"),
        (PASSWORD, "a" * 201, "a" * 201, "höchstens 200"),
        (PASSWORD, "aaaabbbbaaaabbbb", "aaaabbbbaaaabbbb", "verschiedenen Zeichen"),
        (PASSWORD, "Erika und Otto", "Erika und Otto", "Anmeldename"),
        (PASSWORD, PASSWORD, PASSWORD, "ist das alte"),
    ],
)
def test_a_password_that_will_not_do_is_refused_beside_the_form(
    office: Office, erika: int, old: str, new: str, again: str, words: str
) -> None:
    """And the old one still holds."""
    client = browser(office, session(office, erika))

    answer = client.post("/konto/passwort", data={"alt": old, "neu": new, "nochmal": again})

    assert answer.status_code == 422
    assert words in answer.text
    assert sign_in(browser(office)).status_code == 303


def test_a_stolen_session_does_not_help_to_guess_the_password(office: Office, erika: int) -> None:
    """The same lock as at the door."""
    client = browser(office, session(office, erika))
    tried = {"alt": "falsch", "neu": "warmer Tee am Abend", "nochmal": "warmer Tee am Abend"}
    for _ in range(5):
        client.post("/konto/passwort", data=tried)

    answer = client.post("/konto/passwort", data={**tried, "alt": PASSWORD})

    assert "Zu viele Fehlversuche" in answer.text
    assert sign_in(browser(office)).status_code == 429


def test_whoever_must_change_the_password_can_do_nothing_else(office: Office, erika: int) -> None:
    """Somebody else knows it."""
    accounts.set_password(office, erika, GIVEN, must_change=True)
    client = browser(office)
    answer = sign_in(client, password=GIVEN)
    assert answer.headers["Location"] == "/konto"

    refused = client.get(PLACES)
    page = client.get("/", headers={"Accept": "text/html"})

    assert refused.status_code == client.get(f"{PLACES}?region=kalletal").status_code == 403
    assert refused.json()["type"] == "urn:gesunde-fahrten:must-change"
    assert page.headers["Location"] == "/konto"
    assert "kennt noch jemand anders" in client.get("/konto").text
    chosen = {"alt": GIVEN, "neu": PASSWORD, "nochmal": PASSWORD}
    client.post("/konto/passwort", data=chosen)
    assert client.get(PLACES).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("/tage/2027-03-02", "/tage/2027-03-02"),
        ("/anruf?wie=r5", "/anruf?wie=r5"),
        ("", "/"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("/\\example.org", "/"),
        ("/\t/example.org", "/"),
        ("/\n/example.org", "/"),
        ("/\x00/example.org", "/"),
        ("/\x1f\\example.org", "/"),
        ("/\x7f/example.org", "/"),
        ("/tage\r\nSet-Cookie: a=b", "/"),
        ("/tage\\..\\..", "/"),
        ("///example.org", "/"),
        ("\\/example.org", "/"),
        (" /tage", "/"),
        ("tage", "/"),
        ("@example.org/", "/"),
        ("http:/example.org", "/"),
        ("https:example.org", "/"),
        ("data:text/html,x", "/"),
        ("/" + "a" * 1000, "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_from_the_door_nobody_is_led_elsewhere(
    office: Office, erika: int, wanted: str, where: str
) -> None:
    """Whatever a link to the door says."""
    client = browser(office)
    page = client.get("/anmelden", params={"weiter": wanted})
    assert page.status_code == 200

    sent = {"name": "erika", "passwort": PASSWORD, "weiter": wanted}
    assert client.post("/anmelden", data=sent).headers["Location"] == where


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (SAME_ORIGIN, 303),
        ({"Origin": "https://fahrten.example.org"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://example.org"}, 403),
        ({"Origin": "https://other.example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
    ids=str,
)
def test_a_form_of_another_page_does_nothing(
    office: Office, erika: int, headers: dict[str, str], status: int
) -> None:
    """The cookie alone is not enough; a browser that says nothing is not believed."""
    secret = session(office, erika)

    answer = browser(office, secret, headers=headers).post("/abmelden")

    assert answer.status_code == status
    still = 200 if status == 403 else 401
    assert browser(office, secret).get(PLACES).status_code == still


def test_nobody_is_signed_in_by_a_form_of_another_page(office: Office, erika: int) -> None:
    """With an account of whoever made it, who would then read what is typed."""
    client = browser(office, headers={"Sec-Fetch-Site": "cross-site"})

    assert sign_in(client).status_code == 403


def test_the_region_to_work_on_is_ones_own_choice(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of those in which one has a role; pages and calls that name none follow it."""
    other_region(tmp_path)
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    client = somebody(office, "planner@kalletal", f"administrator@{OTHER}", name="both")
    assert "Wählen" in client.get("/konto").text
    assert client.get(PLACES).status_code == 200
    assert client.get(f"{V1}/audit").status_code == 403

    assert client.post("/konto/region", data={"region": OTHER}).headers["Location"] == "/"

    assert client.get(PLACES).status_code == 403
    assert client.get(f"{V1}/audit").status_code == 200
    assert client.get(PLACES, params={"region": "kalletal"}).status_code == 200
    assert client.post("/konto/region", data={"region": "atlantis"}).status_code == 404


def test_whoever_works_in_one_region_only_need_not_name_it(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the settings name another one."""
    other_region(tmp_path)
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    client = somebody(office, f"administrator@{OTHER}")

    assert client.get(f"{V1}/audit").status_code == 200


def test_the_audit_has_who_came_in_and_who_did_not(office: Office, erika: int) -> None:
    """By number; of a name that there is not, only that somebody tried it."""
    before = auditing.head(office).number
    client = browser(office)
    sign_in(client, password=BAD)
    sign_in(client, "Niemand Beispiel")
    sign_in(client)
    client.get(PLACES)
    client.post("/abmelden")

    rows = auditing.show(office, office.region(), most=99, installation=True)
    new = [(row.actor, row.action, row.touched) for row in rows if row.number > before]

    assert new[::-1] == [
        ("stranger", "POST /anmelden", {"refused": {"accounts": [f"account:{erika}"]}}),
        ("stranger", "POST /anmelden", {"refused": {"accounts": ["*"]}}),
        (f"account:{erika}", "POST /anmelden", {"added": {"sessions": ["session:1"]}}),
        (f"account:{erika}", "POST /abmelden", {"deleted": {"sessions": ["session:1"]}}),
    ]


def test_what_somebody_does_is_written_down_under_their_number(office: Office, erika: int) -> None:
    """In the audit as the one who does it."""
    client = browser(office, session(office, erika))
    client.post(f"{V1}/passengers/search", json={"who": "Beispiel"})
    body = {
        "date": "2027-03-02",
        "name": "Beispiel, Erika",
        "origin": "Beispielstraße 3, Talle",
        "destination": "MVZ Kalletal",
        "appointment": "09:30",
        "way_back": "none",
    }
    assert client.post(f"{V1}/requests", json=body).status_code == 201

    row = auditing.show(office, office.region(), most=1)[0]

    assert (row.actor, row.action) == (f"account:{erika}", f"POST {V1}/requests")


def test_the_key_of_somebody_gives_nobody_else_their_answer(office: Office, erika: int) -> None:
    """Two who choose the same key have asked two things."""
    body = {
        "date": "2027-03-02",
        "name": "Beispiel, Erika",
        "origin": "Beispielstraße 3, Talle",
        "destination": "MVZ Kalletal",
        "appointment": "09:30",
        "way_back": "none",
    }
    key = {"Idempotency-Key": "0123456789abcdef"}
    one = browser(office, session(office, erika), headers={**SAME_ORIGIN, **key})
    other = somebody(office, "dispatcher", name="otto", headers={**SAME_ORIGIN, **key})

    answers = [client.post(f"{V1}/requests", json=body) for client in (one, one, other, other)]

    assert [answer.json()["id"] for answer in answers] == ["r1", "r1", "r2", "r2"]
