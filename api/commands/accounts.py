"""`fahrten user`."""

import getpass
import sys
from typing import Annotated

import typer

from api.commands import console
from api.doors import passwords
from api.doors.errors import AccountError
from api.doors.grants import first_grants, read_grants, write_grants
from api.operations import accounts
from api.operations.office import Office
from api.settings import load_settings
from data.accounts import StoredAccount

app = typer.Typer(help="Konten: wer hier arbeitet, und was er oder sie darf.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Der Anmeldename.")]
Roles = Annotated[
    list[str] | None,
    typer.Option(
        "--role",
        metavar="ROLLE",
        help="dispatcher, driver, planner, administrator; in einer anderen Region: "
        "planner@NAME; für alle Regionen: administrator@*. Mehrmals möglich.",
    ),
]
Generate = Annotated[
    bool, typer.Option("--generate", help="Ein Passwort erfinden und einmal anzeigen.")
]


@app.command("add")
def add(
    name: Name,
    role: Roles = None,
    *,
    generate: Generate = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="Nur über den Anmeldedienst (OIDC).")
    ] = False,
) -> None:
    """Ein Konto anlegen; das Passwort wird gefragt, oder steht auf der Standardeingabe."""
    office = Office(load_settings())
    region = office.settings.region
    if role:
        wanted = read_grants(role, region=region)
    elif accounts.every(office):
        msg = "Bitte sagen, was das Konto darf: zum Beispiel --role dispatcher."
        raise AccountError(msg)
    else:
        wanted = first_grants(region)
    password = None if no_password else _password(generate=generate)
    made = accounts.add(office, name, wanted, password=password, must_change=generate)
    told = console.out()
    told.print(f"{_line(made)}")
    _show(password, generate=generate)


@app.command("list")
def every() -> None:
    """Alle Konten zeigen."""
    told = console.out()
    for each in accounts.every(Office(load_settings())):
        told.print(_line(each))


@app.command("password")
def password(name: Name, *, generate: Generate = False) -> None:
    """Ein neues Passwort setzen; wer angemeldet war, ist es nicht mehr."""
    office = Office(load_settings())
    account = accounts.named(office, name)
    new = _password(generate=generate)
    accounts.set_password(office, account.number, new, must_change=generate)
    console.out().print("Das Passwort ist geändert.")
    _show(new, generate=generate)


@app.command("roles")
def roles(name: Name, role: Roles = None) -> None:
    """Zeigen, was jemand darf; mit --role gilt von nun an genau das."""
    office = Office(load_settings())
    account = accounts.named(office, name)
    if role:
        wanted = read_grants(role, region=office.settings.region)
        accounts.set_grants(office, account.number, wanted)
    console.out().print(_line(accounts.one(office, account.number)))


@app.command("disable")
def disable(name: Name) -> None:
    """Ein Konto schließen; wer damit angemeldet war, ist es nicht mehr."""
    _set_active(name, active=False)


@app.command("enable")
def enable(name: Name) -> None:
    """Ein geschlossenes Konto wieder öffnen."""
    _set_active(name, active=True)


@app.command("remove")
def remove(name: Name) -> None:
    """Ein Konto löschen; im Prüfprotokoll bleibt seine Nummer."""
    office = Office(load_settings())
    account = accounts.named(office, name)
    accounts.remove(office, account.number)
    console.out().print(f"Das Konto {account.number} ist gelöscht.")


def _set_active(name: str, *, active: bool) -> None:
    office = Office(load_settings())
    account = accounts.named(office, name)
    accounts.set_active(office, account.number, active=active)
    console.out().print(_line(accounts.one(office, account.number)))


def _line(account: StoredAccount) -> str:
    notes = [
        note
        for note, so in (
            ("geschlossen", not account.active),
            ("muss das Passwort ändern", account.must_change),
            ("ohne Passwort", not account.has_password),
        )
        if so
    ]
    roles = ", ".join(write_grants(account.grants)) or "ohne Rolle"
    return "; ".join([f"{account.number} {account.name}: {roles}", *notes])


def _password(*, generate: bool) -> str:
    """Never from the command line: there, everybody on the machine could read it."""
    if generate:
        return passwords.invent()
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Passwort: ")
    if getpass.getpass("Noch einmal: ") != first:
        msg = "Das Passwort steht zweimal verschieden da."
        raise AccountError(msg)
    return first


def _show(password: str | None, *, generate: bool) -> None:
    if generate and password is not None:
        told = console.out()
        told.print(f"Passwort: {password}")
        told.print("Es wird nur dieses eine Mal gezeigt, und ist beim ersten Anmelden zu ändern.")
