"""Where the driver sets up the wheelchair place, and how rarely."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.make_manifest import arrange_seats
from scheduler.manifest import ManifestError
from scheduler.model import Load, TripKind
from tests.builders_manifest import day, depot, made, plan, route, stop, trip, visit


def test_the_wheelchair_place_is_set_up_where_it_is_first_needed() -> None:
    """Six seats are needed before, so the bus cannot leave with the place set up."""
    seatings = arrange_seats([Load(6), Load(1), Load(1, 1), Load(0)], [Load(8), Load(5, 1)])

    assert seatings == (Load(8), Load(8), Load(5, 1), Load(5, 1))


def test_an_arrangement_that_does_all_day_is_set_up_in_the_depot() -> None:
    """Nobody rebuilds seats in the rain when it can be done before."""
    seatings = arrange_seats([Load(0), Load(2), Load(1, 1), Load(5)], [Load(8), Load(5, 1)])

    assert seatings == (Load(5, 1),) * 4


def test_only_changes_of_the_seats_stand_on_the_sheet() -> None:
    """The first stop says how to begin, the rest stays silent until something changes."""
    wheelchair = trip("r2", TripKind.OUTBOUND, ["home", "doctor"], load=Load(0, 1))
    crowd = trip("r3", TripKind.OUTBOUND, ["home", "doctor"], load=Load(7))
    planned = plan(
        route(
            depot("08:00"),
            stop("home", visit(crowd, 0, "08:10"), aboard=[crowd]),
            stop("doctor", visit(crowd, 1, "08:20")),
            stop("home", visit(wheelchair, 0, "08:30"), aboard=[wheelchair]),
            stop("doctor", visit(wheelchair, 1, "08:40")),
            depot("09:00"),
        )
    )
    sheet = made(planned, day(wheelchair, crowd))

    assert [halt.seating for halt in sheet.stops] == [
        Load(8),
        None,
        None,
        Load(5, 1),
        None,
        None,
    ]


def test_a_load_that_no_arrangement_holds_is_an_error() -> None:
    """Such a plan would have failed the check; a sheet must not hide it."""
    with pytest.raises(ManifestError, match="No seat configuration has room"):
        arrange_seats([Load(9)], [Load(8), Load(5, 1)])


PLACES = [Load(8), Load(5, 1), Load(2, 2)]


@given(
    st.lists(
        st.builds(Load, st.integers(0, 2), st.integers(0, 2))
        | st.builds(Load, st.integers(0, 5), st.integers(0, 1))
        | st.builds(Load, st.integers(0, 8)),
        max_size=7,
    )
)
def test_seats_fit_on_every_leg_with_the_fewest_changes(loads: list[Load]) -> None:
    """Compared with the fewest changes found leg by leg (dynamic programming)."""
    seatings = arrange_seats(loads, PLACES)

    assert len(seatings) == len(loads)
    assert all(load.fits(seating) for load, seating in zip(loads, seatings, strict=True))
    fewest = dict.fromkeys(PLACES, 0)
    for load in loads:
        fewest = {
            here: min(changes + (there != here) for there, changes in fewest.items())
            for here in PLACES
            if load.fits(here)
        }
    changes = sum(a != b for a, b in pairwise(seatings))
    assert changes == min(fewest.values())
