"""What is published of a day, in German words: what drivers hold, and who is to be rung."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from api.operations import publishing
from api.operations.changes import Changes
from api.operations.days import PlannedDay
from api.operations.informed import Informed
from api.operations.office import Office
from api.operations.publishing import Concern, Worry
from api.sheets.wording import moment
from api.web.board.concerned_view import ConcernedView, concerned
from api.web.board.informed_view import InformedView, informed_view
from api.web.board.request_rows import RowView
from api.web.happenings import known_of
from scheduler.clock import Clock
from scheduler.manifest import Contact
from scheduler.model import RequestId, ShiftId


@dataclass(frozen=True)
class WorryView:
    """What a version does not know, of one request or, without one, of the day."""

    request: RequestId
    name: str
    when: str
    text: str


@dataclass(frozen=True)
class PaperView:
    """What the driver of a shift is to be given; a *new* shift has no sheet that would change."""

    shift: ShiftId
    label: str
    new: bool


@dataclass(frozen=True)
class EditionView:
    """
    What drivers hold, and what the newest version changes about it.

    *published* is "" as long as nothing is, *current* says that it is the newest. *concerned* is
    whom it concerns, against what was published before, *informed* who else has still to be told,
    or has been. *papers* are to be handed out instead of what drivers hold. *worries* are what the
    newest version does not know.
    """

    published: str
    current: bool
    concerned: ConcernedView
    informed: InformedView
    papers: tuple[PaperView, ...]
    worries: tuple[WorryView, ...]


def edition_view(
    office: Office,
    planned: PlannedDay,
    rows: Iterable[RowView],
    informed: Informed,
    *,
    now: Clock,
) -> EditionView:
    """
    Put into words what is published of a day at its time *now*.

    *rows* are its requests, *informed* says who knows what of the newest version.
    """
    region = planned.region
    edition = publishing.edition(office, region, planned.plan.date)
    held, found = edition.published, edition.changes
    at = held.at.astimezone(office.zone(region)) if held else None
    known = known_of(planned, now)
    whom = concerned(office, found, known, informed.heard) if found else ConcernedView()
    shown = {each.request for each in (*whom.ring, *whom.selves)}
    others = informed_view(informed, known, shown)
    told = {each.request for each in (*others.ring, *others.unsaid)}
    whom = replace(whom, minutes=tuple(each for each in whom.minutes if each.request not in told))
    return EditionView(
        published=f"Version {held.version}, {moment(at)}" if held and at else "",
        current=held is not None and held.version == edition.newest,
        concerned=whom,
        informed=others,
        papers=_papers(found) if found else (),
        worries=tuple(_worries(edition.worries, {row.id: row for row in rows}, planned)),
    )


def _papers(found: Changes) -> tuple[PaperView, ...]:
    return tuple(
        PaperView(
            each.shift,
            found.region.shift_label(each.shift),
            new=found.older.route(each.shift) is None,
        )
        for each in found.difference.shifts
    )


def _worries(
    worries: Iterable[Worry], rows: Mapping[RequestId, RowView], planned: PlannedDay
) -> Iterable[WorryView]:
    """One line for each request, whatever there is to be said of it."""
    by_request: dict[RequestId, dict[Concern, Worry]] = {}
    for each in worries:
        by_request.setdefault(each.request, {})[each.concern] = each
    for request, concerns in by_request.items():
        if not request:
            yield from (WorryView("", "", "", each.message) for each in concerns.values())
            continue
        row = rows.get(request)
        name = row.name if row else _contact(planned.input.contacts, request).name
        yield WorryView(request, name, row.when if row else "", _worry(set(concerns)))


def _worry(concerns: set[Concern]) -> str:
    if Concern.CANCELLED in concerns:
        return "ist abgesagt; der Bus käme vergeblich"
    promised = Concern.PROMISE in concerns
    if Concern.NEW in concerns:
        new = "kam nach diesem Plan und ist nicht darin"
        return f"{new}, obwohl etwas zugesagt ist" if promised else new
    if Concern.CHANGED in concerns:
        changed = "wurde nach diesem Plan geändert"
        return f"{changed}, und ist für die neue Zeit zugesagt" if promised else changed
    return "ist etwas anderes zugesagt, als der Plan vorsieht"


def _contact(contacts: Mapping[RequestId, Contact], request: RequestId) -> Contact:
    return contacts.get(request) or Contact(f"Fahrtwunsch {request}", "", "")
