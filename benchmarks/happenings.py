"""What happens on a running day, drawn at random: everything that `scheduler.events` knows."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from routing.closing import roads_near, without_roads
from routing.errors import RoutingError
from routing.matrix import Roads
from routing.network import RoadNetwork
from routing.units import MINUTE
from scheduler.events import (
    Cancelled,
    Delayed,
    Event,
    NoShow,
    OutOfService,
    Ready,
    RoadsChanged,
)
from scheduler.model import TripKind
from scheduler.under_way import UnderWay

# How often each happens, of all. Guesses.
SHARES = {
    "called": 0.25,
    "cancelled": 0.18,
    "way_back": 0.07,
    "no_show": 0.1,
    "ready": 0.15,
    "delayed": 0.11,
    "long_delayed": 0.04,
    "out_of_service": 0.015,
    "bus_broken": 0.015,
    "driver_ill": 0.015,
    "roads": 0.07,
}
WAIT = 30 * MINUTE


@dataclass(frozen=True)
class Happenings:
    """Draws what happens; *network* is the roads as they are without any closed."""

    draw: np.random.Generator
    network: RoadNetwork

    def next(self, under_way: UnderWay, *, callers: int) -> tuple[str, Event | RoadsChanged | None]:
        """Something that can happen now, and its name; "called" is that one of *callers* rings."""
        kinds, shares = list(SHARES), np.array(list(SHARES.values()))
        while True:
            kind = str(self.draw.choice(kinds, p=shares / shares.sum()))
            if kind == "called":
                if callers:
                    return kind, None
                continue
            event = getattr(self, f"_{kind}")(under_way)
            if event is not None:
                return kind, event

    def _cancelled(self, under_way: UnderWay) -> Event | None:
        return self._of(_ahead(under_way), Cancelled)

    def _way_back(self, under_way: UnderWay) -> Event | None:
        return self._of(_with_way_back(under_way), lambda r: Cancelled(r, way_back_only=True))

    def _no_show(self, under_way: UnderWay) -> Event | None:
        """Nobody comes to the bus that stands at the door."""
        boarding = {
            visit.request
            for bus in under_way.buses.values()
            for visit in bus.done[-1:]
            if visit.trip in under_way.aboard and bus.ready <= under_way.now + 5 * MINUTE
        }
        return self._of(boarding, NoShow)

    def _ready(self, under_way: UnderWay) -> Event | None:
        requests = _with_way_back(under_way)
        if not requests:
            return None
        request = str(self.draw.choice(sorted(requests)))
        pickup = min(
            trip.visits[0].window.earliest
            for trip in under_way.rest.trips
            if trip.request == request
            and trip.kind is not TripKind.OUTBOUND
            and trip.id not in under_way.aboard
        )
        at = max(under_way.now, pickup + int(self.draw.integers(-6, 10)) * 5 * MINUTE)
        return Ready(request, at, wait=WAIT)

    def _delayed(self, under_way: UnderWay) -> Event:
        shift = str(self.draw.choice(sorted(under_way.buses)))
        return Delayed(shift, int(self.draw.integers(1, 7)) * 5 * MINUTE)

    def _long_delayed(self, under_way: UnderWay) -> Event:
        """Up to four hours: a tyre, a snowdrift."""
        shift = str(self.draw.choice(sorted(under_way.buses)))
        return Delayed(shift, int(self.draw.integers(7, 49)) * 5 * MINUTE)

    def _out_of_service(self, under_way: UnderWay) -> OutOfService:
        return OutOfService(str(self.draw.choice(sorted(under_way.buses))))

    def _bus_broken(self, under_way: UnderWay) -> Event:
        return replace(self._out_of_service(under_way), vehicle=True)

    def _driver_ill(self, under_way: UnderWay) -> Event:
        return replace(self._out_of_service(under_way), driver=True)

    def _roads(self, under_way: UnderWay) -> RoadsChanged | None:
        """A road is closed, or all are open again."""
        places = under_way.whole.places
        network = self.network
        if self.draw.random() < 0.7:
            edge = int(self.draw.choice(network.kept_edges))
            shape = network.shape(edge)
            network = without_roads(network, roads_near(network, shape[len(shape) // 2]))
        try:
            travel = Roads(network).travel([each.point for each in places.values()], cut_off=True)
        except RoutingError:
            return None  # a door without a road: whoever lives there is asked to walk
        return RoadsChanged(travel, {name: row for row, name in enumerate(places)})

    def _of(self, requests: set[str], event: Callable[[str], Event]) -> Event | None:
        return event(str(self.draw.choice(sorted(requests)))) if requests else None


def _ahead(under_way: UnderWay) -> set[str]:
    known = {journey.request for journey in under_way.whole.journeys}
    return known & {journey.request for journey in under_way.rest.journeys}


def _with_way_back(under_way: UnderWay) -> set[str]:
    """Requests whose way back, or a part of it, has not begun."""
    return {
        trip.request
        for trip in under_way.rest.trips
        if trip.kind is not TripKind.OUTBOUND
        and trip.id not in under_way.aboard
        and not trip.id.startswith("bus/")
        and not trip.id.endswith("/rescue")
    } & _ahead(under_way)
