"""What all tables share: names of constraints, moments in UTC."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

# Named constraints, so that a migration can find and change them on every database.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# A number that has been told to somebody is never given to somebody else.
NEVER_AGAIN = {"sqlite_autoincrement": True}


class Moment(TypeDecorator[dt.datetime]):
    """A point in time, kept in UTC; whatever the database makes of it, it comes back so."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _: Dialect) -> dt.datetime | None:
        """Turn into UTC what goes in."""
        if value is not None and value.tzinfo is None:
            msg = f"A moment needs a time zone: {value}."
            raise ValueError(msg)
        return value and value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, _: Dialect) -> dt.datetime | None:
        """Give what comes out its time zone: SQLite keeps none, PostgreSQL answers in its own."""
        if value is None or value.tzinfo is None:
            return value and value.replace(tzinfo=dt.UTC)
        return value.astimezone(dt.UTC)


class Table(DeclarativeBase):
    """What every table shares."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {dict[str, Any]: JSON(none_as_null=True), dt.datetime: Moment}  # noqa: RUF012  (SQLAlchemy reads it so)
