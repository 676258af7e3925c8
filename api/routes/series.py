"""Series: rides that come every week."""

import datetime as dt
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.etags import IfMatch, etag, versions
from api.operations import series
from api.operations.series import Done
from api.problems import documented
from api.routes.dependencies import OfficeHere, RegionHere
from api.routes.once import OnceRoute
from api.schemas.series import (
    DateBody,
    DateChangeBody,
    SeriesBody,
    SeriesDoneView,
    SeriesView,
    done_view,
    series_view,
)
from data.cells import FIRST_DAY, LAST_DAY

router = APIRouter(
    prefix="/series",
    tags=["series"],
    route_class=OnceRoute,
    dependencies=[needs(Role.DISPATCHER)],
)

SeriesOfPath = Annotated[str, Path(pattern=r"^s[0-9]{1,18}$", examples=["s3"])]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses=documented(400, 404, 422),
    summary="Begin a series",
    description="Its requests are made as many days ahead as the policy lets people book "
    "(`booking.horizon_days`): the first at once, others each night. *series.dates* says what "
    "became of each date, and why one was left out or shifted.",
)
def create(
    office: OfficeHere, region: RegionHere, body: SeriesBody, response: Response
) -> SeriesDoneView:
    """Begin a series."""
    done = series.create(office, region, body.wish())
    response.headers["Location"] = f"/api/v1/series/{done.series.id}"
    return _tagged(response, done)


@router.get("", responses=documented(404, 422), summary="List the series that go on")
def list_series(
    office: OfficeHere,
    region: RegionHere,
    person: Annotated[str | None, Query(pattern=r"^p[0-9]{1,18}$", examples=["p12"])] = None,
    *,
    ended: Annotated[bool, Query(description="Those that have ended as well.")] = False,
) -> list[SeriesView]:
    """List series."""
    found = series.read_all(office, region, person=person, ended=ended)
    return [series_view(each) for each in found]


@router.get("/{series_id}", responses=documented(404, 422), summary="Read a series")
def read(
    office: OfficeHere, region: RegionHere, series_id: SeriesOfPath, response: Response
) -> SeriesView:
    """Read a series."""
    stored = series.read(office, region, series_id)
    response.headers["ETag"] = etag(stored.version)
    return series_view(stored)


@router.put(
    "/{series_id}",
    responses={**documented(400, 404, 422), **documented(409, schema="SeriesProblem")},
    summary="Change a series, and its requests to come",
    description="Those that somebody has changed by hand stay (*kept*). What was promised for "
    "another ride is taken back (*released*): whoever was promised it has to be told.",
)
def change(
    office: OfficeHere,
    region: RegionHere,
    series_id: SeriesOfPath,
    body: SeriesBody,
    response: Response,
    if_match: IfMatch = None,
) -> SeriesDoneView:
    """Change a series."""
    wanted = versions(if_match)
    return _tagged(response, series.change(office, region, series_id, body.wish(), versions=wanted))


@router.delete(
    "/{series_id}",
    responses=documented(404, 422),
    summary="End a series, and cancel its requests to come",
)
def end(
    office: OfficeHere,
    region: RegionHere,
    series_id: SeriesOfPath,
    response: Response,
    last: Annotated[
        dt.date | None,
        Query(ge=FIRST_DAY, le=LAST_DAY, description="Its last date; without it, today."),
    ] = None,
) -> SeriesDoneView:
    """End a series."""
    return _tagged(response, series.end(office, region, series_id, last))


@router.post(
    "/{series_id}/skip",
    responses=documented(400, 404, 409, 422),
    summary="Leave one date out; its request is cancelled",
)
def skip(
    office: OfficeHere,
    region: RegionHere,
    series_id: SeriesOfPath,
    body: DateBody,
    response: Response,
) -> SeriesDoneView:
    """Leave one date out."""
    return _tagged(response, series.skip(office, region, series_id, body.date))


@router.post(
    "/{series_id}/resume",
    responses=documented(400, 404, 422),
    summary="Drive a date all the same that was left out by hand, or cancelled",
)
def resume(
    office: OfficeHere,
    region: RegionHere,
    series_id: SeriesOfPath,
    body: DateBody,
    response: Response,
) -> SeriesDoneView:
    """Drive a date all the same."""
    return _tagged(response, series.resume(office, region, series_id, body.date))


@router.post(
    "/{series_id}/dates",
    responses=documented(400, 404, 409, 422),
    summary="Change just one date: another day, another time",
    description="Its request is made if it is not there yet. From then on the series leaves it "
    "alone.",
)
def change_one(
    office: OfficeHere,
    region: RegionHere,
    series_id: SeriesOfPath,
    body: DateChangeBody,
    response: Response,
) -> SeriesDoneView:
    """Change just one date."""
    done = series.change_one(office, region, series_id, body.date, body.changes())
    return _tagged(response, done)


def _tagged(response: Response, done: Done) -> SeriesDoneView:
    response.headers["ETag"] = etag(done.series.version)
    return done_view(done)
