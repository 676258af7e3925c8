"""
What is known of a region without its files: what they said when they could last be read.

People have rights, and weeks go by, also when a folder is gone or a word in it is misspelt. To
guess would be worse: eight weeks, where a region keeps people for a year, and ten months are gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.places import KnownPlace
from data.region import Region
from data.tables import (
    Home,
    KeptOpenCall,
    KeptPlan,
    KeptRegion,
    KeptRequest,
    KeptSeries,
    KeptSolve,
    Person,
)
from scheduler.model import PlaceId
from scheduler.policy import Retention

_TIMEZONE = "Europe/Berlin"  # of a region that was never read


@dataclass(frozen=True)
class LostRegion:
    """A region whose files cannot be read: how people are kept there, and no place by its name."""

    name: str
    title: str
    timezone: str
    weeks: int
    places: Mapping[PlaceId, KnownPlace] = field(default_factory=dict)


KnownRegion: TypeAlias = Region | LostRegion


def weeks_of(region: KnownRegion) -> int:
    """How many weeks people are kept after their ride."""
    return (
        region.weeks if isinstance(region, LostRegion) else region.policy.retention.personal_weeks
    )


def kept_regions(session: Session) -> list[str]:
    """Every region of which something is kept."""
    columns = (
        KeptRequest.region,
        Person.region,
        Home.region,
        KeptPlan.region,
        KeptSolve.region,
        KeptSeries.region,
        KeptOpenCall.region,
    )
    return sorted(
        {name for column in columns for name in session.scalars(select(column).distinct())}
    )


def remember(session: Session, region: Region) -> None:
    """Keep what will be needed when the files of a region cannot be read."""
    session.merge(
        KeptRegion(
            name=region.name,
            title=region.title,
            timezone=region.timezone,
            personal_weeks=weeks_of(region),
        )
    )


def recall(session: Session, name: str) -> LostRegion:
    """Give what was remembered of a region; the defaults of a policy if it was never read."""
    kept = session.get(KeptRegion, name)
    if kept is None:
        return LostRegion(name, name, _TIMEZONE, Retention().personal_weeks)
    return LostRegion(kept.name, kept.title, kept.timezone, kept.personal_weeks)
