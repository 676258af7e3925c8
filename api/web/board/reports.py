"""What happens on the day: first what it would change, and for whom; then it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Form, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.errors import BusyError, EventRefusedError, OutdatedPlanError
from api.operations import amending, foreseeing, in_the_bus, requests, substituting, taking_back
from api.operations.begun import is_riding
from api.operations.foreseeing import Foreseen
from api.operations.happenings import Happening, Substitute, is_taking_back
from api.operations.office import Office
from api.routes.dependencies import OfficeHere, RegionHere
from api.sheets.wording import full_date
from api.web.board.report_view import SeenView, seen_view
from api.web.board.request_view import RequestView, request_view
from api.web.happenings import happening_text
from api.web.rendering import page
from data.cells import read_minutes
from data.outcomes import Outcome
from data.region import Region
from data.spoken_time import read_spoken_time
from routing.units import HOUR, Seconds
from scheduler.clock import hh_mm
from scheduler.events import Cancelled, Delayed, NoShow, OutOfService, Ready
from scheduler.manifest import Contact
from scheduler.model import ShiftId

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.DISPATCHER)])

FIRST_HOME = 6 * HOUR  # nobody goes home earlier: "halb vier" is 15:30. A guess.
LONGEST_DELAY: Seconds = 4 * HOUR  # later than that, the shift falls out

_ANOTHER = "Angesehen haben Sie etwas anderes. So wäre es damit:"

Because: TypeAlias = Literal["", "denied", "unmet"]


class Report(BaseModel):
    """
    What is reported, as it stands in the address; it names nobody.

    *um* is when somebody can be fetched, *grund* why a shift falls out, *fahrer* who takes it over
    instead, *wie* how a request ended, *gesehen* what was looked at, and *um_gesehen* what *um* was
    then. *minuten* and *um* are as somebody typed them.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    was: Literal["cancelled", "no_show", "delayed", "ready", "out_of_service", "substitute"]
    wunsch: Annotated[str, Field(max_length=20)] = ""
    dienst: Annotated[str, Field(max_length=64)] = ""
    fahrer: Annotated[str, Field(max_length=64)] = ""
    minuten: Annotated[str, Field(max_length=500)] = "10"
    grund: Literal["", "vehicle", "driver"] = ""
    um: Annotated[str, Field(max_length=500)] = ""
    um_gesehen: Annotated[str, Field(max_length=500)] = ""
    nur_zurueck: bool = False
    wie: Because = ""
    gesehen: Annotated[str, Field(max_length=16)] = ""

    def wrong(self) -> dict[str, str]:
        """What was typed and cannot be read: what would be right, by the name of the field."""
        try:
            if self.was == "delayed":
                read_minutes(self.minuten, LONGEST_DELAY)
            if self.was == "ready" and self.um:
                read_spoken_time(self.um, earliest=FIRST_HOME)
        except ValueError as error:
            return {"minuten" if self.was == "delayed" else "um": str(error)}
        return {}

    def event(self, office: Office, region: Region, day: date) -> Happening:
        """What it is to the scheduler; whatever was typed has to be readable."""
        match self.was:
            case "cancelled":
                return Cancelled(self.wunsch, self.nur_zurueck)
            case "no_show":
                return NoShow(self.wunsch)
            case "delayed":
                return Delayed(self.dienst, read_minutes(self.minuten, LONGEST_DELAY))
            case "ready":
                at = max(0, office.clock(region, day))
                if self.um:
                    at = read_spoken_time(self.um, earliest=FIRST_HOME)
                return Ready(self.wunsch, at, region.policy.way_back.longest_wait)
            case "out_of_service":
                driver, vehicle = self.grund == "driver", self.grund == "vehicle"
                return OutOfService(self.dienst, vehicle=vehicle, driver=driver)
            case "substitute":
                return Substitute(self.dienst, self.fahrer)

    def means(self, event: Happening, office: Office, region: Region, day: date) -> bool:
        """Whether *event* is what is reported; without a time, "now" was when it was looked at."""
        mine = self.event(office, region, day)
        if (
            isinstance(mine, Ready)
            and isinstance(event, Ready)
            and not (self.um or self.um_gesehen)
        ):
            mine = replace(mine, at=event.at)
        return mine == event

    def only_kept(self, office: Office, region: Region, day: date) -> bool:
        """Whether somebody cancels who is in no bus that runs: nobody else is concerned."""
        return self.was == "cancelled" and not is_riding(office, region, self.wunsch, day)


@router.get("/tage/{day}/melden")
def show(
    office: OfficeHere, region: RegionHere, day: date, report: Annotated[Report, Query()]
) -> HTMLResponse:
    """Show what a report would change."""
    return _look(office, region, day, report)


@router.post("/tage/{day}/melden")
def keep(
    office: OfficeHere, region: RegionHere, day: date, report: Annotated[Report, Form()]
) -> Response:
    """Keep what was looked at, and just that; what is different by now is shown once more."""
    about = _about(office, region, report)
    if report.wrong():
        return _form(region, day, report, about)
    if report.only_kept(office, region, day):
        because = Outcome(report.wie) if report.wie else None
        requests.cancel(office, region, report.wunsch, because=because)
        return RedirectResponse(f"/wuensche/{report.wunsch}?getan=abgesagt", HTTPStatus.SEE_OTHER)
    try:
        seen = foreseeing.find(office, region, day, report.gesehen)
        if seen is not None and not report.means(seen.event, office, region, day):
            raise BusyError(_ANOTHER)
        foreseeing.keep(office, region, day, report.gesehen)
    except EventRefusedError as error:
        return _form(region, day, report, about, refused=_naming(error, about))
    except OutdatedPlanError as error:
        return _form(region, day, report, about, refused=str(error))
    except BusyError as error:
        return _look(office, region, day, report, refused=str(error))
    return RedirectResponse(f"/tage/{day}#geschehen", HTTPStatus.SEE_OTHER)


@router.post("/tage/{day}/zuruecknehmen")
def take_back(
    office: OfficeHere, region: RegionHere, day: date, version: Annotated[int, Form(ge=1)]
) -> Response:
    """Take back what was reported last; what cannot be taken back any more says why."""
    taking_back.take_back(office, region, day, version)
    return RedirectResponse(f"/tage/{day}#geschehen", HTTPStatus.SEE_OTHER)


def _look(
    office: Office, region: Region, day: date, report: Report, *, refused: str = ""
) -> HTMLResponse:
    """Show what a report would change; *refused* says why it is not kept yet."""
    about = _about(office, region, report)
    if report.wrong():
        return _form(region, day, report, about)
    if report.only_kept(office, region, day):
        seen = SeenView(f"{about.name if about else ''} sagt ab")
        return _page(region, day, report, about, seen=seen, asks="cancel")
    try:
        found = foreseeing.foresee(office, region, day, report.event(office, region, day))
    except EventRefusedError as error:
        return _form(region, day, report, about, refused=_naming(error, about))
    duties = substituting.read_crews(office, region, day)
    return _page(
        region,
        day,
        report,
        about,
        seen=seen_view(found, report.wunsch, duties),
        already=_already(office, found),
        stranded=in_the_bus.read_stranded(office, region, day, found.plan),
        refused=refused,
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
    )


def _already(office: Office, found: Foreseen) -> list[str]:
    """Name what was reported of the same shift before, and holds: a delay comes on top of it."""
    if not isinstance(found.event, Delayed):
        return []
    every = amending.happened(office, found.region, found.plan.date)
    undone = {each.happened["version"] for each in every if is_taking_back(each.happened)}
    return [
        f"um {hh_mm(each.at)} Uhr {happening_text(each.happened, found.before)}"
        for each in every
        if (each.happened["kind"], each.happened.get("shift")) == ("delayed", found.event.shift)
        and each.version not in undone
    ]


def _about(office: Office, region: Region, report: Report) -> RequestView | None:
    if not report.wunsch:
        return None
    return request_view(requests.read(office, region, report.wunsch), office.zone(region))


def _naming(error: EventRefusedError, about: RequestView | None) -> str:
    return error.naming(about.name) if about else str(error)


_TITLES = {
    "cancelled": "Absage",
    "no_show": "Nicht da",
    "delayed": "Verspätung",
    "ready": "Rückfahrt auf Anruf",
    "out_of_service": "Dienst fällt aus",
    "substitute": "Wer übernimmt",
}
_LABELS = {"minuten": "Verspätung in Minuten", "um": "Fertig um"}


def _form(
    region: Region, day: date, report: Report, about: RequestView | None, *, refused: str = ""
) -> HTMLResponse:
    """Ask once more, with what was typed: it cannot be read, or it is *refused*."""
    shifts = {pattern.id: pattern.name for pattern in region.roster.patterns}
    whom = about.name if about else shifts.get(report.dienst, report.dienst)
    return _page(
        region,
        day,
        report,
        about,
        what=f"{_TITLES[report.was]}: {whom}",
        refused=refused,
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.UNPROCESSABLE_ENTITY,
    )


def _page(
    region: Region,
    day: date,
    report: Report,
    about: RequestView | None,
    *,
    seen: SeenView | None = None,
    already: Sequence[str] = (),
    asks: str = "",
    what: str = "",
    refused: str = "",
    status: HTTPStatus = HTTPStatus.OK,
    stranded: Mapping[ShiftId, Sequence[Contact]] = MappingProxyType({}),
) -> HTMLResponse:
    return page(
        "report.html",
        region,
        status=status,
        title=full_date(day),
        date=day,
        report=report,
        labels=_LABELS,
        about=about,
        asks=asks or report.was,
        what=seen.what if seen else what,
        seen=seen,
        already=already,
        refused=refused,
        wrong=report.wrong(),
        stranded=[
            (region.shift_label(shift), " · ".join(each.name for each in contacts))
            for shift, contacts in stranded.items()
        ],
    )
