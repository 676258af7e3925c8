"""What the dispatcher works with: the telephone call, the day, what happens on it."""

from fastapi import APIRouter

from api.web.board import calls, deeds, duties, figures, remedies_page, reports, wishes

router = APIRouter()
for part in (calls, wishes, deeds, reports, remedies_page, duties, figures):
    router.include_router(part.router)
