"""What the dispatcher works with: the telephone call, the day, what happens on it."""

from fastapi import APIRouter

from api.web.board import (
    bus_page,
    calls,
    deeds,
    duties,
    figures,
    informed,
    passengers,
    place_page,
    region_page,
    remedies_page,
    reports,
    rights,
    series_pages,
    versions_page,
    wishes,
)

router = APIRouter()
for part in (
    calls,
    wishes,
    series_pages,
    deeds,
    versions_page,
    reports,
    remedies_page,
    duties,
    figures,
    informed,
    rights,
    passengers,
    bus_page,
    place_page,
    region_page,
):
    router.include_router(part.router)
