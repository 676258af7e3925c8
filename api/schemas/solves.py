"""Solves: days that are planned in the background, and how far that is."""

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field

from api.schemas.common import Schema
from data.solves import Solve, State


class ProgressView(Schema):
    """
    How far a solve is: the best plan so far, and what no plan can be better than.

    Objective and bound are seconds, unserved weight counting 10,000,000 each, as in a plan.
    """

    elapsed: Annotated[float, Field(description="Seconds of solving.")]
    objective: int
    bound: int
    gap: float
    unserved: Annotated[int, Field(description="Requests that the best plan so far leaves out.")]
    unserved_weight: int
    unserved_weight_bound: int
    driving_seconds: int
    driving_seconds_bound: int


class SolveView(Schema):
    """A day that is to be planned, or was."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "id": "s17",
                    "region": "kalletal",
                    "date": "2027-03-02",
                    "state": "running",
                    "seconds": None,
                    "seed": 0,
                    "asked": "2027-03-01T17:00:00Z",
                    "begun": "2027-03-01T17:00:01Z",
                    "ended": None,
                    "stopping": False,
                    "attempt": 1,
                    "step": 4,
                    "progress": {
                        "elapsed": 2.5,
                        "objective": 10008340,
                        "bound": 10007910,
                        "gap": 0.0516,
                        "unserved": 1,
                        "unserved_weight": 1,
                        "unserved_weight_bound": 1,
                        "driving_seconds": 8340,
                        "driving_seconds_bound": 7910,
                    },
                    "version": None,
                    "error": None,
                }
            ]
        },
    )

    id: Annotated[str, Field(examples=["s17"])]
    region: str
    date: dt.date
    state: Annotated[
        State,
        Field(
            description="*stopped*: ended early, with the best plan so far; without one if "
            "*version* is null."
        ),
    ]
    seconds: Annotated[
        float | None, Field(description="The longest time for it; null: as the settings say.")
    ]
    seed: int
    asked: dt.datetime
    begun: dt.datetime | None
    ended: dt.datetime | None
    stopping: Annotated[bool, Field(description="Whether somebody has asked it to stop.")]
    attempt: Annotated[int, Field(description="How many processes have tried.")]
    step: Annotated[int, Field(description="Counts every change; the id of events.")]
    progress: ProgressView | None
    version: Annotated[int | None, Field(description="Of the plan that came of it.")]
    error: Annotated[str | None, Field(description="Why none did, in German.")]


def solve_view(solve: Solve) -> SolveView:
    """Shape a solve."""
    progress = solve.progress
    return SolveView(
        id=solve.id,
        region=solve.region,
        date=solve.date,
        state=solve.state,
        seconds=solve.seconds,
        seed=solve.seed,
        asked=solve.asked,
        begun=solve.begun,
        ended=solve.ended,
        stopping=solve.stop_asked is not None,
        attempt=solve.attempt,
        step=solve.step,
        progress=None if progress is None else ProgressView.model_validate(dict(progress)),
        version=solve.version,
        error=solve.error,
    )
