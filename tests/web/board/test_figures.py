"""The figures of a month: the same as of the API, and nobody's name."""

from html import unescape

from fastapi.testclient import TestClient

from api.operations import planning
from api.operations.office import Office
from tests.builders_api import TUESDAY
from tests.web.board.test_day_board import read


def test_a_month_in_figures(board: TestClient, planned_office: Office) -> None:
    page = read(board, "/zahlen/2027-03")
    counted = board.get("/api/v1/figures/2027-03").json()

    assert f"<b>{counted['asked']}</b>" in page
    assert f"<b>{counted['served']}</b>" in page
    assert "Di 02.03.2027" in page
    planned = planning.read_plan(planned_office, planned_office.region(), TUESDAY)
    for contact in planned.input.contacts.values():
        assert contact.name not in page


def test_another_month_and_a_month_that_is_none(board: TestClient) -> None:
    assert "In diesem Monat ist kein Tag geplant" in read(board, "/zahlen/2027-04")
    read(board, "/zahlen/2027-13", status=404)
    assert board.get("/zahlen", follow_redirects=False).headers["location"] == "/zahlen/2027-02"
    assert "April 2027" in unescape(board.get("/zahlen/2027-03").text)
