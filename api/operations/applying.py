"""A remedy that the dispatcher chose becomes what is asked: the request is changed by it."""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, TypeAlias

from api.operations import requests
from api.operations.office import Office
from data.errors import NotKeptError
from data.region import Region
from data.request_rows import RequestRow, row_cells
from data.requests import StoredRequest
from routing.units import MINUTE
from scheduler.clock import hh_mm
from scheduler.model import RequestId, TimeWindow

if TYPE_CHECKING:
    from scheduler.remedies import Change

Cells: TypeAlias = dict[str, str]


def cells_after(change: "Change", region: Region, row: RequestRow) -> Cells | None:
    """
    Say which columns of the request, which reads *row* by now, the change rewrites.

    ``None`` if it changes no single request: shifts, limits, what others were promised.
    """
    rewrite = _REWRITES.get(change.kind.value)
    return None if rewrite is None else rewrite(change, region, row)


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


def _appointment(*, sooner: int, later: int) -> "_Rewrite":
    """Another appointment; or an open arrival that begins *sooner* or ends *later*, in steps."""

    def rewrite(change: "Change", _region: Region, row: RequestRow) -> Cells | None:
        if change.at is not None:
            return {"termin": hh_mm(change.at)}
        if row.arrive is None:
            return None
        earliest = row.arrive.earliest - sooner * change.step
        return {"termin": str(TimeWindow(earliest, row.arrive.latest + later * change.step))}

    return rewrite


def _slot(change: "Change", region: Region, _row: RequestRow) -> Cells | None:
    if change.at is None:
        return None
    place = {} if change.place is None else {"ziel": region.places[change.place].name}
    return {"termin": hh_mm(change.at), **place}


def _stay(change: "Change", _region: Region, _row: RequestRow) -> Cells | None:
    return None if change.at is None else {"dauer": str(change.at // MINUTE)}


def _return(change: "Change", _region: Region, _row: RequestRow) -> Cells | None:
    return None if change.at is None else {"rueckfahrt": hh_mm(change.at)}


def _pharmacy(change: "Change", region: Region, _row: RequestRow) -> Cells | None:
    return None if change.place is None else {"apotheke": region.places[change.place].name}


_Rewrite: TypeAlias = Callable[["Change", Region, RequestRow], Cells | None]
# By the value of `scheduler.remedies.Kind`, whose module would import the optimizer.
_REWRITES: dict[str, _Rewrite] = {
    "earlier_appointment": _appointment(sooner=1, later=0),
    "later_appointment": _appointment(sooner=0, later=1),
    "shorter_stay": _stay,
    "longer_stay": _stay,
    "earlier_return": _return,
    "later_return": _return,
    "other_slot": _slot,
    "other_pharmacy": _pharmacy,
    "no_pharmacy": lambda _change, _region, _row: {"apotheke": ""},
    "outbound_only": lambda _change, _region, _row: {"rueckfahrt": "nein", "apotheke": ""},
}
