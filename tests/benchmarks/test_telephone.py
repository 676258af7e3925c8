"""The benchmarks of the telephone: all get the same callers, and what is broken is found."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import offers, telephone
from benchmarks.callers import (
    broken,
    called_back,
    calls,
    first_come,
    fits_untold,
    plainly,
    untold,
)
from benchmarks.days import fleet, region_of, village_day
from routing.units import MINUTE
from scheduler.day import Day

WIDTH = 30 * MINUTE


@pytest.fixture(scope="module")
def busy() -> Day:
    """Ten people and one bus: some are refused."""
    return village_day(region_of("kalletal"), requests=10, seed=2, buses=1)


def test_everybody_rings_once_and_alone(busy: Day) -> None:
    names = [caller.journeys[0].request for caller in calls(busy, seed=1)]

    assert sorted(names) == sorted(journey.request for journey in busy.journeys)
    assert names != [caller.journeys[0].request for caller in calls(busy, seed=2)]
    for caller in calls(busy, seed=1):
        assert {trip.request for trip in caller.trips} == {caller.journeys[0].request}


def test_who_is_refused_is_remembered_with_the_book_of_that_moment(busy: Day) -> None:
    """Nobody is in both lists, and nothing is offered to them when they ring again at once."""
    booked = first_come(busy, seed=0, width=WIDTH)

    refused = {caller.journeys[0].request for _, caller in booked.refused}
    assert refused
    assert refused | booked.served == {journey.request for journey in busy.journeys}
    assert not refused & booked.served
    for book, caller in booked.refused:
        assert book.offers(caller, width=WIDTH) == ()
    assert broken(booked.book) == 0


def test_plain_insertion_refuses_whoever_fits_in_nowhere_as_it_is(busy: Day) -> None:
    plain = plainly(busy, seed=0, width=WIDTH)

    assert plain.refused
    for book, caller in plain.refused:
        assert book.offers(caller, width=WIDTH, make_way=0) == ()
    assert broken(plain.book) == 0


def test_the_refused_ring_again_in_the_evening(busy: Day) -> None:
    """Whoever was promised something rides; of those who wait, some."""
    at_once = called_back(busy, seed=0, width=WIDTH, above=600 * MINUTE)
    later = called_back(busy, seed=0, width=WIDTH, above=0)

    assert at_once.waiting == len(first_come(busy, seed=0, width=WIDTH).refused)
    assert at_once.waiting < later.waiting == len(busy.journeys)  # the bus never drives for less
    for booked in (at_once, later):
        assert booked.served >= set(booked.book.promises)
        assert broken(booked.book) == 0


def test_whoever_hears_no_time_may_still_be_refused(busy: Day) -> None:
    """The first always fits; and whoever fits beside those who were told fits in that way too."""
    booked = first_come(busy, seed=0, width=WIDTH)

    assert 0 < len(untold(busy, seed=0).served) < len(busy.journeys)
    first = next(calls(busy, seed=0))
    assert fits_untold(busy, replace(booked.book, promises={}), first)


def test_a_broken_promise_is_found(busy: Day) -> None:
    """A plan an hour late, and one that leaves somebody out."""
    book = first_come(busy, seed=0, width=WIDTH).book
    someone = next(iter(book.promises))

    assert broken(book) == 0
    assert broken(replace(book, plan=book.without(someone).plan)) > 0
    promise = book.promises[someone]
    pickup, *others = promise.trips[0].visits
    window = pickup.window
    moved = replace(window, earliest=window.earliest - 7200, latest=window.earliest - 3600)
    trips = (replace(promise.trips[0], visits=(replace(pickup, window=moved), *others)),)
    earlier = replace(promise, trips=(*trips, *promise.trips[1:]))
    assert broken(replace(book, promises={**book.promises, someone: earlier})) > 0


def test_all_day_long_there_is_one_shift_for_each_bus() -> None:
    region, day = region_of("kalletal"), village_day(region_of("kalletal"), requests=1, seed=0).date

    split = fleet(region, day, buses=4)
    whole = fleet(region, day, buses=4, all_day=True)

    assert (len(split), len(whole)) == (8, 4)
    assert len({shift.id for shift in whole}) == len({shift.driver for shift in whole}) == 4
    for shift in whole:
        assert shift.hours.earliest == min(half.hours.earliest for half in split)
        assert shift.hours.latest == max(half.hours.latest for half in split)


@pytest.mark.parametrize("days", [["--booked", "12"], ["--any"]])
def test_every_offer_is_accepted_without_breaking_a_promise(
    days: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The short version of the benchmark: 40 calls on one full day, 40 on days of any size."""
    out = tmp_path / "out.json"

    assert telephone.main([*days, "--calls", "40", "--seed", "3", "--json", str(out)]) == 0

    ringing = json.loads(out.read_text("utf-8"))
    assert len(ringing) == 40
    assert sum(call["offers"] for call in ringing) > 10
    assert all(call["faults"] == 0 for call in ringing)
    if "--booked" in days:
        assert all(call["trips"] >= 12 for call in ringing)
    assert "40 calls on" in capsys.readouterr().out


def test_days_booked_in_all_ways_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    words = ["--requests", "6", "--buses", "1", "--days", "1", "--seconds", "2", "--why", "1"]
    monkeypatch.setattr(sys, "argv", ["offers", *words, "--json", str(out)])

    assert offers.main() == 0

    (outcome,) = json.loads(out.read_text("utf-8"))
    assert outcome["requests"] == 6
    assert outcome["proven"]
    for people, weight in outcome["served"].values():
        assert 0 < people <= 6
        assert weight <= outcome["at_once"][1]
    assert outcome["refused"] >= outcome["nothing_fits"]
    assert "1 days, 6 calls, offers refused" in capsys.readouterr().out
