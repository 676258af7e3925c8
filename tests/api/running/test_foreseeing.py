"""What is looked at is what is kept; and what does not hold any more is not kept."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from api.errors import BusyError
from api.operations import amending, offers, planning, requests
from api.operations.foreseeing import GOOD_FOR, Foreseen, foresee, keep
from api.operations.office import Office
from routing.units import MINUTE
from scheduler.events import Cancelled, Delayed, Event
from scheduler.plan import Plan
from tests.builders_api import CELLS, TUESDAY
from tests.builders_offers import Clock

AT_NINE = dt.datetime(2027, 3, 2, 8, 0, tzinfo=dt.UTC)


def seen(office: Office, event: Event) -> Foreseen:
    return foresee(office, office.region(), TUESDAY, event)


def newest(office: Office) -> Plan:
    return planning.read_plan(office, office.region(), TUESDAY).plan


def riding(office: Office) -> str:
    """Whoever is fetched last."""
    return max(newest(office).visits, key=lambda visit: visit.begin).request


@pytest.fixture
def planned(half_day: Path) -> Path:
    return half_day


@pytest.fixture(autouse=True)
def _at_nine(now: Clock) -> None:
    now.now = AT_NINE


def test_just_what_was_looked_at_is_kept(office: Office) -> None:
    """Whoever looks at it twice may be shown two plans; the one is kept that was meant."""
    event = Delayed(newest(office).routes[0].shift, 25 * MINUTE)
    first = seen(office, event)
    another = replace(first.replanned, plan=replace(first.plan, seed=77))
    second = replace(first, id="second", replanned=another)
    office.foreseen.keep((office.region().name, TUESDAY, second.id), second)

    amended, _ = keep(office, office.region(), TUESDAY, first.id)

    assert newest(office) == first.plan != second.plan
    assert (amended.happened, amended.announced) == (first.happened, first.announced)


def test_people_can_be_rung_before_it_is_kept(office: Office, now: Clock) -> None:
    """It is kept as of the moment it was made for, and how a request ended is kept with it."""
    who = riding(office)
    found = seen(office, Cancelled(who))
    now.go_on(3)

    amended, _ = keep(office, office.region(), TUESDAY, found.id)

    assert amended.at == found.at
    assert requests.read(office, office.region(), who).cancelled is not None
    assert who not in {visit.request for visit in newest(office).visits}


def test_after_a_while_the_buses_are_elsewhere(office: Office, now: Clock) -> None:
    found = seen(office, Cancelled(riding(office)))
    now.go_on(GOOD_FOR // MINUTE + 1)

    with pytest.raises(BusyError, match="weitergefahren"):
        keep(office, office.region(), TUESDAY, found.id)
    assert planning.read_plan(office, office.region(), TUESDAY).version == found.before.version


def test_what_drivers_would_have_done_otherwise_by_now_is_not_kept(
    office: Office, now: Clock
) -> None:
    """The next two visits of a bus are exchanged, and the first of them has begun by the sheet."""
    found = seen(office, Cancelled(riding(office)))
    visits = [each for each in found.plan.routes[0].stops if each.visits]
    late = next(each for each in visits if each.visits[0].begin > found.at)
    other = replace(late.visits[0], trip=visits[-1].visits[0].trip)
    stops = tuple(
        replace(each, visits=(other,)) if each is late else each
        for each in found.plan.routes[0].stops
    )
    plan = replace(
        found.plan,
        routes=(replace(found.plan.routes[0], stops=stops), *found.plan.routes[1:]),
    )
    changed = replace(found, replanned=replace(found.replanned, plan=plan))
    office.foreseen.keep((office.region().name, TUESDAY, found.id), changed)
    now.go_on((late.visits[0].begin - found.at) // MINUTE + 1)

    with pytest.raises(BusyError, match="weitergefahren"):
        keep(office, office.region(), TUESDAY, found.id)


def test_what_happened_meanwhile_has_to_be_looked_at(office: Office) -> None:
    """Another report, or a promise that the plan does not know yet."""
    region, shift = office.region(), newest(office).routes[-1].shift
    found = seen(office, Delayed(shift, 5 * MINUTE))
    amending.amend(office, region, TUESDAY, Delayed(shift, 10 * MINUTE))

    with pytest.raises(BusyError, match="geändert worden"):
        keep(office, region, TUESDAY, found.id)


def test_a_promise_on_the_evening_before_has_to_be_looked_at(office: Office, now: Clock) -> None:
    """The plan does not know of it yet."""
    region = office.region()
    now.now = AT_NINE - dt.timedelta(hours=14)
    found = seen(office, Cancelled(riding(office)))
    asked = requests.take(office, region, {**CELLS, "termin": "16:00", "rueckfahrt": "nein"}).id
    (offer, *_) = offers.find(office, region, asked).offers
    offers.accept(office, region, offer.id)

    with pytest.raises(BusyError, match="geändert worden"):
        keep(office, region, TUESDAY, found.id)


def test_what_nobody_has_looked_at_is_not_kept(office: Office) -> None:
    """As after a restart: what was looked at is only in memory."""
    found = seen(office, Cancelled(riding(office)))

    for seen_by in ("", "0" * 16):
        with pytest.raises(BusyError, match="liegt nicht mehr vor"):
            keep(office, office.region(), TUESDAY, seen_by)
    assert planning.read_plan(office, office.region(), TUESDAY).version == found.before.version
