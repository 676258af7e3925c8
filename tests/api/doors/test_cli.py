"""`fahrten user` and `fahrten token`: accounts and tokens from the machine itself."""

import getpass
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.operations import auditing
from api.operations.office import Office
from api.settings import load_settings
from tests.builders_commands import Fahrten, Run
from tests.builders_doors import PASSWORD, browser
from tests.builders_visits import visit

Typed = Callable[..., Run]


@pytest.fixture
def typed(fahrten: Fahrten, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """A command that is told a password on standard input."""

    def run(*arguments: str | Path, password: str = PASSWORD) -> Run:
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
        return fahrten(*arguments)

    return run


def signs_in(name: str, password: str = PASSWORD) -> bool:
    told = {"name": name, "passwort": password}
    answer = browser(Office(load_settings())).post("/anmelden", data=told)
    return answer.status_code == 303


def test_the_first_account_may_do_everything_and_closes_the_door(typed: Typed) -> None:
    """From then on nobody does anything without signing in."""
    client = visit(Office(load_settings()))
    assert client.get("/api/v1/places").status_code == 200

    made = typed("user", "add", "Erika")

    assert made.code == 0, made.err
    roles = "administrator@*, dispatcher@kalletal, planner@kalletal"
    assert made.out == f"1 erika: {roles}\n"
    assert client.get("/api/v1/places").status_code == 401
    assert signs_in("erika")


def test_the_next_account_needs_to_be_told_its_roles(typed: Typed) -> None:
    """In the region of the settings, unless another one is named."""
    typed("user", "add", "erika")

    refused = typed("user", "add", "otto")
    made = typed("user", "add", "otto", "--role", "planner", "--role", "driver@kalletal")

    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "--role" in refused.err
    assert made.out == "2 otto: driver@kalletal, planner@kalletal\n"


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("king", "Eine Rolle „king“ gibt es nicht"),
        ("planner@atlantis", "Eine Region „atlantis“ gibt es nicht"),
        ("planner@*", "nur die Rolle administrator"),
    ],
)
def test_a_role_that_there_is_not_is_refused_in_one_line(
    typed: Typed, role: str, words: str
) -> None:
    """And no account is made."""
    typed("user", "add", "erika")

    refused = typed("user", "add", "otto", "--role", role)

    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert words in refused.err
    assert "otto" not in typed("user", "list").out


@pytest.mark.parametrize("password", ["", "kurz", "erika ist hier drin"])
def test_a_weak_password_is_refused_in_one_line(typed: Typed, password: str) -> None:
    """As at the page."""
    refused = typed("user", "add", "erika", password=password)

    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert typed("user", "list").out == ""


def test_an_invented_password_is_shown_once_and_must_be_changed(typed: Typed) -> None:
    """It can be read aloud."""
    made = typed("user", "add", "erika", "--generate")

    found = re.search(r"^Passwort: ((?:[a-z2-9]{4}-){3}[a-z2-9]{4})$", made.out, re.MULTILINE)
    assert found, made.out
    assert signs_in("erika", found[1])
    assert "muss das Passwort ändern" in typed("user", "list").out


def test_at_a_terminal_the_password_is_asked_for_twice(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not shown; if it is not the same, nothing has happened."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def answers(*words: str) -> None:
        left = iter(words)
        monkeypatch.setattr(getpass, "getpass", lambda _: next(left))

    def run(*arguments: str) -> Run:
        monkeypatch.setattr(io, "StringIO", Terminal)
        return typed(*arguments)

    answers(PASSWORD, f"{PASSWORD}!")
    refused = run("user", "add", "erika")
    answers(PASSWORD, PASSWORD)
    made = run("user", "add", "erika")

    assert (refused.code, made.code) == (2, 0)
    assert "zweimal verschieden" in refused.err
    assert signs_in("erika")


def test_an_account_is_looked_after_from_the_machine(typed: Typed) -> None:
    """Another password, other roles, closed, opened, removed."""
    typed("user", "add", "erika")
    typed("user", "add", "otto", "--role", "dispatcher")
    other = "warmer Tee am Abend"

    typed("user", "password", "otto", password=other)
    assert (signs_in("otto"), signs_in("otto", other)) == (False, True)
    assert typed("user", "roles", "Otto", "--role", "planner").out == "2 otto: planner@kalletal\n"
    assert typed("user", "roles", "otto").out == "2 otto: planner@kalletal\n"
    assert "geschlossen" in typed("user", "disable", "otto").out
    assert not signs_in("otto", other)
    assert "geschlossen" not in typed("user", "enable", "otto").out
    assert signs_in("otto", other)
    assert typed("user", "remove", "otto").code == 0
    assert typed("user", "list").out.count("\n") == 1
    gone = typed("user", "roles", "otto")
    assert (gone.code, gone.err.count("\n")) == (4, 1)


def test_the_last_administrator_cannot_be_taken_away(typed: Typed) -> None:
    """Not even from the machine: the doors would open again."""
    typed("user", "add", "erika")

    for command in (["remove"], ["disable"], ["roles", "--role", "planner"]):
        refused = typed("user", command[0], "erika", *command[1:])
        assert (refused.code, refused.err.count("\n")) == (2, 1)

    assert signs_in("erika")


def test_an_account_without_a_password_lets_nobody_in_with_one(typed: Typed) -> None:
    """An identity provider does."""
    typed("user", "add", "erika")
    made = typed("user", "add", "karin@example.org", "--role", "planner", "--no-password")

    assert "ohne Passwort" in made.out
    assert not signs_in("karin@example.org", "")


def test_a_token_is_made_shown_once_and_revoked(fahrten: Fahrten) -> None:
    """What the list shows opens nothing."""
    made = fahrten("token", "add", "Plattform", "--role", "planner", "--days", "30")
    number, secret = made.out.split()[0], made.out.splitlines()[1]
    client = browser(Office(load_settings()), headers={"Authorization": f"Bearer {secret}"})
    assert client.get("/api/v1/places").status_code == 200

    listed = fahrten("token", "list").out
    revoked = fahrten("token", "revoke", number)

    assert "Plattform: planner in kalletal; gilt bis" in listed
    assert secret not in listed
    assert revoked.code == 0
    assert client.get("/api/v1/places").status_code == 401
    assert fahrten("token", "revoke", number).code == 4


def test_no_password_stands_in_the_audit_or_the_log(
    typed: Typed, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor does a name."""
    typed("user", "add", "hagebutte")
    signs_in("hagebutte", "etwas Falsches")
    signs_in("hagebutte")
    office = Office(load_settings())
    rows = auditing.show(office, office.region(), most=99, installation=True)

    told = caplog.text + "".join(map(str, rows))

    assert rows[-1].action == "fahrten user add"
    for secret in ("hagebutte", PASSWORD, "etwas Falsches"):
        assert secret not in told
