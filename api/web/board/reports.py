"""What happens on the day: first what it would change, and for whom; then it is kept."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import APIRouter, Form, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse, RedirectResponse

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import amending, requests
from api.operations.amending import Foreseen
from api.operations.begun import is_riding
from api.operations.happenings import Happening
from api.operations.office import Office
from api.routes.dependencies import OfficeHere, RegionHere
from api.sheets.wording import full_date, minutes
from api.web.board.request_view import request_view
from api.web.changed import what_changes
from api.web.happenings import happening_text
from api.web.rendering import page
from data.outcomes import Outcome
from data.region import Region
from routing.units import MINUTE
from scheduler.clock import clock
from scheduler.events import Cancelled, Delayed, NoShow, OutOfService, Ready
from scheduler.manifest import Contact

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.DISPATCHER)])

Because: TypeAlias = Literal["", "denied", "unmet"]


class Report(BaseModel):
    """
    What is reported, as it stands in the address; it names nobody.

    *um* is when somebody can be fetched, *grund* why a shift falls out, *wie* how a request ended,
    *version* the plan that was looked at.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    was: Literal["cancelled", "no_show", "delayed", "ready", "out_of_service"]
    wunsch: Annotated[str, Field(max_length=20)] = ""
    dienst: Annotated[str, Field(max_length=64)] = ""
    minuten: Annotated[int, Field(ge=1, le=240)] = 10
    grund: Literal["", "vehicle", "driver"] = ""
    um: Annotated[str, Field(pattern=r"^(?:([01]?[0-9]|2[0-3]):[0-5][0-9])?$")] = ""
    nur_zurueck: bool = False
    wie: Because = ""
    version: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0

    def event(self, office: Office, region: Region, day: date) -> Happening:
        """What it is to the scheduler."""
        match self.was:
            case "cancelled":
                return Cancelled(self.wunsch, self.nur_zurueck)
            case "no_show":
                return NoShow(self.wunsch)
            case "delayed":
                return Delayed(self.dienst, self.minuten * MINUTE)
            case "ready":
                at = clock(self.um) if self.um else max(0, office.clock(region, day))
                return Ready(self.wunsch, at, region.policy.way_back.longest_wait)
            case "out_of_service":
                driver, vehicle = self.grund == "driver", self.grund == "vehicle"
                return OutOfService(self.dienst, vehicle=vehicle, driver=driver)

    def only_kept(self, office: Office, region: Region, day: date) -> bool:
        """Whether somebody cancels who is in no bus that runs: nobody else is concerned."""
        return self.was == "cancelled" and not is_riding(office, region, self.wunsch, day)


@dataclass(frozen=True)
class RingView:
    """Somebody to be rung, and what they have to be told."""

    name: str
    phone: str
    told: str


@router.get("/tage/{day}/melden")
def show(
    office: OfficeHere, region: RegionHere, day: date, report: Annotated[Report, Query()]
) -> HTMLResponse:
    """Show what a report would change."""
    about = request_view(requests.read(office, region, report.wunsch)) if report.wunsch else None
    common: dict[str, Any] = {
        "title": full_date(day),
        "date": day,
        "report": report,
        "about": about,
    }
    if report.only_kept(office, region, day):
        return page(
            "report.html",
            region,
            what=f"{about.name if about else ''} sagt ab",
            version=0,
            ring=[],
            others=[],
            overtime=[],
            sure=True,
            asks="cancel",
            **common,
        )
    found = amending.foresee(office, region, day, report.event(office, region, day))
    told = found.announced
    concerned = {*told.given_up, *told.late}
    return page(
        "report.html",
        region,
        what=happening_text(found.happened, found.before),
        version=found.before.version,
        ring=_ring(found),
        others=[
            (_contact(found, each.request).name, what_changes(each, found))
            for each in found.difference.passengers
            if each.request not in concerned and each.request != report.wunsch
        ],
        overtime=[
            f"{region.shift_label(shift)}: endet {minutes(by)} nach Dienstschluss"
            for shift, by in told.overtime.items()
        ],
        sure=told.sure,
        asks=report.was,
        **common,
    )


@router.post("/tage/{day}/melden")
def keep(
    office: OfficeHere, region: RegionHere, day: date, report: Annotated[Report, Form()]
) -> RedirectResponse:
    """Keep what was reported."""
    if report.only_kept(office, region, day):
        because = Outcome(report.wie) if report.wie else None
        requests.cancel(office, region, report.wunsch, because=because)
        return RedirectResponse(f"/wuensche/{report.wunsch}?getan=abgesagt", HTTPStatus.SEE_OTHER)
    event = report.event(office, region, day)
    amending.amend(office, region, day, event, version=report.version)
    return RedirectResponse(f"/tage/{day}#geschehen", HTTPStatus.SEE_OTHER)


def _ring(found: Foreseen) -> list[RingView]:
    told = found.announced
    words = {
        **dict.fromkeys(told.given_up, "kann nicht mehr gefahren werden"),
        **{name: f"bis zu {minutes(by)} später als zugesagt" for name, by in told.late.items()},
    }
    changed = {each.request: each for each in found.difference.passengers}
    return [
        RingView(
            contact.name,
            contact.phone,
            f"{text}: {what_changes(changed[name], found)}"
            if name in changed and name in told.late
            else text,
        )
        for name, text in words.items()
        for contact in [_contact(found, name)]
    ]


def _contact(found: Foreseen, request: str) -> Contact:
    return found.contacts.get(request) or Contact(request, "", "")
