"""The JSON API under /api/v1: parse, call one operation, shape the answer."""

from fastapi import APIRouter

from api.routes import days, health, region, requests

router = APIRouter(prefix="/api/v1")
for part in (requests, days, region, health):
    router.include_router(part.router)
