"""The information page and the Tourenblatt in real Chromium: for everybody, on any width."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.web.conftest import Visitor

pytestmark = pytest.mark.browser

SHEET = "/tage/2027-03-02/tourenblatt/vormittag"
PAGES = [("/info", 200), ("/info?dorf=Talle", 200), ("/info?dorf=Berlin", 422), (SHEET, 200)]


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_axe_finds_nothing(visitor: Visitor, path: str, status: int) -> None:
    """Names, roles, contrasts, order of headings; the fixture fails on foreign hosts."""
    found = Axe().run(visitor.open(path, status=status))

    assert len(found.response["passes"]) > 10
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_nothing_scrolls_sideways_at_320_pixels(phone: Visitor, path: str, status: int) -> None:
    """The narrowest telephone, and a desk screen at 400 % zoom."""
    page = phone.open(path, status=status)

    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("path", ["/info", SHEET])
@pytest.mark.parametrize("width", [640, 1280])
def test_nothing_scrolls_sideways_at_200_percent(visitor: Visitor, path: str, width: int) -> None:
    """1,280 px at 200 % zoom are 640."""
    visitor.page.set_viewport_size({"width": width, "height": 800})
    page = visitor.open(path)

    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_text_is_large(visitor: Visitor) -> None:
    """Most who read it are over seventy."""
    page = visitor.open("/info")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll("main p, main li, main dd")]
            .map((each) => parseFloat(getComputedStyle(each).fontSize))"""
    )

    assert min(sizes) >= 16
    assert sum(size >= 18 for size in sizes) / len(sizes) > 0.9


def test_a_village_is_chosen_without_a_script(without_script: Visitor) -> None:
    """By keyboard: a list and a button."""
    page = without_script.open("/info")
    page.get_by_label("Fahrzeiten aus welchem Dorf?").select_option("Talle")
    page.get_by_role("button", name="Anzeigen").focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{without_script.address}/info?dorf=Talle#verzeichnis")
    mvz = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="MVZ Kalletal"))
    expect(mvz).to_contain_text("von Talle 8 Minuten")


def test_a_wrong_village_is_explained_beside_its_field(visitor: Visitor) -> None:
    """What was typed into the address stays there."""
    page = visitor.open("/info?dorf=Berlin", status=422)
    field = page.get_by_label("Fahrzeiten aus welchem Dorf?")

    expect(field).to_have_value("Berlin")
    expect(field).to_have_accessible_description(
        "„Berlin“ ist keines der Dörfer, in die der Bus fährt."
    )


def test_the_information_can_be_printed(visitor: Visitor) -> None:
    """Without buttons and lists that cannot be pressed on paper; with all places."""
    page = visitor.open("/info")
    page.emulate_media(media="print")

    expect(page.get_by_role("button", name="Anzeigen")).to_be_hidden()
    expect(page.get_by_role("link", name="Als Faltblatt drucken (PDF)")).to_be_hidden()
    expect(page.get_by_role("heading", name="MVZ Kalletal")).to_be_visible()
    expect(page.locator(".dial")).to_be_visible()


def test_the_sheet_on_paper_has_its_map_and_its_logbook(visitor: Visitor) -> None:
    """The rows that are written by hand are for paper only."""
    page = visitor.open(SHEET)
    log, chart = page.locator(".log"), page.get_by_role("img", name="Karte der Tour")
    expect(chart).to_be_visible()
    expect(log).to_be_hidden()
    page.emulate_media(media="print")

    expect(chart).to_be_visible()
    expect(log).to_be_visible()
    expect(page.get_by_role("navigation")).to_be_hidden()
