"""Every error leaves as application/problem+json (RFC 9457), the detail in German."""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from api.doors.errors import TooManyAttemptsError, UnauthorizedError
from api.errors import (
    EditedMeanwhileError,
    OfferGoneError,
    PersonEditedError,
    PlaceEditedError,
    SeriesEditedError,
    UnpublishableError,
    VehicleEditedError,
)
from api.kinds import KINDS, Kind, kind_of
from api.observing import logs
from api.schemas.common import Fault, Problem
from api.schemas.offers import OfferProblem, offer_views
from api.schemas.people import PersonProblem, person_body, person_view
from api.schemas.region import PlaceProblem, place_stand_view
from api.schemas.requests import EditProblem, fault, request_view, row_view
from api.schemas.series import SeriesProblem, series_view
from api.schemas.vehicles import VehicleProblem, vehicle_stand_view
from data.errors import RefusedRowError, UnreadableFileError

log = logging.getLogger("fahrten")

MEDIA_TYPE = "application/problem+json"

INVALID = Kind(
    HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-input", "The input does not fit the schema"
)
UNEXPECTED = Kind(
    HTTPStatus.INTERNAL_SERVER_ERROR, "unexpected", "Something went wrong in the program"
)
_DETAILS = {
    HTTPStatus.BAD_REQUEST: "Der Inhalt ist nicht zu lesen.",
    HTTPStatus.NOT_FOUND: "Diese Adresse gibt es hier nicht.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Der Inhalt ist zu groß.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Das geht unter dieser Adresse nicht.",
}
_WHICH_FORM = {"union_tag_invalid", "union_tag_not_found"}
_GERMAN = {
    "union_tag_not_found": "Fehlt.",
    "missing": "Fehlt.",
    "extra_forbidden": "Dieses Feld gibt es nicht.",
    "json_invalid": "Ist kein JSON.",
    "string_too_long": "Ist zu lang.",
    "date_from_datetime_parsing": "Ein Datum sieht so aus: 2027-03-02.",
    "date_parsing": "Ein Datum sieht so aus: 2027-03-02.",
    "date_type": "Ein Datum sieht so aus: 2027-03-02.",
    "string_pattern_mismatch": "Eine Uhrzeit sieht so aus: 09:30.",
    "enum": "Ist keines der erlaubten Wörter.",
    "greater_than": "Ist zu klein.",
    "greater_than_equal": "Ist zu klein.",
    "less_than": "Ist zu groß.",
    "less_than_equal": "Ist zu groß.",
}


def install(app: FastAPI) -> None:
    """Make every error of *app* a problem document."""
    for kind, _ in KINDS:
        app.add_exception_handler(kind, _HANDLERS.get(kind, _known))
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(Exception, _unexpected)


def documented(*statuses: int, schema: str = "Problem") -> dict[int | str, dict[str, object]]:
    """Describe the errors of a route for OpenAPI."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
        }
        for status in statuses
    }


def add_schema(openapi: dict[str, Any]) -> None:
    """Describe the problem documents themselves, which no route returns in the ordinary way."""
    schemas = openapi.setdefault("components", {}).setdefault("schemas", {})
    for kind in (
        Problem,
        OfferProblem,
        EditProblem,
        PersonProblem,
        SeriesProblem,
        PlaceProblem,
        VehicleProblem,
    ):
        schema = kind.model_json_schema(
            ref_template="#/components/schemas/{model}", mode="serialization"
        )
        for name, definition in schema.pop("$defs", {}).items():
            schemas.setdefault(name, definition)
        schemas[kind.__name__] = schema


class BodyLimit:
    """
    Refuses at once who says beforehand that too much will come.

    Whoever does not say so is stopped on the way, by FastAPI, with the same answer.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        length = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        if length.isdecimal() and (len(length) > 18 or int(length) > self.most):
            error = HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            await _plain(Request(scope), error)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def add_bodies(openapi: dict[str, Any]) -> None:
    """Say of each operation that takes a body that it may be unreadable, or too long."""
    refusals = {str(status): told for status, told in documented(400, 413).items()}
    for operations in openapi["paths"].values():
        for operation in operations.values():
            if "requestBody" in operation:
                told = refusals | operation["responses"]
                operation["responses"] = dict(sorted(told.items()))


def _problem(
    request: Request, kind: Kind, detail: str, shape: type[Problem] = Problem, **more: object
) -> JSONResponse:
    problem = shape.model_validate(
        {
            "type": f"urn:gesunde-fahrten:{kind.slug}",
            "title": kind.title,
            "status": kind.status,
            "detail": _clean(detail),
            "instance": _clean(request.url.path),
            "request_id": str(logs.context().get("request_id", "")),
            **more,
        }
    )
    return JSONResponse(
        problem.model_dump(mode="json"), status_code=problem.status, media_type=MEDIA_TYPE
    )


def _unauthorized(request: Request, error: Exception) -> JSONResponse:
    response = _known(request, error)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _too_many(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TooManyAttemptsError)  # noqa: S101  (registered for it only)
    response = _known(request, error)
    response.headers["Retry-After"] = str(error.seconds)
    return response


def _known(request: Request, error: Exception) -> JSONResponse:
    kind = kind_of(error) or UNEXPECTED
    if kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("%s %s: %s", request.method, kind.slug, logs.cause(error))
        return _problem(request, kind, "Die Einrichtung hat einen Fehler; er steht im Protokoll.")
    listed = RefusedRowError | UnreadableFileError | UnpublishableError
    rejected = error.rejected if isinstance(error, listed) else ()
    # Of a refused request, the fields are called differently here; they stand in the list.
    refused = isinstance(error, RefusedRowError)
    detail = " ".join(each.message for each in rejected) if refused else str(error)
    shape, more = _beside(error)
    faults = [fault(each) for each in rejected]
    return _problem(request, kind, detail, shape, errors=faults, **more)


def _beside(error: Exception) -> tuple[type[Problem], dict[str, object]]:
    """What comes with an error so that the caller can go on: fresh offers, or both versions."""
    shape: type[Problem] = Problem
    more: dict[str, object] = {}
    match error:
        case OfferGoneError(answer=answer):
            shape = OfferProblem
            more = {"offers": offer_views(answer.offers), "message": answer.none}
        case EditedMeanwhileError(stored=stored, sent=sent):
            shape, more = EditProblem, {"stored": request_view(stored), "sent": row_view(sent)}
        case PersonEditedError(stored=person, sent=profile):
            shape = PersonProblem
            more = {"stored": person_view(person), "sent": person_body(profile)}
        case SeriesEditedError(stored=series):
            shape, more = SeriesProblem, {"stored": series_view(series)}
        case PlaceEditedError(change=change):
            shape, more = PlaceProblem, {"stored": place_stand_view(change)}
        case VehicleEditedError(bus=bus):
            shape, more = VehicleProblem, {"stored": vehicle_stand_view(bus)}
    return shape, more


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  (registered for it only)
    faults = [
        Fault(
            row=0,
            field=_clean(_field(each)),
            value=_shown(each.get("input")),
            message=_message(each),
        )
        for each in error.errors()
    ]
    detail = "Die Angaben passen nicht: " + ", ".join(each.field for each in faults) + "."
    return _problem(request, INVALID, detail, errors=faults)


def _field(fault: Mapping[str, Any]) -> str:
    """Name the field; of documents that come in several forms, the one that says which."""
    if fault["type"] in _WHICH_FORM:
        return str(fault["ctx"]["discriminator"]).strip("'")
    place: tuple[object, ...] = fault["loc"]
    return ".".join(map(str, place[1:])) or str(place[0])


def _message(fault: Mapping[str, Any]) -> str:
    if fault["type"] == "union_tag_invalid":
        return f"Gibt es nicht; möglich sind {fault['ctx']['expected_tags']}."
    return _GERMAN.get(fault["type"], "Ist hier nicht zu gebrauchen.")


def _shown(value: object) -> str:
    """Repeat what was sent, unless it is long or a whole document."""
    return _clean(str(value)[:80]) if isinstance(value, str | int | float) else ""


def _clean(text: str) -> str:
    """Replace half characters, which JSON can carry and no document may."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _plain(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  (registered for it only)
    status = HTTPStatus(error.status_code)
    kind = Kind(status, status.name.lower().replace("_", "-"), status.phrase)
    detail = _DETAILS.get(status, "Die Anfrage kann so nicht beantwortet werden.")
    response = _problem(request, kind, detail)
    headers: Mapping[str, str] = error.headers or {}
    response.headers.update(headers)
    return response


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("%s failed: %s", request.method, type(error).__name__)
    return _problem(request, UNEXPECTED, "Im Programm ist ein Fehler aufgetreten.")


_HANDLERS: Mapping[type[Exception], Callable[[Request, Exception], JSONResponse]] = {
    UnauthorizedError: _unauthorized,
    TooManyAttemptsError: _too_many,
}
