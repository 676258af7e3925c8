"""A plan with everything that a plan document can hold, and that document."""

import json
from typing import Any

from data.errors import Rejected
from data.plan_document import plan_document
from routing.geo import Point
from routing.units import HOUR, MINUTE
from scheduler.clock import clock
from scheduler.model import TimeWindow, TripKind, VisitKind
from scheduler.plan import Cost, Detail, Plan, PlannedVisit, Reason, Route, Stop, Unserved
from tests.builders_api import TUESDAY

EIGHT = 8 * HOUR
POINTS = {"depot": Point(52.1, 8.9), "home-1": Point(52.2, 9.0), "mvz": Point(52.3, 9.1)}

PLAN = Plan(
    date=TUESDAY,
    routes=(
        Route(
            shift="morning",
            vehicle="bus",
            driver="d1",
            stops=(
                Stop("depot", EIGHT, EIGHT),
                Stop(
                    "home-1",
                    EIGHT + 10 * MINUTE,
                    EIGHT + 12 * MINUTE,
                    4_200,
                    (
                        PlannedVisit(
                            "r2/outbound-1",
                            "r2",
                            VisitKind.PICKUP,
                            EIGHT + 10 * MINUTE,
                            EIGHT + 12 * MINUTE,
                        ),
                    ),
                    ("r2/outbound-1",),
                ),
                Stop("mvz", EIGHT + 20 * MINUTE, EIGHT + 21 * MINUTE, 5_100),
            ),
            rest=TimeWindow(10 * HOUR, 10 * HOUR + 15 * MINUTE),
        ),
        Route(shift="afternoon", vehicle="bus", driver="d2"),
    ),
    unserved=(
        Unserved("r3", Reason.NO_ROOM_FOUND),
        Unserved(
            "r4",
            Reason.PLACE_CLOSED,
            Detail(
                trip=TripKind.RETURN,
                place="mvz",
                wanted=TimeWindow(clock("12:10"), clock("12:40")),
                hours=(TimeWindow(clock("08:00"), clock("12:00")),),
                needed=0,
                limit=7,
                text="zu",
                also=(Reason.NO_SHIFT_THEN,),
            ),
        ),
    ),
    cost=Cost(5, 1_000, changes=80),
    bound=Cost(5, 1_000),
    seed=3,
)


def written(**changes: Any) -> dict[str, Any]:
    fault = Rejected(26, "termin", "25:30", "Richtig ist eine Uhrzeit.")
    document = plan_document(PLAN, region="kalletal", points=POINTS, rejected=[fault])
    return {**json.loads(json.dumps(document)), **changes}
