"""Whose promises cannot be kept as things are, in words: whom to ring, and what to do then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api.operations.endangered import Endangered
from api.sheets.wording import window
from scheduler.model import TimeWindow


@dataclass(frozen=True)
class EndangeredView:
    """Somebody to ring: what was *told*, and the *reason* why that is not to be kept."""

    date: date
    request: str
    name: str
    phone: str
    told: str
    reason: str


def endangered_views(found: Iterable[Endangered]) -> list[EndangeredView]:
    """Put them into words, in the order of the day."""
    views = [
        (
            _first(each),
            EndangeredView(
                each.date,
                each.request.id,
                each.request.row.name,
                each.request.row.phone,
                f"Abholung {window(_first(each))}",
                each.reason,
            ),
        )
        for each in found
    ]
    return [view for _, view in sorted(views, key=lambda each: (each[1].date, each[0]))]


def _first(each: Endangered) -> TimeWindow:
    assert each.request.promise is not None  # noqa: S101  (only whoever was promised something)
    return each.request.promise.promise.trips[0].visits[0].window
