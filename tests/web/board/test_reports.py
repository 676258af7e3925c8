"""Reports of the day: offered where they can be meant, and answered with what people need next."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.operations import planning, requests, ticking
from api.operations.office import Office
from api.operations.ticking import Told
from data.ticks import Mark
from routing.units import MINUTE
from scheduler.clock import hh_mm
from scheduler.model import TripKind, VisitKind
from tests.builders_api import TUESDAY
from tests.builders_offers import Clock
from tests.builders_running import plan_rows
from tests.builders_visits import visit
from tests.web.board.test_day_board import DAY, hidden, read, send, served
from tests.web.conftest import HALF_PAST_NINE, copied

ON_CALL = "r15"  # the only one of the sample day who rings for the way home


@pytest.fixture(scope="module")
def quiet_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So few requests that every plan has room for all of them."""
    return plan_rows(tmp_path_factory.mktemp("quiet"), 15)


@pytest.fixture
def quiet_office(quiet_folder: Path, tmp_path: Path, now: Clock) -> Iterator[Office]:
    with copied(quiet_folder, tmp_path, now) as office:
        yield office


@pytest.fixture
def quiet(quiet_office: Office) -> Iterator[TestClient]:
    with visit(quiet_office) as client:
        yield client


def row_of(page: str, request: str) -> str:
    row = re.search(rf'<tr role="row" id="{request}".*?</tr>', page, re.DOTALL)
    assert row is not None
    return row[0]


def at(moment: int) -> dt.datetime:
    """That moment on the clock of the day, in winter."""
    return dt.datetime(2027, 3, 1, 23, 0, tzinfo=dt.UTC) + dt.timedelta(seconds=moment)


def fetched(office: Office, request: str) -> list[int]:
    """When the newest plan fetches somebody."""
    plan = planning.read_plan(office, office.region(), TUESDAY).plan
    return [
        visit.begin
        for visit in sorted(plan.visits, key=lambda each: each.begin)
        if visit.request == request and visit.kind is VisitKind.PICKUP
    ]


def test_the_way_home_is_rung_for_by_who_is_there_and_on_call(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    now.now = HALF_PAST_NINE
    assert "will zurück" not in read(quiet)
    there, home = fetched(quiet_office, ON_CALL)
    for offered, moment in ((False, there - 60), (True, there), (True, home - 60), (False, home)):
        now.now = at(moment)
        page = read(quiet)
        assert ("will zurück" in row_of(page, ON_CALL)) is offered
        assert page.count("will zurück") == int(offered)


@pytest.mark.parametrize(
    ("typed", "meant"), [("15.40", "15:40"), ("16 Uhr", "16:00"), ("halb vier", "15:30")]
)
def test_who_rings_for_the_way_home_hears_when_the_bus_comes(
    quiet: TestClient, quiet_office: Office, now: Clock, typed: str, meant: str
) -> None:
    """As the first line before anything is kept, and on the day afterwards."""
    there, home = fetched(quiet_office, ON_CALL)
    now.now = at(min(there + 10 * MINUTE, home - 60))
    page = read(quiet, f"{DAY}/melden?was=ready&wunsch={ON_CALL}&um={typed}")
    comes = re.search(r'<p class="aloud">Der Bus kommt um (\d\d:\d\d) Uhr', page)
    assert comes is not None
    assert page.index('class="aloud"') < page.index("Das ändert sich")
    assert comes[1] >= meant
    assert f"kann ab {meant} Uhr zurück" in page

    send(quiet, f"{DAY}/melden", hidden(page, f"{DAY}/melden"))

    _, home = fetched(quiet_office, ON_CALL)
    assert f'<p class="comes">Der Bus kommt um {hh_mm(home)} Uhr (Nachmittag).</p>' in read(quiet)


def test_only_who_should_be_in_the_bus_can_turn_out_to_be_missing(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """Also after the driver has marked it: only with the report can the rest do without them."""
    region = quiet_office.region()
    plan = planning.read_plan(quiet_office, region, TUESDAY).plan
    begins: dict[tuple[str, str], list[int]] = {}
    for each in plan.visits:
        begins.setdefault((each.request, each.trip), []).append(each.begin)
    riders = sorted({name for name, _ in begins}, key=lambda name: fetched(quiet_office, name)[0])

    def offered_at(moment: int) -> set[str]:
        now.now = at(moment)
        return set(re.findall(r"was=no_show&wunsch=(r\d+)", read(quiet)))

    aboard, missed = riders[:2]
    for name, mark in ((aboard, Mark.ABOARD), (missed, Mark.NO_SHOW)):
        moment = fetched(quiet_office, name)[0]
        assert name not in offered_at(moment - 1)
        riding = {who for (who, _), made in begins.items() if min(made) <= moment < max(made)}
        assert offered_at(moment) == riding - ({aboard} if name == missed else set())
        told = Told(name * 9, name, TripKind.OUTBOUND, mark, now.now)
        (received,) = ticking.mark(quiet_office, region, TUESDAY, [told])
        assert received.kept
        assert ("was=no_show" in row_of(read(quiet), name)) is (mark is Mark.NO_SHOW)
    assert "sagt ab" not in row_of(read(quiet), missed)

    seen = read(quiet, f"{DAY}/melden?was=no_show&wunsch={missed}")
    send(quiet, f"{DAY}/melden", hidden(seen, f"{DAY}/melden"))
    assert "was=no_show" not in row_of(read(quiet), missed)


def test_what_cannot_work_on_a_running_day_is_not_offered(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """And whoever comes there all the same reads no commands, and finds the way back."""
    before = read(board)
    assert "Neu planen" in before
    assert "Was würde helfen?" in before
    now.now = HALF_PAST_NINE
    send(
        board,
        f"{DAY}/melden",
        hidden(
            read(board, f"{DAY}/melden?was=delayed&dienst=nachmittag&minuten=5"), f"{DAY}/melden"
        ),
    )
    page = read(board)
    assert "Neu planen" not in page
    assert "Was würde helfen?" not in page
    left_out = planning.read_plan(planned_office, planned_office.region(), TUESDAY).plan.unserved
    assert f'href="/wuensche/{left_out[0].request}">Vorschläge ansehen' in page

    refused = [
        send(board, f"{DAY}/planen", status=409),
        read(board, f"{DAY}/abhilfe/{left_out[0].request}", status=409),
    ]
    for each in refused:
        assert "Gerade nicht möglich" in each
        assert "fahrten " not in each.partition("<main")[2]
        assert f'href="{DAY}">Zum Tag' in each
    name = served(planned_office)[0]
    page = send(board, f"/wuensche/{name}/freigeben", status=409)
    assert "fahrten " not in page.partition("<main")[2]
    assert f'href="/wuensche/{name}">Zum Fahrtwunsch' in page


def test_a_delay_that_breaks_promises_says_what_else_can_be_done(
    board: TestClient, now: Clock
) -> None:
    now.now = HALF_PAST_NINE
    page = read(board, f"{DAY}/melden?was=delayed&dienst=vormittag&minuten=120")
    assert "Bitte anrufen" in page
    assert "Noch ist nichts geändert." in page
    assert 'href="#minuten">kleinere Verspätung melden' in page
    assert 'name="minuten" value="120"' in page


def test_whom_a_change_concerns_is_a_click_away(board: TestClient, planned_office: Office) -> None:
    """With the name to what is known of them, and with the number to their telephone."""
    region = planned_office.region()
    plan = planning.read_plan(planned_office, region, TUESDAY).plan
    name = next(iter(plan.visits)).request
    row = requests.read(planned_office, region, name).row
    requests.cancel(planned_office, region, name)
    send(board, f"{DAY}/planen")
    page = read(board)
    line = re.search(
        rf'<li><a href="/wuensche/{name}"><bdi>{re.escape(row.name)}</bdi></a>.*', page
    )
    assert line is not None
    assert f"{row.phone}</a>: fährt nicht mehr mit" in line[0]
    assert 'href="tel:' in line[0]


def test_what_was_reported_by_mistake_is_taken_back_with_one_click(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """Only the last report has the button; whoever was to be rung about it stands there."""
    now.now = HALF_PAST_NINE
    undo = f"{DAY}/zuruecknehmen"
    assert undo not in read(board)
    before = planning.read_plan(planned_office, planned_office.region(), TUESDAY).plan.routes
    report = read(board, f"{DAY}/melden?was=delayed&dienst=vormittag&minuten=50")
    send(board, f"{DAY}/melden", hidden(report, f"{DAY}/melden"))
    late = read(board)
    assert late.count(undo) == 1
    reported = late.split('id="geschehen"')[1].split("</section>")[0]
    ring = re.findall(r'<a href="/wuensche/(r\d+)">', reported)
    assert ring
    assert "bitte anrufen" in reported

    fields = hidden(late, undo)
    assert send(board, undo, fields) == f"{DAY}#geschehen"

    page = read(board)
    happened = page.split('id="geschehen"')[1].split("</section>")[0]
    assert "Zurückgenommen: Vormittag: 50 Minuten Verspätung" in happened
    assert re.findall(r'<a href="/wuensche/(r\d+)">', happened) == ring  # once, and not to be rung
    assert happened.count("es bleibt doch, wie es vorher war") == len(ring)
    assert "50 Minuten Verspätung (zurückgenommen)" in happened
    assert "bitte anrufen" not in happened
    assert undo not in page
    after = planning.read_plan(planned_office, planned_office.region(), TUESDAY).plan.routes
    assert after == before
    assert "Zurücknehmen lässt sich nur das Letzte" in send(board, undo, fields, status=409)
