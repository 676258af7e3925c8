"""A remedy that the dispatcher chose becomes what is asked: the request is changed by it."""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, TypeAlias

from api.operations import requests
from api.operations.office import Office
from data.errors import NotKeptError
from data.region import Region
from data.request_rows import row_cells
from data.requests import StoredRequest
from routing.units import MINUTE
from scheduler.clock import hh_mm
from scheduler.model import RequestId

if TYPE_CHECKING:
    from scheduler.remedies import Change

Cells: TypeAlias = dict[str, str]


def cells_after(change: "Change", region: Region) -> Cells | None:
    """
    Say which columns of the request the change rewrites (`data.request_rows`).

    ``None`` if it changes no single request: shifts, limits, what others were promised.
    """
    rewrite = _REWRITES.get(change.kind.value)
    return None if rewrite is None else rewrite(change, region)


def apply(
    office: Office,
    region: Region,
    request: RequestId,
    cells: Mapping[str, str],
    *,
    versions: Collection[str],
) -> StoredRequest:
    """
    Rewrite some columns of a request; the other ones stay.

    Raises
    ------
    NotKeptError
        If there is no such request, or no such column.
    RefusedRowError, CancelledError, EditedMeanwhileError, RunningDayError
        As `requests.change`.
    """
    before = row_cells(requests.read(office, region, request).row)
    unknown = cells.keys() - before.keys()
    if unknown:
        msg = f"Eine Spalte „{min(unknown)}“ gibt es nicht."
        raise NotKeptError(msg)
    return requests.change(office, region, request, {**before, **cells}, versions=versions)


def _appointment(change: "Change", _: Region) -> Cells | None:
    return None if change.at is None else {"termin": hh_mm(change.at)}


def _slot(change: "Change", region: Region) -> Cells | None:
    if change.at is None:
        return None
    place = {} if change.place is None else {"ziel": region.places[change.place].name}
    return {"termin": hh_mm(change.at), **place}


def _stay(change: "Change", _: Region) -> Cells | None:
    return None if change.at is None else {"dauer": str(change.at // MINUTE)}


def _return(change: "Change", _: Region) -> Cells | None:
    return None if change.at is None else {"rueckfahrt": hh_mm(change.at)}


def _pharmacy(change: "Change", region: Region) -> Cells | None:
    return None if change.place is None else {"apotheke": region.places[change.place].name}


# By the value of `scheduler.remedies.Kind`, whose module would import the optimizer.
_REWRITES: dict[str, Callable[["Change", Region], Cells | None]] = {
    "earlier_appointment": _appointment,
    "later_appointment": _appointment,
    "shorter_stay": _stay,
    "longer_stay": _stay,
    "earlier_return": _return,
    "later_return": _return,
    "other_slot": _slot,
    "other_pharmacy": _pharmacy,
    "no_pharmacy": lambda _change, _region: {"apotheke": ""},
    "outbound_only": lambda _change, _region: {"rueckfahrt": "nein", "apotheke": ""},
}
