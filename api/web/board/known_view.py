"""A known passenger in the list under the name."""

import json
from dataclasses import dataclass

from api.operations.callers import Caller
from api.sheets.wording import short_date
from api.web.board.call_form import caller_values


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
    who = caller.passenger
    own = {
        "name": who.name,
        "telefon": who.phone,
        "geburtsdatum": f"{who.born:%d.%m.%Y}" if who.born else "",
    }
    row = caller.usual
    values = own if row is None else {**caller_values(row), "hinweis": row.note, **own}
    about = [f"geb. {who.born:%d.%m.%Y}" if who.born else "", f"Tel. {who.phone}" * bool(who.phone)]
    return KnownView(
        id=who.id,
        name=who.name,
        about=" · ".join(filter(None, about)),
        usual=f"wie am {short_date(row.date)}: {row.origin} → {row.destination}" if row else "",
        values=json.dumps(values, ensure_ascii=False),
    )
