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


def search(page: Page, typed: str) -> None:
    page.get_by_label("Wen suchen Sie?").fill(typed)
    page.keyboard.press("Enter")


def test_back_from_a_passenger_leads_to_what_was_found(visitor: Visitor) -> None:
    """Without a name in any address; whoever comes by a link begins anew."""
    page = visitor.open("/fahrgaeste")
    search(page, "b")
    expect(page.get_by_text("Bitte mindestens 2 Zeichen eingeben.")).to_be_visible()
    expect(page.get_by_label("Wen suchen Sie?")).to_be_focused()
    search(page, "bei")
    heading = page.get_by_role("heading", name="gefunden")
    expect(heading).to_be_focused()
    expect(page.get_by_label("Wen suchen Sie?")).not_to_have_attribute("aria-invalid", "true")
    told = heading.inner_text()
    page.get_by_role("link", name="Beispiel, Erika").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Beispiel, Erika")

    page.go_back()

    expect(page.get_by_label("Wen suchen Sie?")).to_have_value("bei")
    expect(heading).to_have_text(told)
    assert page.url == f"{visitor.address}/fahrgaeste"
    page.get_by_role("navigation").get_by_role("link", name="Fahrgäste").click()
    expect(page.get_by_label("Wen suchen Sie?")).to_have_value("")
    expect(heading).to_have_count(0)
    # What was wrong with one search is told by the browser on its console.
    visitor.faults[:] = [each for each in visitor.faults if "status of 422" not in each]
