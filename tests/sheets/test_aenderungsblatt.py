"""The printed Änderungsblatt: what it says, in which words, on which paper."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.sheets import aenderungsblatt_pdf, change_rows
from api.sheets.change_view import change_view
from api.sheets.change_words import numbered
from routing.units import MINUTE, Seconds
from scheduler.change_sheet import ChangeSheet
from scheduler.manifest import Contact, PlaceLabel
from scheduler.model import Needs, TimeWindow
from scheduler.plan import Plan
from scheduler.promises import Promise
from tests.builders_changes import (
    ERIKA,
    EVERY_CHANGE,
    HEINZ,
    HELD,
    Version,
    another_bus,
    back,
    changes,
    everybody_later,
    in_time,
    many_changes,
    nothing_left,
    one_change,
    shift_falls_out,
    there,
    told,
    version,
)
from tests.builders_plan_pairs import draw_up, plans

FOLDER = Path(__file__).with_name("golden")


def lines(sheet: ChangeSheet) -> list[str]:
    """The text of each page; where long words may be broken is no text."""
    reader = pypdf.PdfReader(BytesIO(aenderungsblatt_pdf(sheet)))
    texts = (page.extract_text().replace("\u200b", "") for page in reader.pages)
    return [
        "\n".join(re.sub(r"\s+", " ", line).strip() for line in text.splitlines()) for text in texts
    ]


def pages(sheet: ChangeSheet) -> list[str]:
    """The text of each page, with every white space as one blank."""
    return [re.sub(r"\s+", " ", text) for text in lines(sheet)]


@pytest.mark.parametrize("build", EVERY_CHANGE)
def test_a_sheet_of_changes_says_what_was_once_approved(build: Callable[[], ChangeSheet]) -> None:
    """Nothing on paper changes unnoticed; ``GOLDEN=write`` as for the Tourenblatt."""
    words = "\n\n--- page ---\n\n".join(lines(build())) + "\n"
    file = FOLDER / f"change_{build.__name__}.txt"
    if os.environ.get("GOLDEN") == "write":
        file.write_text(words, encoding="utf-8")

    assert words == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("build", EVERY_CHANGE)
def test_every_sheet_of_changes_is_an_accessible_pdf_in_german(
    build: Callable[[], ChangeSheet],
) -> None:
    """Tagged, titled, in German, PDF/UA-1; and the same bytes each time."""
    made = aenderungsblatt_pdf(build())
    reader = pypdf.PdfReader(BytesIO(made))
    root: Any = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de"
    assert reader.metadata is not None
    assert str(reader.metadata.title) == "Änderungsblatt Di 02.03.2027, Vormittag"
    assert b"pdfuaid:part" in made
    assert made == aenderungsblatt_pdf(build())


@pytest.mark.parametrize("build", EVERY_CHANGE)
def test_the_head_says_whom_it_is_for_and_which_version_it_replaces(
    build: Callable[[], ChangeSheet],
) -> None:
    """Without that, a loose sheet of paper in a bus is worth nothing."""
    sheet = build()
    first = pages(sheet)[0]

    for words in ("Änderungsblatt", "Dienstag, 2. März 2027", "Vormittag", "05264 0000-0"):
        assert words in first
    assert "Version 3" in first
    assert "Version 4 statt 3 · gedruckt 01.03.2027, 17:05 Uhr" in first
    assert "Tourenblatt Version 3" in first


def test_another_time_of_printing_is_on_the_sheet() -> None:
    """Of two sheets with the same versions, the later one counts."""
    sheet = one_change()
    later = replace(sheet.header, printed=sheet.header.printed + timedelta(hours=1))

    assert "gedruckt 01.03.2027, 18:05 Uhr" in pages(replace(sheet, header=later))[0]


def test_one_changed_time_is_said_with_both_times_and_the_rest_stays() -> None:
    """The old one, the new one, whose halt it is, and that nothing else is different."""
    (page,) = pages(one_change())

    assert "Halt 1 Beispielstraße 3" in page
    assert "Ankunft statt 08:10 jetzt 08:20" in page
    assert "wie bisher: Einsteigen Beispiel, Erika" in page
    assert "Halt 2 bis 7 bleiben wie auf dem Blatt von Version 3." in page
    # Nobody is new or gone, so nothing is said of who is aboard elsewhere.
    assert "„Danach im Bus“" not in page


def test_whoever_falls_away_is_struck_and_the_word_says_so_too() -> None:
    """The line through a name may be lost on a copier; the word is not."""
    text = " ".join(pages(many_changes()))

    assert text.count("entfällt Beispiel, Erika") == 4
    assert "jetzt 08:10 Uhr im Dienst Nachmittag" in text
    # With the phone of nobody who is not fetched any more.
    assert "05264 0000-99" not in text.split("Beispiel, Erika")[1][:60]


def test_whoever_is_new_has_everything_that_the_driver_needs_at_the_door() -> None:
    """Like a row of the Tourenblatt: needs, goal, appointment, phone, note, seats."""
    text = " ".join(pages(many_changes()))

    assert re.search(r"08:15 neu nach Halt \d Beispielweg 8", text)
    assert "Beispielska, Łucja Rollstuhl +1 Begleitung" in text
    assert "nach MVZ Kalletal; Termin 09:00 Tel. 05264 0000-77" in text
    assert "Bitte klingeln, hört schlecht." in text
    assert "Bus vor der Abfahrt statt 8 Sitze jetzt 5 Sitze + 1 Rollstuhlplatz" in text
    assert "wird statt 11:00 jetzt 10:50 wieder abgeholt" in text
    assert "statt 09:30–10:00 Uhr (30 Minuten) jetzt 09:45–10:15 Uhr (30 Minuten)" in text


def test_a_passenger_who_joins_at_a_halt_is_marked_as_new_among_the_others() -> None:
    """The halt is the old one; one person more gets on there."""
    lucja = there("r3", "anton", "08:11", "08:44")
    text = " ".join(pages(told(HELD, version(*ERIKA, *HEINZ, lucja))))

    assert "Einsteigen neu Beispielska, Łucja" in text
    assert "wie bisher: Einsteigen Beispiel, Erika" in text
    assert "„Danach im Bus“ ändert sich dort" in text


def test_a_halt_out_of_its_order_says_after_which_it_comes() -> None:
    """Whoever goes by the numbers of the old sheet would drive to it too early."""
    later = [there("r1", "anton", "08:32", "08:40"), ERIKA[1]]
    text = " ".join(pages(told(HELD, version(*later, *HEINZ))))

    assert re.search(r"Reihenfolge jetzt (nach Halt 2|als erster Halt)", text)


def test_a_shift_without_rides_and_one_that_falls_out_say_so_first() -> None:
    """In a box, in large type, above everything else."""
    assert "In diesem Dienst ist keine Fahrt mehr geplant." in pages(nothing_left())[0]
    (page,) = pages(shift_falls_out())
    assert "Dieser Dienst entfällt. Bitte keinen Halt von Version 3 anfahren." in page


def test_when_most_of_a_long_tour_changes_a_new_sheet_is_asked_for() -> None:
    """What all halts have in common comes first; a row for each is enough then."""
    made = pages(everybody_later())
    first = made[0]

    assert "Alles ab Halt 1 etwa 5 Minuten später." in first
    assert "Bitte das neue Tourenblatt nehmen (Version 4)." in first
    assert len(made) <= 2
    assert "1 Beispielstraße 3 08:00–08:02 08:05–08:07" in first
    assert "Dieses Blatt an Ihr Tourenblatt heften." not in " ".join(made)
    for at, page in enumerate(made, start=1):
        assert f"Seite {at} von {len(made)}" in page


def test_after_a_sheet_without_halts_only_the_new_one_is_asked_for() -> None:
    """The driver was ill, and a substitute drives after all: nobody needs the empty sheet."""
    stays = Version(draw_up({"early": []}))
    text = " ".join(pages(told(stays, replace(version(*ERIKA), driver="Beispiel, Monika"))))

    assert "Ersetzt Ihr Tourenblatt Version 3." in text
    assert "Bitte das Tourenblatt Version 4 nehmen." in text
    for words in ("Haltnummern", "braucht dazu", "Das meiste ändert sich", "Blatt von Version 3"):
        assert words not in text


def test_a_new_driver_does_not_need_the_older_sheet_where_most_of_it_changes() -> None:
    """One of the two sheets is enough."""
    later = [
        (place, replace(each, begin=each.begin + 15 * MINUTE, end=each.end + 15 * MINUTE))
        for place, each in in_time(*ERIKA)
    ]
    newer = Version(draw_up({"early": later}), driver="Beispiel, Monika")
    text = " ".join(pages(told(version(*ERIKA), newer)))

    assert "Am Steuer statt Beispiel, Karl-Heinz jetzt Beispiel, Monika" in text
    assert "Bitte das neue Tourenblatt nehmen (Version 4)." in text
    assert "braucht dazu" not in text


def test_a_sheet_over_several_pages_can_be_put_in_order_again() -> None:
    """Each has the head and the count."""
    made = pages(many_changes())

    assert len(made) > 1
    for at, page in enumerate(made, start=1):
        assert f"Seite {at} von {len(made)}" in page
    for page in made[1:]:
        assert page.startswith("Di 02.03.2027 · Vormittag · Beispiel, Karl-Heinz")


def test_in_rows_it_is_still_said_who_is_new_and_who_is_gone() -> None:
    """Ten halts and more change; one passenger is exchanged for another."""
    homes = ["anton", "berta", "cesar"]
    calls = [
        each
        for at, name in enumerate(["r1", "r2", "r4"])
        for each in (
            there(name, homes[at], f"08:{10 + at * 10}", f"09:{10 + at * 10}"),
            back(name, homes[at], f"10:{10 + at * 10}", f"11:{10 + at * 10}"),
        )
    ]
    moved = [
        tuple((p, replace(v, begin=v.begin + 300, end=v.end + 300)) for p, v in some)
        for some in calls[:-1]
    ]
    lucja = there("r3", "anton", "08:00", "08:05")
    text = " ".join(pages(told(version(*calls), version(*moved, lucja))))

    assert "Bitte das neue Tourenblatt nehmen" in text
    assert "neu: Einsteigen Beispielska, Łucja" in text
    assert "entfällt: Aussteigen Beispiel, Berta" in text


def test_another_window_at_the_same_minute_is_said_in_the_rows() -> None:
    """The times stay, and the driver sees why the row is there."""
    later = replace(HELD, number="4", promises=promises(HELD, 30 * MINUTE))
    (first, *_) = told(replace(HELD, promises=promises(HELD, 20 * MINUTE)), later).items

    row = change_rows.row(first)

    assert (row["older"], row["newer"]) == ("08:10–08:12", "08:10–08:12")
    assert row["what"] == [
        "Einsteigen Beispiel, Erika: statt zugesagt 08:00–08:20 jetzt zugesagt 07:55–08:25"
    ]


@settings(max_examples=150, deadline=None)
@given(plans(), plans(), st.sampled_from([0, 20 * MINUTE]), st.sampled_from([0, 30 * MINUTE]))
def test_every_change_shows_what_is_different(
    older: Plan, newer: Plan, before: int, after: int
) -> None:
    """No row, and no halt told at length, where the driver would look for a difference in vain."""
    held, now = Version(older), Version(newer, "4", {"r1": {"needs": Needs(companions=1)}})
    held, now = (
        replace(each, promises=promises(each, width) if width else ())
        for each, width in ((held, before), (now, after))
    )
    for route in older.routes:
        sheet = changes(held, now, route.shift)
        for item in sheet.items if sheet else ():
            row = change_rows.row(item)
            assert row["halt"] == "neu" or row["older"] != row["newer"] or row["what"]
            assert all(re.search(r"\w$", words) for words in row["what"])
        for each in change_view(sheet)["items"] if sheet else ():
            facts = [*each["facts"], *(fact for one in each["visits"] for fact in one["facts"])]
            assert all(fact["older"] or fact["newer"] for fact in facts)
            moves = [one for one in each["visits"] if one["mark"] in {"neu", "entfällt"}]
            assert each["mark"] != "geändert" or facts or moves


def promises(version: Version, width: Seconds) -> list[Promise]:
    """Everybody is told what is planned for them."""
    told = []
    for trip in version.day.trips:
        begin = next(v.begin for v in version.plan.visits if v.trip == trip.id)
        window = TimeWindow(begin - width // 2, begin + width // 2)
        visits = (replace(trip.visits[0], window=window), *trip.visits[1:])
        told.append(Promise(trip.request, (replace(trip, visits=visits),), 1))
    return told


def test_halts_that_stay_are_named_by_their_numbers() -> None:
    assert numbered([2]) == "Halt 2"
    assert numbered([1, 2]) == "Halt 1 und 2"
    assert numbered([1, 2, 3, 5, 7]) == "Halt 1 bis 3, 5 und 7"


def test_another_bus_and_another_driver_stand_above_the_rows() -> None:
    """The new driver has never seen the older sheet, and is told to take it along."""
    (page,) = pages(another_bus())

    assert "Fahrzeug statt Bus 1 (LIP-BB 735) jetzt Leihbus (DT-BB 12)" in page
    assert "Am Steuer statt Beispiel, Karl-Heinz jetzt Beispiel, Anna" in page
    assert "Beispiel, Anna braucht dazu das Tourenblatt von Version 3." in page
    assert "Halt 1 bis 7 bleiben" in page


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_typed_the_sheet_of_changes_is_printed(text: str) -> None:
    """New, kept or struck: names, notes and places are free text."""
    known = {
        "contacts": {name: Contact(text, text, text) for name in ("r1", "r2", "r3")},
        "labels": {"anton": PlaceLabel(text, text, text)},
    }
    newer = version(*ERIKA, there("r3", "anton", "08:11", "08:44"))
    sheet = told(replace(HELD, **known), replace(newer, **known))  # type: ignore[arg-type]

    assert aenderungsblatt_pdf(sheet).startswith(b"%PDF")
