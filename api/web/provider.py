"""Signing in with an identity provider: away to it, and back."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.responses import RedirectResponse, Response

from api.doors import cookies, oidc
from api.doors.entrance import OfficeHere, VisitHere, public
from api.doors.errors import SignInError
from api.operations import links, signing_in
from api.operations.office import Office
from api.web.onward import own_path
from data.errors import NotKeptError

router = APIRouter(include_in_schema=False)

_SECONDS: Final = 600  # so long one may take at the provider
_STALE: Final = "Das hat zu lange gedauert. Bitte noch einmal von vorn anmelden."


@router.get("/anmelden/oidc")
@public
def leave(office: OfficeHere, visit: VisitHere, weiter: Annotated[str, Query()] = "") -> Response:
    """Send somebody to the identity provider."""
    _refuse_without(office)
    address, asked = oidc.begin(office.settings)
    response = RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
    onward = own_path(weiter)
    kept = _serializer(office).dumps([asked.state, asked.nonce, asked.verifier, onward])
    cookies.give(response, visit, cookies.ASKED, str(kept))
    return response


@router.get(oidc.RETURN)
@public
def come_back(
    request: Request,
    office: OfficeHere,
    visit: VisitHere,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Let somebody in whom the identity provider vouches for."""
    _refuse_without(office)
    try:
        *asked, onward = _serializer(office).loads(
            cookies.read(request, visit, cookies.ASKED) or "", max_age=_SECONDS
        )
    except BadData as error:
        raise SignInError(_STALE) from error
    now = office.now().timestamp()
    identity = oidc.finish(office.settings, oidc.Asked(*asked), code=code, state=state, now=now)
    secret, _ = signing_in.sign_in_as(office, identity)
    response = RedirectResponse(own_path(onward), status_code=HTTPStatus.SEE_OTHER)
    cookies.take(response, visit, cookies.ASKED)
    cookies.give(response, visit, cookies.SESSION, secret)
    return response


def _refuse_without(office: Office) -> None:
    if not office.settings.oidc_issuer:
        raise NotKeptError("Hier gibt es keinen Anmeldedienst.")


def _serializer(office: Office) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(links.signing_key(office), salt="anmeldung")
