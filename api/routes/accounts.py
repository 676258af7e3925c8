"""Accounts and tokens: who may come in, for whoever administers that."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.doors import passwords
from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import accounts, tokens
from api.problems import documented
from api.routes.dependencies import CallerHere, OfficeHere
from api.routes.once import OnceRoute
from api.schemas.accounts import (
    AccountBody,
    AccountChange,
    AccountView,
    Invented,
    Made,
    TokenBody,
    TokenView,
    account_view,
    grants_of,
    token_view,
)

router = APIRouter(
    tags=["accounts"], route_class=OnceRoute, dependencies=[needs(Role.ADMINISTRATOR)]
)

Number = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[3])]


@router.get(
    "/accounts",
    responses=documented(404, 422),
    summary="List accounts",
    description="Those that have a role in a region that the caller administers.",
)
def list_accounts(office: OfficeHere, caller: CallerHere) -> list[AccountView]:
    """List accounts."""
    return [account_view(each, caller) for each in accounts.every(office, by=caller)]


@router.post(
    "/accounts",
    status_code=HTTPStatus.CREATED,
    responses=documented(400, 403, 404, 409, 422),
    summary="Make an account",
    description="The password is invented, told once, and has to be changed at the first sign-in.",
)
def add_account(
    office: OfficeHere, caller: CallerHere, body: AccountBody, response: Response
) -> Invented:
    """Make an account."""
    secret = None if body.provider else passwords.invent()
    made = accounts.add(
        office,
        body.name,
        grants_of(body.roles),
        password=secret,
        must_change=not body.provider,
        by=caller,
    )
    response.headers["Location"] = f"/api/v1/accounts/{made.number}"
    return Invented(account=account_view(made, caller), secret=secret)


@router.get("/accounts/{account}", responses=documented(404, 422), summary="Read an account")
def read_account(office: OfficeHere, caller: CallerHere, account: Number) -> AccountView:
    """Read an account."""
    return account_view(accounts.one(office, account, by=caller), caller)


@router.put(
    "/accounts/{account}",
    responses=documented(400, 403, 404, 409, 422),
    summary="Change what an account may do",
    description="*roles* replace those in the regions that the caller administers. A closed one "
    "is signed out at once. 409 if nobody would be left who administers the installation.",
)
def change_account(
    office: OfficeHere, caller: CallerHere, account: Number, body: AccountChange
) -> AccountView:
    """Change what an account may do."""
    changed = accounts.change(office, account, grants_of(body.roles), active=body.active, by=caller)
    return account_view(changed, caller)


@router.post(
    "/accounts/{account}/password",
    responses=documented(400, 403, 404, 409, 422),
    summary="Give an account another password",
    description="It is invented, told once, and has to be changed at the first sign-in. Whoever "
    "was signed in no longer is.",
)
def reset_password(office: OfficeHere, caller: CallerHere, account: Number) -> Invented:
    """Give an account another password."""
    secret = passwords.invent()
    accounts.set_password(office, account, secret, must_change=True, by=caller)
    view = account_view(accounts.one(office, account, by=caller), caller)
    return Invented(account=view, secret=secret)


@router.delete(
    "/accounts/{account}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=documented(403, 404, 409, 422),
    summary="Take an account away",
    description="The audit goes on calling it by its number, which nobody else gets.",
)
def remove_account(office: OfficeHere, caller: CallerHere, account: Number) -> None:
    """Take an account away."""
    accounts.remove(office, account, by=caller)


@router.get("/tokens", responses=documented(404, 422), summary="List tokens, the newest first")
def list_tokens(office: OfficeHere, caller: CallerHere) -> list[TokenView]:
    """List tokens."""
    return [token_view(each) for each in tokens.every(office, by=caller)]


@router.post(
    "/tokens",
    status_code=HTTPStatus.CREATED,
    responses=documented(400, 403, 404, 409, 422),
    summary="Make a token for a machine",
    description="Its secret is told once; it is sent as `Authorization: Bearer ...`.",
)
def add_token(office: OfficeHere, caller: CallerHere, body: TokenBody) -> Made:
    """Make a token."""
    token, secret = tokens.add(
        office, body.name, body.region, body.roles, days=body.days, by=caller
    )
    return Made(token=token_view(token), secret=secret)


@router.delete(
    "/tokens/{token}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=documented(404, 422),
    summary="End a token",
)
def remove_token(office: OfficeHere, caller: CallerHere, token: Number) -> None:
    """End a token."""
    tokens.remove(office, token, by=caller)
