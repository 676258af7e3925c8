"""Who may come in: accounts and what they may do, who is signed in, tokens of machines."""

import datetime as dt

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.table_base import NEVER_AGAIN, Table


class Account(Table):
    """
    Somebody who works with the program.

    *password* is an argon2 hash, none for whom an identity provider vouches: *subject* is how
    that one calls them. Whoever *must_change* it can do nothing else.
    """

    __tablename__ = "accounts"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str | None]
    subject: Mapped[str | None] = mapped_column(unique=True)
    active: Mapped[bool]
    must_change: Mapped[bool]
    created: Mapped[dt.datetime]
    changed: Mapped[dt.datetime]  # the password

    memberships: Mapped[list["Membership"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )


class Membership(Table):
    """A *role* of an account in a *region*, or with "" in all of them."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("account_id", "region", "role"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    region: Mapped[str]
    role: Mapped[str]


class SignedIn(Table):
    """
    Somebody who is signed in, until *ends*, or until nothing was *seen* of them for long enough.

    Of what their browser shows only a *digest* is kept. *region* is what they chose to work on.
    A driver who came by a link has no account, but the *day* and the *shift* of that link, and
    its *proof* (`data.links`).
    """

    __tablename__ = "sessions"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    region: Mapped[str]
    day: Mapped[dt.date | None]
    shift: Mapped[str | None]
    proof: Mapped[bytes | None]
    created: Mapped[dt.datetime]
    seen: Mapped[dt.datetime]
    ends: Mapped[dt.datetime]

    account: Mapped[Account | None] = relationship(lazy="joined")


class ApiToken(Table):
    """
    What a machine shows instead of a password; only a *digest* of it is kept.

    *scope* has its roles with blanks between them, in one *region*.
    """

    __tablename__ = "tokens"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    digest: Mapped[bytes] = mapped_column(unique=True)
    region: Mapped[str]
    scope: Mapped[str]
    made_by: Mapped[str]  # as the audit calls them
    created: Mapped[dt.datetime]
    expires: Mapped[dt.datetime]
    used: Mapped[dt.datetime | None]


class Attempts(Table):
    """
    How often somebody has tried in vain to come in, and until when they have to wait.

    *name* is a proof under the key of the installation: neither what was typed nor from where
    can be read.
    """

    __tablename__ = "attempts"

    name: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last: Mapped[dt.datetime] = mapped_column(index=True)
    until: Mapped[dt.datetime | None]


class RenewedLink(Table):
    """How often the link of a shift was made anew: earlier ones no longer open anything."""

    __tablename__ = "renewed_links"
    __table_args__ = (UniqueConstraint("region", "day", "shift"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str]
    day: Mapped[dt.date]
    shift: Mapped[str]
    times: Mapped[int]
