"""The requests of a day as a list: who, when, where to, what has become of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from zoneinfo import ZoneInfo

from api.sheets.wording import window
from api.web.board.request_view import held_text, request_view
from api.web.given_up import GivenUpView
from data.requests import StoredRequest
from data.states import RequestState, State, TripState
from data.ticks import RODE
from scheduler.clock import Clock, hh_mm
from scheduler.model import RequestId, TripKind, WayBack

STATES = {
    State.BOOKED: "offen",
    State.PLANNED: "eingeplant",
    State.PROMISED: "zugesagt",
    State.ABOARD: "im Bus",
    State.DONE: "gefahren",
    State.NO_SHOW: "nicht da",
    State.LATE_CANCEL: "zu spät abgesagt",
    State.CANCELLED: "abgesagt",
    State.DENIED: "abgelehnt",
    State.UNMET: "kein Platz",
}
# By the clock alone, as long as no driver has marked anything: other words than theirs.
_ABOARD, _THERE, _OVER = "sollte im Bus sein", "sollte dort sein", "sollte gefahren sein"
ENDED = {State.NO_SHOW, State.LATE_CANCEL, State.CANCELLED, State.DENIED, State.DONE}
_AHEAD = {State.PLANNED, State.PROMISED, State.BOOKED}
_WAYS = {TripKind.OUTBOUND: "hin", TripKind.VIA: "weiter", TripKind.RETURN: "zurück"}


@dataclass(frozen=True)
class RowView:
    """
    One request of the day.

    *state* is the word, *mark* the name of its style. *times* are the trips of the newest plan,
    unless it was made for another wish (*changed*), *promised* what the passenger knows. *on_call*
    says that the way back waits for a ring, *rings* that it may come now, *called* from when on it
    was rung for, *missing* that somebody may turn out not to have been there. *cancels* is what can
    be cancelled: "all", "back" or nothing. *stranded* says where somebody waits whom no bus
    fetches.
    """

    id: RequestId
    name: str
    phone: str
    when: str
    way: str
    state: str
    mark: str
    times: tuple[str, ...]
    changed: bool
    promised: tuple[str, ...]
    on_call: bool
    rings: bool
    called: str
    missing: bool
    cancels: str
    stranded: str
    ended: bool


def row_views(
    stored: Iterable[StoredRequest],
    states: Mapping[RequestId, RequestState],
    *,
    zone: ZoneInfo,
    now: Clock | None = None,
    lost: Mapping[RequestId, GivenUpView] = MappingProxyType({}),
    called: Mapping[RequestId, Clock] = MappingProxyType({}),
) -> list[RowView]:
    """
    Put the requests of a day into words, in the order of their appointments.

    *zone* is that of the clocks there. *now* is on the clock of the day while it runs; without it,
    nothing can happen to anybody. Whoever of *lost* waits away from home stands first. *called*
    says from when on those want to go back who have rung for it.
    """
    stranded = [name for name, view in lost.items() if view.stranded]
    first = {name: number for number, name in enumerate(stranded)}
    inorder = sorted(
        stored, key=lambda each: (first.get(each.id, len(first)), _begin(each), each.id)
    )
    rows = [_row(each, states.get(each.id), zone, now, lost.get(each.id)) for each in inorder]
    return [
        replace(row, called=hh_mm(called[row.id])) if row.on_call and row.id in called else row
        for row in rows
    ]


def _begin(stored: StoredRequest) -> Clock:
    return stored.row.earliest_arrival


def _row(
    stored: StoredRequest,
    became: RequestState | None,
    zone: ZoneInfo,
    now: Clock | None,
    lost: GivenUpView | None,
) -> RowView:
    row, view = stored.row, request_view(stored, zone)
    state = became.state if became else State.BOOKED
    changed = became is not None and became.changed
    if changed and state in {State.PLANNED, State.UNMET}:
        state = State.BOOKED
    on_call = row.way_back is WayBack.WILL_CALL and state not in ENDED
    by_clock = _by_clock(became, now) if became and state in _AHEAD else ""
    stranded = lost.told if lost and lost.stranded and state not in ENDED else ""
    word = by_clock or (held_text(view.held) if view.held else STATES[state])
    if stranded:
        word = "Rückfahrt fehlt" if lost and "Rückfahrt" in lost.told else "Weiterfahrt fehlt"
    return RowView(
        id=stored.id,
        name=row.name,
        phone=row.phone,
        when=window(row.arrive) if row.arrive else f"{hh_mm(row.appointment or 0)} Uhr",
        way=f"{row.origin} → {row.destination}",
        state=word,
        mark="stranded" if stranded else "by_clock" if by_clock else state.value,
        times=tuple(filter(None, map(_trip, became.trips))) if became and not changed else (),
        changed=changed and stored.cancelled is None,
        promised=view.promised,
        on_call=on_call,
        rings=on_call and _rings(became, now),
        called="",
        missing=stored.cancelled is None and _is_missing(became, now),
        cancels="" if state in ENDED else "back" if stranded else _cancels(became, now),
        stranded=stranded,
        ended=state in ENDED,
    )


def _rings(became: RequestState | None, now: Clock | None) -> bool:
    """Whether somebody was taken there, and has not been fetched for the way back."""
    if became is None or now is None:
        return False
    there = any(
        trip.trip is TripKind.OUTBOUND
        and (trip.marked.mark in RODE or (trip.pickup is not None and trip.pickup <= now))
        for trip in became.trips
    )
    return there and any(
        trip.trip is not TripKind.OUTBOUND
        and trip.marked.mark not in RODE
        and trip.pickup is not None
        and trip.pickup > now
        for trip in became.trips
    )


def _is_missing(became: RequestState | None, now: Clock | None) -> bool:
    """Whether a bus has come for a trip, and nobody says that they rode."""
    if became is None or now is None:
        return False
    return any(
        trip.marked.mark not in RODE and trip.pickup is not None and trip.pickup <= now
        for trip in became.trips
    )


def _by_clock(became: RequestState, now: Clock | None) -> str:
    """What should have become of somebody by now, if their trips went by the plan."""
    planned = [trip for trip in became.trips if trip.pickup is not None]
    begun = [trip for trip in planned if now is not None and (trip.pickup or 0) <= now]
    if now is None or not begun:
        return ""
    if any(now < (trip.arrival or 0) for trip in begun):
        return _ABOARD
    return _THERE if len(begun) < len(planned) else _OVER


def _cancels(became: RequestState | None, now: Clock | None) -> str:
    """What somebody can still cancel: what has begun by the plan is too late for that."""
    pickups = [trip.pickup for trip in became.trips if trip.pickup is not None] if became else []
    begun = sum(now is not None and pickup <= now for pickup in pickups)
    if not begun:
        return "all"
    return "back" if begun < len(pickups) else ""


def _trip(trip: TripState) -> str:
    if trip.pickup is None:
        return ""
    return f"{_WAYS[trip.trip]} {hh_mm(trip.pickup)}"
