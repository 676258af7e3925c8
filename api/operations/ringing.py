"""
Whom a newer version of a day's plan makes us ring: whoever was told what does not hold any more.

That is whoever was promised something else, is given up, or rides and has not been told so. Nobody
is rung about what they said themselves.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from api.operations.announcing import Announcement, Said
from api.operations.changes import Changes
from api.operations.days import PlannedDay
from api.operations.happenings import is_taking_back
from api.operations.office import Office
from api.operations.promising import broken_by
from data import plans, promises, requests, versions
from data.plan_document import Document
from data.plans import Amendment, Publication, StoredPlan
from data.promises import Standing
from scheduler.differences import compare
from scheduler.model import RequestId, TripKind
from scheduler.promises import Promise


@dataclass(frozen=True)
class Ringing:
    """
    Whom to ring because of the newer of two versions.

    *planned* are those whom the plan of the day as a whole concerns, *announced* is what its
    events have said since. *selves* know, as they said it themselves.
    """

    planned: frozenset[RequestId]
    announced: Announcement
    selves: frozenset[RequestId]


def ringing(office: Office, found: Changes) -> Ringing:
    """Tell whom to ring because of the newer version of *found*."""
    region, day = found.region, found.newer.plan.date
    since, until = found.older.number, found.newer.number
    with office.store.reading() as session:
        every = versions.versions(session, region.name, day)
        whole = [each.version for each in every if each.at is None and since < each.version]
        whole = [number for number in whole if number <= until]
        base = plans.read(session, region.name, day, whole[-1]) if whole else None
        happened = [
            (number, amendment)
            for number, amendment in plans.amendments(session, region.name, day)
            if since < number <= until
        ]
        asked = {name for name, _ in requests.versions(session, region.name, day)}
        gone = requests.cancelled_among(session, asked)
        standing = promises.read_standing(session, region.name, day, now=office.now())
    concerned = {each.request for each in found.difference.passengers}
    changed = frozenset(_not_as_told(found, base, standing)) if base else frozenset()
    announced, said = _announced(_standing(happened), gone)
    selves = frozenset((concerned - asked) | (concerned & gone) | said)
    return Ringing(changed - selves, announced, selves)


def told_by(published: Publication | None, standing: Standing) -> dict[RequestId, Promise]:
    """
    What is promised to those to whom somebody has said so, on the telephone or before.

    What was promised by publishing a version, nobody has told them.
    """
    return {
        name: each.promise
        for name, each in standing.promises.items()
        if each.until is None and (published is None or each.given != published.at)
    }


def newly_promised(office: Office, planned: PlannedDay) -> list[Promise]:
    """What the first version that is published promises to whom nobody has told it."""
    with office.store.reading() as session:
        day = planned.plan.date
        standing = promises.read_standing(session, planned.region.name, day, now=office.now())
    told = told_by(planned.published, standing)
    rides = {visit.request for visit in planned.plan.visits}
    return [each for each in standing.firm if each.request in rides - told.keys()]


def _not_as_told(found: Changes, base: StoredPlan, standing: Standing) -> Iterator[RequestId]:
    """Whom a plan of the whole day serves otherwise than they were told, or newly, or no more."""
    known = {each.request: each for each in base.promises}
    known |= told_by(found.newer.stored.published, standing)
    leeway = found.region.policy.stability.leeway
    for each in compare(found.older.plan, base.plan).passengers:
        promise = known.get(each.request)
        if promise is not None:
            as_told = not any(broken_by(base.plan, [promise]))
        else:
            # What they may know is the plan that was published before.
            as_told = each.is_small(leeway)
        if not as_told:
            yield each.request


def ends(happened: Document, announced: Announcement) -> bool:
    """Whether all that was *announced* to whom something *happened* is over with it."""
    said = announced.said.get(str(happened["request"]), ())
    outbound = any(each.trip is TripKind.OUTBOUND for each in said)
    return not (happened.get("way_back_only") and outbound)


def _standing(happened: Sequence[tuple[int, Amendment]]) -> list[Amendment]:
    """What happened and was not taken back."""
    undone = {each.happened["version"] for _, each in happened if is_taking_back(each.happened)}
    return [each for number, each in happened if number not in undone]


def superseded(announced: Announcement, newer: Sequence[Announcement]) -> Announcement:
    """Leave of what was *announced* what nothing *newer* says otherwise, trip by trip."""
    otherwise = {name for each in newer for name in (*each.given_up, *each.again)}
    late = {name for each in newer for name in each.late}
    said = {
        name: tuple(
            each
            for each in lines
            if not any(each.trip is other.trip for one in newer for other in one.said.get(name, ()))
        )
        for name, lines in announced.said.items()
    }
    holds = {
        name: by
        for name, by in announced.late.items()
        if name not in otherwise and (said.get(name) or name not in late)
    }
    return replace(
        announced,
        late=holds,
        given_up=tuple(each for each in announced.given_up if each not in otherwise | late),
        again=tuple(each for each in announced.again if each not in otherwise | late),
        said={name: said.get(name, ()) for name in holds},
    )


def _announced(
    happened: Sequence[Amendment], gone: Collection[RequestId]
) -> tuple[Announcement, set[RequestId]]:
    """Put together what was announced and still holds; and who reported themselves."""
    every = [Announcement.read(each.announced) for each in happened]
    selves: set[RequestId] = set()
    holds: list[Announcement] = []
    for number, (each, announced) in enumerate(zip(happened, every, strict=True)):
        about = each.happened.get("request")
        if about is not None and all(
            ends(each.happened, before) for before in holds if about in before.ring
        ):
            selves.add(about)
            holds = [_without(before, about) for before in holds]
        holds.append(superseded(announced, every[number + 1 :]))
        selves -= set(announced.ring)
    for name in gone:
        holds = [_without(each, name) for each in holds]
    return (
        Announcement(
            late={name: by for each in holds for name, by in each.late.items()},
            given_up=tuple(name for each in holds for name in each.given_up),
            overtime={},
            sure=True,
            again=tuple(name for each in holds for name in each.again),
            said=_lines(holds),
        ),
        selves,
    )


def _without(announced: Announcement, name: RequestId) -> Announcement:
    return replace(
        announced,
        late={each: by for each, by in announced.late.items() if each != name},
        given_up=tuple(each for each in announced.given_up if each != name),
        again=tuple(each for each in announced.again if each != name),
        said={each: lines for each, lines in announced.said.items() if each != name},
    )


def _lines(announced: Iterable[Announcement]) -> dict[RequestId, tuple[Said, ...]]:
    together: dict[RequestId, tuple[Said, ...]] = {}
    for each in announced:
        for name, lines in each.said.items():
            together[name] = (*together.get(name, ()), *lines)
    return together
