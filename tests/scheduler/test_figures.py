"""What a plan comes to, added up by hand."""

from routing.units import MINUTE
from scheduler.figures import make_figures
from scheduler.model import Mobility, Needs
from scheduler.plan import Reason
from tests.builders_days import drive_by_hand, make_day, make_request, make_shift, whole


def test_a_day_is_added_up() -> None:
    """Anton and Berta share the way to the MVZ; Berta is in a wheelchair, with a companion."""
    day = make_day(
        make_request("a"),
        make_request("b", origin="berta", needs=Needs(Mobility.WHEELCHAIR, companions=1)),
        make_request("c"),
        make_request("far", origin="far"),
        shifts=[make_shift(), make_shift("other", "13:00-14:00")],
    )
    calls = [
        ("b/outbound-1", 0),
        ("a/outbound-1", 0),
        ("a/outbound-1", 1),
        ("b/outbound-1", 1),
        *whole("a/return-1"),
        *whole("b/return-1"),
    ]

    figures = make_figures(drive_by_hand(day, {"morning": calls}), day)

    assert (figures.requests, figures.served) == (4, 2)
    assert figures.unserved == {Reason.RIDE_TOO_LONG: 1, Reason.NO_ROOM_PROVEN: 1}
    assert (figures.trips, figures.people, figures.wheelchairs) == (4, 2 + 2 * 2, 2)
    # depot, berta, anton, mvz, mvz, anton, mvz, berta, depot
    assert figures.driving == (15 + 10 + 5 + 0 + 5 + 5 + 5 + 15) * MINUTE
    assert figures.metres == 60_000
    # To berta, from anton to the MVZ for her, and from berta to the depot.
    assert figures.empty_metres == 15_000 + 5_000 + 15_000
    assert figures.shared == 2 / 4


def test_time_aboard_is_compared_with_the_direct_drive() -> None:
    """The stop at the pharmacy is no time in the bus."""
    day = make_day(make_request(pharmacies=("pharmacy",)))
    calls = [*whole("r1/outbound-1"), *whole("r1/return-1.1.1", 3)]

    plan = drive_by_hand(day, {"morning": calls})
    figures = make_figures(plan, day)

    # Out, she sits in the bus until the MVZ may be reached at 8:30: as early as possible.
    out = plan.routes[0].stops[2].visits[0].begin - plan.routes[0].stops[1].visits[0].end
    assert figures.ride_longest == out
    assert figures.ride_mean == (out + (2 + 7) * MINUTE) / 2
    assert figures.detour == (out + 9 * MINUTE) / ((5 + 9) * MINUTE)
    assert figures.standing == plan.routes[0].stops[-1].arrival - 8 * 3600 - figures.driving


def test_a_day_without_any_trip_has_figures_too() -> None:
    """Nothing is divided by nothing."""
    day = make_day()

    figures = make_figures(drive_by_hand(day, {}), day)

    assert (figures.requests, figures.served, figures.trips) == (0, 0, 0)
    assert (figures.ride_mean, figures.detour, figures.shared) == (0, 1.0, 0.0)
