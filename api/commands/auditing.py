"""`fahrten audit`."""

import datetime as dt
import sys
from typing import Annotated, Any

import typer

from api.commands import console
from api.commands.options import RegionName, parse_day
from api.operations import auditing
from api.operations.office import Office
from api.schemas.audit import audit_view
from api.settings import load_settings
from data.audit import Written

app = typer.Typer(help="Das Prüfprotokoll: wer was gelesen und geändert hat.", no_args_is_help=True)

_KINDS = {
    "read": "gelesen",
    "searched": "durchsucht",
    "added": "neu",
    "changed": "geändert",
    "deleted": "gelöscht",
    "refused": "abgewiesen",
}
_MOST = 100


@app.command("show")
def show(
    region: RegionName = None,
    *,
    person: Annotated[str | None, typer.Option(metavar="P12", help="Nur dieser Fahrgast.")] = None,
    request: Annotated[
        str | None, typer.Option(metavar="R17", help="Nur dieser Fahrtwunsch.")
    ] = None,
    since: Annotated[
        dt.date | None,
        typer.Option(parser=parse_day, metavar="DATUM", help="Nur von diesem Tag an."),
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="So viele Zeilen.")] = _MOST,
    as_json: Annotated[bool, typer.Option("--json", help="Als JSON, und sonst nichts.")] = False,
) -> None:
    """Zeigen, wer was gelesen und geändert hat; das Neueste zuerst."""
    office = Office(load_settings())
    rows = auditing.show(
        office,
        office.region(region),
        names=[name for name in (person, request) if name],
        since=since,
        most=most,
        installation=True,
    )
    if as_json:
        sys.stdout.write(audit_view(rows, most=most).model_dump_json(indent=2) + "\n")
        return
    told = console.out()
    for row in rows:
        told.print(f"{row.number} {line(row)}: {_touched(row.touched)}")


@app.command("verify")
def verify(
    noted: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="KOPF", help="Ein früher notierter Kopf, oder eine Datei damit."
        ),
    ] = None,
) -> None:
    """Prüfen, ob das Protokoll noch so ist, wie es geschrieben wurde."""
    office = Office(load_settings())
    beside = office.settings.noted_head
    is_noted = beside.read() is not None
    verified = auditing.verify(office, noted)
    verified.raise_if_wrong()
    told = console.out()
    told.print(f"Das Prüfprotokoll ist vollständig und unverändert: {verified.rows} Zeilen.")
    if is_noted:
        told.print(f"Es reicht so weit, wie neben der Datenbank notiert ist ({beside.file}).")
    if noted is None:
        told.print(
            "Wer beides ändern kann, verrät sich durch einen woanders notierten Kopf (--from)."
        )
    if verified.older:
        told.print(f"Nicht mehr zu vergleichen, weil älter als das Protokoll: {verified.older}.")
    told.print(f"Kopf: {verified.head}")


@app.command("head")
def head() -> None:
    """Den Kopf ausgeben: Nummer und Prüfsumme der neuesten Zeile, um sie woanders zu notieren."""
    console.out().print(str(auditing.head(Office(load_settings()))))


def line(row: Written) -> str:
    """When, who, and at what."""
    return f"{row.at.astimezone():%d.%m.%Y %H:%M:%S} {row.actor}, {row.action}"


def _touched(touched: dict[str, Any]) -> str:
    return "; ".join(
        f"{german} {table} {_names(names)}"
        for kind, german in _KINDS.items()
        for table, names in touched.get(kind, {}).items()
    )


def _names(names: dict[str, list[str]] | list[str] | int) -> str:
    if isinstance(names, dict):
        return ", ".join(f"{name} ({', '.join(columns)})" for name, columns in names.items())
    return ", ".join(names) if isinstance(names, list) else str(names)
