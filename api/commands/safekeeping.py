"""`fahrten backup` and `fahrten restore`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.commands import console
from api.operations import backup as operations
from api.settings import load_settings
from data.archive import Manifest


def backup(file: Annotated[Path, typer.Argument(help="Wohin die Sicherung kommt.")]) -> None:
    """Die Datenbank sichern, auch während der Dienst läuft; die Sicherung wird gleich erprobt."""
    made = operations.back_up(load_settings(), file, now=datetime.now(UTC))
    told = console.out()
    told.print(f"Gesichert in {file}: {_contents(made.manifest)}.")
    if made.tried:
        told.print("Zur Probe wiederhergestellt: vollständig.")
    else:
        told.print(
            "Gelesen, aber nicht zur Probe wiederhergestellt: Der Benutzer der Datenbank darf "
            "keine Datenbanken anlegen (ALTER ROLE ... CREATEDB)."
        )


def restore(
    file: Annotated[Path, typer.Argument(help="Die Sicherung.")],
    *,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Auch eine Datenbank ersetzen, in der schon etwas steht."),
    ] = False,
) -> None:
    """Eine Sicherung wiederherstellen; der Dienst darf dabei nicht laufen."""
    done = operations.restore(load_settings(), file, now=datetime.now(UTC), replace=replace)
    told = console.out()
    told.print(f"Wiederhergestellt aus {file}: {_contents(done.manifest)}.")
    if done.upgraded:
        told.print("Die Sicherung war älter als dieses Programm und ist jetzt auf seinem Stand.")
    if done.aside is not None:
        told.print(f"Die bisherige Datenbank ist aufbewahrt: {done.aside}")


def _contents(manifest: Manifest) -> str:
    rows = sum(manifest.rows.values())
    return (
        f"{rows} Zeilen in {len(manifest.rows)} Tabellen, Stand {manifest.revision}, "
        f"vom {manifest.moment.astimezone():%d.%m.%Y %H:%M}"
    )
