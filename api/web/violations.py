"""What a plan does wrong, in German: one line for each violation that the checker found."""

from collections.abc import Mapping

from api.sheets.wording import count, minutes
from routing.units import MINUTE
from scheduler.model import ShiftId
from scheduler.violation import Rule, Violation

SENTENCES = {
    Rule.DATE: "Der Plan ist von einem anderen Tag",
    Rule.SHIFT: "Die Tour fehlt, ist doppelt oder gehört zu keinem Dienst des Tages",
    Rule.CREW: "Ein anderes Fahrzeug oder jemand anderes am Steuer als im Dienstplan",
    Rule.HOURS: "Außerhalb der Dienstzeit",
    Rule.DEPOT: "Die Tour beginnt oder endet nicht so am Standplatz, wie sie soll",
    Rule.DRIVE: "Eine Strecke dauert anders, als die Straßen sagen",
    Rule.METRES: "Eine Strecke ist anders lang, als die Straßen sagen",
    Rule.TIMES: "Die Zeiten eines Halts widersprechen sich",
    Rule.UNKNOWN: "Das gibt es an diesem Tag nicht",
    Rule.PLACE: "Ein Halt ist am falschen Ort",
    Rule.ORDER: "Die Halte stehen in der falschen Reihenfolge",
    Rule.TWICE: "Ein Halt kommt mehrmals vor",
    Rule.INCOMPLETE: "Ein Halt fehlt",
    Rule.SAME_BUS: "Die Fahrt ist nicht in dem einen Bus, in dem sie sein muss",
    Rule.WINDOW: "Ein Halt beginnt außerhalb seines Zeitfensters",
    Rule.DWELL: "Eine Haltezeit stimmt nicht",
    Rule.RIDE: "Zu lange im Bus",
    Rule.LOAD: "Mehr Personen, als Plätze da sind",
    Rule.WHEELCHAIR: "Am Steuer sitzt niemand, der Rollstühle sichert",
    Rule.ABOARD: "Wer im Bus sitzt, ist falsch angegeben",
    Rule.BREAK: "Die Pause ist nicht so, wie sie sein soll",
    Rule.JOURNEY: "Nur ein Teil von Hinfahrt, Zwischenhalt und Rückfahrt wird gefahren",
    Rule.UNSERVED: "Ob oder warum jemand nicht eingeplant ist, ist falsch angegeben",
    Rule.CLASH: "Fahrzeug oder Fahrer:in ist in zwei Diensten zugleich",
    Rule.COST: "Die Kosten oder ihre untere Schranke stimmen nicht",
    Rule.DOCUMENT: "Hier steht etwas anderes, als aus dem Plan und den Wünschen folgt",
}
UNITS = {
    "breaks": ("Pause", "Pausen"),
    "days": ("Tag", "Tage"),
    "drives": ("Strecke", "Strecken"),
    "entries": ("Eintrag", "Einträge"),
    "fields": ("Feld", "Felder"),
    "metres": ("Meter", "Meter"),
    "names": ("Angabe", "Angaben"),
    "people": ("Person", "Personen"),
    "places": ("Ort", "Orte"),
    "reasons": ("Grund", "Gründe"),
    "routes": ("Tour", "Touren"),
    "seconds": ("Sekunde", "Sekunden"),
    "shifts": ("Dienst", "Dienste"),
    "stops": ("Halt", "Halte"),
    "trips": ("Fahrt", "Fahrten"),
    "visits": ("Halt", "Halte"),
    "weight": ("Punkt Dringlichkeit", "Punkte Dringlichkeit"),
}
_PARTS = {"outbound": "Hinfahrt", "via": "Zwischenhalt", "return": "Rückfahrt"}


def violation_text(violation: Violation, shifts: Mapping[ShiftId, str]) -> str:
    """Say where, what and by how much; *shifts* are called by their names."""
    where = _where(violation.where, shifts)
    return f"{where}: {SENTENCES[violation.rule]} ({_amount(violation.amount, violation.unit)})"


def _where(where: str, shifts: Mapping[ShiftId, str]) -> str:
    if where == "plan":
        return "Plan"
    if where in shifts:
        return f"Dienst {shifts[where]}"
    request, slash, trip = where.partition("/")
    part = _PARTS.get(trip.partition("-")[0])
    return f"{request}, {part}" if slash and part else where


def _amount(amount: int, unit: str) -> str:
    if unit == "seconds" and amount >= MINUTE and amount % MINUTE == 0:
        return minutes(amount)
    return count(amount, *UNITS[unit])
