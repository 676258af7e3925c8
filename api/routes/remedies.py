"""Why somebody is not in the plan of a day, and what would help."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import remedies
from api.problems import documented
from api.routes.dependencies import DayOfPath, OfficeHere, RegionHere
from api.schemas.remedies import ExplanationView, explanation_view

router = APIRouter(
    prefix="/days/{date}/unserved", tags=["days"], dependencies=[needs(Role.DISPATCHER)]
)

SlotText = Annotated[str, Query(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]( .{1,120})?$")]


@router.get(
    "/{request}",
    response_model_exclude_unset=True,
    responses=documented(404, 409, 422),
    summary="Explain why a request is not in the newest plan",
    description="And find the smallest changes with which it would fit, each backed by a plan "
    "that has passed the checker. Takes some seconds, and longer with *prove*.",
)
def explain(
    office: OfficeHere,
    region: RegionHere,
    date: DayOfPath,
    request: str,
    *,
    slot: Annotated[
        list[SlotText] | None,
        Query(max_length=20, description='Free appointments: "10:20", or "10:20 MVZ Kalletal".'),
    ] = None,
    prove: Annotated[bool, Query(description="Let the exact method decide.")] = False,
) -> ExplanationView:
    """Explain why a request is not in the newest plan."""
    planned = remedies.planned_day(office, region, date)
    slots = [remedies.read_slot(text) for text in slot or ()]
    return explanation_view(
        remedies.explain_unserved(office, planned, request, slots=slots, prove=prove)
    )
