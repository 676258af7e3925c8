"""Series: rides that come every week, and what becomes of their dates."""

import datetime as dt
from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from api.operations.series import Done, Wish
from api.schemas.common import Line, Problem, Schema, Time
from api.schemas.requests import (
    EXAMPLE_REQUEST,
    PromiseView,
    RequestBody,
    promise_view,
    row_fields,
)
from data.cells import FIRST_DAY, LAST_DAY
from data.series import Fate, StoredDate, StoredSeries, series_id
from data.weekly import MOST_WEEKS, OnClosed


class Weekday(StrEnum):
    """A weekday, as in `opening_hours`."""

    MO = "Mo"
    TU = "Tu"
    WE = "We"
    TH = "Th"
    FR = "Fr"
    SA = "Sa"
    SU = "Su"


_WEEKDAYS = tuple(Weekday)
Day = Annotated[dt.date, Field(ge=FIRST_DAY, le=LAST_DAY, examples=["2027-03-09"])]
_EXAMPLE: JsonDict = {
    **EXAMPLE_REQUEST,
    "weekdays": ["Tu", "Fr"],
    "every_weeks": 1,
    "last": None,
    "on_closed": "day_before",
}


class SeriesBody(RequestBody):
    """
    A ride that comes every week: a request, whose *date* is the day from which on it comes.

    *every_weeks* 2 is every second week, counted from that of *date*. What becomes of a date on
    which no bus runs or the practice is closed, *on_closed* says: left out, or shifted by up to
    three days to one before or after it.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    every_weeks: Annotated[int, Field(ge=1, le=MOST_WEEKS)] = 1
    last: Day | None = None
    on_closed: OnClosed = OnClosed.LEAVE_OUT

    def wish(self) -> Wish:
        """What it is to the operation."""
        return Wish(
            self.cells(),
            frozenset(_WEEKDAYS.index(day) for day in self.weekdays),
            self.every_weeks,
            self.last,
            self.on_closed,
        )


class SeriesDateView(Schema):
    """
    What became of one date of a series.

    *request* is there once it is made, *on* that day or on another. *open* says that it is not
    cancelled, *by_hand* that just this one was changed, so that the series leaves it alone.
    *reason* is German: why it was left out or shifted.
    """

    date: dt.date
    fate: Fate
    request: Annotated[str | None, Field(examples=["r17"])]
    on: dt.date | None
    open: bool
    by_hand: bool
    reason: str


class SeriesView(SeriesBody):
    """A series, and its dates for which something was done."""

    model_config = ConfigDict(json_schema_extra={"examples": []})

    id: Annotated[str, Field(examples=["s3"])]
    person: Annotated[str, Field(examples=["p12"])]
    version: Annotated[int, Field(description="Counts every change; also the ETag.")]
    created: dt.datetime
    changed: dt.datetime
    dates: list[SeriesDateView]


class ReleasedView(Schema):
    """What was promised to a request, and is taken back: the passenger has to be told."""

    request: str
    promise: PromiseView


class SeriesDoneView(Schema):
    """
    A series, and what became of its requests to come.

    *kept* were changed by hand, or ride already: they stay as they are.
    """

    series: SeriesView
    made: list[str]
    changed: list[str]
    cancelled: list[str]
    kept: list[str]
    released: list[ReleasedView]


class DateBody(Schema):
    """One date of the series."""

    date: Day


class DateChangeBody(Schema):
    """Just this *date* of the series: on another day (*to*), at another time."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"date": "2027-03-09", "appointment": "10:15"}]},
    )

    date: Day
    to: Day | None = None
    appointment: Time | None = None
    stay_minutes: Annotated[int, Field(ge=1, le=720)] | None = None
    return_at: Time | None = None
    note: Line | None = None

    def changes(self) -> dict[str, str]:
        """The columns of a request that are other ones."""
        told = {
            "datum": self.to.isoformat() if self.to else None,
            "termin": self.appointment,
            "dauer": str(self.stay_minutes) if self.stay_minutes else None,
            "rueckfahrt": self.return_at,
            "hinweis": self.note,
        }
        return {column: text for column, text in told.items() if text is not None}


class SeriesProblem(Problem):
    """A change that was refused; with *stored* it was meant for another version than that."""

    stored: SeriesView | None = None


def series_view(stored: StoredSeries) -> SeriesView:
    """Show a series."""
    pattern = stored.pattern
    return SeriesView(
        **row_fields(stored.row),
        weekdays=[_WEEKDAYS[day] for day in sorted(pattern.weekdays)],
        every_weeks=pattern.every,
        last=pattern.last,
        on_closed=stored.on_closed,
        id=series_id(stored.number),
        person=f"p{stored.person}",
        version=stored.version,
        created=stored.created,
        changed=stored.changed,
        dates=[_date(each) for each in stored.dates],
    )


def done_view(done: Done) -> SeriesDoneView:
    """Show a series, and what became of its requests."""
    return SeriesDoneView(
        series=series_view(done.series),
        made=list(done.made),
        changed=list(done.changed),
        cancelled=list(done.cancelled),
        kept=list(done.kept),
        released=[
            ReleasedView(request=request, promise=promise_view(promise))
            for request, promise in done.released
        ],
    )


def _date(date: StoredDate) -> SeriesDateView:
    return SeriesDateView(
        date=date.date,
        fate=date.fate,
        request=date.request,
        on=date.on,
        open=date.open,
        by_hand=date.by_hand,
        reason=date.reason,
    )
