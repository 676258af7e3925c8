"""A telephone call in real Chromium: by keyboard alone, and counted."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, expect

from api.operations import requests
from api.operations.office import Office
from tests.builders_api import SAMPLE_DAY, make_office
from tests.web.conftest import Visitor, serving, watch

pytestmark = pytest.mark.browser

MOST_KEYS = 12
# htmx writes on the console when typing overtakes a look; so it should.
OVERTAKEN = re.compile(r"console: htmx:(sendAbort|afterRequest)")


class Typist:
    """Types, and counts the keys that are not text."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def type(self, text: str) -> None:
        """Type a text."""
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        """Press one key."""
        self.keys += 1
        self.page.keyboard.press(key)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    working = make_office(tmp_path_factory.mktemp("calls"))
    requests.take_file(working, working.region(), SAMPLE_DAY.read_bytes(), "tag.csv")
    yield working
    working.close()


@pytest.fixture
def visitor(browser: Browser, office: Office) -> Iterator[Visitor]:
    with serving(office) as address, browser.new_context() as context:
        visitor = watch(context, address)
        yield visitor
        assert [each for each in visitor.faults if not OVERTAKEN.search(each)] == []


def choose_erika(typist: Typist) -> None:
    """By three letters of each name, and one key."""
    typist.type("bei eri")
    expect(typist.page.get_by_role("option", name="Beispiel, Erika")).to_have_attribute(
        "aria-selected", "true"
    )
    typist.press("Enter")


def test_a_known_caller_is_booked_with_few_keys(visitor: Visitor) -> None:
    """From the empty page to the promise: no mouse, at most twelve keys besides the text."""
    page = visitor.open("/anruf")
    typist = Typist(page)

    choose_erika(typist)
    typist.type("Mi 10:30 MVZ")
    expect(page.get_by_role("radio").first).to_be_checked()
    typist.press("Enter")

    expect(page.locator(".aloud").first).to_contain_text("Abholung zwischen")
    assert typist.keys <= MOST_KEYS
    expect(page.get_by_role("link", name="Neuer Anruf")).to_be_focused()


def test_another_offer_is_booked_with_few_keys(visitor: Visitor) -> None:
    """The arrow goes from the appointment to the next offer."""
    page = visitor.open("/anruf")
    typist = Typist(page)

    choose_erika(typist)
    typist.type("Do zwischen 9 und 11 MVZ")
    second = page.locator("label.offer").nth(1)
    expect(page.get_by_role("radio").first).to_be_checked()
    told = second.locator("b").inner_text()
    typist.press("ArrowDown")
    expect(second.get_by_role("radio")).to_be_focused()
    expect(second.get_by_role("radio")).to_be_checked()
    typist.press("Enter")

    pick_up = re.match(r"Abholung zwischen \d\d:\d\d und \d\d:\d\d", told)
    assert pick_up
    expect(page.locator(".aloud").first).to_contain_text(pick_up[0])
    assert typist.keys <= MOST_KEYS


def test_who_leaves_what_was_typed_is_asked_first(visitor: Visitor) -> None:
    """What is kept, booked or empty, one leaves without a question."""
    page = visitor.open("/anruf")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_label("Name").press_sequentially("Beispiel, Otto")

    page.get_by_role("link", name="Dienste").click()
    expect(page.get_by_label("Name")).to_have_value("Beispiel, Otto")
    assert asked == ["beforeunload"]

    page.get_by_role("button", name="Nur merken").click()
    expect(page.get_by_text("Der Anruf ist gemerkt")).to_be_visible()
    page.get_by_role("link", name="Dienste").click()
    page.wait_for_url("**/dienste")
    assert asked == ["beforeunload"]


def test_without_a_connection_no_old_offer_stands_and_nothing_typed_is_lost(
    browser: Browser, office: Office
) -> None:
    """Neither while somebody types, nor when the form is sent."""
    with serving(office) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/anruf")
        page.get_by_label("Name").fill("Beispiel, Paula")
        page.get_by_label("Abholen bei").fill("Beispielstraße 3, Talle")
        page.get_by_label("Termin").fill("Do 9:30 MVZ")
        expect(page.get_by_role("radio").first).to_be_checked()

        context.set_offline(True)
        page.get_by_label("Termin").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Gespeichert ist nichts")
        page.get_by_label("Termin").fill("Fr 11:00 MVZ")
        expect(page.locator("#antwort")).to_contain_text("Keine Antwort vom Dienst")
        assert "Donnerstag" not in page.locator("#antwort").inner_text()

        context.set_offline(False)
        page.get_by_role("button", name="Noch einmal versuchen").click()
        expect(page.locator("#antwort")).to_contain_text("Freitag")
        expect(page.get_by_label("Name")).to_have_value("Beispiel, Paula")
        page.get_by_label("Termin").press("Enter")
        expect(page.locator(".aloud").first).to_contain_text("Abholung zwischen")


def pick(page: Page, typed: str, name: str) -> None:
    """Choose a known passenger by the first letters, in place of whoever stood there."""
    page.get_by_label("Name").fill("")
    page.get_by_label("Name").press_sequentially(typed)
    option = page.get_by_role("option", name=name).first
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name")).to_have_value(name)


def values_of(page: Page, *labels: str) -> list[str]:
    return [page.get_by_label(label, exact=True).input_value() for label in labels]


ABOUT = ("Telefon", "Geburtsdatum", "Abholen bei", "Wohin", "Dauer", "Apotheke", "Hinweis")
OTTO = "Beispiel-Berg, Otto"
OF_OTTO = [
    "030 23125 106",
    "08.07.1943",
    "Beispielstraße 2, Westorf",
    "Hausarztpraxis Dr. Beispiel",
    "40",
    "",
    "",
]


def test_who_is_chosen_next_shares_nothing_with_who_was_chosen_before(visitor: Visitor) -> None:
    page = visitor.open("/anruf")
    pick(page, "bei eri", "Beispiel, Erika")
    assert values_of(page, "Telefon", "Apotheke") == ["030 23125 103", "ja"]

    pick(page, "ott ber", OTTO)

    assert values_of(page, *ABOUT) == OF_OTTO


def test_what_was_so_on_a_ride_to_somewhere_else_goes_and_comes_back(visitor: Visitor) -> None:
    page = visitor.open("/anruf")
    pick(page, "bei eri", "Beispiel, Erika")
    assert values_of(page, "Wohin", "Apotheke", "Dauer") == ["MVZ Kalletal", "ja", "45"]

    page.get_by_label("Termin").fill("Mi 9:30 Krone")
    expect(page.locator("#antwort")).to_contain_text("nicht übernommen")
    expect(page.get_by_label("Apotheke", exact=True)).to_have_value("")
    page.get_by_label("Termin").fill("Mi 9:30")
    expect(page.get_by_label("Apotheke", exact=True)).to_have_value("ja")
    expect(page.locator("#antwort")).to_contain_text("mit Apotheke")
    expect(page.get_by_role("radio").first).to_be_checked()


def test_it_goes_too_when_the_page_came_back_meanwhile(visitor: Visitor) -> None:
    """From a call that was kept as well."""
    page = visitor.open("/anruf")
    pick(page, "bei eri", "Beispiel, Erika")
    page.get_by_role("button", name="Nur merken, später klären").click()
    page.get_by_role("link", name="Beispiel, Erika").last.click()
    assert values_of(page, "Telefon") == ["030 23125 103"]

    pick(page, "ott ber", OTTO)

    assert values_of(page, *ABOUT) == OF_OTTO
    page.get_by_role("button", name="Anruf verwerfen").click()


def test_what_was_typed_or_changed_by_hand_stays_with_whom_is_chosen(visitor: Visitor) -> None:
    page = visitor.open("/anruf")
    page.get_by_label("Hinweis").fill("klingelt zweimal")
    pick(page, "bei eri", "Beispiel, Erika")
    page.get_by_label("Telefon").fill("030 23125 199")
    page.get_by_label("Hilfen").select_option("rollator")

    pick(page, "ott ber", OTTO)

    kept = values_of(page, "Telefon", "Hilfen", "Hinweis", "Abholen bei")
    assert kept == ["030 23125 199", "rollator", "klingelt zweimal", "Beispielstraße 2, Westorf"]


def test_without_a_name_nothing_of_who_was_chosen_stays(visitor: Visitor) -> None:
    page = visitor.open("/anruf")
    pick(page, "bei eri", "Beispiel, Erika")

    page.get_by_label("Name").fill("")

    assert values_of(page, *ABOUT) == [""] * len(ABOUT)


def test_a_new_caller_is_booked_with_few_keys(visitor: Visitor) -> None:
    page = visitor.open("/anruf")
    typist = Typist(page)

    typist.type("Neumann-Beispiel, Rosa")
    typist.press("Tab")
    typist.type("Do 9:30 Krone")
    typist.press("Tab")
    typist.press("Tab")
    typist.type("Beispielweg 3, Brosen")
    expect(page.get_by_role("radio").first).to_be_checked()
    typist.press("Enter")

    expect(page.locator(".aloud").first).to_contain_text("Abholung zwischen")
    assert typist.keys <= MOST_KEYS


def test_a_place_that_may_be_several_is_chosen_by_key(visitor: Visitor) -> None:
    page = visitor.open("/anruf")
    page.get_by_label("Termin").fill("Fr 9:30 apotheke")

    page.get_by_role("button", name="Beispiel-Apotheke am Markt").press("Enter")

    expect(page.locator(".place")).to_contain_text("Nach Beispiel-Apotheke am Markt")
    expect(page.get_by_label("Termin")).to_be_focused()


def test_what_is_typed_meanwhile_stays(visitor: Visitor) -> None:
    """An answer that comes late touches no field."""
    page = visitor.open("/anruf")
    page.get_by_label("Name").fill("Beispiel, Rosa")
    page.get_by_label("Termin").fill("Di 9:30 MVZ")
    page.get_by_label("Hinweis").press_sequentially("wartet an der Haustür", delay=30)

    expect(page.locator("#antwort")).to_contain_text("Es fehlt noch: Abholen bei")
    expect(page.get_by_label("Hinweis")).to_have_value("wartet an der Haustür")
    expect(page.get_by_label("Hinweis")).to_be_focused()


def test_an_answer_marks_the_fields_that_are_wrong(visitor: Visitor) -> None:
    page = visitor.open("/anruf")
    termin = page.get_by_label("Termin")
    termin.fill("Di 25:00 MVZ")

    expect(page.locator("#fehler-termin")).to_contain_text("Richtig ist eine Uhrzeit")
    expect(termin).to_have_attribute("aria-invalid", "true")
    expect(termin).to_be_focused()
    termin.fill("Di 9:30 MVZ")
    expect(page.locator("#fehler-termin")).to_be_empty()
    expect(termin).not_to_have_attribute("aria-invalid", "true")


def test_on_a_narrow_page_the_answer_stands_right_below_the_appointment(visitor: Visitor) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 390, "height": 800})
    visitor.open("/anruf")
    pick(page, "bei eri", "Beispiel, Erika")
    page.get_by_label("Termin").fill("Mi 10:30 MVZ")
    expect(page.get_by_role("radio").first).to_be_checked()

    order = ("#termin", "#antwort", "#ziel", "#abholort", "#hinweis")
    tops = [page.locator(each).evaluate("it => it.getBoundingClientRect().top") for each in order]
    assert tops == sorted(tops)
    page.get_by_label("Termin").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Wohin")).to_be_focused()


@pytest.mark.parametrize("width", [320, 640, 1100, 1500])
def test_the_page_is_for_everybody(visitor: Visitor, width: int) -> None:
    page = visitor.page
    page.set_viewport_size({"width": width, "height": 800})
    visitor.open("/anruf")
    page.get_by_label("Name").press_sequentially("bei")
    expect(page.locator("#bekannte [role=option]").first).to_be_visible()
    found = [Axe().run(page)]
    page.keyboard.press("Enter")
    page.get_by_label("Termin").fill("Mo, Mi, Sa, So 9:30 Apotheke")
    page.get_by_label("Telefon").fill("Apfel")
    expect(page.locator("#fehler-telefon")).to_contain_text("3 bis 20 Ziffern")
    found.append(Axe().run(page))

    for each in found:
        assert each.violations_count == 0, each.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_it_works_without_scripts(browser: Browser, office: Office, tmp_path: Path) -> None:
    with (
        serving(office) as address,
        browser.new_context(java_script_enabled=False) as context,
    ):
        page = context.new_page()
        page.goto(f"{address}/anruf")
        page.get_by_label("Name").fill("Beispiel, Otto")
        page.get_by_label("Termin").fill("Do 11:00 MVZ")
        page.get_by_label("Abholen bei").fill("Beispielstraße 3, Talle")
        page.get_by_label("Hinweis").press("Enter")
        page.get_by_role("button", name="Zusagen").click()

        expect(page.locator(".aloud").first).to_contain_text("Abholung zwischen")
