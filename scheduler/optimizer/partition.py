"""
Set partitioning: the best plan that can be put together from the routes of a pool.

Columns are routes x, served options y and unserved journeys z:

    min  sum cost_r x_r + P sum weight_j z_j
    for each journey j:   sum of its open options y_o + z_j = 1
    for each trip t:      sum of routes x_r with t = sum of options y_o with t
    for each kind k:      sum of its routes x_r <= number of its shifts

P is more than all shifts together can drive, so unserved weight comes first. The linear
relaxation is solved first; then only columns matter whose reduced cost is below the gap between
it and the plan already known, and the integer program over those is small.
"""

import numpy as np
from scipy import sparse

from scheduler.optimizer.instance import Instance
from scheduler.optimizer.pool import Pool
from scheduler.optimizer.programs import Program, Relaxed, relax, solve_whole
from scheduler.problem import Ints


class Partition:
    """
    The set partitioning problem over the routes that *pool* holds now.

    Raises
    ------
    TimeoutError
        If its linear relaxation takes longer than *seconds*.
    """

    def __init__(self, instance: Instance, pool: Pool, *, seconds: float | None = None) -> None:
        self.routes = int(pool.used[0])
        self.kind = pool.kind[: self.routes].copy()
        cost = pool.cost[: self.routes].copy()
        self.shifts = np.bincount(instance.kind)
        self.penalty = 1.0 + sum(
            count * cost[self.kind == kind].max(initial=0.0)
            for kind, count in enumerate(self.shifts)
        )
        options = np.flatnonzero(instance.option_open)
        journeys, trips = len(instance.journey_weight), len(instance.trip_start) - 1
        routes, kinds = self.routes, len(self.shifts)
        route_row, route_column = _trips_of(instance, pool)
        option_row, option_column = _trips_of_options(instance, options)
        every = np.arange(journeys)
        matrix = sparse.block_array(
            [
                [
                    None,
                    _ones(instance.option_journey[options], np.arange(len(options)), journeys),
                    _ones(every, every, journeys),
                ],
                [
                    _ones(route_row, route_column, trips, routes),
                    -_ones(option_row, option_column, trips, len(options)),
                    None,
                ],
                [_ones(self.kind, np.arange(routes), kinds), None, None],
            ],
            format="csr",
        )
        columns = matrix.shape[1]
        self.program = Program(
            cost=np.concatenate(
                [cost, np.zeros(len(options)), self.penalty * instance.journey_weight]
            ),
            most=np.ones(columns),
            integer=np.ones(columns, dtype=np.bool_),
            matrix=matrix,
            lower=np.concatenate([np.ones(journeys), np.zeros(trips), np.full(kinds, -np.inf)]),
            upper=np.concatenate([np.ones(journeys), np.zeros(trips), self.shifts]),
        )
        self.relaxed: Relaxed = relax(self.program, seconds=seconds)

    def better_than(
        self,
        weight: int,
        cost: float,
        *,
        step: float,
        nodes: int,
        columns: int,
        seconds: float | None = None,
    ) -> Ints | None:
        """
        Numbers of the routes of a plan that costs at least *step* less, if one is found.

        *step* is 1 where all times are whole numbers. Only the *columns* of least reduced cost
        are used.
        """
        known = cost + self.penalty * weight
        slack = known - step - self.relaxed.value
        leeway = 1e-6 * max(1.0, self.penalty * 1e-3)
        if slack < -leeway:
            return None
        program, keep = self.program, self.relaxed.reduced <= slack + leeway
        if keep.sum() > columns:
            keep &= self.relaxed.reduced <= np.partition(self.relaxed.reduced, columns)[columns]
        small = Program(
            cost=program.cost[keep],
            most=program.most[keep],
            integer=program.integer[keep],
            matrix=program.matrix[:, np.flatnonzero(keep)],
            lower=program.lower,
            upper=program.upper,
        )
        found = solve_whole(small, nodes=nodes, seconds=seconds)
        if found is None or found[0] > known - step + leeway:
            return None
        chosen = np.flatnonzero(keep)[found[1] > 0.5]
        return chosen[chosen < self.routes]


def _ones(rows: Ints, columns: Ints, height: int, width: int | None = None) -> sparse.csr_array:
    shape = (height, len(columns) if width is None else width)
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)


def _trips_of(instance: Instance, pool: Pool) -> tuple[Ints, Ints]:
    """Which trip is in which route, as two lists."""
    routes = int(pool.used[0])
    start = pool.start[: routes + 1]
    visits = pool.visits[: start[-1]]
    first = instance.previous[visits] < 0
    return instance.trip[visits[first]], np.repeat(np.arange(routes), np.diff(start))[first]


def _trips_of_options(instance: Instance, options: Ints) -> tuple[Ints, Ints]:
    """Which trip is in which of *options*, as two lists."""
    rows, columns = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for column, option in enumerate(options):
        begin, end = instance.option_start[option : option + 2]
        rows.append(instance.option_trip[begin:end])
        columns.append(np.full(end - begin, column))
    return np.concatenate(rows), np.concatenate(columns)
