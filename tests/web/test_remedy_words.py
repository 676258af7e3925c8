"""What would help, in words: one line for each kind of change, with its figures."""

from dataclasses import replace

import pytest

from api.web.remedies import Names, remedy_text, verdict_text
from routing.units import MINUTE
from scheduler.clock import clock
from scheduler.manifest import PlaceLabel
from scheduler.plan import Reason, Unserved
from scheduler.remedies import Change, Explanation, Kind, Remedy, Verdict
from tests.builders_days import drive_by_hand, make_day, make_request, make_shift

DAY = make_day(make_request())
PLAN = drive_by_hand(DAY, {})
NAMES = Names(
    {"branch": PlaceLabel("Praxis Beispiel"), "pharmacy": PlaceLabel("Apotheke Muster")},
    {"morning": ("Vormittag", make_shift())},
    {"r2": "Beispiel, Erika"},
)


def remedy(kind: Kind, step: int = 0, **fields: object) -> Remedy:
    change = Change(kind, "r1", step * MINUTE, **fields)  # type: ignore[arg-type]
    return Remedy(change, DAY, PLAN, extra=11 * MINUTE, least=True)


@pytest.mark.parametrize(
    ("kind", "step", "fields", "words"),
    [
        (
            Kind.EARLIER_APPOINTMENT,
            5,
            {"at": clock("08:55")},
            "Termin 5 Minuten früher, um 08:55 Uhr",
        ),
        (
            Kind.LATER_APPOINTMENT,
            15,
            {"at": clock("09:15")},
            "Termin 15 Minuten später, um 09:15 Uhr",
        ),
        (Kind.LATER_APPOINTMENT, 15, {}, "Ankunft bis zu 15 Minuten später"),
        (
            Kind.SHORTER_STAY,
            10,
            {"at": 50 * MINUTE},
            "Aufenthalt 10 Minuten kürzer, also 50 Minuten",
        ),
        (Kind.LONGER_STAY, 5, {"at": 65 * MINUTE}, "Aufenthalt 5 Minuten länger, also 65 Minuten"),
        (
            Kind.EARLIER_RETURN,
            5,
            {"at": clock("10:55")},
            "Rückfahrt 5 Minuten früher, ab 10:55 Uhr",
        ),
        (Kind.LATER_RETURN, 5, {"at": clock("11:05")}, "Rückfahrt 5 Minuten später, ab 11:05 Uhr"),
        (Kind.LONGER_RIDE, 20, {}, "Im Bus bis zu 20 Minuten länger als erlaubt"),
        (
            Kind.WIDER_WINDOW,
            20,
            {},
            ("20 Minuten mehr Spielraum für r1: so viel früher gebracht oder später abgeholt"),
        ),
        (
            Kind.EARLIER_SHIFT,
            30,
            {"at": clock("07:30"), "shift": "morning"},
            "Dienst Vormittag 30 Minuten früher beginnen, um 07:30 Uhr",
        ),
        (
            Kind.LATER_SHIFT,
            30,
            {"at": clock("13:00"), "shift": "morning"},
            "Dienst Vormittag 30 Minuten später enden, um 13:00 Uhr",
        ),
        (Kind.OTHER_SLOT, 0, {"at": clock("10:20")}, "Freier Termin um 10:20 Uhr"),
        (
            Kind.OTHER_SLOT,
            0,
            {"at": clock("10:20"), "place": "branch"},
            "Freier Termin um 10:20 Uhr, Praxis Beispiel",
        ),
        (Kind.OTHER_PHARMACY, 0, {"place": "pharmacy"}, "Andere Apotheke: Apotheke Muster"),
        (Kind.NO_PHARMACY, 0, {}, "Ohne Halt an der Apotheke"),
        (Kind.OUTBOUND_ONLY, 0, {}, "Nur die Hinfahrt"),
        (
            Kind.OPEN_SHIFT,
            0,
            {"shift": "morning", "wheelchairs": True},
            (
                "Mit Fahrer:in für den Dienst Vormittag (08:00–12:30 Uhr), mit jemandem, der "
                "Rollstühle sichern kann"
            ),
        ),
        (
            Kind.EXTRA_SHIFT,
            0,
            {"shift": "morning"},
            "Zweiter Bus mit Fahrer:in im Dienst Vormittag (08:00–12:30 Uhr)",
        ),
        (
            Kind.EXTRA_SHIFT,
            0,
            {"shift": "morning", "wheelchairs": True},
            (
                "Zweiter Bus mit Fahrer:in im Dienst Vormittag (08:00–12:30 Uhr), mit jemandem, "
                "der Rollstühle sichern kann"
            ),
        ),
        (Kind.WITHOUT_OTHER, 0, {}, "Anstelle von r1"),
    ],
)
def test_each_kind_has_its_words(
    kind: Kind, step: int, fields: dict[str, object], words: str
) -> None:
    """The line begins with the change; what it costs follows in brackets."""
    least = "; weniger reicht nicht" if step else ""

    assert remedy_text(remedy(kind, step, **fields), NAMES) == (
        f"{words} (11 Minuten mehr Fahrzeit{least})"
    )


def test_every_kind_has_words() -> None:
    """None is forgotten when one is added."""
    fields = {"at": 9 * 3600, "place": "pharmacy", "shift": "morning"}

    assert all(remedy_text(remedy(kind, 5, **fields), NAMES) for kind in Kind)


def test_what_is_not_proven_is_not_claimed() -> None:
    """The search found nothing smaller; that is all."""
    found = replace(remedy(Kind.LONGER_RIDE, 20), least=False, extra=-61)

    assert remedy_text(found, NAMES).endswith(
        "(2 Minuten weniger Fahrzeit; mit weniger nichts gefunden)"
    )
    assert "ohne mehr Fahrzeit" in remedy_text(replace(found, extra=0), NAMES)


def test_people_are_named_where_they_may_be() -> None:
    """By name and number for the dispatcher, by number alone elsewhere."""
    change = Change(Kind.WITHOUT_OTHER, "r2")
    named = replace(remedy(Kind.WITHOUT_OTHER), change=change)

    assert remedy_text(named, NAMES).startswith("Anstelle von Beispiel, Erika (r2) (")


@pytest.mark.parametrize(
    ("verdict", "reason", "begin"),
    [
        (Verdict.IMPOSSIBLE, Reason.NO_ROOM_PROVEN, "Bewiesen: "),
        (Verdict.IMPOSSIBLE, Reason.NO_ROOM_FOUND, "Bewiesen: "),
        (Verdict.NOT_FOUND, Reason.NO_ROOM_FOUND, "Neben allen eingeplanten wurde kein Platz"),
        (Verdict.IMPOSSIBLE, Reason.NO_WHEELCHAIR_DRIVER, "Niemand im Dienst dieses Tages"),
    ],
)
def test_a_verdict_claims_only_what_is_proven(verdict: Verdict, reason: Reason, begin: str) -> None:
    """And a reason that holds for the request alone is told as it is."""
    answer = Explanation(Unserved("r1", reason), verdict, None, ())

    assert verdict_text(answer, NAMES).startswith(begin)


def test_room_after_all_is_told() -> None:
    """There is a plan that takes everybody."""
    answer = Explanation(Unserved("r1", Reason.NO_ROOM_FOUND), Verdict.FITS, PLAN, ())

    assert verdict_text(answer, NAMES).startswith("Es ist doch Platz")
