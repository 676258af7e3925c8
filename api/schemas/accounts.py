"""Accounts and tokens, as administrators see them."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from api.doors.roles import Caller, Role
from api.operations.accounts import governs
from api.operations.tokens import LONGEST_DAYS
from api.schemas.common import Schema
from data.accounts import EVERYWHERE, Grants, StoredAccount
from data.tokens import StoredToken

Name = Annotated[str, Field(min_length=2, max_length=100, examples=["erika.beispiel"])]
RegionName = Annotated[str, Field(min_length=1, max_length=64, examples=["kalletal"])]
Roles = Annotated[
    list["Grant"],
    Field(max_length=200, examples=[[{"role": "dispatcher", "region": "kalletal"}]]),
]


class Grant(Schema):
    """A role in a region; in all of them, if it names none."""

    role: Role
    region: RegionName | None = None


class AccountBody(Schema):
    """
    A new account.

    Its password is invented and told once; with *provider*, it has none, and an identity provider
    lets them in.
    """

    name: Name
    roles: Roles
    provider: bool = False


class AccountChange(Schema):
    """What an account may do from now on; *roles* replace those in the caller's regions."""

    roles: Roles
    active: bool = True


class AccountView(Schema):
    """An account, with its roles in those regions that the caller administers."""

    number: int
    name: str
    roles: list[Grant]
    active: bool
    must_change: Annotated[bool, Field(description="At the next sign-in, the password.")]
    password: Annotated[bool, Field(description="Whether there is one.")]
    created: dt.datetime


class Invented(Schema):
    """A password that is told this once; it has to be changed at the first sign-in."""

    account: AccountView
    secret: Annotated[str | None, Field(examples=["k7mq-x2wp-9hvt-c4ns"])]


class TokenBody(Schema):
    """A token for a machine: what it may do in one region, and for how many days."""

    name: Annotated[str, Field(min_length=1, max_length=100, examples=["Gesundheitsplattform"])]
    roles: Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
    region: RegionName
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] = 365


class TokenView(Schema):
    """A token, without its secret."""

    number: int
    name: str
    roles: list[Role]
    region: str
    made_by: Annotated[str, Field(examples=["account:3"])]
    created: dt.datetime
    expires: dt.datetime
    used: dt.datetime | None


class Made(Schema):
    """A new token; its secret is told this once."""

    token: TokenView
    secret: Annotated[str, Field(examples=["fahrten_Vb3..."])]


def grants_of(roles: Iterable[Grant]) -> Grants:
    """Roles by region."""
    grants: dict[str, set[str]] = {}
    for each in roles:
        grants.setdefault(each.region or EVERYWHERE, set()).add(each.role)
    return {region: frozenset(names) for region, names in grants.items()}


def account_view(account: StoredAccount, by: Caller) -> AccountView:
    """Show an account."""
    return AccountView(
        number=account.number,
        name=account.name,
        roles=[
            Grant(role=Role(role), region=region or None)
            for region, roles in account.grants.items()
            if governs(by, region)
            for role in sorted(roles)
            if role in set(Role)
        ],
        active=account.active,
        must_change=account.must_change,
        password=account.has_password,
        created=account.created,
    )


def token_view(token: StoredToken) -> TokenView:
    """Show a token."""
    return TokenView(
        number=token.number,
        name=token.name,
        roles=[Role(role) for role in sorted(token.roles) if role in set(Role)],
        region=token.region,
        made_by=token.made_by,
        created=token.created,
        expires=token.expires,
        used=token.used,
    )
