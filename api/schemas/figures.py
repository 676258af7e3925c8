"""What becomes of requests, counted; it names nobody."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from api.schemas.common import Schema
from data.counting import MonthCounts
from data.outcomes import Outcome


class MonthView(Schema):
    """
    What became of the requests for rides in one month.

    *asked* is the sum of all others but *ridden*, who are among the *served*, and *unmet*, which
    is *left_out* and *gave_up* together.
    """

    month: Annotated[str, Field(examples=["2027-03"])]
    region: str
    asked: int
    served: Annotated[int, Field(description="In the newest plan of their day.")]
    ridden: Annotated[int, Field(description="Marked by a driver as aboard or brought.")]
    left_out: Annotated[int, Field(description="Without room in the newest plan of their day.")]
    denied: Annotated[int, Field(description="The dispatcher said no.")]
    gave_up: Annotated[int, Field(description="No offer was found, and the caller did without.")]
    cancelled: Annotated[int, Field(description="On an earlier day than the ride.")]
    cancelled_same_day: int
    cancelled_late: Annotated[int, Field(description="Within the policy's booking.lead.")]
    no_show: int
    unplanned: Annotated[int, Field(description="No plan knows them.")]
    unmet: int


def month_view(counts: MonthCounts, *, month: dt.date, region: str) -> MonthView:
    """Show what a month comes to."""
    return MonthView(
        month=f"{month:%Y-%m}",
        region=region,
        asked=counts.asked,
        served=counts.served,
        ridden=counts.ridden,
        left_out=counts.left_out,
        denied=counts.ended[Outcome.DENIED],
        gave_up=counts.ended[Outcome.UNMET],
        cancelled=counts.ended[Outcome.CANCELLED],
        cancelled_same_day=counts.ended[Outcome.CANCELLED_SAME_DAY],
        cancelled_late=counts.ended[Outcome.CANCELLED_LATE],
        no_show=counts.ended[Outcome.NO_SHOW],
        unplanned=counts.unplanned,
        unmet=counts.unmet,
    )
