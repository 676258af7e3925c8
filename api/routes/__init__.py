"""The JSON API under /api/v1: parse, call one operation, shape the answer."""

from fastapi import APIRouter

from api.routes import (
    accounts,
    audit,
    changes,
    days,
    events,
    figures,
    health,
    info,
    links,
    offers,
    people,
    privacy,
    region,
    remedies,
    requests,
    series,
    solves,
    ticks,
    tours,
    versions,
)

router = APIRouter(prefix="/api/v1")
for part in (
    requests,
    series,
    people,
    offers,
    # Before the sheets: "morning.gpx" is no shift.
    tours,
    days,
    solves,
    versions,
    events,
    ticks,
    remedies,
    changes,
    figures,
    region,
    info,
    privacy,
    links,
    audit,
    accounts,
    health,
):
    router.include_router(part.router)
router.include_router(people.searching)
