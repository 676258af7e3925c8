"""Passengers: find, read, add, change and merge them. A name never stands in an address."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.etags import IfMatch, etag, versions
from api.operations import again, people
from api.problems import documented
from api.routes.dependencies import OfficeHere, RegionHere
from api.routes.once import OnceRoute
from api.schemas.again import UsualView, usual_view
from api.schemas.people import (
    MergeBody,
    MergedView,
    PersonBody,
    PersonView,
    SearchBody,
    merged_view,
    person_view,
)
from data.profiles import StoredProfile

_HERE: dict[str, Any] = {
    "prefix": "/people",
    "tags": ["people"],
    "dependencies": [needs(Role.DISPATCHER)],
}
# It changes nothing: asked again, it is searched again.
searching = APIRouter(**_HERE)
router = APIRouter(route_class=OnceRoute, **_HERE)

PersonOfPath = Annotated[str, Path(pattern=r"^p[0-9]{1,18}$", examples=["p12"])]


@searching.post(
    "/search",
    responses=documented(400, 404, 422),
    summary="Find passengers while somebody types",
    description="Whose first name or surname begins so comes first. A name is sent in the body, "
    "never in an address.",
)
def search(
    office: OfficeHere,
    region: RegionHere,
    body: SearchBody,
    most: Annotated[int, Query(ge=1, le=50, description="So many at most.")] = 10,
) -> list[PersonView]:
    """Find passengers while somebody types."""
    return [person_view(each) for each in people.search(office, region, body.q, most=most)]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses=documented(400, 404, 409, 422),
    summary="Add a passenger",
    description="Whoever asks for a ride is added by that. 409 if somebody of this name, birth "
    "date and phone is kept already.",
)
def create(
    office: OfficeHere, region: RegionHere, body: PersonBody, response: Response
) -> PersonView:
    """Add a passenger."""
    stored = people.create(office, region, body.profile())
    response.headers["Location"] = f"/api/v1/people/{stored.id}"
    return _tagged(response, stored)


@router.get("/{person}", responses=documented(404, 422), summary="Read a passenger")
def read(
    office: OfficeHere, region: RegionHere, person: PersonOfPath, response: Response
) -> PersonView:
    """Read a passenger."""
    return _tagged(response, people.read(office, region, person))


@router.get(
    "/{person}/usual",
    responses=documented(404, 422),
    summary="Tell what somebody usually asks for, to fill in the next request",
    description="From their requests as long as those are kept: where to, when, how long, the way "
    "back, needs; and from what is known of them.",
)
def usual(office: OfficeHere, region: RegionHere, person: PersonOfPath) -> UsualView:
    """Tell what somebody usually asks for."""
    return usual_view(again.usual(office, region, person))


@router.put(
    "/{person}",
    responses={**documented(400, 404, 422), **documented(409, schema="PersonProblem")},
    summary="Change a passenger, also on their requests",
    description="The body replaces what is known. With *If-Match*, nobody's change is overwritten "
    "unseen: if somebody else was faster, nothing is changed, and the answer (409) has both.",
)
def change(
    office: OfficeHere,
    region: RegionHere,
    person: PersonOfPath,
    body: PersonBody,
    response: Response,
    if_match: IfMatch = None,
) -> PersonView:
    """Change a passenger."""
    wanted = versions(if_match)
    stored = people.change(office, region, person, body.profile(), versions=wanted)
    return _tagged(response, stored)


@router.post(
    "/{person}/merge",
    responses={**documented(400, 404, 422), **documented(409, schema="PersonProblem")},
    summary="Make one passenger of two entries",
    description="All requests of *other* are theirs then, and that entry is gone. What stands in "
    "the entry that stays holds; what is missing there comes from the other.",
)
def merge(
    office: OfficeHere,
    region: RegionHere,
    person: PersonOfPath,
    body: MergeBody,
    response: Response,
    if_match: IfMatch = None,
) -> MergedView:
    """Make one passenger of two entries."""
    wanted = versions(if_match)
    merged = people.merge(office, region, person, body.other, versions=wanted)
    response.headers["ETag"] = etag(merged.profile.version)
    return merged_view(merged)


def _tagged(response: Response, stored: StoredProfile) -> PersonView:
    response.headers["ETag"] = etag(stored.version)
    return person_view(stored)
