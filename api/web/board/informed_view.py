"""Who has still to be told what the newest plan does with them, and who knows, in German words."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from api.operations.informed import Informed
from api.web.board.request_view import told_lines
from api.web.happenings import fetched
from api.web.ringing import Known, RingView, ring_view
from scheduler.clock import Clock
from scheduler.model import RequestId
from scheduler.promises import Promise


@dataclass(frozen=True)
class InformedView:
    """
    Who else has to be told what the newest plan does with them, and who has been told.

    *ring* know something else, nobody has told those of *unsaid* what is promised to them, and
    those of *heard* know it all.
    """

    ring: tuple[RingView, ...] = ()
    unsaid: tuple[RingView, ...] = ()
    heard: tuple[RingView, ...] = ()


def informed_view(informed: Informed, known: Known, shown: Collection[RequestId]) -> InformedView:
    """Put into words who has still to be told, apart from those who are *shown* already."""
    times = fetched(known)
    rides = {visit.request for visit in known.plan.visits}

    def now(names: Iterable[RequestId], words: str) -> Iterator[RingView]:
        for name in sorted(names, key=lambda each: (times.get(each, ""), each)):
            lost = known.lost.get(name)
            if lost is not None and (lost.stranded or lost.until > known.now):
                view = ring_view(name, lost.told, known.contacts)
                yield replace(view, stranded=bool(lost.stranded))
            elif name in times:
                yield ring_view(name, f"{words}{times[name]}", known.contacts)
            elif name not in rides:
                yield ring_view(name, "fährt nicht mehr mit", known.contacts)
            elif name in informed.ring:
                yield ring_view(name, "fährt nicht mehr zurück", known.contacts)

    return InformedView(
        ring=tuple(now(informed.ring - set(shown), "jetzt gilt: ")),
        unsaid=tuple(
            ring_view(each.request, f"fährt mit: {'; '.join(told_lines(each))}", known.contacts)
            for each in sorted(informed.unsaid, key=_first)
            if each.request not in shown
        ),
        heard=tuple(
            replace(each, heard=_moment(informed.heard[each.request].at, known))
            for each in now(informed.heard, "laut Plan: ")
        ),
    )


def _first(promise: Promise) -> Clock:
    """When the bus comes first."""
    return min(trip.visits[0].window.earliest for trip in promise.trips)


def _moment(at: datetime, known: Known) -> str:
    at = at.astimezone(known.zone)
    return f"{at:%H:%M} Uhr" if at.date() == known.plan.date else f"{at:%d.%m., %H:%M} Uhr"
