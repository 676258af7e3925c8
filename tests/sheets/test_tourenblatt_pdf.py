"""The printed sheet: what it says, on how many pages, in which fonts, byte for byte the same."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import pairwise
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.sheets import tourenblatt_pdf
from api.sheets.fonts import FontsMissingError, font_folders
from api.sheets.view import sheet_view
from api.sheets.wording import DRAFT
from scheduler.manifest import Aboard, Manifest, PlaceLabel
from tests.builders_sheets import (
    ARABIC,
    CYRILLIC,
    EVERY_SHEET,
    MVZ,
    POLISH,
    TURKISH,
    all_cancelled,
    boards,
    changing_at_one_door,
    first_of_two_shifts,
    foreign_names,
    full_morning,
    header,
    manifest,
    nobody_rides,
    second_of_two_shifts,
    sixty_stops,
    stop,
    wheelchair_day,
)


def pages(sheet: Manifest) -> list[str]:
    """The text of each page, with every white space as one blank."""
    reader = pypdf.PdfReader(BytesIO(tourenblatt_pdf(sheet)))
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


def fonts(sheet: Manifest) -> set[str]:
    """The families embedded in the file, without their subset tags."""
    reader = pypdf.PdfReader(BytesIO(tourenblatt_pdf(sheet)))
    found = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            found.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    return found


@pytest.mark.parametrize("build", EVERY_SHEET)
def test_the_same_sheet_gives_the_same_bytes(build: Callable[[], Manifest]) -> None:
    """Whoever prints again holds the same paper; only the time of printing could change it."""
    assert tourenblatt_pdf(build()) == tourenblatt_pdf(build())


def test_another_time_of_printing_gives_another_file() -> None:
    """The time stands on the sheet and in the file."""
    sheet = full_morning()
    header = replace(sheet.header, printed=sheet.header.printed + timedelta(minutes=1))

    assert tourenblatt_pdf(replace(sheet, header=header)) != tourenblatt_pdf(sheet)
    assert "gedruckt 01.03.2027, 17:06 Uhr" in pages(replace(sheet, header=header))[0]


def test_printing_is_timed_to_the_minute() -> None:
    """What the paper does not show does not change the file."""
    sheet = full_morning()
    printed = sheet.header.printed + timedelta(seconds=31, microseconds=7)
    header = replace(sheet.header, printed=printed)

    assert tourenblatt_pdf(replace(sheet, header=header)) == tourenblatt_pdf(sheet)


@pytest.mark.parametrize("build", EVERY_SHEET)
def test_every_sheet_is_an_accessible_pdf_in_german(build: Callable[[], Manifest]) -> None:
    """It is tagged, has a title, names its language and claims PDF/UA-1."""
    made = tourenblatt_pdf(build())
    reader = pypdf.PdfReader(BytesIO(made))
    root: Any = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Tourenblatt Di 02.03.2027")
    assert b"pdfuaid:part" in made


def roles(made: bytes) -> list[str]:
    """What the parts of a tagged PDF are, in the order in which they are read aloud."""
    found: list[str] = []
    waiting: list[Any] = [pypdf.PdfReader(BytesIO(made)).trailer["/Root"]["/StructTreeRoot"]]  # type: ignore[index]
    while waiting:
        part = waiting.pop()
        part = part.get_object() if hasattr(part, "get_object") else part
        if isinstance(part, list):
            waiting += reversed(part)
        elif isinstance(part, dict):
            found += [str(part["/S"])] if "/S" in part else []
            waiting += [part["/K"]] if "/K" in part else []
    return found


def test_whoever_hears_the_sheet_finds_title_halts_and_the_head_of_the_logbook() -> None:
    """One title, a heading for each halt and depot, and a table whose head is one."""
    read = roles(tourenblatt_pdf(full_morning()))

    assert read.count("/H1") == 1
    assert read.count("/H2") == len(full_morning().stops)
    assert read.index("/H1") < read.index("/Table") < read.index("/H2")
    assert (read.count("/TH"), read.count("/TD")) == (5, 10)


def test_the_head_of_a_halt_is_read_once_though_it_is_printed_twice() -> None:
    """What stands overleaf again is no second halt for a screen reader either."""
    crowd = [boards(f"Beispiel, Gast {at}", "08:14", note="Hinweis " * 12) for at in range(9)]
    read = roles(tourenblatt_pdf(manifest(stop(1, "08:14", "08:17", MVZ, *crowd))))

    assert read.count("/H2") == 1


def test_the_first_page_tells_who_drives_what_when_and_whom_to_ring() -> None:
    """Everything that is looked for before the bus leaves stands on the first page."""
    first = pages(full_morning())[0]

    for words in (
        "Tourenblatt",
        "Dienstag, 2. März 2027",
        "Vormittag · 08:00–12:30 Uhr",
        "Beispiel, Karl-Heinz",
        "Bus 1 (LIP-BB 735)",
        "05264 0000-0",
        "Notruf 112",
        "53,0 km",
        "Version 1",
        "gedruckt 01.03.2027, 17:05 Uhr",
        "Bus vor der Abfahrt: 8 Sitze",
        "Ohne Anruf: 11:35 Uhr ab MVZ Kalletal (Halt 8)",
        "Abgesagt, nicht anfahren: Beispiel, Berta",
    ):
        assert words in first


def test_the_stops_stand_in_the_order_of_the_day() -> None:
    """Nobody has to search: the times run down the pages."""
    text = " ".join(pages(full_morning()))
    times = ["08:05", "08:14", "08:29", "08:49", "08:58", "10:18", "10:24", "10:47", "11:00"]

    positions = [text.index(f"{moment} ") for moment in times]
    assert all(earlier < later for earlier, later in pairwise(positions))


def test_a_boarding_shows_needs_goal_appointment_phone_and_note() -> None:
    """What the driver must know at the door, in one place."""
    text = " ".join(pages(full_morning()))

    assert "Einsteigen Beispiel, Erika Rollator" in text
    assert "zugesagt 08:00–08:30; nach MVZ Kalletal; Termin 09:00 Tel. 05264 0000-99" in text
    assert "Bitte klingeln und zur Tür begleiten, hört schlecht." in text
    assert "Jetzt umbauen: 5 Sitze + 1 Rollstuhlplatz" in text
    assert "Rollstuhl +1 Begleitung" in text
    assert "wird 10:20 wieder abgeholt" in text
    assert "Bus wartet Beispiel, Erika" in text
    assert "wieder an Bord 10:34" in text
    assert "Pause 09:30–10:00 Uhr (30 Minuten)" in text


def test_who_is_aboard_stands_below_each_halt() -> None:
    """Heads are counted, companions stand behind the name."""
    text = " ".join(pages(full_morning()))

    assert "Danach im Bus: 4 Beispiel, Erika; Beispiel-Mustermann, Heinz-Günther +1" in text
    assert text.count("Danach im Bus: niemand") == 3


def test_sixty_stops_run_over_several_pages_with_head_and_count_on_each() -> None:
    """A sheet that falls to the floor can be put in order again."""
    made = pages(sixty_stops())

    assert len(made) > 5
    for at, page in enumerate(made, start=1):
        assert f"Seite {at} von {len(made)}" in page
        assert "Version 1" in page
    for page in made[1:]:
        assert page.startswith("Di 02.03.2027 · Vormittag · Beispiel, Karl-Heinz")
        assert "Disposition 05264 0000-0" in page
    text = " ".join(made)
    assert [name for name in range(1, 31) if f"Beispiel, Nummer {name} " not in text] == []


def test_no_halt_is_torn_over_two_pages() -> None:
    """Time, place and people of a halt are read in one look."""
    for page in pages(sixty_stops()):
        assert page.count("Danach im Bus") == page.count("Einsteigen") + page.count("Aussteigen")


def test_a_halt_with_more_people_than_a_page_holds_goes_on_overleaf() -> None:
    """A health weekend: forty people at one door lose nobody."""
    crowd = [boards(f"Beispiel, Gast {at}", "08:14", note="Hinweis " * 12) for at in range(40)]
    made = pages(manifest(stop(1, "08:14", "08:17", MVZ, *crowd)))

    assert len(made) > 2
    text = " ".join(made)
    assert [at for at in range(40) if f"Beispiel, Gast {at} " not in text] == []


def test_a_shift_without_rides_says_so() -> None:
    """An empty sheet is a message, not a blank page."""
    (page,) = pages(nobody_rides())

    assert "In diesem Dienst ist keine Fahrt geplant." in page
    assert "Beispiel, Karl-Heinz" in page
    assert "Fahrten, die dazukommen" in page


def test_the_logbook_is_begun() -> None:
    """Date and purpose are printed; kilometres and signature are written by hand."""
    first = pages(full_morning())[0]

    for words in (
        "Fahrtenbuch Zweck km Anfang km Ende Unterschrift",
        "02.03.2027 gesunde Fahrten, Vormittag",
    ):
        assert words in first


def test_every_page_says_until_when_it_has_to_be_shredded() -> None:
    """Whoever finds a forgotten page knows what to do."""
    for page in pages(full_morning()):
        assert "nach dem Dienst abgeben, vernichten bis 27.04.2027." in page


def test_the_bus_is_handed_over_by_name() -> None:
    """Two shifts on one bus: each driver knows from whom it comes and who waits for it."""
    (morning,), (afternoon,) = pages(first_of_two_shifts()), pages(second_of_two_shifts())

    assert "Bus übergeben an: Beispiel-Grote, Gisela (Nachmittag, 13:00–17:30 Uhr)" in morning
    assert "Bus übernehmen von" not in morning
    assert (
        "Bus übernehmen von: auch Ihr Dienst (Vormittag, 08:00–12:30 Uhr) "
        "Bus übergeben an: Beispiel-Grote, Gisela (Abend, 18:00–20:00 Uhr)" in afternoon
    )


def test_the_next_shift_of_the_driver_stands_at_the_end() -> None:
    """With its day, time and bus."""
    last = pages(full_morning())[-1]

    assert "Ihr nächster Dienst: Di 09.03.2027, Nachmittag (13:00–17:30 Uhr), Bus 2" in last


def test_who_alights_stands_before_who_boards() -> None:
    """First out, then in, whatever the order in which the plan counts the minutes."""
    (page,) = pages(changing_at_one_door())

    assert page.index("Aussteigen Beispiel, Anton") < page.index("Einsteigen Beispiel, Berta")


def test_a_high_halt_goes_on_overleaf_under_its_own_head() -> None:
    """Nobody takes the second half for a second arrival."""
    crowd = [boards(f"Beispiel, Gast {at}", "08:14", note="Hinweis " * 12) for at in range(9)]
    (first, *others) = pages(manifest(stop(1, "08:14", "08:17", MVZ, *crowd)))

    assert "geht weiter" not in first
    written = sum(page.count("Einsteigen Beispiel, Gast") for page in others)
    assert first.count("Einsteigen Beispiel, Gast") + written == 9
    assert f"Halt 1 geht auf Seite 2 weiter: noch {written} Einsteigen" in first
    assert "geht auf Seite" not in others[-1]
    for page in others:
        assert re.search(r"08:14 ab 08:17 1 MVZ Kalletal .* Halt 1 geht weiter: Einsteigen", page)


def test_a_halt_over_many_pages_goes_on_overleaf_on_each_of_them() -> None:
    """The strip sends to the next page, not to the one where the halt is over."""
    crowd = [boards(f"Beispiel, Gast {at}", "08:14", note="Hinweis " * 25) for at in range(14)]
    made = pages(manifest(stop(1, "08:14", "08:17", MVZ, *crowd)))
    begun = [at for at, page in enumerate(made, start=1) if "Beispiel, Gast" in page]

    assert len(begun) >= 3
    for number in begun[:-1]:
        assert f"Halt 1 geht auf Seite {number + 1} weiter" in made[number - 1]
    assert "geht auf Seite" not in made[begun[-1] - 1]


def test_a_halt_of_four_people_is_never_torn() -> None:
    """Whoever turns the page too late would leave somebody behind: all of it goes overleaf."""
    crowd = [boards(f"Beispiel, Gast {at}", "09:14", note="Hinweis " * 6) for at in range(4)]
    for lone in range(1, 7):
        before = [
            stop(at, f"08:{at:02d}", f"08:{at:02d}", MVZ, boards("Beispiel, Anton", "08:14"))
            for at in range(1, lone + 1)
        ]
        made = pages(manifest(*before, stop(lone + 1, "09:14", "09:17", MVZ, *crowd)))

        assert sum("Beispiel, Gast" in page for page in made) == 1
        assert not any("geht auf Seite" in page for page in made)


def test_a_stop_where_nobody_gets_on_or_off_says_so() -> None:
    """A bus that is called back had set off to there; the line below stays free of other text."""
    talle = PlaceLabel("Beispielweg 2, Talle")
    depot = PlaceLabel("Depot")
    (page,) = pages(
        manifest(
            stop(None, "08:00", "08:05", depot),
            stop(None, "08:13", "08:25", talle),
            stop(None, "08:32", "08:32", depot),
        )
    )

    assert "Beispielweg 2, Talle Hier steigt niemand ein oder aus." in page
    assert "Danach im Bus" not in page


def test_when_all_have_cancelled_their_names_remain() -> None:
    """The driver still holds the older version."""
    (page,) = pages(all_cancelled())

    assert "Abgesagt, nicht anfahren: Beispiel, Berta; Beispiel, Anton" in page
    assert "In diesem Dienst ist keine Fahrt geplant." in page
    assert "Version 2" in page


def test_a_draft_says_so_in_the_place_of_a_version() -> None:
    """Nobody drives by a plan that was only tried out."""
    (page,) = pages(manifest(head=header(version=DRAFT)))

    assert "gesunde Fahrten Kalletal · Entwurf · gedruckt" in page
    assert "Version" not in page


def test_a_wheelchair_day_says_when_to_rebuild_the_seats() -> None:
    """Each change stands where it has to be made, and the mark on the passenger is black."""
    text = " ".join(pages(wheelchair_day()))

    assert "Bus vor der Abfahrt: 5 Sitze + 1 Rollstuhlplatz" in text
    assert "Jetzt umbauen: 8 Sitze" in text
    assert text.count("Rollstuhl ") >= 4


def test_polish_names_are_set_in_lato_alone() -> None:
    """Lato has all Polish letters."""
    assert fonts(manifest(stop(1, "08:14", "08:17", MVZ, boards(POLISH, "08:14")))) == {
        "Lato-Regular",
        "Lato-Bold",
        "Lato-Black",
    }


@pytest.mark.parametrize("name", [ARABIC, TURKISH, CYRILLIC])
def test_names_that_lato_cannot_write_are_set_in_dejavu_sans(name: str) -> None:
    """With a font of the package and not with whatever the machine has."""
    used = fonts(manifest(stop(1, "08:14", "08:17", MVZ, boards(name, "08:14"))))

    assert "DejaVuSans-Bold" in used
    assert used <= {"Lato-Regular", "Lato-Bold", "Lato-Black", "DejaVuSans", "DejaVuSans-Bold"}


def test_of_a_turkish_name_only_the_letters_that_lato_lacks_are_of_another_face() -> None:
    """The name looks like all others on the sheet."""
    made = tourenblatt_pdf(manifest(stop(1, "08:14", "08:17", MVZ, boards(TURKISH, "08:14"))))
    faces: dict[str, str] = {}

    def note(text: str, _: object, __: object, font: Any, ___: object) -> None:
        if font is not None:
            name = str(font["/BaseFont"]).partition("+")[2]
            faces[name] = faces.get(name, "") + text

    pypdf.PdfReader(BytesIO(made)).pages[0].extract_text(visitor_text=note)

    assert "".join(faces["DejaVuSans-Bold"].split()) == "ğŞİ"


def test_every_letter_of_every_alphabet_has_a_glyph() -> None:
    """A box instead of a letter would leave the text unreadable for people and programs."""
    text = " ".join(pages(foreign_names()))

    for name in (POLISH, TURKISH, CYRILLIC):
        assert name in text
    assert "\ufffd" not in text
    # Arabic comes out in presentation order; each of its letters must be there.
    assert {letter for letter in ARABIC if letter.isalpha()} <= set(text)


def test_a_companion_stands_right_of_an_arabic_name() -> None:
    """On its left, "+1" behind the count of heads would read "14 1+"."""
    views = {entry["place"]: entry["aboard"] for entry in sheet_view(foreign_names())["stops"]}

    arabic, polish, *_ = views["Beispielstraße 3"]
    assert arabic == f"{ARABIC}\N{LEFT-TO-RIGHT MARK}\N{NO-BREAK SPACE}+1"
    assert polish == f"{POLISH}\N{NO-BREAK SPACE}+2"


@pytest.mark.parametrize(
    "evil",
    [
        "#panic() Beispiel",
        "*fett* _kursiv_ $x^2$ @anker <label> \\u{41} // weg",
        'Beispiel `#read("/etc/passwd")`',
        '[#image("x.png")]',
    ],
)
def test_text_is_never_markup(evil: str) -> None:
    """A note is set as it was typed, whatever typst would make of it as a program."""
    sheet = manifest(stop(1, "08:14", "08:17", MVZ, boards("Beispiel", "08:14", note=evil)))

    assert re.sub(r"\s+", "", evil) in re.sub(r"\s+", "", " ".join(pages(sheet)))


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("王 Beispiel", "□ Beispiel"),
        ("Beispiel \U0001f1e9\U0001f1ea", "Beispiel □□"),
        ("Beispiel\x00\x1b, Erika", "Beispiel , Erika"),
        ("\ue000 Beispiel ᛏ", "□ Beispiel □"),
        ("\ufeffBeispiel, Erika", "Beispiel, Erika"),
    ],
)
def test_a_letter_that_no_font_has_never_stops_the_printing(typed: str, printed: str) -> None:
    """One odd name must not leave a whole shift without its sheet."""
    (page,) = pages(manifest(stop(1, "08:14", "08:17", MVZ, boards(typed, "08:14", note=typed))))

    assert page.count(printed) == 2


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_typed_the_sheet_is_printed(text: str) -> None:
    """Names, notes and places are free text; each must reach the paper somehow."""
    place = PlaceLabel(text, text, text)
    visit = boards(text, "08:14", note=text, goes_to=text, phone=text)

    assert tourenblatt_pdf(manifest(stop(1, "08:14", "08:17", place, visit))).startswith(b"%PDF")


def test_missing_font_packages_are_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The message says what is missing and which command helps."""
    with pytest.raises(FontsMissingError, match=r"No font_lato .* run `make setup`"):
        font_folders(tmp_path_factory.mktemp("assets"))


def test_who_rings_for_the_way_home_and_how_long_the_bus_waits() -> None:
    """The office is rung, not the driver; without a call the bus leaves with its halt."""
    first = pages(full_morning())[0]

    assert "Ruft die Disposition an; die sagt Ihnen Bescheid." in first
    assert "(Halt 8), zugesagt 11:30–12:00; der Bus wartet bis 11:40." in first


def test_a_name_is_not_torn_and_no_line_begins_with_a_mark() -> None:
    """Whoever reads down the lines sees whole people and whole times."""
    names = [f"Beispiel-Schmitt-Winter, Nummer {at}" for at in range(8)]
    halt = stop(1, "08:14", "08:17", MVZ, aboard=[Aboard(name, 2) for name in names])
    reader = pypdf.PdfReader(BytesIO(tourenblatt_pdf(manifest(halt))))
    lines = reader.pages[0].extract_text().splitlines()

    for name in names:
        # The number of a head with a companion is kept with it, too.
        assert any(f"{name} +1" in re.sub(r"\s+", " ", line) for line in lines)
    assert not any(line.strip()[:1] in {";", "·"} for line in lines)
