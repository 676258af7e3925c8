"""A promise that a plan breaks, by how much, and where."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What a plan can do wrong."""

    DATE = "date"  # it is of another day
    SHIFT = "shift"  # a route without a shift, or two or none for one
    CREW = "crew"  # not the vehicle or the driver of the shift
    HOURS = "hours"  # outside the hours of the shift
    DEPOT = "depot"  # does not start and end where the shift does
    DRIVE = "drive"  # a drive takes another time than the roads say
    METRES = "metres"  # a drive is of another length than the roads say
    TIMES = "times"  # moments of one stop contradict each other
    UNKNOWN = "unknown"  # a trip or place that the day does not have
    PLACE = "place"  # a visit at a stop somewhere else
    ORDER = "order"  # visits of a trip in the wrong order
    TWICE = "twice"  # a visit more than once
    INCOMPLETE = "incomplete"  # a trip without one of its visits
    SAME_BUS = "same_bus"  # a trip in two buses
    WINDOW = "window"  # service begins outside the time window
    DWELL = "dwell"  # service is shorter or longer than it takes
    RIDE = "ride"  # too long in the bus
    LOAD = "load"  # more people than any seat configuration holds
    WHEELCHAIR = "wheelchair"  # a driver who does not take wheelchairs has one
    ABOARD = "aboard"  # the list of who is aboard is wrong
    BREAK = "break"  # no break, or not as it should be
    JOURNEY = "journey"  # a part of a journey
    UNSERVED = "unserved"  # the list of who is not served is wrong
    CLASH = "clash"  # a vehicle or driver on two routes at once
    COST = "cost"  # the cost or the bound is not what the plan says
    DOCUMENT = "document"  # the file says something else than follows from it


@dataclass(frozen=True)
class Violation:
    """
    A promise that a plan breaks.

    *where* names the shift, trip or request; *amount* says by how much, in *unit*: "seconds",
    "metres", "people", "visits", "trips", "weight" and so on.
    """

    rule: Rule
    where: str
    amount: int
    unit: str
    message: str
