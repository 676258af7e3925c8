"""
Days with more requests than the optimizer can look at together.

A Bürgerbus has two dozen a day; a file with ten thousand is a mistake or a test, and must be
answered all the same: the weightiest are planned, the others are told that nobody tried.
"""

from dataclasses import replace

from scheduler.day import Day
from scheduler.plan import Cost, Plan, Reason, Unserved

# 1,000 requests (2,200 trips) on two shifts took 0.9 GB; memory grows with the square.
MOST_JOURNEYS = 1_000


def thin(day: Day, *, most: int = MOST_JOURNEYS) -> Day:
    """Leave the *most* weightiest journeys of *day*; of equal ones those that came first."""
    if len(day.journeys) <= most:
        return day
    weightiest = sorted(day.journeys, key=lambda journey: -journey.weight)[:most]
    kept = {journey.request for journey in weightiest}
    return replace(
        day,
        journeys=tuple(journey for journey in day.journeys if journey.request in kept),
        trips=tuple(trip for trip in day.trips if trip.request in kept),
    )


def restore(plan: Plan, day: Day, *, thinned: Day) -> Plan:
    """
    Make the plan of *thinned* one of *day*: whoever was left out is unserved.

    Nothing is proven about them, so that the bound is none, and nobody is told of a proof.
    """
    if thinned is day:
        return plan
    tried = {journey.request for journey in thinned.journeys}
    left_out = [journey for journey in day.journeys if journey.request not in tried]
    weight = sum(journey.weight for journey in left_out)
    told = (
        replace(unserved, reason=Reason.NO_ROOM_FOUND)
        if unserved.reason is Reason.NO_ROOM_PROVEN
        else unserved
        for unserved in plan.unserved
    )
    return replace(
        plan,
        unserved=(
            *told,
            *(Unserved(journey.request, Reason.NOT_TRIED) for journey in left_out),
        ),
        cost=replace(plan.cost, unserved_weight=plan.cost.unserved_weight + weight),
        bound=Cost(0, 0),
    )
