"""Requests: create, read, change, cancel, list, and a whole file of them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, File, Query, Response, UploadFile

from api.doors.entrance import needs
from api.doors.roles import Role
from api.etags import IfMatch, etag, versions
from api.operations import again, requests
from api.problems import documented
from api.routes.dependencies import DayOfQuery, OfficeHere, RegionHere
from api.routes.once import OnceRoute
from api.schemas.again import BatchBody, BatchView, CopyBody, batch_view
from api.schemas.requests import ImportView, RequestBody, RequestView, fault, request_view
from data.exchange import LARGEST_FILE
from data.outcomes import Outcome
from data.requests import StoredRequest

router = APIRouter(
    prefix="/requests",
    tags=["requests"],
    route_class=OnceRoute,
    dependencies=[needs(Role.DISPATCHER)],
)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses=documented(400, 404, 422),
    summary="Take a request",
    description="When the answer is there, the request is on the disk.",
)
def create(
    office: OfficeHere, region: RegionHere, body: RequestBody, response: Response
) -> RequestView:
    """Take a request."""
    stored = requests.take(office, region, body.cells())
    response.headers["Location"] = f"/api/v1/requests/{stored.id}"
    return _tagged(response, stored)


@router.get("", responses=documented(404, 422), summary="List the requests of one date")
def list_day(
    office: OfficeHere,
    region: RegionHere,
    date: DayOfQuery,
    *,
    cancelled: Annotated[bool, Query(description="Cancelled ones as well.")] = False,
) -> list[RequestView]:
    """List the requests of one date."""
    return [
        request_view(each) for each in requests.read_day(office, region, date, cancelled=cancelled)
    ]


@router.post(
    "/import",
    responses=documented(400, 404, 422),
    summary="Take a CSV or Excel file",
    description="Good rows are taken, wrong ones come back with row and field. The same row "
    "sent twice becomes one request. docs/csv.md describes the columns.",
)
def take_file(
    office: OfficeHere,
    region: RegionHere,
    file: Annotated[UploadFile, File(description="A .csv or .xlsx file.")],
) -> ImportView:
    """Take a CSV or Excel file."""
    content = file.file.read(LARGEST_FILE + 1)
    imported = requests.take_file(office, region, content, file.filename or "Datei")
    return ImportView(
        added=list(imported.added),
        known=list(imported.known),
        rejected=[fault(each) for each in imported.rejected],
    )


@router.post(
    "/batch",
    responses=documented(400, 404, 422),
    summary="Take several requests, such as those of a week",
    description="Each is kept or refused by itself; when the answer is there, they are on the "
    "disk. A ride for which the same person asks on that day already is not kept twice.",
)
def take_batch(office: OfficeHere, region: RegionHere, body: BatchBody) -> BatchView:
    """Take several requests."""
    every = [each.cells() for each in body.requests]
    return batch_view(again.take_batch(office, region, every))


@router.post(
    "/{request}/copy",
    status_code=HTTPStatus.CREATED,
    responses=documented(400, 404, 422),
    summary="Ask for the same ride on another day",
    description="The request stays as it is, cancelled or not; the new one is promised nothing.",
)
def copy(
    office: OfficeHere, region: RegionHere, request: str, body: CopyBody, response: Response
) -> RequestView:
    """Ask for the same ride on another day."""
    stored = again.copy(office, region, request, body.date, termin=body.appointment)
    response.headers["Location"] = f"/api/v1/requests/{stored.id}"
    return _tagged(response, stored)


@router.get("/{request}", responses=documented(404, 422), summary="Read a request")
def read(office: OfficeHere, region: RegionHere, request: str, response: Response) -> RequestView:
    """Read a request."""
    return _tagged(response, requests.read(office, region, request))


@router.put(
    "/{request}",
    responses={**documented(400, 404, 422), **documented(409, schema="EditProblem")},
    summary="Change a request",
    description="A cancelled one cannot be changed (409). With *If-Match*, nobody's change is "
    "overwritten unseen: if somebody else was faster, nothing is changed, and the answer (409) "
    "has both versions.",
)
def change(
    office: OfficeHere,
    region: RegionHere,
    request: str,
    body: RequestBody,
    response: Response,
    if_match: IfMatch = None,
) -> RequestView:
    """Change a request: the body replaces what was asked."""
    wanted = versions(if_match)
    changed = requests.change(office, region, request, body.cells(), versions=wanted)
    return _tagged(response, changed)


@router.delete(
    "/{request}",
    responses=documented(404, 422),
    summary="Cancel a request",
    description="It stays readable, with the moment at which it was cancelled and with how it "
    "ended: *because* `denied` (the dispatcher said no), `unmet` (no offer was found, and the "
    "caller gave up) or `no_show`; otherwise the time tells apart a cancellation on an earlier "
    "day, on the same day, and too late.",
)
def cancel(
    office: OfficeHere,
    region: RegionHere,
    request: str,
    response: Response,
    because: Annotated[Outcome | None, Query(description="How it ended.")] = None,
) -> RequestView:
    """Cancel a request."""
    return _tagged(response, requests.cancel(office, region, request, because=because))


def _tagged(response: Response, stored: StoredRequest) -> RequestView:
    response.headers["ETag"] = etag(stored.version)
    return request_view(stored)
