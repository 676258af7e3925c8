"""
A change sheet as German texts in the order of time: what the printed Änderungsblatt shows.

What is new, falls away or moves is always said in words, never by the type alone.
"""

from collections.abc import Sequence
from typing import TypedDict

from api.sheets import change_rows as rows
from api.sheets import change_words as words
from api.sheets import wording
from api.sheets.fonts import printable
from api.sheets.view import HeadView, VisitView, aboard, ended, head_view, totals, visit_view
from scheduler.change_sheet import (
    ChangedEnd,
    ChangedItem,
    ChangedRest,
    ChangedStop,
    ChangedVisit,
    ChangeSheet,
)
from scheduler.clock import hh_mm

# More changed halts than this fill more than two pages; then a row each has to do.
_IN_FULL = 12


class ChangedVisitView(TypedDict):
    """One passenger at a halt; *instead* says where who leaves rides now, or who joins rode."""

    mark: str
    visit: VisitView
    facts: list[words.FactView]
    instead: str


class ItemView(TypedDict):
    """One change, with its time at the left; *halt* says where it stands on the older sheet."""

    mark: str
    time: str
    halt: str
    place: str
    address: str
    phone: str
    facts: list[words.FactView]
    visits: list[ChangedVisitView]
    kept: list[str]
    aboard: list[str]
    people: int
    counts: bool


class ChangeSheetView(HeadView):
    """
    A whole Änderungsblatt.

    *first* is what is to be read before anything else, *stranded* who must not be forgotten. What
    changes is in *items*, or, if that is most of a long tour, in *rows*.
    """

    replaces: str
    crew: list[words.FactView]
    whole: str
    stranded: str
    first: list[str]
    items: list[ItemView]
    rows: list[rows.RowView]
    rest: str
    moved_on: bool
    totals: list[list[str]]


def change_view(sheet: ChangeSheet) -> ChangeSheetView:
    """Put a change sheet into words."""
    header, older = sheet.header, sheet.older
    since, now = wording.edition(older.header.version), wording.edition(header.version)
    head = head_view("Änderungsblatt", header, older.date, (sheet.newer or older).hours)
    briefly = sheet.mostly and sheet.halts > _IN_FULL
    draft = "" if header.published else f", {wording.DRAFT}"
    head["edition"] = f"{now} statt {older.header.version}{draft}"
    return ChangeSheetView(
        **head,
        replaces=_replaces(sheet, since, briefly=briefly),
        crew=_crew(sheet),
        whole=_whole(sheet, since),
        stranded=_stranded(sheet),
        first=_first(sheet, now),
        items=[] if briefly else [_item(item) for item in sheet.items],
        rows=[rows.row(item) for item in sheet.items] if briefly else [],
        rest="" if _is_over(sheet) else _rest_of(sheet, since, briefly=briefly),
        moved_on=bool(sheet.unchanged)
        and not briefly
        and any(_moves(item) for item in sheet.items),
        totals=[] if sheet.newer is None or _is_over(sheet) or briefly else totals(sheet.newer),
    )


def _is_over(sheet: ChangeSheet) -> bool:
    """Whether nothing of the shift is left to be driven."""
    return sheet.newer is None or not sheet.newer.stops or sheet.header.ended is not None


def _takes_the_new(sheet: ChangeSheet) -> bool:
    """Whether the driver is asked to take the newer Tourenblatt."""
    return sheet.mostly and not _is_over(sheet)


def _crew(sheet: ChangeSheet) -> list[words.FactView]:
    before, now = sheet.older.header, sheet.header
    facts = []
    if before.vehicle != now.vehicle:
        facts.append(words.fact("Fahrzeug", before.vehicle, now.vehicle))
    if before.driver != now.driver:
        since = wording.edition(before.version)
        facts.append(words.fact("Am Steuer", before.driver, now.driver))
        if not (sheet.from_nothing or _takes_the_new(sheet)):
            needs = f"{now.driver} braucht dazu das Tourenblatt von {since}."
            facts.append(words.fact("", "", needs))
    return facts


def _replaces(sheet: ChangeSheet, since: str, *, briefly: bool) -> str:
    nothing_left = sheet.newer is None or (sheet.header.ended is not None and not sheet.newer.stops)
    if nothing_left or sheet.from_nothing:
        return f"Ersetzt Ihr Tourenblatt {since}."
    if briefly:
        return f"Die Haltnummern sind die von Ihrem Tourenblatt {since}."
    return f"Gilt zusammen mit Ihrem Tourenblatt {since}. Die Haltnummern sind die von dort."


def _whole(sheet: ChangeSheet, since: str) -> str:
    if sheet.newer and sheet.header.ended is not None:
        more = "weiteren " if sheet.newer.stops else ""
        return f"{ended(sheet.newer)} Bitte keinen {more}Halt von {since} anfahren."
    if sheet.newer is None:
        return f"Dieser Dienst entfällt. Bitte keinen Halt von {since} anfahren."
    if sheet.older.stops and not sheet.newer.stops:
        return "In diesem Dienst ist keine Fahrt mehr geplant."
    return ""


def _stranded(sheet: ChangeSheet) -> str:
    """Name whom nobody may forget in a bus that drives no further, or past them."""
    names = "; ".join(contact.name for contact in sheet.stranded)
    if not names:
        return ""
    return f"Noch im Bus, ohne Halt: {names}. Bitte zuerst die Disposition anrufen."


def _first(sheet: ChangeSheet, now: str) -> list[str]:
    if _is_over(sheet):
        return []
    moved = words.moved(sheet.run)
    take = f"Das meiste ändert sich: Bitte das neue Tourenblatt nehmen ({now})."
    if sheet.from_nothing:
        take = f"Bitte das Tourenblatt {now} nehmen."
    return [*([moved] if moved else []), *([take] if _takes_the_new(sheet) else [])]


def _rest_of(sheet: ChangeSheet, since: str, *, briefly: bool) -> str:
    if not sheet.unchanged:
        if briefly or sheet.from_nothing:
            return ""
        return f"Jeder Halt ändert sich. Hinweise und Telefone stehen weiter im Blatt von {since}."
    stay = "bleibt" if len(sheet.unchanged) == 1 else "bleiben"
    return f"{words.numbered(sheet.unchanged)} {stay} wie auf dem Blatt von {since}."


def _moves(item: ChangedItem) -> bool:
    """Whether somebody is aboard after this who was not before, or no longer."""
    return isinstance(item, ChangedStop) and any(
        visit.older is None or visit.newer is None for visit in item.visits
    )


def _item(item: ChangedItem) -> ItemView:
    if isinstance(item, ChangedStop):
        return _stop(item)
    return _end(item) if isinstance(item, ChangedEnd) else _rest(item)


def _stop(item: ChangedStop) -> ItemView:
    stop = item.newer or item.older
    assert stop is not None  # noqa: S101  (one of them is given)
    facts = []
    if item.older and item.newer:
        facts += words.times(item.older, item.newer)
    if item.reordered:
        facts.append(words.fact("Reihenfolge", "", f"jetzt {words.after(item.after)}"))
    facts += words.seating(item.older, item.newer)
    return ItemView(
        mark=words.mark(item.older, item.newer),
        time=hh_mm(stop.arrival),
        halt=f"Halt {item.older.number}" if item.older else words.after(item.after),
        # A heading must not be empty, or the sheet would be none that can be read aloud.
        place=stop.place.name if printable(stop.place.name).strip() else "Ohne Namen",
        address=stop.place.address,
        phone=stop.place.phone,
        facts=facts if item.older else [words.fact("ab", "", hh_mm(stop.departure)), *facts],
        visits=[
            _visit(each, new=item.older is None) for each in sorted(item.visits, key=words.boards)
        ],
        kept=[words.who(visit) for visit in item.kept],
        aboard=aboard(stop),
        people=stop.people_aboard,
        counts=item.newer is not None,
    )


def _visit(changed: ChangedVisit, *, new: bool) -> ChangedVisitView:
    visit = changed.newer or changed.older
    assert visit is not None  # noqa: S101  (one of them is given)
    view = visit_view(visit)
    facts = []
    if changed.older and changed.newer:
        facts = words.reworded(visit_view(changed.older), view)
        view = VisitView(**{**view, "facts": [], "badges": [], "note": ""})
    mark = "" if new else words.mark(changed.older, changed.newer)
    return ChangedVisitView(
        mark=mark,
        visit=view,
        facts=facts,
        instead=words.instead(changed.elsewhere, joins=changed.newer is not None),
    )


def _end(item: ChangedEnd) -> ItemView:
    stop = item.newer or item.older
    assert stop is not None  # noqa: S101  (one of them is given)
    facts = []
    if item.older and item.newer:
        before, now = (
            stop.departure if item.first else stop.arrival for stop in (item.older, item.newer)
        )
        if hh_mm(before) != hh_mm(now):
            facts.append(
                words.fact("Abfahrt" if item.first else "Ankunft", hh_mm(before), hh_mm(now))
            )
        if item.older.place != item.newer.place:
            facts.append(words.fact("Ort", item.older.place.name, item.newer.place.name))
    seats = words.seating(item.older, item.newer)
    for fact in seats if item.first else []:
        fact["what"] = "Bus vor der Abfahrt"
    return _plain(
        words.mark(item.older, item.newer),
        hh_mm(item.moment),
        "Abfahrt" if item.first else "Ankunft",
        stop.place.name,
        [*facts, *seats],
    )


def _rest(item: ChangedRest) -> ItemView:
    facts = []
    if item.older and item.newer:
        if str(item.older.window) != str(item.newer.window):
            windows = wording.lasting(item.older.window), wording.lasting(item.newer.window)
            facts.append(words.fact("", *windows))
        before, now = words.where(item.older), words.where(item.newer)
        if before != now:
            facts.append(words.fact("", before, now))
    else:
        texts = (
            f"{wording.lasting(each.window)}, {words.where(each)}" if each else ""
            for each in (item.older, item.newer)
        )
        facts.append(words.fact("", *texts))
    return _plain(words.mark(item.older, item.newer), hh_mm(item.moment), "", "Pause", facts)


def _plain(
    mark: str, time: str, halt: str, place: str, facts: Sequence[words.FactView]
) -> ItemView:
    """An item in which nobody gets on or off."""
    return ItemView(
        mark=mark,
        time=time,
        halt=halt,
        place=place,
        address="",
        phone="",
        facts=list(facts),
        visits=[],
        kept=[],
        aboard=[],
        people=0,
        counts=False,
    )
