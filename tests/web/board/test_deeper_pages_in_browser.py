"""Pages that lie below the day, in real Chromium: for everybody, by keyboard, on any width."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from api.operations import planning
from api.operations.office import Office
from tests.builders_api import BODY, TUESDAY
from tests.builders_visits import visit
from tests.web.board.test_day_board import DAY, served
from tests.web.conftest import Visitor, serving, watch

pytestmark = pytest.mark.browser

PATHS = (
    "/wuensche/{rides}",
    "/wuensche/{left_out}",
    "/wuensche/{rides}/aendern",
    "/wuensche/{rides}/serie",
    "/serien/s1",
    DAY + "/abhilfe/{left_out}",
    DAY + "/versionen",
    DAY + "/versionen/1",
)
# Whatever one can do on a page; of radio buttons of one name, Tab reaches one.
CONTROLS = "main :is(a[href], button, select, input:not([type=hidden]):not([type=radio]), summary)"


@dataclass(frozen=True)
class Desk:
    """Somebody at the board, on a day of which one *rides* and one is *left_out*."""

    visitor: Visitor
    rides: str
    left_out: str

    def open(self, path: str) -> Page:
        """Go to a page."""
        return self.visitor.open(path.format(rides=self.rides, left_out=self.left_out))


@pytest.fixture
def desk(browser: Browser, planned_office: Office) -> Iterator[Desk]:
    region = planned_office.region()
    with visit(planned_office) as client:
        weekly = {**BODY, "date": "2027-03-19", "weekdays": ["Fr"]}
        assert client.post("/api/v1/series", json=weekly).status_code == 201
    left_out = planning.read_plan(planned_office, region, TUESDAY).plan.unserved[0].request
    with serving(planned_office) as address, browser.new_context(locale="de-DE") as context:
        visitor = watch(context, address)
        yield Desk(visitor, served(planned_office)[0], left_out)
        assert visitor.faults == []


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_are_for_everybody(desk: Desk, width: int) -> None:
    """No rule of axe is broken, and nothing scrolls sideways."""
    desk.visitor.page.set_viewport_size({"width": width, "height": 800})
    for path in PATHS:
        page = desk.open(path)
        found = Axe().run(page)
        assert found.violations_count == 0, (path, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") == width, path


@pytest.mark.parametrize("path", PATHS)
def test_tab_reaches_whatever_one_can_do(desk: Desk, path: str) -> None:
    """In the order of the page, and one sees where one is."""
    page = desk.open(path)
    wanted = page.locator(CONTROLS).count()
    assert wanted
    page.locator("main").evaluate("each => each.focus()")
    reached = []
    for _ in range(wanted + 12):  # radio buttons, and what scrolls
        page.keyboard.press("Tab")
        at, outline = page.evaluate(
            """(controls) => {
                const at = document.activeElement;
                const style = getComputedStyle(at);
                const width = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
                return [[...document.querySelectorAll(controls)].indexOf(at), width];
            }""",
            CONTROLS,
        )
        if at >= 0:
            assert outline >= 2, at
            reached.append(at)
        if len(reached) == wanted:
            break

    assert reached == list(range(wanted))


def test_a_request_is_promised_by_keyboard(desk: Desk) -> None:
    """From what it asks for to what was promised."""
    page = desk.open("/wuensche/{rides}")
    page.get_by_role("button", name="Vorschläge ansehen").press("Enter")
    page.get_by_role("button", name="Zusagen").first.press("Enter")

    expect(page.get_by_role("status").filter(has_text="Zugesagt.")).to_be_visible()
