"""The roster in real Chromium: for everybody, by keyboard, on any width, without scripts."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from api.operations.office import Office
from tests.builders_api import make_office
from tests.web.conftest import Visitor, serving, watch

pytestmark = pytest.mark.browser

MORNING = "/dienste/2027-03-02/vormittag"


@pytest.fixture
def office(sample_folder: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copytree(sample_folder, tmp_path / "var")
    working = make_office(tmp_path / "var")
    yield working
    working.close()


@pytest.fixture
def visitor(browser: Browser, office: Office) -> Iterator[Visitor]:
    with serving(office) as address, browser.new_context() as context:
        visitor = watch(context, address)
        yield visitor
        assert visitor.faults == []


@pytest.mark.parametrize("width", [320, 640, 1100, 1500])
def test_the_pages_are_for_everybody(visitor: Visitor, width: int) -> None:
    """The weeks, a shift, and whom a change concerns."""
    page = visitor.page
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/dienste", MORNING, ""):
        if path:
            visitor.open(path)
        else:
            page.get_by_role("button", name="herausnehmen").click()
            expect(page.get_by_role("heading", name="Fahrer:in herausnehmen")).to_be_visible()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_somebody_steps_in_by_keyboard_alone(visitor: Visitor) -> None:
    """From the list of weeks to the day that has to be planned anew."""
    page = visitor.open("/dienste")
    page.get_by_role("link", name=re.compile("ändern ?: Vormittag am Di 02.03.2027")).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("Einteilen ?: Elke")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Alle können mitfahren wie bisher")).to_be_visible()
    page.get_by_role("button", name="Ja, so speichern").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").filter(has_text="Gespeichert.")).to_be_visible()
    page.get_by_role("link", name="Zum Tag, dort neu planen").click()
    expect(page.get_by_role("alert")).to_contain_text("passt nicht mehr")
    page.get_by_role("button", name="Neu planen").click()
    expect(page.get_by_text("Elke Beispiel-Echter").first).to_be_visible()


def test_it_works_without_scripts(browser: Browser, office: Office) -> None:
    with (
        serving(office) as address,
        browser.new_context(java_script_enabled=False) as context,
    ):
        page = context.new_page()
        page.goto(address + MORNING)
        page.get_by_role("button", name="Dienst fällt aus").click()
        page.get_by_role("button", name="Ja, so speichern").click()

        expect(page.get_by_role("status").filter(has_text="Gespeichert.")).to_be_visible()
        expect(page.get_by_label("Stand")).to_contain_text("fällt aus")
