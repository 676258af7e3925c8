"""A telephone call in real Chromium: by keyboard alone, and counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from api.operations import requests
from api.operations.office import Office
from tests.builders_api import SAMPLE_DAY, make_office
from tests.web.conftest import Visitor, serving, watch

pytestmark = pytest.mark.browser

MOST_KEYS = 12


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
        assert visitor.faults == []


def test_a_known_caller_is_booked_with_few_keys(visitor: Visitor) -> None:
    """From the empty page to the promise: no mouse, at most twelve keys besides the text."""
    page = visitor.open("/anruf")
    typist = Typist(page)

    typist.type("bei eri")
    expect(page.get_by_role("option", name="Beispiel, Erika")).to_have_attribute(
        "aria-selected", "true"
    )
    typist.press("Enter")
    typist.type("Mi 10:30 MVZ")
    expect(page.get_by_role("radio").first).to_be_checked()
    typist.press("Enter")

    expect(page.locator(".aloud").first).to_contain_text("Abholung zwischen")
    assert typist.keys <= MOST_KEYS
    expect(page.get_by_role("link", name="Neuer Anruf")).to_be_focused()


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
