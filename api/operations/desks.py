"""What a caller is answered from: the promises of a day, or a day that has begun."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from api.errors import CancelledError
from api.operations.begun import is_running
from api.operations.office import Office
from api.sheets.wording import minutes
from api.web.reasons import reason_text
from data import promises, requests
from data.day_input import DayInput
from data.promises import Standing
from data.region import Region
from routing.geo import Point
from routing.units import Seconds
from scheduler.day import Day
from scheduler.model import PlaceId, RequestId
from scheduler.promises import from_now_on

if TYPE_CHECKING:
    from data.books import Desk as BookingDesk
    from scheduler.booking import Book
    from scheduler.offers import Offer
    from scheduler.plan import Plan


@dataclass(frozen=True)
class Asked:
    """
    One request and what stands about the promises of its day.

    *fault* says in German why it cannot be looked at, such as a place that is no longer there.
    """

    standing: Standing
    input: DayInput
    fault: str


class Desk(Protocol):
    """
    What can be answered to one caller.

    *caller* is the day as it is for them alone, *points* are all places that an offer may name.
    *renewed* is a plan that keeps all promises and does not stand in the database yet, if there
    is one.
    """

    @property
    def caller(self) -> Day:
        """The day for them alone."""

    @property
    def points(self) -> dict[PlaceId, Point]:
        """All places."""

    @property
    def renewed(self) -> "Plan | None":
        """A newer plan of all promises."""

    @property
    def rides(self) -> bool:
        """Whether the caller rides already, on a day on which that cannot be taken back."""

    def for_caller(self, caller: Day) -> "Desk":
        """The same with another view of the day."""

    def offers(self, *, width: Seconds, most: int = ...) -> "tuple[Offer, ...]":
        """Offers with pick-up windows of *width*, the best *most* of them."""

    def never_fits(self, *, seconds: float) -> bool:
        """Whether it can be proven within *seconds* that there are none."""


def read(office: Office, region: Region, request: RequestId) -> Asked:
    """Read a request and the promises of its day; raises as `find` does."""
    with office.store.reading() as session:
        stored = requests.read(session, region, request)
        if stored.cancelled is not None:
            raise cancelled(request)
        day_input, rejected = requests.request_input(session, region, request)
        standing = promises.read_standing(session, region.name, day_input.date, now=office.now())
    return Asked(standing, day_input, " ".join(each.message for each in rejected))


def open_day(office: Office, region: Region, asked: Asked) -> tuple[Desk | None, str]:
    """
    Open the day for one caller; or say why nothing can be offered at all.

    Nobody is fetched earlier than the policy allows for so short a notice.
    """
    if asked.fault:
        return None, asked.fault
    desk = _desk(office, region, asked)
    if desk.caller.refused:
        return None, reason_text(desk.caller.refused[0], asked.input.labels(region))
    if desk.rides:
        return None, "Fährt an diesem laufenden Tag schon mit; ändern lässt es sich nicht mehr."
    caller = desk.caller
    booking = region.policy.booking
    wheelchair = any(trip.load.wheelchairs for trip in caller.trips)
    lead = booking.lead_wheelchair if wheelchair else booking.lead
    caller = from_now_on(caller, office.clock(region, asked.standing.date) + lead)
    if not caller.journeys:
        return None, f"Dafür ist es zu spät: Wer mitfahren will, ruft {minutes(lead)} vorher an."
    return desk.for_caller(caller), ""


def open_book(office: Office, region: Region, asked: Asked) -> "Book":
    """Open what is promised on the day of *asked*, which has not begun yet."""
    return _booking_desk(office, region, asked).book


def cancelled(request: RequestId) -> CancelledError:
    """Say that nobody wants to ride any more."""
    return CancelledError(
        f"Der Fahrtwunsch {request} ist abgesagt; dafür gibt es keine Vorschläge."
    )


def _desk(office: Office, region: Region, asked: Asked) -> Desk:
    if is_running(office, region, asked.standing.date):
        from api.operations.running_offers import running_desk

        return running_desk(office, region, asked)
    return _booking_desk(office, region, asked)


def _booking_desk(office: Office, region: Region, asked: Asked) -> "BookingDesk":
    # They know the optimizer, which takes a second to import.
    from data.books import open_desk
    from scheduler.optimizer.solution import Effort

    return open_desk(
        asked.standing,
        asked.input,
        region,
        office.roads(region),
        shifts=region.shifts(asked.standing.date),
        effort=Effort(seconds=office.settings.seconds),
    )
