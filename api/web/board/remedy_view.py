"""What to do for a remedy: a click, or whom it takes and where it is decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from api.operations import applying
from api.web.remedies import Names, remedy_text
from data.region import Region
from data.requests import StoredRequest
from scheduler.model import RequestId

if TYPE_CHECKING:
    from scheduler.remedies import Change, Remedy

_HOURS = (
    "Das geht mit keinem Knopf: Wann die Dienste beginnen und enden, steht in roster.toml. Bitte "
    "zuerst fragen, wer fährt."
)
_SECOND_BUS = (
    "Das geht mit keinem Knopf: Es braucht einen weiteren Bus (fleet.toml), einen Dienst "
    "(roster.toml) und jemanden, der fährt."
)
_LIMIT = (
    "Das geht mit keinem Knopf: Wie lange jemand im Bus sitzen darf, steht in policy.toml und "
    "gilt für alle."
)
_LEEWAY = (
    "Das geht mit keinem Knopf: Wie viel früher jemand gebracht und später abgeholt wird, steht in "
    "policy.toml und gilt für alle."
)
_PROMISED = (
    "Zugesagt ist eine engere Zeit. Bitte anrufen; wer einverstanden ist, dem lässt sich dort die "
    "Zusage zurücknehmen. Danach neu planen und die neue Zeit sagen."
)
_INSTEAD = "Zugesagt ist hier nichts. Bitte anrufen; absagen lässt es sich dort."
_NOBODY_DRIVES = "Diesen Dienst fährt noch niemand; dort lässt sich jemand einteilen."


@dataclass(frozen=True)
class RemedyView:
    """
    One remedy in words.

    With *cells* a click rewrites the request; without them *words* say who decides it, and *place*,
    called *label*, is where it can be done on the board, "" if it cannot. *phone* is of who is to
    be asked.
    """

    text: str
    cells: Mapping[str, str] | None
    words: str = ""
    place: str = ""
    label: str = ""
    phone: str = ""


def remedy_view(
    remedy: "Remedy",
    names: Names,
    region: Region,
    *,
    stored: StoredRequest,
    others: Mapping[RequestId, StoredRequest],
) -> RemedyView:
    """Say what to do for a remedy for *stored*; *others* are all requests of its day."""
    text, change = remedy_text(remedy, names), remedy.change
    cells = applying.cells_after(change, region, stored.row)
    if cells is not None:
        return RemedyView(text, cells)
    kind = change.kind.value
    if kind in _WORDS:
        return RemedyView(text, None, _WORDS[kind])
    if kind == "open_shift":
        return _open_shift(text, change, stored.row.date, names)
    return _other(text, change, others[change.request], own=change.request == stored.id)


def _open_shift(text: str, change: "Change", day: date, names: Names) -> RemedyView:
    shift = change.shift or ""
    label, _ = names.shifts[shift]
    place = f"/dienste/{day}/{quote(shift)}"
    return RemedyView(text, None, _NOBODY_DRIVES, place, f"Zum Dienst {label}")


def _other(text: str, change: "Change", other: StoredRequest, *, own: bool) -> RemedyView:
    """A window that would have to be wider, or somebody who would have to stay at home."""
    instead = change.kind.value == "without_other"
    if not instead and (own or other.promise is None):
        return RemedyView(text, None, _LEEWAY)
    words = _INSTEAD if instead else _PROMISED
    label = f"Zu {other.row.name}"
    return RemedyView(text, None, words, f"/wuensche/{other.id}", label, other.row.phone)


# By the value of `scheduler.remedies.Kind`, whose module would import the optimizer.
_WORDS = {
    "earlier_shift": _HOURS,
    "later_shift": _HOURS,
    "extra_shift": _SECOND_BUS,
    "longer_ride": _LIMIT,
}
