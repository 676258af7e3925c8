"""Where a bus is at a moment of its day, and what it has done until then."""

from collections.abc import Container
from dataclasses import dataclass, replace

from scheduler.clock import Clock
from scheduler.model import PlaceId, Shift, TimeWindow, TripId
from scheduler.plan import PlannedVisit, Route, Stop


@dataclass(frozen=True)
class Bus:
    """
    One bus at a moment.

    It can go on from *place* at *ready*. *stops* are those that it has made, the last of them at
    *place*, with the visits begun until then; none if it has not left yet. *rested* is when it
    took its break, ``None`` if it has not. *home* says that it could stay there: it has no more
    to do, unless something new comes up.
    """

    place: PlaceId
    ready: Clock
    stops: tuple[Stop, ...] = ()
    rested: TimeWindow | None = None
    home: bool = False

    @property
    def done(self) -> tuple[PlannedVisit, ...]:
        """The visits that have begun."""
        return tuple(visit for stop in self.stops for visit in stop.visits)

    def without(self, trips: Container[TripId]) -> "Bus":
        """The same, as if nobody had ridden on these trips."""
        return replace(
            self,
            stops=tuple(
                replace(stop, visits=tuple(v for v in stop.visits if v.trip not in trips))
                for stop in self.stops
            ),
        )


def where_is(shift: Shift, route: Route, now: Clock, *, held_up: Clock) -> Bus:
    """See where the bus of *route* is at *now*; it does not go on before *held_up*."""
    rest = route.rest if route.stops else _idle_rest(shift)
    rested = rest if rest is not None and rest.earliest <= now else None
    free = max(now, held_up, rested.latest if rested else 0)
    if not route.stops or route.stops[0].departure > now:
        return Bus(shift.start_place, max(shift.hours.earliest, free), rested=rested)
    # The last stop that it has reached, or the one that it is on its way to.
    at = max(which for which, stop in enumerate(route.stops) if stop.arrival <= now)
    if route.stops[at].departure <= now and at + 1 < len(route.stops):
        at += 1
    stops = tuple(
        replace(stop, visits=tuple(visit for visit in stop.visits if visit.begin <= now))
        for stop in route.stops[: at + 1]
    )
    home = at + 1 == len(route.stops) and (shift.rest is None or rested is not None)
    bus = Bus(stops[-1].place, max(free, stops[-1].arrival), stops, rested, home)
    return replace(bus, ready=max([bus.ready, *(visit.end for visit in bus.done)]))


def follows(bus: Bus, route: Route) -> bool:
    """Whether a bus has made the first visits of *route*, and is at the last one or the next."""
    visits = [(visit.trip, visit.kind) for stop in route.stops for visit in stop.visits]
    places = [stop.place for stop in route.stops for _ in stop.visits]
    done = [(visit.trip, visit.kind) for visit in bus.done]
    if not route.stops or visits[: len(done)] != done:
        return not route.stops and not done
    last = places[len(done) - 1] if done else route.stops[0].place
    ahead = places[len(done)] if len(done) < len(places) else route.stops[-1].place
    return bus.place in {last, ahead}


def _idle_rest(shift: Shift) -> TimeWindow | None:
    """When a driver rests who has nothing to do: as soon as may be."""
    if shift.rest is None:
        return None
    begin = max(shift.rest.window.earliest, shift.hours.earliest)
    return TimeWindow(begin, begin + shift.rest.length)
