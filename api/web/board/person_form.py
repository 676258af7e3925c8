"""The form of a passenger: typed texts to what is told of somebody, and back."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

from api.operations.people import MOST_ADDRESSES
from api.web.dates import UnreadableDateError, read_day
from data.cells import read_birth
from data.errors import Rejected
from data.profiles import Consent, Profile
from scheduler.model import Mobility

# In the order of the page.
LABELS = {
    "name": "Name",
    "telefon": "Telefon",
    "geburtsdatum": "Geburtsdatum",
    "hilfen": "Hilfen",
    "begleitpersonen": "Begleitung",
    "begleitung": "Wer begleitet oder angerufen werden soll",
    **{f"adresse{number}": f"Adresse {number}" for number in range(1, MOST_ADDRESSES + 1)},
    "hinweis": "Hinweis",
    "einwilligung": "Einwilligung",
    "einwilligung_am": "Seit",
}
ADDRESSES = tuple(f"adresse{number}" for number in range(1, MOST_ADDRESSES + 1))
HELPS = (
    ("", "keine"),
    (Mobility.WALKER.value, "Rollator"),
    (Mobility.WHEELCHAIR.value, "Rollstuhl"),
)
COMPANIONS = (
    ("", "niemand"),
    ("1", "1 Person"),
    *((str(number), f"{number} Personen") for number in range(2, 8)),
)
CONSENTS = (
    (Consent.UNKNOWN.value, "nicht vermerkt"),
    (Consent.GIVEN.value, "gegeben"),
)

Kind = TypeVar("Kind", Mobility, Consent)

_FIELDS = {
    "name": "name",
    "phone": "telefon",
    "born": "geburtsdatum",
    "escort": "begleitung",
    "note": "hinweis",
    "consent_on": "einwilligung_am",
}


def person_values(told: Profile | None = None) -> dict[str, str]:
    """Write what is known of a passenger into the fields; empty for somebody new."""
    if told is None:
        return {**dict.fromkeys(LABELS, ""), "einwilligung": Consent.UNKNOWN.value}
    addresses = [*told.addresses, *([""] * MOST_ADDRESSES)]
    return {
        "name": told.name,
        "geburtsdatum": _written(told.born),
        "telefon": told.phone,
        "hilfen": "" if told.mobility is Mobility.WALKS else told.mobility.value,
        "begleitpersonen": str(told.companions or ""),
        "begleitung": told.escort,
        "hinweis": told.note,
        "einwilligung": told.consent.value,
        "einwilligung_am": _written(told.consent_on),
        **dict(zip(ADDRESSES, addresses, strict=False)),
    }


def read_person(values: Mapping[str, str], *, today: date) -> tuple[Profile, dict[str, str]]:
    """
    Read the fields as a passenger, and say by field what is wrong with them.

    What cannot be read is left out of the passenger.
    """
    wrong: dict[str, str] = {}
    born = consent_on = None
    if values["geburtsdatum"]:
        try:
            born = read_birth(values["geburtsdatum"], today)
        except ValueError as error:
            wrong["geburtsdatum"] = str(error)
    if values["einwilligung_am"]:
        try:
            consent_on = read_day(values["einwilligung_am"], today=today)
        except UnreadableDateError as error:
            wrong["einwilligung_am"] = str(error)
    mobility = _of(Mobility, values["hilfen"] or Mobility.WALKS.value)
    consent = _of(Consent, values["einwilligung"] or Consent.UNKNOWN.value)
    if mobility is None:
        wrong["hilfen"] = "Bitte aus der Liste wählen."
    if consent is None:
        wrong["einwilligung"] = "Bitte aus der Liste wählen."
    if values["begleitpersonen"] not in dict(COMPANIONS):
        wrong["begleitpersonen"] = "Bitte aus der Liste wählen."
    profile = Profile(
        name=values["name"],
        born=born,
        phone=values["telefon"],
        mobility=mobility or Mobility.WALKS,
        companions=0 if "begleitpersonen" in wrong else int(values["begleitpersonen"] or 0),
        escort=values["begleitung"],
        addresses=tuple(values[name] for name in ADDRESSES if values[name]),
        note=values["hinweis"],
        consent=consent or Consent.UNKNOWN,
        consent_on=consent_on,
    )
    return profile, wrong


def faults(rejected: Iterable[Rejected], values: Mapping[str, str]) -> dict[str, str]:
    """Say beside which field of the form each fault stands."""
    wrong: dict[str, str] = {}
    for each in rejected:
        field = _FIELDS.get(each.field, "name")
        if each.field == "addresses":
            # The same text may stand in two fields; the first one without a fault is meant.
            fitting = [
                name
                for name in ADDRESSES
                if " ".join(values[name].split()) == each.value and name not in wrong
            ]
            field = fitting[0] if fitting else ADDRESSES[0]
        wrong.setdefault(field, each.message)
    return wrong


def _written(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _of(kind: type[Kind], text: str) -> Kind | None:
    return kind(text) if text in list(kind) else None
