"""Versions of a day's plan, and which of them drivers hold."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from api.operations.publishing import Concern, Edition
from api.schemas.common import Schema, Time
from data.plans import Publication
from data.versions import PlanVersion
from scheduler.clock import hh_mm


class PublishBody(Schema):
    """The version that was looked at; a newer one is not published unseen."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1, examples=[3])]


class PublishedView(Schema):
    """When a version was published, and by whom."""

    version: int
    at: dt.datetime
    by: Annotated[str, Field(examples=["account:3"])]


class VersionView(Schema):
    """One version in short; *happened* is what made it on the day itself, *at* what time."""

    version: int
    created: dt.datetime
    published: PublishedView | None
    happened: Annotated[str | None, Field(examples=["cancelled"])]
    at: Time | None
    served: int
    unserved: int
    driving_seconds: int
    proven: bool


class WorryView(Schema):
    """What the newest version does not know; *message* is German."""

    concern: Concern
    request: Annotated[str | None, Field(examples=["r17"])]
    message: str


class EditionView(Schema):
    """
    Which version drivers hold, and what the newest one changes.

    *worries* are about the newest version. *requests* and *shifts* are those for whom something
    is different from *older*, the version that was published before it; null where there is none.
    """

    date: dt.date
    newest: int
    published: PublishedView | None
    worries: list[WorryView]
    older: int | None
    requests: list[str]
    shifts: list[str]


def published_view(publication: Publication | None) -> PublishedView | None:
    """Show when a version was published."""
    if publication is None:
        return None
    return PublishedView(version=publication.version, at=publication.at, by=publication.by)


def version_view(version: PlanVersion) -> VersionView:
    """Show one version in short."""
    return VersionView(
        version=version.version,
        created=version.created,
        published=published_view(version.published),
        happened=version.happened or None,
        at=None if version.at is None else hh_mm(version.at),
        served=version.served,
        unserved=version.unserved,
        driving_seconds=version.driving,
        proven=version.proven,
    )


def edition_view(edition: Edition) -> EditionView:
    """Show which version drivers hold."""
    changes = edition.changes
    return EditionView(
        date=edition.date,
        newest=edition.newest,
        published=published_view(edition.published),
        worries=[
            WorryView(concern=each.concern, request=each.request or None, message=each.message)
            for each in edition.worries
        ],
        older=changes.older.number if changes else None,
        requests=[each.request for each in changes.difference.passengers] if changes else [],
        shifts=[each.shift for each in changes.difference.shifts] if changes else [],
    )
