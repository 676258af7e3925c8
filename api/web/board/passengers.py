"""Passengers: find somebody, look at them, change them, make one of two entries."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.errors import PersonEditedError
from api.operations import people, series, ticking
from api.operations.office import Office
from api.routes.dependencies import OfficeHere, RegionHere
from api.web.board.forms import fields_of, first_bad
from api.web.board.person_form import (
    ADDRESSES,
    COMPANIONS,
    CONSENTS,
    HELPS,
    LABELS,
    faults,
    person_values,
    read_person,
)
from api.web.board.person_view import PersonView, person_view, rides_view
from api.web.rendering import page
from api.web.series_words import pattern_text
from data.errors import RefusedRowError, SamePersonError
from data.profiles import Consent, StoredProfile
from data.region import Region

router = APIRouter(
    prefix="/fahrgaeste", include_in_schema=False, dependencies=[needs(Role.DISPATCHER)]
)

LEAST_TYPED = 2
_MOST = 30
_DONE = {
    "neu": "Aufgenommen.",
    "geaendert": "Geändert, auch in allen Fahrtwünschen.",
    "zusammen": "Zusammengeführt. Alle Fahrtwünsche gehören jetzt hierher.",
    "geloescht": "Gelöscht. Gezählt bleibt, was gefahren wurde. Gedruckte Tourenblätter bitte "
    "vernichten.",
}


async def _sent(request: Request) -> dict[str, str]:
    return fields_of(await request.form())


Sent = Annotated[dict[str, str], Depends(_sent)]
PersonOfPath = Annotated[str, Path(pattern=r"^p[0-9]{1,18}$")]


@router.get("")
def ask(region: RegionHere, getan: str = "") -> HTMLResponse:
    """Ask whom to look for."""
    return _search(region, told=_DONE.get(getan, ""))


@router.post("")
def search(office: OfficeHere, region: RegionHere, sent: Sent) -> HTMLResponse:
    """Find passengers; a name never stands in an address."""
    typed = sent.get("suche", "")
    if len(typed) < LEAST_TYPED:
        wrong = f"Bitte mindestens {LEAST_TYPED} Zeichen eingeben."
        return _search(region, typed=typed, wrong=wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _search(region, typed=typed, found=_found(office, region, typed))


@router.get("/neu")
def ask_new(region: RegionHere) -> HTMLResponse:
    """Show an empty form."""
    return _form(region, "", person_values())


@router.post("/neu")
def create(office: OfficeHere, region: RegionHere, sent: Sent) -> Response:
    """Keep a new passenger."""
    return _keep(office, region, "", sent)


@router.get("/{person}")
def show(
    office: OfficeHere, region: RegionHere, person: PersonOfPath, getan: str = ""
) -> HTMLResponse:
    """Show one passenger, with what they asked for."""
    stored = people.read(office, region, person)
    rides = people.rides(office, region, person)
    states = {
        each.request: each.state
        for day in {ride.row.date for ride in rides}
        for each in ticking.read_states(office, region, day)
    }
    return page(
        "person.html",
        region,
        person=person_view(stored),
        rides=rides_view(rides, states, office.today(region), zone=office.zone(region)),
        series=[
            (
                each.id,
                f"{each.row.origin} – {each.row.destination}",
                pattern_text(each.pattern, each.on_closed),
            )
            for each in series.read_all(office, region, person=person)
        ],
        told=_DONE.get(getan, ""),
    )


@router.get("/{person}/aendern")
def ask_change(office: OfficeHere, region: RegionHere, person: PersonOfPath) -> HTMLResponse:
    """Show the form with what is known."""
    stored = people.read(office, region, person)
    return _form(region, person, person_values(stored), version=str(stored.version))


@router.post("/{person}/aendern")
def change(office: OfficeHere, region: RegionHere, person: PersonOfPath, sent: Sent) -> Response:
    """Change a passenger, unless somebody else was faster."""
    return _keep(office, region, person, sent)


@router.get("/{person}/zusammen")
def ask_merge(office: OfficeHere, region: RegionHere, person: PersonOfPath) -> HTMLResponse:
    """Ask which other entry is the same person."""
    return _merging(office, region, person)


@router.post("/{person}/zusammen")
def merge(office: OfficeHere, region: RegionHere, person: PersonOfPath, sent: Sent) -> Response:
    """Find the other entry, show both, and make one of them."""
    other, typed = sent.get("mit", ""), sent.get("suche", "")
    if not other:
        if len(typed) < LEAST_TYPED:
            wrong = f"Bitte mindestens {LEAST_TYPED} Zeichen eingeben."
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _merging(office, region, person, typed=typed, wrong=wrong, status=status)
        found = [each for each in _found(office, region, typed) if each.id != person]
        return _merging(office, region, person, typed=typed, found=found)
    theirs = people.read(office, region, other)
    count = len(people.rides(office, region, other))
    told = ""
    if sent.get("sicher") == f"{other}.{theirs.version}":
        try:
            people.merge(office, region, person, other, versions=[sent.get("version", "")])
        except PersonEditedError as error:
            told = str(error)
        else:
            return RedirectResponse(f"/fahrgaeste/{person}?getan=zusammen", HTTPStatus.SEE_OTHER)
    return _merging(
        office,
        region,
        person,
        typed=typed,
        theirs=person_view(theirs),
        count=count,
        told=told,
        status=HTTPStatus.CONFLICT if told else HTTPStatus.OK,
    )


def _found(office: Office, region: Region, typed: str) -> list[PersonView]:
    return [person_view(each) for each in people.search(office, region, typed, most=_MOST)]


def _keep(office: Office, region: Region, person: str, sent: dict[str, str]) -> Response:
    values = {name: sent.get(name, "") for name in LABELS}
    version = sent.get("version", "")
    told, wrong = read_person(values, today=office.today(region))
    extra: dict[str, Any] = {"status": HTTPStatus.UNPROCESSABLE_ENTITY}
    if wrong:
        wrong = faults(people.faults_of(office, region, told), values) | wrong
    else:
        try:
            if person:
                people.change(office, region, person, told, versions=[version])
                stored_id, done = person, "geaendert"
            else:
                stored_id, done = people.create(office, region, told).id, "neu"
        except RefusedRowError as error:
            wrong = faults(error.rejected, values)
        except SamePersonError as error:
            extra = {"status": HTTPStatus.CONFLICT, "same": f"p{error.number}"}
        except PersonEditedError as error:
            version = str(error.stored.version)
            extra = {"status": HTTPStatus.CONFLICT, "theirs": person_view(error.stored)}
        else:
            return RedirectResponse(f"/fahrgaeste/{stored_id}?getan={done}", HTTPStatus.SEE_OTHER)
    return _form(region, person, values, version=version, wrong=wrong, **extra)


def _search(
    region: Region,
    *,
    typed: str = "",
    found: list[PersonView] | None = None,
    wrong: str = "",
    told: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    return page(
        "people.html",
        region,
        status=status,
        typed=typed,
        found=found,
        most=_MOST,
        wrong=wrong,
        told=told,
    )


def _form(
    region: Region,
    person: str,
    values: dict[str, str],
    *,
    version: str = "",
    wrong: dict[str, str] | None = None,
    same: str = "",
    theirs: PersonView | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    withdrawn = Consent.WITHDRAWN.value
    kept = [(withdrawn, "widerrufen")] if values["einwilligung"] == withdrawn else []
    return page(
        "person_form.html",
        region,
        status=status,
        id=person,
        values=values,
        wrong=wrong or {},
        labels=LABELS,
        focus=first_bad(LABELS, wrong or {}) or ("" if person else "name"),
        addresses=ADDRESSES,
        helps=HELPS,
        companions=COMPANIONS,
        consents=[*CONSENTS, *kept],
        version=version,
        same=same,
        theirs=theirs,
        places=sorted(place.name for place in region.places.values()),
    )


def _merging(
    office: Office,
    region: Region,
    person: str,
    *,
    typed: str = "",
    found: list[PersonView] | None = None,
    theirs: PersonView | None = None,
    count: int = 0,
    wrong: str = "",
    told: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    stored: StoredProfile = people.read(office, region, person)
    return page(
        "person_merge.html",
        region,
        status=status,
        person=person_view(stored),
        typed=typed,
        found=found,
        theirs=theirs,
        count=count,
        wrong=wrong,
        told=told,
    )
