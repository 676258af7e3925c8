"""What the dispatcher works with: the telephone call, the day, what happens on it."""

from fastapi import APIRouter

from api.web.board import calls, plans

router = APIRouter()
for part in (calls, plans):
    router.include_router(part.router)
