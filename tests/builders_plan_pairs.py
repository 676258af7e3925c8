"""Two plans of one day, drawn or drawn up by hand, and what a sheet prints of each halt."""

from collections import Counter
from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from routing.units import HOUR, MINUTE
from scheduler.clock import Clock, hh_mm
from scheduler.model import TimeWindow, VisitKind
from scheduler.plan import Cost, Plan, PlannedVisit, Reason, Route, Stop, Unserved
from tests.builders_days import TUESDAY

SHIFTS = {"early": "bus", "late": "bus", "second": "taxi"}
NAMES = ["r1", "r2", "r3", "r4", "r5"]

# A halt as it is printed: its place, its times, and who does what when.
Block = tuple[str, str, str, frozenset[tuple[str, str, str]]]


def draw_up(
    shifts: Mapping[str, Sequence[tuple[str, PlannedVisit]]],
    *,
    unserved: Sequence[Unserved] = (),
    rests: Mapping[str, TimeWindow] | None = None,
    buses: Mapping[str, str] = SHIFTS,
) -> Plan:
    """Make each shift's visits, (place, visit), one after the other."""
    routes = []
    for shift, made in shifts.items():
        served, aboard = [], list[str]()
        for place, visits in _halts(made):
            for each in visits:
                if each.kind is VisitKind.PICKUP:
                    aboard.append(each.trip)
                elif each.kind is VisitKind.DROPOFF:
                    aboard.remove(each.trip)
            served.append(Stop(place, visits[0].begin, visits[-1].end, 1000, visits, tuple(aboard)))
        ends: tuple[Stop, ...] = ()
        if served:
            out, back = served[0].arrival - 10 * MINUTE, served[-1].departure + 10 * MINUTE
            ends = (Stop("depot", out, out), Stop("depot", back, back, 1000))
        stops = (*ends[:1], *served, *ends[1:])
        rest = (rests or {}).get(shift) if served else None
        routes.append(Route(shift, buses[shift], f"driver-{shift}", stops, rest))
    return Plan(TUESDAY, tuple(routes), tuple(unserved), Cost(0, 1), Cost(0, 1))


def _halts(
    made: Sequence[tuple[str, PlannedVisit]],
) -> list[tuple[str, tuple[PlannedVisit, ...]]]:
    """Visits at one place, each begun before the one before has ended, are one halt."""
    halts: list[tuple[str, tuple[PlannedVisit, ...]]] = []
    for place, each in made:
        if halts and halts[-1][0] == place and each.begin <= halts[-1][1][-1].end:
            halts[-1] = (place, (*halts[-1][1], each))
        else:
            halts.append((place, (each,)))
    return halts


def visit(request: str, kind: VisitKind, begin: Clock, *, trip: str = "trip") -> PlannedVisit:
    """Two minutes at the door; at a pharmacy where the bus waits, ten."""
    lasts = 10 * MINUTE if kind is VisitKind.VIA else 2 * MINUTE
    return PlannedVisit(f"{request}/{trip}", request, kind, begin, begin + lasts)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan of up to five requests on up to three shifts; nobody asks whether it is good."""
    made: dict[str, list[tuple[str, PlannedVisit]]] = {
        shift: [] for shift in SHIFTS if draw(st.integers(0, 9)) > 0
    }
    unserved = []
    moment = st.integers(0, 36).map(lambda step: 8 * HOUR + step * 100)
    for name in NAMES:
        if not made or draw(st.integers(0, 3)) == 0:
            if draw(st.booleans()):
                unserved.append(Unserved(name, Reason.NO_ROOM_FOUND))
            continue
        home = draw(st.sampled_from(["anton", "berta"]))
        for trip, way in (("outbound-1", [home, "mvz"]), ("return-1", ["mvz", "pharmacy", home])):
            shift, begin = draw(st.sampled_from(sorted(made))), draw(moment)
            kinds = [VisitKind.PICKUP, *[VisitKind.VIA] * (len(way) - 2), VisitKind.DROPOFF]
            if trip == "return-1" and draw(st.booleans()):
                del way[1], kinds[1]
            for place, kind in zip(way, kinds, strict=True):
                made[shift].append((place, visit(name, kind, begin, trip=trip)))
                begin += draw(st.integers(2, 30)) * 50
    rests = {
        shift: TimeWindow(begin, begin + 20 * MINUTE)
        for shift in made
        if draw(st.booleans())
        for begin in [draw(moment)]
    }
    in_time = {
        shift: sorted(calls, key=lambda each: each[1].begin) for shift, calls in made.items()
    }
    return draw_up(in_time, unserved=unserved, rests=rests)


def blocks(plan: Plan, shift: str) -> list[Block]:
    """Every halt with visits of a shift, as it is printed, from top to bottom."""
    return [
        (
            stop.place,
            hh_mm(stop.arrival),
            hh_mm(stop.departure),
            frozenset((v.request, v.kind.value, _times(v)) for v in stop.visits),
        )
        for route in plan.routes
        if route.shift == shift
        for stop in route.stops
        if stop.visits
    ]


def told(plan: Plan) -> dict[str, Counter[tuple[str, ...]]]:
    """What each passenger was told: which shift and bus, where, when."""
    rows: dict[str, Counter[tuple[str, ...]]] = {}
    for route in plan.routes:
        for stop in route.stops:
            for v in stop.visits:
                row = (route.shift, route.vehicle, stop.place, v.kind.value, _times(v))
                rows.setdefault(v.request, Counter())[row] += 1
    return rows


def _times(made: PlannedVisit) -> str:
    until = f"-{hh_mm(made.end)}" if made.kind is VisitKind.VIA else ""
    return hh_mm(made.begin) + until
