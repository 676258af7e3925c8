"""Passengers and the region in real Chromium: for everybody, by keyboard, on any width."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from api.operations.office import Office
from tests.builders_api import make_office
from tests.web.conftest import Visitor, serving, watch

pytestmark = pytest.mark.browser


@pytest.fixture
def visitor(browser: Browser, sample_folder: Path, tmp_path: Path) -> Iterator[Visitor]:
    shutil.copytree(sample_folder, tmp_path / "var")
    office: Office = make_office(tmp_path / "var")
    with serving(office) as address, browser.new_context() as context:
        visitor = watch(context, address)
        yield visitor
        assert visitor.faults == []
    office.close()


def fine(page: Page, width: int) -> None:
    """No rule of axe is broken, and nothing scrolls sideways."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_are_for_everybody(visitor: Visitor, width: int) -> None:
    page = visitor.page
    page.set_viewport_size({"width": width, "height": 800})
    for path in (
        "/region",
        "/region/orte/mvz",
        "/region/busse/bus-1",
        "/fahrgaeste/neu",
        "/fahrgaeste",
    ):
        visitor.open(path)
        fine(page, width)
    page.keyboard.type("bei eri")  # the field has the focus
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 gefunden")).to_be_visible()
    fine(page, width)
    page.get_by_role("link", name="Beispiel, Erika").press("Enter")
    expect(page.get_by_role("heading", name="Kommende Fahrten (1)")).to_be_visible()
    fine(page, width)
    person = page.url.removeprefix(visitor.address)
    for path in ("aendern", "auskunft", "loeschen", "zusammen"):
        visitor.open(f"{person}/{path}")
        fine(page, width)
    page.keyboard.type("karl")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Vergleichen").press("Enter")
    expect(page.get_by_text("Ist das dieselbe Person?")).to_be_visible()
    fine(page, width)
