"""What a citizen reads of who opened their data: words, for every route and every command."""

import re

import pytest
from typer.main import get_command

from api.cli import app
from api.web.board.person_view import actor_text
from api.web.deed_words import ELSE, deed_text
from tests.api.doors.who import WHO


@pytest.mark.parametrize("route", sorted(WHO))
def test_every_route_has_words(route: str) -> None:
    """Without braces, slashes or English methods; `WHO` has every route there is."""
    text = deed_text(route)

    assert text
    assert text != ELSE
    assert not re.search(r"[{}/]|GET|POST|PUT|DELETE", text)


@pytest.mark.parametrize("command", sorted(get_command(app).commands))  # type: ignore[attr-defined]
def test_every_command_has_words(command: str) -> None:
    """As the audit writes it down."""
    assert deed_text(f"fahrten {command}") not in {"", ELSE}


def test_what_the_program_does_by_itself_has_words() -> None:
    """A night, a solve in the background, and what happens outside of any request."""
    assert deed_text("nightly") == "Tag in der Nacht geplant"
    assert deed_text("solve") == "Tag geplant"
    assert deed_text("") == "bei der Arbeit des Programms gelesen"
    assert actor_text("nobody") == "das Programm selbst"


def test_the_nearest_words_count() -> None:
    """A sheet is more than its day, looking at a wish is not changing it."""
    assert deed_text("GET /tage/{day}/karte.json") == "Tagesplan angesehen"
    assert deed_text("GET /tage/{day}/tourenblatt/{shift}.pdf") == "Tourenblatt geöffnet"
    assert deed_text("GET /wuensche/{request}") == "Fahrtwunsch angesehen"
    assert deed_text("POST /wuensche/{request}/zusagen") == "Fahrtwunsch bearbeitet"
    assert deed_text("GET /laengst/vorbei") == ELSE
