"""The sheet as JSON, for programs: complete, without German, and exactly as documented."""

import json
from collections.abc import Callable

import pytest

from api.sheets import tourenblatt_json
from scheduler.clock import clock
from scheduler.manifest import Aboard, Contact, Manifest, OnCall, Rest
from scheduler.model import Load, Mobility, Needs, TimeWindow
from tests.builders_sheets import (
    MVZ,
    all_cancelled,
    boards,
    duty,
    foreign_names,
    full_morning,
    header,
    long_names,
    manifest,
    nobody_rides,
    stop,
    told,
)


def test_a_sheet_as_json_has_exactly_this_form() -> None:
    """Whoever reads it relies on it."""
    erika = "Beispiel, Erika"
    sheet = manifest(
        stop(
            1,
            "08:14",
            "08:17",
            MVZ,
            boards(
                erika,
                "08:14",
                needs=Needs(Mobility.WALKER, companions=1),
                goes_to="Beispielstraße 3",
                appointment=clock("09:00"),
                back_at=clock("10:20"),
                promised=told("08:00", "08:30"),
                note="Bitte klingeln.",
            ),
            metres=3400,
            aboard=[Aboard(erika, 2)],
            seating=Load(5, 1),
            rest=Rest(TimeWindow(clock("08:17"), clock("08:30")), first=False),
        ),
        on_call=[OnCall(erika, "05264 0000-99", MVZ, clock("11:35"), clock("11:40"), 1)],
        head=header(after=duty("Nachmittag", "13:00", "17:30")),
        cancelled=[Contact("Beispiel, Berta")],
    )
    mvz = {
        "name": "MVZ Kalletal",
        "address": "Roter Lith 3a, Hohenhausen",
        "phone": "05264 0000-10",
    }

    assert tourenblatt_json(sheet) == {
        "shift": "vormittag",
        "date": "2027-03-02",
        "hours": {"begin": "08:00:00", "end": "12:30:00"},
        "region": "Kalletal",
        "label": "Vormittag",
        "driver": "Beispiel, Karl-Heinz",
        "vehicle": "Bus 1 (LIP-BB 735)",
        "version": "1",
        "printed": "2027-03-01T17:05",
        "published": "2027-03-01T17:02",
        "dispatch_phone": "05264 0000-0",
        "emergency_phone": "112",
        "shred_by": "2027-04-27",
        "before": None,
        "after": {
            "date": "2027-03-02",
            "shift": "Nachmittag",
            "hours": {"begin": "13:00:00", "end": "17:30:00"},
            "driver": "Beispiel-Grote, Gisela",
            "vehicle": "Bus 1 (LIP-BB 735)",
        },
        "next": None,
        "ended": None,
        "passengers": 1,
        "boardings": 2,
        "metres": 3400,
        "stops": [
            {
                "number": 1,
                "arrival": "08:14:00",
                "departure": "08:17:00",
                "place": mvz,
                "metres": 3400,
                "visits": [
                    {
                        "kind": "pickup",
                        "trip": "outbound",
                        "begin": "08:14:00",
                        "end": "08:16:00",
                        "name": erika,
                        "phone": "05264 0000-99",
                        "note": "Bitte klingeln.",
                        "needs": {"mobility": "walker", "companions": 1},
                        "appointment": "09:00:00",
                        "goes_to": "Beispielstraße 3",
                        "back_at": "10:20:00",
                        "on_call": False,
                        "promised": {"begin": "08:00:00", "end": "08:30:00"},
                    }
                ],
                "aboard": [{"name": erika, "people": 2}],
                "seating": {"seats": 5, "wheelchairs": 1},
                "rest": {"begin": "08:17:00", "end": "08:30:00", "first": False},
            }
        ],
        "on_call": [
            {
                "name": erika,
                "phone": "05264 0000-99",
                "place": mvz,
                "latest": "11:35:00",
                "leaves": "11:40:00",
                "stop": 1,
                "promised": None,
            }
        ],
        "cancelled": ["Beispiel, Berta"],
    }


@pytest.mark.parametrize(
    "build", [all_cancelled, foreign_names, full_morning, long_names, nobody_rides]
)
def test_every_sheet_can_be_written_and_read_as_json(build: Callable[[], Manifest]) -> None:
    """Numbers, texts, lists: nothing that only Python knows."""
    document = tourenblatt_json(build())

    assert json.loads(json.dumps(document, ensure_ascii=False)) == document
