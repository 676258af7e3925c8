"""Ctrl+C while a command plans: the best plan so far is kept; a second one ends the command."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.operations import solving
from api.operations.office import Office
from data.plan_document import read_plan_document
from data.solves import State
from tests.builders_api import KEY, make_office
from tests.builders_serving import next_service_day
from tests.builders_solving import fill, wait_for

DAY = next_service_day()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = make_office(tmp_path)
    fill(office, DAY)
    yield office
    office.close()


@contextmanager
def planning(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """`fahrten plan` for ten minutes, unless somebody stops it."""
    command = [sys.executable, "-m", "api.start", "plan", str(DAY), "--seconds", "600", "--json"]
    environment = {
        **os.environ,
        "FAHRTEN_FOLDER": str(folder),
        "FAHRTEN_REGIONS": str(folder / "regions"),
        "FAHRTEN_KEY": KEY.get_secret_value(),
    }
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_the_first_keeps_the_best_plan_so_far(office: Office, tmp_path: Path) -> None:
    """How far it was could be seen meanwhile, from anywhere; and the command ends well."""
    with planning(tmp_path) as process:
        wait_for(lambda: [each.progress for each in solving.of_day(office, office.region(), DAY)])
        process.send_signal(signal.SIGINT)
        out, told = process.communicate(timeout=600)

    assert process.returncode == 0, told
    assert "der beste Plan bisher bleibt" in told.decode()
    plan = read_plan_document(json.loads(out))
    assert any(route.stops for route in plan.routes)
    (solve,) = solving.of_day(office, office.region(), DAY)
    assert (solve.state, solve.version) == (State.STOPPED, 1)
