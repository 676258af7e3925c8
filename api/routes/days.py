"""Days: plan one, read its plan and the sheets of its shifts."""

from typing import Annotated

from fastapi import APIRouter, Body, Header, Path, Query, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.accept import choose
from api.doors.entrance import CallerHere, needs
from api.doors.roles import Role
from api.operations import planning, sheets, solving
from api.operations.days import broken_promises
from api.problems import documented
from api.routes.dependencies import DayOfPath, OfficeHere, RegionHere
from api.routes.once import OnceRoute
from api.schemas.plans import PlanBody, PlanView, ShiftView
from api.schemas.versions import published_view
from api.sheets.document import tourenblatt_json
from api.sheets.page import tourenblatt_html
from api.sheets.pdf import tourenblatt_pdf
from data.plan_document import Document
from data.plans import StoredPlan

router = APIRouter(prefix="/days/{date}", tags=["days"], route_class=OnceRoute)

JSON, HTML, PDF = "application/json", "text/html", "application/pdf"


@router.post(
    "/plan",
    dependencies=[needs(Role.DISPATCHER, Role.PLANNER)],
    response_model_exclude_unset=True,
    responses=documented(400, 404, 409, 422, 503),
    summary="Plan a day",
    description="Plans all requests of the date and keeps the plan as its next version. "
    "The plan has passed the checker, and keeps what was promised; `broken_promises` says where "
    "that is no longer possible. While a day is being planned, a second try is answered with 409.",
)
def make_plan(
    office: OfficeHere,
    region: RegionHere,
    date: DayOfPath,
    body: Annotated[PlanBody | None, Body()] = None,
) -> PlanView:
    """Plan a day."""
    effort = body or PlanBody()
    planned = solving.plan_kept(office, region, date, seconds=effort.seconds, seed=effort.seed)
    return _plan_view(
        {
            **planned.document,
            "version": planned.version,
            "created": planned.created,
            "published": None,
            "broken_promises": planned.broken,
        }
    )


@router.get(
    "/plan",
    dependencies=[needs(Role.DISPATCHER, Role.PLANNER)],
    response_model_exclude_unset=True,
    responses=documented(404, 422),
    summary="Read the newest plan of a day",
)
def read_plan(office: OfficeHere, region: RegionHere, date: DayOfPath) -> PlanView:
    """Read the newest plan of a day."""
    return kept_view(planning.read_document(office, region, date))


@router.get(
    "/manifests",
    dependencies=[needs(Role.DISPATCHER)],
    responses=documented(404, 409, 422),
    summary="List the sheets of a day",
)
def list_manifests(office: OfficeHere, region: RegionHere, date: DayOfPath) -> list[ShiftView]:
    """List the sheets of a day."""
    planned = planning.read_plan(office, region, date)
    return [
        ShiftView(
            shift=route.shift,
            label=region.shift_label(route.shift),
            vehicle=route.vehicle,
            stops=sum(bool(stop.visits) for stop in route.halts),
            metres=route.metres,
            manifest=f"/api/v1/days/{date}/manifests/{route.shift}",
        )
        for route in planned.plan.routes
    ]


@router.get(
    "/manifests/{shift}",
    dependencies=[needs(Role.DISPATCHER, by_link=True)],
    responses={
        200: {
            "description": "The sheet of one shift, as JSON, page or PDF",
            "content": {
                JSON: {"schema": {"type": "object"}},
                HTML: {"schema": {"type": "string"}},
                PDF: {"schema": {"type": "string", "format": "binary"}},
            },
        },
        **documented(404, 406, 409, 422),
    },
    response_class=Response,
    summary="Read the sheet of one shift",
    description="As JSON, as a page or as PDF, by the Accept header; JSON unless another is asked. "
    "Of the newest plan, for drivers of the published one, or of a *version*; *published* on the "
    "sheet is null if it is none.",
)
def read_manifest(
    office: OfficeHere,
    region: RegionHere,
    caller: CallerHere,
    date: DayOfPath,
    shift: Annotated[str, Path(examples=["morning"])],
    accept: Annotated[str, Header()] = JSON,
    version: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="Without it, the newest.")
    ] = None,
) -> Response:
    """Read the sheet of one shift."""
    form = choose(accept, (JSON, HTML, PDF))
    held = caller.only_drives(region.name)
    sheet = sheets.read_sheet(office, region, date, shift, version=version, held=held)
    if form == HTML:
        return HTMLResponse(tourenblatt_html(sheet.manifest, chart=sheet.chart, code=sheet.code))
    if form == PDF:
        name = f'inline; filename="{date}-{shift}.pdf"'
        return Response(
            tourenblatt_pdf(sheet.manifest, chart=sheet.chart, code=sheet.code),
            media_type=PDF,
            headers={"Content-Disposition": name},
        )
    return JSONResponse(tourenblatt_json(sheet.manifest))


def kept_view(kept: StoredPlan) -> PlanView:
    """Show a version of a plan."""
    return _plan_view(
        {
            **kept.document,
            "version": kept.version,
            "created": kept.created,
            "published": published_view(kept.published),
            "broken_promises": broken_promises(kept.plan, kept.promises),
        }
    )


def _plan_view(document: Document) -> PlanView:
    return PlanView.model_validate(document)
