"""Why somebody is left behind: each reason a sentence with its figures."""

import pytest

from api.web.reasons import reason_text
from routing.units import MINUTE
from scheduler.clock import clock
from scheduler.manifest import PlaceLabel
from scheduler.model import TimeWindow, TripKind
from scheduler.plan import Detail, Reason, Unserved

PLACES = {"doctor": PlaceLabel("Praxis Beispiel")}
MORNING = TimeWindow(clock("08:00"), clock("12:30"))
AFTERNOON = TimeWindow(clock("14:00"), clock("17:00"))
EARLY = TimeWindow(clock("06:10"), clock("07:05"))
NINE = TimeWindow(clock("09:00"), clock("09:00"))


@pytest.mark.parametrize(
    ("reason", "detail", "sentence"),
    [
        (
            Reason.NO_BUS_TODAY,
            Detail(text="Feiertag: Karfreitag"),
            "An diesem Tag fährt kein Bus (Feiertag: Karfreitag).",
        ),
        (Reason.NO_BUS_TODAY, Detail(), "An diesem Tag fährt kein Bus."),
        (
            Reason.NO_SHIFT_THEN,
            Detail(trip=TripKind.OUTBOUND, wanted=EARLY, hours=(MORNING, AFTERNOON)),
            (
                "Zu dieser Zeit ist kein Dienst: die Hinfahrt bräuchte den Bus zwischen 06:10 und "
                "07:05 Uhr; Dienste: 08:00–12:30, 14:00–17:00 Uhr."
            ),
        ),
        (
            Reason.PLACE_CLOSED,
            Detail(place="doctor", wanted=NINE, hours=(AFTERNOON,)),
            (
                "Praxis Beispiel hat dann geschlossen: gebraucht um 09:00 Uhr; geöffnet: "
                "14:00–17:00 Uhr."
            ),
        ),
        (
            Reason.PLACE_CLOSED,
            Detail(place="doctor", wanted=NINE),
            (
                "Praxis Beispiel hat dann geschlossen: gebraucht um 09:00 Uhr, an diesem Tag nie "
                "geöffnet."
            ),
        ),
        (
            Reason.RIDE_TOO_LONG,
            Detail(needed=70 * MINUTE + 1, limit=60 * MINUTE + 59),
            "Die Fahrt dauert zu lange: 71 Minuten, erlaubt sind 60 Minuten.",
        ),
        (
            Reason.TOO_MANY_FOR_BUS,
            Detail(needed=9, limit=8),
            "So viele passen in keinen Bus: 9 Plätze gebraucht, höchstens 8.",
        ),
        (
            Reason.NO_WHEELCHAIR_DRIVER,
            Detail(),
            "Niemand im Dienst dieses Tages kann einen Rollstuhl sichern.",
        ),
        (
            Reason.NO_WAY_BACK,
            Detail(trip=TripKind.RETURN, wanted=AFTERNOON, hours=(MORNING,)),
            (
                "Es gibt keine Rückfahrt: gebraucht zwischen 14:00 und 17:00 Uhr; Dienste: "
                "08:00–12:30 Uhr."
            ),
        ),
        (
            Reason.UNREACHABLE,
            Detail(place="doctor"),
            "Keine Straße des Netzes führt hin oder zurück: Praxis Beispiel.",
        ),
    ],
)
def test_a_reason_is_told_with_its_figures(reason: Reason, detail: Detail, sentence: str) -> None:
    """The dispatcher can read it out on the telephone."""
    assert reason_text(Unserved("r1", reason, detail), PLACES) == sentence


def test_further_causes_follow() -> None:
    """Whoever mends only the first is not surprised by the second."""
    detail = Detail(text="Betriebsausflug", also=(Reason.PLACE_CLOSED, Reason.RIDE_TOO_LONG))

    assert reason_text(Unserved("r1", Reason.NO_BUS_TODAY, detail), PLACES).endswith(
        " Außerdem: der Ort hat dann geschlossen und die Fahrt dauert zu lange."
    )


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_even_without_figures(reason: Reason) -> None:
    """A new reason without a sentence fails here, not before a dispatcher."""
    sentence = reason_text(Unserved("r1", reason), PLACES)

    assert sentence.endswith(".")
    assert "None" not in sentence


def test_found_and_proven_are_not_the_same() -> None:
    """Only one of the two claims a proof."""
    found, proven = (
        reason_text(Unserved("r1", reason), PLACES)
        for reason in (Reason.NO_ROOM_FOUND, Reason.NO_ROOM_PROVEN)
    )

    assert "ewiesen" in proven
    assert "ewiesen" not in found
