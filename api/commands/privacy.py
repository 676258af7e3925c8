"""`fahrten privacy`, `fahrten retention` and `fahrten key`."""

import datetime as dt
import sys
from typing import Annotated

import typer

from api.commands import auditing, console
from api.commands.options import RegionName, parse_day
from api.operations import forgetting, privacy
from api.operations.office import Office
from api.operations.privacy import Erased, Report
from api.schemas.privacy import PURPOSES, RECIPIENTS, RIGHTS, report_view
from api.settings import load_settings
from api.sheets import wording
from api.web.board.open_call_view import typed_text
from api.web.board.person_view import CONSENT, KINDS, MARKS
from api.web.outcomes import OUTCOMES
from api.web.series_words import pattern_text
from data.profiles import StoredProfile
from scheduler.model import Needs

rights = typer.Typer(help="Auskunft, Löschung, Widerruf (DSGVO).", no_args_is_help=True)
key = typer.Typer(help="Der Schlüssel der Personendaten.", no_args_is_help=True)

Who = Annotated[str, typer.Argument(metavar="WER", help="Name, p12, oder ein Fahrtwunsch wie r17.")]


@rights.command("report")
def report(
    who: Who,
    region: RegionName = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Als JSON, und sonst nichts.")] = False,
) -> None:
    """Alles ausgeben, was über jemanden gespeichert ist (Art. 15 DSGVO)."""
    office = Office(load_settings())
    found = privacy.report(office, office.known(region), who)
    if as_json:
        sys.stdout.write(report_view(found).model_dump_json(indent=2) + "\n")
        return
    told = console.out()
    for line in _lines(found):
        told.print(line)


@rights.command("erase")
def erase(
    who: Who,
    region: RegionName = None,
    *,
    cancel_rides: Annotated[
        bool, typer.Option("--cancel-rides", help="Künftige Fahrten zuerst absagen.")
    ] = False,
) -> None:
    """Jemanden löschen (Art. 17 DSGVO); gezählt bleibt, was gefahren wurde."""
    office = Office(load_settings())
    _show(privacy.erase(office, office.known(region), who, cancel_rides=cancel_rides))


@rights.command("withdraw")
def withdraw(who: Who, region: RegionName = None) -> None:
    """Einwilligung widerrufen: künftige Fahrten absagen und alles löschen (Art. 7 DSGVO)."""
    office = Office(load_settings())
    _show(privacy.withdraw(office, office.known(region), who))


def retention(
    now: Annotated[
        dt.date | None,
        typer.Option(parser=parse_day, metavar="DATUM", help="So tun, als wäre es dieser Tag."),
    ] = None,
) -> None:
    """Löschen, was älter ist, als die Regeln sagen; der Dienst tut das jede Nacht von selbst."""
    office = Office(load_settings())
    moment = dt.datetime.combine(now, dt.time(12), tzinfo=dt.UTC) if now else None
    done = forgetting.forget_old(office, now=moment, anew=True)
    gone = done.gone
    console.out().print(
        f"Gelöscht: {gone.people} Personen, {gone.homes} Adressen, {done.sheets} Blätter. "
        f"Nur noch Zahlen: {gone.requests} Fahrtwünsche, {gone.plans} Tagespläne."
    )
    done.raise_if_unfinished()


@key.command("rotate")
def rotate() -> None:
    """Alles mit einem neuen Schlüssel verschlüsseln."""
    office = Office(load_settings())
    rows = privacy.rotate_key(office)
    told = console.out()
    told.print(f"{rows} Einträge sind mit dem neuen Schlüssel verschlüsselt.")
    told.print("Der alte öffnet noch alte Sicherungen; `fahrten key forget` löscht ihn.")


@key.command("forget")
def forget() -> None:
    """Alle Schlüssel löschen, die die Datenbank nicht mehr braucht."""
    gone = privacy.forget_keys(Office(load_settings()))
    console.out().print(f"Gelöscht: {gone} alte Schlüssel.")


def _show(erased: Erased) -> None:
    told = console.out()
    if erased.cancelled:
        told.print(f"Abgesagt: {', '.join(erased.cancelled)}.")
    told.print(
        f"{erased.passenger} ist gelöscht, mit {erased.forgotten.homes} Adressen; "
        f"{erased.forgotten.requests} Fahrtwünsche zählen ohne Person weiter."
    )
    if erased.replan:
        days = ", ".join(f"{day:%d.%m.%Y}" for day in erased.replan)
        told.print(
            f"Schon geplant: {days}. Die Halte fallen weg, alle anderen Zeiten bleiben; bitte neue "
            "Tourenblätter ausgeben."
        )
    if erased.remnants:
        told.print(
            "Verschlüsselt steht noch etwas davon im Protokoll der Datenbank, denn jemand liest "
            "gerade; in der nächsten Nacht verschwindet es, oder mit `fahrten retention`."
        )
    told.print("Gedruckte Tourenblätter bitte vernichten.")


def _lines(found: Report) -> list[str]:
    who = found.passenger
    born = f"{who.born:%d.%m.%Y}" if who.born else "nicht angegeben"
    lines = [
        f"Auskunft nach Art. 15 DSGVO, {found.region.title}, {found.at:%d.%m.%Y %H:%M}",
        "",
        f"{who.name} ({who.id})",
        f"  geboren: {born}",
        f"  Telefon: {who.phone or 'nicht angegeben'}",
        *_usual(found.profile),
    ]
    lines += [f"  Adresse: {home.label}" for _, home in sorted(found.homes.items())]
    lines += ["", f"Fahrtwünsche: {len(found.rides)}"]
    for ride in found.rides:
        stored, row = ride.stored, ride.stored.row
        lines.append(f"  {stored.id} am {row.date:%d.%m.%Y}: {row.origin} -> {row.destination}")
        lines += [f"    Hinweis: {row.note}"] if row.note else []
        if stored.cancelled is not None:
            how = OUTCOMES[stored.outcome] if stored.outcome else "abgesagt"
            lines.append(f"    {how}, {stored.cancelled:%d.%m.%Y}")
        lines += [
            f"    im Plan (Version {each['version']}, Dienst {each['shift']}): "
            f"{KINDS.get(each['kind'], each['kind'])} {each['begin']}"
            for each in ride.planned
        ]
        lines += [
            f"    Fahrer:in, {each.at:%d.%m.%Y %H:%M} UTC: {MARKS[each.mark]}"
            for each in ride.marked
        ]
    lines += [
        f"Serie {each.id}: {each.row.origin} -> {each.row.destination}, "
        + pattern_text(each.pattern, each.on_closed)
        + (f", Hinweis: {each.row.note}" if each.row.note else "")
        for each in found.series
    ]
    lines += [
        f"Offener Anruf vom {each.changed:%d.%m.%Y}: {typed_text(each)}" for each in found.calls
    ]
    lines += ["", f"Eingesehen: {len(found.readings)} Mal (die neuesten zuerst)"]
    lines += [f"  {auditing.line(each)}" for each in found.readings]
    lines += [
        "",
        f"Zweck: {PURPOSES}",
        f"Empfänger: {RECIPIENTS}",
        f"Gespeichert bis {found.weeks} Wochen nach jeder Fahrt, danach nur noch Zahlen.",
        f"Rechte: {RIGHTS}",
    ]
    return lines


def _usual(profile: StoredProfile) -> list[str]:
    """What is known beside who somebody is, as far as anything is."""
    consent = CONSENT[profile.consent]
    if profile.consent_on:
        consent += f" am {profile.consent_on:%d.%m.%Y}"
    usual = {
        "Hilfen": ", ".join(wording.needs(Needs(profile.mobility, profile.companions))),
        "Begleitung": profile.escort,
        "Hinweis": profile.note,
        "Einwilligung": consent,
    }
    lines = [f"  {label}: {text}" for label, text in usual.items() if text]
    return [*lines, *(f"  Übliche Adresse: {each}" for each in profile.addresses)]
