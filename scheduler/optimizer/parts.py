"""
A part of a large day as a small instance of its own: some shifts, what they do, who is left over.

A journey of which the part has everything is free there, with all its options. Of a journey that
is served partly elsewhere the part has one option, the trips that it has: these may change
places, or be given up for the weight of the whole journey. Whoever is served nowhere may be
offered to one part.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from scheduler.optimizer.instance import Instance
from scheduler.problem import Bools, Ints

# Visits of each shift, in order.
Plan = Sequence[tuple[int, ...]]


class Part(NamedTuple):
    """
    A small instance and where it comes from.

    Parameters
    ----------
    instance
        Counts visits, trips, journeys and shifts from 0.
    shifts, visits
        The number in the large instance of each shift and each visit.
    routes
        What the shifts do at the moment, in the visits of *instance*.
    """

    instance: Instance
    shifts: Ints
    visits: Ints
    routes: list[tuple[int, ...]]


def routes_of(nodes: Ints, length: Ints) -> list[tuple[int, ...]]:
    """Visits of each shift, from rows of nodes as in `Routes`."""
    return [
        tuple(int(visit) for visit in row[1 : count + 1])
        for row, count in zip(nodes, length, strict=True)
    ]


def served_options(instance: Instance, plan: Plan) -> Ints:
    """
    Shape ``(j,)``: the option by which *plan* serves each journey, or -1.

    Of options within one another it is the widest whose trips all ride, as in `lns.restart`.
    """
    home = homes(instance, plan)
    choice = np.full(len(instance.journey_weight), -1, dtype=np.int64)
    size = np.append(np.diff(instance.option_start), 0)  # of none, which is -1, no trips
    for option, journey in enumerate(instance.option_journey):
        begin, end = instance.option_start[option : option + 2]
        served = (home[instance.option_trip[begin:end]] >= 0).all()
        if served and size[option] >= size[choice[journey]]:
            choice[journey] = option
    return choice


def homes(instance: Instance, plan: Plan) -> Ints:
    """Shape ``(t,)``: the shift that carries each trip in *plan*, or -1."""
    home = np.full(len(instance.trip_start) - 1, -1, dtype=np.int64)
    for shift, visits in enumerate(plan):
        home[instance.trip[list(visits)]] = shift
    return home


def cut_out(instance: Instance, plan: Plan, shifts: Ints, offered: Iterable[int]) -> Part:
    """The part of *shifts*, with the journeys *offered* of those that *plan* does not serve."""
    home = homes(instance, plan)
    inside = np.isin(home, shifts)
    journeys: list[int] = []
    options: list[tuple[int, Ints]] = []
    for journey, option in enumerate(served_options(instance, plan)):
        if option < 0:
            continue
        begin, end = instance.option_start[option : option + 2]
        trips = instance.option_trip[begin:end]
        here = inside[trips]
        if here.all():
            options += open_options(instance, journey, len(journeys))
        elif here.any():
            options.append((len(journeys), trips[here]))
        else:
            continue
        journeys.append(journey)
    for journey in offered:
        options += open_options(instance, journey, len(journeys))
        journeys.append(journey)
    small, visits = _slice(instance, shifts, np.array(journeys, dtype=np.int64), options)
    number = {int(visit): index for index, visit in enumerate(visits)}
    routes = [tuple(number[visit] for visit in plan[shift]) for shift in shifts]
    return Part(instance=small, shifts=shifts, visits=visits, routes=routes)


def open_options(instance: Instance, journey: int, number: int = 0) -> list[tuple[int, Ints]]:
    """Trips of each open option of *journey*, each with the *number* the journey has in a part."""
    begin, end = instance.journey_start[journey : journey + 2]
    return [
        (number, instance.option_trip[slice(*instance.option_start[option : option + 2])])
        for option in instance.journey_option[begin:end]
        if instance.option_open[option]
    ]


def _slice(
    instance: Instance, shifts: Ints, journeys: Ints, options: list[tuple[int, Ints]]
) -> tuple[Instance, Ints]:
    """The instance of *shifts*, *journeys* and *options* alone, and its visits' old numbers."""
    none = np.zeros(0, dtype=np.int64)
    trips = np.unique(np.concatenate([none, *(chosen for _, chosen in options)]))
    visits = np.concatenate(
        [none, *(np.arange(*instance.trip_start[trip : trip + 2]) for trip in trips)]
    )
    start = len(instance.trip) - 2 * len(instance.kind)
    nodes = np.concatenate([visits, start + shifts, start + len(instance.kind) + shifts])
    counts = np.diff(instance.trip_start)[trips]
    takes = np.ascontiguousarray(instance.takes[np.ix_(shifts, trips)])
    trip_number = np.searchsorted(trips, instance.trip[visits])
    previous, following = instance.previous[nodes], instance.following[nodes]
    own = np.arange(len(nodes))
    able: Bools = np.asarray(takes.any(axis=0))
    option_trips = [np.searchsorted(trips, chosen) for _, chosen in options]
    option_journey = np.array([journey for journey, _ in options], dtype=np.int64)
    small = Instance(
        drive=np.ascontiguousarray(instance.drive[np.ix_(nodes, nodes)]),
        dwell=instance.dwell[nodes],
        earliest=instance.earliest[nodes],
        latest=instance.latest[nodes],
        previous=np.where(previous >= 0, own - 1, -1),
        following=np.where(following >= 0, own + 1, -1),
        span=instance.span[nodes],
        trip=np.concatenate([trip_number, np.full(2 * len(shifts), -1)]),
        load=np.ascontiguousarray(instance.load[nodes]),
        trip_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        takes=takes,
        extra=np.ascontiguousarray(instance.extra[np.ix_(shifts, trips)]),
        longest=instance.longest[shifts],
        rest=np.ascontiguousarray(instance.rest[shifts]),
        seats=np.ascontiguousarray(instance.seats[shifts]),
        kind=np.unique(instance.kind[shifts], return_inverse=True)[1].astype(np.int64),
        option_journey=option_journey,
        option_start=np.cumsum([0, *map(len, option_trips)]).astype(np.int64),
        option_trip=np.concatenate([none, *option_trips]),
        option_open=np.array([able[chosen].all() for chosen in option_trips], dtype=np.bool_),
        journey_start=np.concatenate(
            [[0], np.cumsum(np.bincount(option_journey, minlength=len(journeys)))]
        ).astype(np.int64),
        journey_option=np.argsort(option_journey, kind="stable").astype(np.int64),
        journey_weight=instance.journey_weight[journeys],
        most_aboard=instance.most_aboard,
    )
    return small, visits


def put_back(instance: Instance, plan: Plan, parts: Iterable[Part]) -> list[tuple[int, ...]]:
    """
    *plan* with the routes of *parts*, which must have no shift and no offer in common.

    A journey that one part has given up leaves all others as well.
    """
    routes = [tuple(visits) for visits in plan]
    for part in parts:
        for shift, visits in zip(part.shifts, part.routes, strict=True):
            routes[shift] = tuple(int(part.visits[visit]) for visit in visits)
    return without_fragments(instance, routes)


def without_fragments(instance: Instance, plan: Plan) -> list[tuple[int, ...]]:
    """*plan* without the trips of journeys that it serves only in part, or more than once."""
    whole: Bools = np.zeros(len(instance.trip_start) - 1, dtype=np.bool_)
    for option in served_options(instance, plan):
        if option >= 0:
            whole[instance.option_trip[slice(*instance.option_start[option : option + 2])]] = True
    return [tuple(visit for visit in visits if whole[instance.trip[visit]]) for visits in plan]
