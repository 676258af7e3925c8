"""
Pickup-and-delivery instances of Li and Lim (2001), as published by SINTEF.

First line: vehicles, capacity, speed (not used, and missing in some copies). Then one line
``task x y demand earliest latest service pickup delivery`` for each task, task 0 being the depot.
At a pickup the column *pickup* is 0 and *delivery* names the task that it is brought to; at a
delivery it is the other way round. No ride is too long. Fewer vehicles are better than a shorter
way, and that is the sum of straight lines in double precision
(https://www.sintef.no/projectweb/top/pdptw/li-lim-benchmark/documentation/).
"""

from collections.abc import Sequence

from benchmarks.formats.case import Case, Point, Request, Vehicle, make_case, refuse_disorder
from benchmarks.formats.text import MOST, InstanceError, Row

HEAD = ("vehicles", "capacity", "speed")
FIELDS = (
    "task", "x", "y", "demand", "earliest", "latest", "service", "pickup", "delivery",
)  # fmt: skip


def read(rows: Sequence[Row]) -> Case:
    """
    Read an instance from the lines of its file.

    Raises
    ------
    InstanceError
        If something in it contradicts the format.
    """
    head = rows[0]
    vehicles, capacity = head.numbers(HEAD[: len(head.words)])[:2]
    tasks = [_task(row) for row in rows[1:]]
    if len(tasks) < 3:
        msg = f"{head.path} has {len(tasks)} tasks: a depot and pairs of tasks are expected."
        raise InstanceError(msg)
    refuse_disorder([task for task, _, _ in tasks], field="task")
    depot, pickup, delivery = tasks[0]
    if pickup or delivery or depot.load != (0,):
        raise depot.row.error("task", "task 0 is the depot and has no demand and no sibling")
    pairs = [
        Request(task, _delivered(tasks, index))
        for index, (task, _, delivery) in enumerate(tasks)
        if delivery
    ]
    for task, pickup, delivery in tasks[1:]:
        if not delivery and not (0 < pickup < len(tasks) and tasks[pickup][2] == task.number):
            raise task.row.error("pickup", f"task {pickup} is not brought to task {task.number}")
    vehicle = Vehicle(
        depot=(depot.x, depot.y),
        earliest=depot.earliest,
        latest=depot.latest,
        rooms=((head.whole("capacity", capacity),),),
    )
    fleet = [vehicle] * head.whole("vehicles", vehicles, least=1)
    return make_case(head.path.stem, pairs, fleet, vehicles_first=True)


def _task(row: Row) -> tuple[Point, int, int]:
    """One task, its pickup sibling and its delivery sibling."""
    number, x, y, demand, earliest, latest, service, pickup, delivery = row.numbers(FIELDS)
    task = row.whole("task", number)
    boards = row.whole("demand", demand, least=-MOST)
    point = Point(row, task, x, y, service, (boards,), earliest, latest)
    return point, row.whole("pickup", pickup), row.whole("delivery", delivery)


def _delivered(tasks: Sequence[tuple[Point, int, int]], index: int) -> Point:
    """Find the delivery of a pickup; both must name each other."""
    task, pickup, delivery = tasks[index]
    if pickup:
        raise task.row.error("pickup", "a task has both a pickup and a delivery sibling")
    if delivery >= len(tasks) or tasks[delivery][1:] != (index, 0):
        raise task.row.error("delivery", f"task {delivery} is not the delivery of task {index}")
    return tasks[delivery][0]
