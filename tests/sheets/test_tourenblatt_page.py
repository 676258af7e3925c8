"""The sheet as a page: the same words as on paper, safe from whatever people are called."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise

import pypdf
import pytest

from api.sheets import tourenblatt_html, tourenblatt_pdf
from api.sheets.page import tel
from api.sheets.view import sheet_view
from scheduler.manifest import Manifest
from scheduler.model import TripKind
from tests.builders_sheets import (
    EVERY_SHEET,
    MVZ,
    alights,
    all_cancelled,
    boards,
    full_morning,
    manifest,
    nobody_rides,
    stop,
    wheelchair_day,
)

EMPTY = {"meta", "link", "br"}


class Outline(HTMLParser):
    """Reads a page: its text, its headings and links; complains where tags do not match."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go into an element."""
        if tag not in EMPTY:
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.links += [value or "" for name, value in attrs if name == "href" and tag == "a"]

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, which must be the innermost."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Collect text."""
        self.text += data


def texts(view: object) -> list[str]:
    """Every text in a view, at any depth."""
    if isinstance(view, str):
        return [view]
    if isinstance(view, dict):
        return [text for value in view.values() for text in texts(value)]
    return [text for value in view for text in texts(value)] if isinstance(view, list) else []


def squeezed(text: str) -> str:
    """Without white space and hyphens: paper breaks words, pages do not."""
    return re.sub(r"[\s­‐-]", "", text)


@pytest.mark.parametrize("build", EVERY_SHEET)
def test_every_word_of_the_view_stands_on_the_page(build: Callable[[], Manifest]) -> None:
    """Nothing is lost between the manifest and the screen."""
    sheet = build()
    page = squeezed(Outline(tourenblatt_html(sheet)).text)
    view = sheet_view(sheet)
    marks = {"ein", "aus", "halt", "start", "ende", view["short_date"]}

    missing = [text for text in texts(view) if squeezed(text) not in page and text not in marks]
    # Who gets off is not rung at the door: that phone is on neither twin.
    phones = {v["phone"] for s in view["stops"] for v in s["visits"] if v["sign"] != "ein"}
    assert set(missing) <= phones


@pytest.mark.parametrize("build", [all_cancelled, full_morning, nobody_rides, wheelchair_day])
def test_paper_and_page_say_the_same(build: Callable[[], Manifest]) -> None:
    """Every sentence of the page is on the paper."""
    sheet = build()
    reader = pypdf.PdfReader(BytesIO(tourenblatt_pdf(sheet)))
    paper = squeezed(" ".join(page.extract_text() for page in reader.pages))
    body = tourenblatt_html(sheet).split("<main>")[1].split("</main>")[0]

    for text in re.sub(r"<[^>]+>", "\n", body).splitlines():
        assert squeezed(text.replace("&#39;", "'")) in paper


@pytest.mark.parametrize("build", EVERY_SHEET)
def test_headings_go_down_step_by_step(build: Callable[[], Manifest]) -> None:
    """One title, below it one heading for each halt."""
    levels = Outline(tourenblatt_html(build())).headings

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_names_are_never_markup() -> None:
    """Whoever calls himself a script is printed as one who does."""
    evil = "<script>alert('x')</script> & \"Beispiel\""
    page = tourenblatt_html(manifest(stop(1, "08:14", "08:17", MVZ, boards(evil, "08:14"))))

    assert "<script" not in page
    assert evil in Outline(page).text


def test_phones_can_be_tapped() -> None:
    """A link for each number, without blanks and dashes."""
    links = Outline(tourenblatt_html(full_morning())).links

    assert set(links) == {
        "tel:0526400000",
        "tel:05264000010",
        "tel:05264000020",
        "tel:05264000099",
    }
    assert tel("+49 (5264) 0000-10") == "tel:+495264000010"


def test_ways_on_are_shown_only_where_there_are_any() -> None:
    """A page that is saved or mailed leads nowhere."""
    assert "<nav" not in tourenblatt_html(full_morning())
    links = Outline(tourenblatt_html(full_morning(), pdf="/blatt.pdf", back="/tag")).links

    assert links[:2] == ["/tag", "/blatt.pdf"]


def test_the_note_is_repeated_where_somebody_is_brought_home() -> None:
    """On paper and on the page alike."""
    home = alights("Beispiel, Erika", "10:47", trip=TripKind.RETURN, note="Am Eingang klingeln.")
    doctor = alights("Beispiel, Anton", "10:47", note="Nur beim Einsteigen.")
    sheet = manifest(stop(1, "10:47", "10:49", MVZ, home, doctor))

    for text in (tourenblatt_html(sheet), printed(sheet)):
        assert "Am Eingang klingeln." in text
        assert "Nur beim Einsteigen." not in text


def printed(sheet: Manifest) -> str:
    """The text of the printed sheet."""
    pages = pypdf.PdfReader(BytesIO(tourenblatt_pdf(sheet))).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)
