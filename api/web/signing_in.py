"""The pages of the doors: sign in and out, and one's own account."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Final, TypeVar

from fastapi import APIRouter, Form, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors import cookies, passwords
from api.doors.entrance import NO_ACCOUNTS, RecognisedHere, public
from api.doors.errors import (
    ForbiddenError,
    SignInError,
    TooManyAttemptsError,
    WeakPasswordError,
)
from api.doors.roles import Caller, Role
from api.doors.visit import Visit
from api.operations import accounts, signing_in
from api.operations.office import Office
from api.routes.dependencies import CallerHere, OfficeHere, VisitHere
from api.web.onward import onward_address, own_path
from api.web.rendering import message, page
from data.errors import NotKeptError

router = APIRouter(include_in_schema=False)

# Argon2 takes 64 MiB and a moment: of many who knock at once, the others wait here and hold up
# nobody who is in already.
_HASHING: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="hashing")
_WORDS: Final = {
    Role.DISPATCHER: "Disposition",
    Role.DRIVER: "Fahrer:in",
    Role.PLANNER: "Planung",
    Role.ADMINISTRATOR: "Verwaltung",
}
_NOT_CONFIDENTIAL: Final = (
    "Diese Verbindung ist nicht verschlüsselt, und ein Passwort könnte unterwegs mitgelesen "
    "werden. Bitte die Adresse mit https:// öffnen. Wie man das einrichtet, steht in "
    "docs/operations.md."
)

T = TypeVar("T")
Text = Annotated[str, Form()]


@router.get("/anmelden")
@public
def show_sign_in(
    office: OfficeHere,
    visit: VisitHere,
    caller: RecognisedHere,
    weiter: Annotated[str, Query()] = "",
) -> Response:
    """Ask who somebody is."""
    if caller.account is not None:
        return _go(own_path(weiter))
    return _ask(office, visit, onward=weiter)


@router.post("/anmelden")
@public
async def sign_in(
    request: Request,
    office: OfficeHere,
    visit: VisitHere,
    name: Text = "",
    passwort: Text = "",
    weiter: Text = "",
) -> Response:
    """Let somebody in."""
    if not visit.confidential:
        return _ask(office, visit, onward=weiter)
    try:
        before = cookies.read(request, visit, cookies.SESSION)
        work = partial(signing_in.sign_in, office, name, passwort, visit, before=before)
        secret, account = await _in_turn(work)
    except (SignInError, TooManyAttemptsError) as error:
        return _ask(office, visit, onward=weiter, name=name, error=error)
    response = _go("/konto" if account.must_change else own_path(weiter))
    cookies.give(response, visit, cookies.SESSION, secret)
    return response


@router.post("/abmelden")
def sign_out(office: OfficeHere, visit: VisitHere, caller: CallerHere) -> Response:
    """End what somebody is signed in with."""
    if caller.session is not None:
        signing_in.sign_out(office, caller.session)
    response = _go("/anmelden")
    for name in (cookies.SESSION, cookies.LINK):
        cookies.take(response, visit, name)
    # Nothing of what was seen stays behind in the browser.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@router.get("/konto")
def show_account(office: OfficeHere, caller: CallerHere, getan: str = "") -> HTMLResponse:
    """Show one's own account."""
    return _account(office, caller, done=_DONE.get(getan, ""))


@router.post("/konto/passwort")
async def change_password(
    office: OfficeHere,
    visit: VisitHere,
    caller: CallerHere,
    alt: Text = "",
    neu: Text = "",
    nochmal: Text = "",
) -> Response:
    """Choose another password."""
    change = partial(accounts.change_own_password, office, _own(caller), old=alt, new=neu)
    try:
        if neu != nochmal:
            raise WeakPasswordError("Das neue Passwort steht zweimal verschieden da.")
        secret = await _in_turn(change)
    except (SignInError, TooManyAttemptsError, WeakPasswordError) as error:
        wrong = str(error)
        if isinstance(error, SignInError):
            wrong = "Das jetzige Passwort stimmt nicht."
        return await run_in_threadpool(_account, office, caller, wrong=wrong)
    response = _go("/konto?getan=passwort")
    cookies.give(response, visit, cookies.SESSION, secret)
    return response


@router.post("/konto/sitzungen")
def end_sessions(office: OfficeHere, caller: CallerHere, ende: Text = "") -> Response:
    """End one of one's own sessions, or all but this one."""
    account = _own(caller)
    if ende == "alle":
        signing_in.end_sessions(office, account, but=caller.session)
    else:
        for each in signing_in.sessions_of(office, account):
            if str(each.number) == ende:
                signing_in.sign_out(office, each.number)
    return _go("/konto?getan=abgemeldet")


@router.post("/konto/region")
def choose_region(office: OfficeHere, caller: CallerHere, region: Text = "") -> Response:
    """Work on another region."""
    if caller.session is None or not caller.roles_in(region):
        raise NotKeptError("Diese Region gibt es für Sie nicht.")
    signing_in.choose_region(office, caller.session, office.region(region).name)
    return _go("/")


_DONE: Final = {
    "passwort": "Das Passwort ist geändert. Überall sonst sind Sie abgemeldet.",
    "abgemeldet": "Abgemeldet.",
}


def _ask(
    office: Office,
    visit: Visit,
    *,
    onward: str,
    name: str = "",
    error: SignInError | TooManyAttemptsError | None = None,
) -> HTMLResponse:
    if not signing_in.has_accounts(office):
        if signing_in.is_open(office, visit):
            return message("Anmelden ist noch nicht nötig", NO_ACCOUNTS)
        status = HTTPStatus.FORBIDDEN
        return message("Noch hat niemand ein Konto", NO_ACCOUNTS, status=status, back=False)
    if not visit.confidential:
        title = "Hier können Sie sich nicht anmelden"
        return message(title, _NOT_CONFIDENTIAL, status=HTTPStatus.FORBIDDEN, back=False)
    status = HTTPStatus.OK
    if error is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(error, TooManyAttemptsError):
        status = HTTPStatus.TOO_MANY_REQUESTS
    response = page(
        "anmelden.html",
        None,
        status=status,
        wrong=str(error or ""),
        name=name,
        onward=onward,
        provider=onward_address("/anmelden/oidc", onward) if office.settings.oidc_issuer else "",
    )
    if isinstance(error, TooManyAttemptsError):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _account(office: Office, caller: Caller, *, wrong: str = "", done: str = "") -> HTMLResponse:
    account = accounts.one(office, _own(caller))
    zone = office.zone(office.filed())

    def local(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%d.%m.%Y, %H:%M} Uhr"

    return page(
        "konto.html",
        None,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        account=account,
        wrong=wrong,
        done=done,
        shortest=passwords.SHORTEST,
        sessions=[
            {
                "number": each.number,
                "since": local(each.created),
                "seen": local(each.seen),
                "here": each.number == caller.session,
            }
            for each in signing_in.sessions_of(office, account.number)
        ],
        regions=[
            {
                "name": name,
                "title": office.region(name).title,
                "roles": [_WORDS[role] for role in sorted(roles)],
                "chosen": name == caller.chosen,
            }
            for name, roles in accounts.regions_of(caller).items()
        ],
    )


def _own(caller: Caller) -> int:
    if caller.account is None:
        raise ForbiddenError("Dafür brauchen Sie ein Konto; Sie sind ohne eines hier.")
    return caller.account


def _go(where: str) -> RedirectResponse:
    return RedirectResponse(where, status_code=HTTPStatus.SEE_OTHER)


async def _in_turn(work: Callable[[], T]) -> T:
    context = copy_context()
    return await asyncio.get_running_loop().run_in_executor(_HASHING, context.run, work)
