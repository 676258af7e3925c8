"""A known passenger in the list under the name."""

import json
from dataclasses import dataclass

from api.operations.callers import Caller
from api.sheets.wording import short_date
from api.web.board.call_form import caller_values
from data.profiles import StoredProfile
from data.request_rows import MOBILITY


@dataclass(frozen=True)
class KnownView:
    """*values* are what the form is filled with, as JSON."""

    id: str
    name: str
    about: str
    usual: str
    values: str


def known_view(caller: Caller) -> KnownView:
    """Put a caller into words."""
    who, row = caller.profile, caller.usual
    values = _own(who) if row is None else {**caller_values(row), **_own(who, riding=True)}
    about = [f"geb. {who.born:%d.%m.%Y}" if who.born else "", f"Tel. {who.phone}" * bool(who.phone)]
    return KnownView(
        id=who.id,
        name=who.name,
        about=" · ".join(filter(None, about)),
        usual=f"wie am {short_date(row.date)}: {row.origin} → {row.destination}" if row else "",
        values=json.dumps(values, ensure_ascii=False),
    )


def _own(who: StoredProfile, *, riding: bool = False) -> dict[str, str]:
    """What is known of the passenger; *riding* leaves out what a ride says better."""
    told = {
        "name": who.name,
        "telefon": who.phone,
        "geburtsdatum": f"{who.born:%d.%m.%Y}" if who.born else "",
    }
    if riding:
        return told
    aids = next(word for word, mobility in MOBILITY.items() if mobility is who.mobility)
    return {
        **told,
        "abholort": who.addresses[0] if who.addresses else "",
        "hilfen": aids,
        "begleitung": str(who.companions) if who.companions else "",
    }
