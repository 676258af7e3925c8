"""Whom a version of a day's plan concerns, in German words: who is to be rung, and who is not."""

from collections.abc import Collection
from dataclasses import dataclass

from api.operations.changes import Changes
from api.operations.days import PlannedDay
from api.operations.office import Office
from api.operations.ringing import newly_promised, ringing
from api.web.board.request_view import told_lines
from api.web.changed import hardest_first, what_changes
from api.web.ringing import Known, RingView, again_views, ring_view, ring_views
from scheduler.changes import PassengerChange
from scheduler.clock import Clock
from scheduler.model import RequestId


@dataclass(frozen=True)
class ConcernedView:
    """
    Whom a version concerns, against the one that was published before it.

    *ring* are those to whom something was said that does not hold, whom it hits hardest first;
    for those of *minutes* all that was said holds, and *selves* said themselves what changes.
    """

    ring: tuple[RingView, ...] = ()
    minutes: tuple[RingView, ...] = ()
    selves: tuple[RingView, ...] = ()

    def __len__(self) -> int:
        return len(self.ring) + len(self.minutes) + len(self.selves)


def concerned(
    office: Office, found: Changes, known: Known, know: Collection[RequestId] = ()
) -> ConcernedView:
    """
    Sort whom a difference concerns, apart from those who are forgotten and what is over.

    Those who *know* what the newer version does with them are left out.
    """
    due = ringing(office, found)
    contacts = {**found.contacts, **known.contacts}
    changed = hardest_first(found.difference.passengers)
    changes = {each.request: what_changes(each, found) for each in changed}
    ring = [
        *ring_views(due.announced, known),
        *again_views(due.announced, contacts, changes),
    ]
    minutes, selves = list[RingView](), list[RingView]()
    for each in changed:
        name = each.request
        if name in {*found.forgotten, *due.announced.ring, *know} or _is_over(each, known.now):
            continue
        view = ring_view(name, changes[name], contacts)
        (ring if name in due.planned else selves if name in due.selves else minutes).append(view)
    ring = [each for each in ring if each.request not in know]
    return ConcernedView(tuple(ring), tuple(minutes), tuple(selves))


def newly_told(office: Office, planned: PlannedDay, known: Known) -> ConcernedView:
    """Sort out who is to be told what the first version that was published promises them."""
    return ConcernedView(
        ring=tuple(
            ring_view(each.request, f"fährt mit: {'; '.join(told_lines(each))}", known.contacts)
            for each in newly_promised(office, planned)
            if each.trips[-1].visits[0].window.latest > known.now
        )
    )


def _is_over(change: PassengerChange, now: Clock) -> bool:
    """Whether all that changes for somebody has been driven, by the newer plan or the older."""
    ends = [pair.newer or pair.older for pair in change.visits]
    return all(at is not None and at.begin <= now for at in ends)
