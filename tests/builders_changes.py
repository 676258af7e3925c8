"""Änderungsblätter of invented people: two versions of a morning, and what is different."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from routing.units import HOUR, MINUTE
from scheduler.as_planned import day_as_planned
from scheduler.change_sheet import ChangeSheet, make_change_sheet
from scheduler.clock import Clock, clock
from scheduler.day import Day
from scheduler.make_manifest import make_manifest
from scheduler.manifest import Contact, Header, Manifest, PlaceLabel
from scheduler.model import (
    Load,
    Mobility,
    Needs,
    Request,
    RequestId,
    Shift,
    TimeWindow,
    Vehicle,
    VisitKind,
    WayBack,
)
from scheduler.plan import Plan, PlannedVisit
from scheduler.promises import Promise
from tests.builders_plan_pairs import draw_up, visit
from tests.builders_sheets import LONG, UNBROKEN, header

LABELS = {
    "depot": PlaceLabel("Depot Bürgerbus", "Beispielweg 1, Hohenhausen"),
    "mvz": PlaceLabel("MVZ Kalletal", "Roter Lith 3a, Hohenhausen", "05264 0000-10"),
    "pharmacy": PlaceLabel("Beispiel-Apotheke", "Beispielstraße 12, Hohenhausen"),
    "anton": PlaceLabel("Beispielstraße 3", "32689 Kalletal-Talle"),
    "berta": PlaceLabel("Am Beispielhang 17", "32689 Kalletal-Lüdenhausen"),
    "cesar": PlaceLabel("Beispielweg 8", "32689 Kalletal-Bentorf"),
    "dora": PlaceLabel("Beispielallee 5", "32689 Kalletal-Talle"),
    "emil": PlaceLabel("Beispielgasse 1", "32689 Kalletal-Bentorf"),
}
NAMES = {
    "r1": "Beispiel, Erika",
    "r2": "Beispiel-Mustermann, Heinz-Günther",
    "r3": "Beispielska, Łucja",
    "r4": "Beispiel, Berta",
    "r5": "Beispiel, Anton",
}
SHIFT_LABELS = {"early": "Vormittag", "late": "Nachmittag", "second": "Zweitbus"}
Calls = Sequence[tuple[str, PlannedVisit]]


@dataclass(frozen=True)
class Version:
    """One version of a plan with what is known of its people, so that sheets can be made of it."""

    plan: Plan
    number: str = "3"
    asked: Mapping[RequestId, Mapping[str, object]] | None = None
    contacts: Mapping[RequestId, Contact] | None = None
    labels: Mapping[str, PlaceLabel] | None = None
    driver: str = "Beispiel, Karl-Heinz"
    vehicle: str = "Bus 1 (LIP-BB 735)"
    promises: Sequence[Promise] = ()

    @property
    def day(self) -> Day:
        """The trips that the plan makes, with as many people as were asked for."""
        shifts = [
            Shift(
                id=route.shift,
                vehicle=Vehicle(route.vehicle, (Load(8), Load(5, 1))),
                driver=route.driver,
                hours=TimeWindow(8 * HOUR, 12 * HOUR),
                start_place="depot",
                end_place="depot",
            )
            for route in self.plan.routes
        ]
        return day_as_planned(self.plan, {name: self.request(name) for name in NAMES}, shifts)

    def request(self, name: RequestId) -> Request:
        """What was asked for: the MVZ at nine, and home again, unless it says otherwise."""
        fields: dict[str, object] = {
            "origin": self._home(name),
            "destination": "mvz",
            "appointment": clock("09:00"),
            "way_back": WayBack.AFTER_STAY,
        }
        fields |= (self.asked or {}).get(name, {})
        return Request(id=name, **fields)  # type: ignore[arg-type]

    def header(self, shift: str) -> Header:
        """What stands above the sheet of a shift."""
        return header(
            shift=SHIFT_LABELS[shift],
            version=self.number,
            driver=self.driver,
            vehicle=self.vehicle,
        )

    def manifest(self, shift: str) -> Manifest:
        """The sheet of a shift."""
        known = {name: Contact(each, "05264 0000-99") for name, each in NAMES.items()}
        return make_manifest(
            self.plan,
            self.day,
            shift,
            header=self.header(shift),
            requests={name: self.request(name) for name in NAMES},
            contacts={**known, **(self.contacts or {})},
            labels={**LABELS, **(self.labels or {})},
            promises=self.promises,
        )

    def _home(self, name: RequestId) -> str:
        """Where a passenger gets on for the MVZ, or off on the way home."""
        visits = (
            stop.place
            for route in self.plan.routes
            for stop in route.stops
            for each in stop.visits
            if each.request == name and stop.place not in {"mvz", "pharmacy"}
        )
        return next(visits, "anton")


def changes(
    older: Version, newer: Version, shift: str = "early", *, driven: Clock | None = None
) -> ChangeSheet | None:
    """What the driver of a shift is told who holds the sheet of *older*."""
    there = any(route.shift == shift for route in newer.plan.routes)
    return make_change_sheet(
        older.plan,
        newer.plan,
        sheets=(older.manifest(shift), newer.manifest(shift) if there else None),
        header=newer.header(shift),
        shift_labels=SHIFT_LABELS,
        driven=driven,
    )


def there(name: str, home: str, begin: str, end: str) -> Calls:
    """To the MVZ."""
    trip = "outbound-1"
    return [
        (home, visit(name, VisitKind.PICKUP, clock(begin), trip=trip)),
        ("mvz", visit(name, VisitKind.DROPOFF, clock(end), trip=trip)),
    ]


def back(name: str, home: str, begin: str, end: str, *, pharmacy: str = "") -> Calls:
    """Home again, perhaps with the bus waiting at the pharmacy."""
    trip = "return-1"
    over = [
        ("pharmacy", visit(name, VisitKind.VIA, clock(at), trip=trip)) for at in [pharmacy] if at
    ]
    return [
        ("mvz", visit(name, VisitKind.PICKUP, clock(begin), trip=trip)),
        *over,
        (home, visit(name, VisitKind.DROPOFF, clock(end), trip=trip)),
    ]


def in_time(*calls: Calls) -> list[tuple[str, PlannedVisit]]:
    """All calls, one after the other."""
    return sorted((each for some in calls for each in some), key=lambda each: each[1].begin)


ERIKA = [there("r1", "anton", "08:10", "08:40"), back("r1", "anton", "10:10", "10:40")]
HEINZ = [there("r2", "berta", "08:24", "08:42"), back("r2", "berta", "11:00", "11:30")]
REST = {"early": TimeWindow(clock("09:30"), clock("10:00"))}


def version(*early: Calls, number: str = "3", **shifts: Sequence[Calls]) -> Version:
    """A version whose morning has these calls."""
    made = {"early": in_time(*early)}
    made |= {shift: in_time(*calls) for shift, calls in shifts.items()}
    return Version(draw_up(made, rests=REST), number)


HELD = version(*ERIKA, *HEINZ)


def told(older: Version, newer: Version, shift: str = "early") -> ChangeSheet:
    """The sheet, where there is one."""
    sheet = changes(older, replace(newer, number="4"), shift)
    assert sheet is not None
    return sheet


def one_change() -> ChangeSheet:
    """Erika is fetched a quarter of an hour later."""
    later = [there("r1", "anton", "08:20", "08:40"), ERIKA[1]]
    return told(HELD, version(*later, *HEINZ))


def many_changes() -> ChangeSheet:
    """One falls out, one comes in with a wheelchair, one goes by way of the pharmacy, a break."""
    lucja = [there("r3", "cesar", "08:15", "08:40"), back("r3", "cesar", "11:00", "11:40")]
    heinz = [
        there("r2", "berta", "08:05", "08:42"),
        back("r2", "berta", "10:50", "11:35", pharmacy="11:10"),
    ]
    asked: dict[str, dict[str, object]] = {
        "r2": {"pharmacies": ("pharmacy",)},
        "r3": {"needs": Needs(Mobility.WHEELCHAIR, companions=1), "way_back": WayBack.WILL_CALL},
    }
    newer = replace(version(*heinz, *lucja), asked=asked)
    rests = {"early": TimeWindow(clock("09:45"), clock("10:15"))}
    calls = {"early": in_time(*heinz, *lucja), "late": in_time(*ERIKA)}
    plan = draw_up(calls, rests=rests)
    contacts = {"r3": Contact(NAMES["r3"], "05264 0000-77", "Bitte klingeln, hört schlecht.")}
    return told(HELD, replace(newer, plan=plan, contacts=contacts))


def nothing_left() -> ChangeSheet:
    """Both have cancelled."""
    return told(HELD, version())


def shift_falls_out() -> ChangeSheet:
    """The driver is ill, the morning is not driven at all."""
    return told(HELD, Version(draw_up({"late": in_time(*ERIKA)})))


def another_bus() -> ChangeSheet:
    """The bus is in the garage."""
    return told(HELD, replace(HELD, vehicle="Leihbus (DT-BB 12)", driver="Beispiel, Anna"))


def long_changes() -> ChangeSheet:
    """Names that no line holds, new, gone and moved."""
    contacts = {
        "r1": Contact(LONG, "0049 5264 0000 1234 5678 90", f"{LONG} und {UNBROKEN}"),
        "r2": Contact(UNBROKEN, "05264 0000-1", f"{UNBROKEN} " * 2),
        "r3": Contact(LONG, "05264 0000-2", LONG),
    }
    labels = {
        "anton": PlaceLabel(f"Gemeinschaftspraxis für {UNBROKEN} und Kollegen", f"{LONG} 123 b"),
        "berta": PlaceLabel(f"{UNBROKEN}-Straße 17", "Kalletal-Langenholzhausen " * 3),
    }
    known = {"contacts": contacts, "labels": labels, "driver": LONG, "vehicle": f"Bus {UNBROKEN}"}
    newer = [
        there("r1", "anton", "08:20", "08:50"),
        back("r1", "anton", "10:20", "10:50"),
        there("r3", "berta", "08:24", "08:52"),
    ]
    held, now = (replace(v, **known) for v in (HELD, version(*newer)))  # type: ignore[arg-type]
    return told(held, now)


def everybody_later() -> ChangeSheet:
    """Everybody five minutes later, there and back."""
    homes = ["anton", "berta", "cesar", "anton", "berta"]

    def morning(late: int) -> list[Calls]:
        calls: list[Calls] = []
        for at, (name, home) in enumerate(zip(NAMES, homes, strict=True)):
            out, home_again = 8 * HOUR + at * 20 * MINUTE, 10 * HOUR + at * 20 * MINUTE
            first = visit(name, VisitKind.PICKUP, out + late, trip="outbound-1")
            last = visit(name, VisitKind.DROPOFF, out + late + 15 * MINUTE, trip="outbound-1")
            fetched = visit(name, VisitKind.PICKUP, home_again + late, trip="return-1")
            at_home = visit(name, VisitKind.DROPOFF, home_again + late + 900, trip="return-1")
            calls.append([(home, first), ("mvz", last), ("mvz", fetched), (home, at_home)])
        return calls

    return told(version(*morning(0)), version(*morning(5 * MINUTE)))


EVERY_CHANGE: list[Callable[[], ChangeSheet]] = [
    another_bus,
    everybody_later,
    long_changes,
    many_changes,
    nothing_left,
    one_change,
    shift_falls_out,
]
