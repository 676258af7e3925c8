"""
Whom a newer version of a day's plan makes us ring: whoever was told what does not hold any more.

That is whoever was promised something else, is given up, or rides and has not been told so. Nobody
is rung about what they said themselves, or were rung about before (`api.operations.rung`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from api.operations.announcing import Announcement
from api.operations.changes import Changes
from api.operations.days import PlannedDay
from api.operations.happenings import is_taking_back
from api.operations.office import Office
from api.operations.promising import broken_by
from data import plans, promises, requests, rung, versions
from data.plan_document import Document
from data.plans import Amendment, Publication, StoredPlan
from data.promises import Standing
from data.rung import Rung
from routing.units import Seconds
from scheduler.differences import compare
from scheduler.model import RequestId, TripKind
from scheduler.promises import Promise


@dataclass(frozen=True)
class Ringing:
    """
    Whom to ring because of the newer of two versions.

    *planned* are those whom the plan of the day as a whole concerns, *announced* is what its
    events have said since. *selves* know, as they said it themselves. Of the others, *rung* know
    all of it: somebody has rung them.
    """

    planned: frozenset[RequestId]
    announced: Announcement
    selves: frozenset[RequestId]
    rung: Mapping[RequestId, Rung]


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
        calls = rung.read_day(session, region.name, day)
        concerned = {each.request for each in found.difference.passengers}
        changed = frozenset(_not_as_told(found, base, standing)) if base else frozenset()
        last, said = _announced(_standing(happened), gone)
        selves = frozenset((concerned - asked) | (concerned & gone) | said)
        leeway = region.policy.stability.leeway
        heard = _heard(session, base, calls, changed, leeway)
    return Ringing(
        changed - selves,
        _together({name: announced for name, (_, announced) in last.items()}),
        selves,
        rung={
            name: calls[name]
            for name in (changed - selves) | last.keys()
            if (name not in changed or name in heard)
            and (name not in last or knows(calls, name, last[name][0]))
        },
    )


def knows(calls: Mapping[RequestId, Rung], name: RequestId, version: int) -> bool:
    """Whether somebody was rung about a version, or a newer one."""
    return name in calls and calls[name].version >= version


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


def newly_promised(office: Office, planned: PlannedDay) -> list[tuple[int, Promise]]:
    """What published versions promise to those who ride, and nobody has told them; with each."""
    region, day = planned.region.name, planned.plan.date
    with office.store.reading() as session:
        standing = promises.read_standing(session, region, day, now=office.now())
        every = versions.versions(session, region, day)
        calls = rung.read_day(session, region, day)
    published = {
        each.published.at: each.version for each in reversed(every) if each.published is not None
    }
    rides = {visit.request for visit in planned.plan.visits}
    return [
        (published[each.given], each.promise)
        for name, each in standing.promises.items()
        if name in rides
        and each.until is None
        and each.given in published
        and not knows(calls, name, published[each.given])
    ]


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


def _heard(
    session: Session,
    base: StoredPlan | None,
    calls: Mapping[RequestId, Rung],
    names: Collection[RequestId],
    leeway: Seconds,
) -> set[RequestId]:
    """Who of *names* was rung about a plan, or about one before it that is as good for them."""
    if base is None:
        return set()
    heard = {name for name in names if knows(calls, name, base.version)}
    before = {name: calls[name].version for name in (set(names) & calls.keys()) - heard}
    for version in set(before.values()):
        older = plans.read(session, base.region, base.date, version)
        passengers = compare(older.plan, base.plan).passengers
        otherwise = {each.request for each in passengers if not each.is_small(leeway)}
        heard |= {name for name, about in before.items() if about == version} - otherwise
    return heard


def _standing(happened: Sequence[tuple[int, Amendment]]) -> list[tuple[int, Amendment]]:
    """What happened and was not taken back, by version."""
    undone = {each.happened["version"] for _, each in happened if is_taking_back(each.happened)}
    return [(number, each) for number, each in happened if number not in undone]


def _announced(
    happened: Sequence[tuple[int, Amendment]], gone: Collection[RequestId]
) -> tuple[dict[RequestId, tuple[int, Announcement]], set[RequestId]]:
    """Find what was announced last to each, with which version; and who reported themselves."""
    last: dict[RequestId, tuple[int, Announcement]] = {}
    selves: set[RequestId] = set()
    for number, each in happened:
        about = each.happened.get("request")
        before = last.get(about) if about is not None else None
        if about is not None and (before is None or ends(each.happened, before[1])):
            selves.add(about)
            last.pop(about, None)
        announced = Announcement.read(each.announced)
        last |= dict.fromkeys(announced.ring, (number, announced))
        selves -= set(announced.ring)
    return {name: each for name, each in last.items() if name not in gone}, selves


def _together(last: Mapping[RequestId, Announcement]) -> Announcement:
    """Put together what was announced last to each."""
    return Announcement(
        late={name: each.late[name] for name, each in last.items() if name in each.late},
        given_up=tuple(name for name, each in last.items() if name in each.given_up),
        overtime={},
        sure=True,
        again=tuple(name for name, each in last.items() if name in each.again),
        said={name: each.said.get(name, ()) for name, each in last.items()},
    )
