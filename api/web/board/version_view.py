"""The versions of a day's plan in German words: when, why, published or not, and how good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.errors import OutdatedPlanError
from api.operations import accounts, planning, publishing
from api.operations.office import Office
from api.sheets.wording import moment
from api.web.views import hours_and_minutes
from data.errors import NotKeptError
from data.plans import Publication
from data.region import Region
from data.versions import PlanVersion
from scheduler.clock import hh_mm
from scheduler.model import ShiftId

KINDS = {
    "cancelled": "Absage",
    "no_show": "nicht da",
    "caught_up": "Zugesagtes und Abgesagtes eingearbeitet",
    "joined": "fährt mit",
    "ready": "Rückfahrt zu anderer Zeit",
    "delayed": "Bus im Verzug",
    "out_of_service": "Dienst endet",
    "substitute": "anderer Mensch am Steuer",
    "road_closed": "Straße gesperrt",
    "taken_back": "Meldung zurückgenommen",
}
_PUBLISHERS = {
    "command": "mit einem Befehl am Rechner selbst",
    "anybody": "am Rechner selbst, ohne Anmeldung",
    "token": "von einer Maschine",
}


@dataclass(frozen=True)
class VersionView:
    """
    One version; *published* is "" as long as it is a draft, *held* says that drivers have it.

    *why* is what happened on the day, or that it was planned.
    """

    number: int
    made: str
    why: str
    published: str
    held: bool
    newest: bool
    served: int
    unserved: int
    driving: str
    proof: str


@dataclass(frozen=True)
class HeldView:
    """What drivers hold, where the newest version fits no more: its sheets by shift and label."""

    number: int
    published: str
    sheets: tuple[tuple[ShiftId, str], ...]


def held_view(office: Office, region: Region, day: date) -> HeldView | None:
    """Say which version drivers hold, and what can still be printed of it."""
    versions = publishing.list_versions(office, region, day)
    held = next((each for each in reversed(versions) if each.published), None)
    if held is None:
        return None
    try:
        planned = planning.read_plan(office, region, day, held.version, as_published=True)
    except OutdatedPlanError:
        shifts = []
    else:
        shifts = [route.shift for route in planned.plan.routes]
    return HeldView(
        held.version,
        _published(office, region, held.published),
        tuple((shift, region.shift_label(shift)) for shift in shifts),
    )


def version_views(
    office: Office,
    region: Region,
    versions: Sequence[PlanVersion],
    happened: Mapping[int, str],
) -> list[VersionView]:
    """Put the versions of a day into words, the newest first; *happened* says more of some."""
    held = max((each.version for each in versions if each.published), default=0)
    zone = office.zone(region)
    return [
        VersionView(
            number=each.version,
            made=moment(each.created.astimezone(zone)),
            why=_why(each, happened),
            published=_published(office, region, each.published),
            held=each.version == held,
            newest=each is versions[-1],
            served=each.served,
            unserved=each.unserved,
            driving=hours_and_minutes(each.driving),
            proof="bewiesen optimal" if each.proven else "nicht bewiesen",
        )
        for each in reversed(versions)
    ]


def _why(version: PlanVersion, happened: Mapping[int, str]) -> str:
    if version.at is None:
        return "geplant" if version.version == 1 else "neu geplant"
    what = happened.get(version.version) or KINDS[version.happened]
    return f"{hh_mm(version.at)} Uhr: {what}"


def _published(office: Office, region: Region, publication: Publication | None) -> str:
    if publication is None:
        return ""
    at = moment(publication.at.astimezone(office.zone(region)))
    return f"{at}, {_publisher(office, publication.by)}"


def _publisher(office: Office, actor: str) -> str:
    kind, _, number = actor.partition(":")
    if kind != "account":
        return _PUBLISHERS.get(kind, "vom Programm selbst")
    try:
        return f"von {accounts.one(office, int(number)).name}"
    except NotKeptError:
        return "von einem Konto, das es nicht mehr gibt"
