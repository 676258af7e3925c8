"""`make test`: every step runs, and the outcome is told truly (with stand-ins for the tools)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).with_name("run.py")
TOOLS = ("ruff", "mypy", "lint-imports", "pytest")
NOT_RUN = "The browser tests did not run: there is no Chromium, and it could not be installed."

Done = subprocess.CompletedProcess[str]


class Machine:
    """A PATH with stand-ins that write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        for tool in TOOLS:
            self.has(tool)

    def has(self, tool: str, *, then: str = "exit 0") -> None:
        """Install a stand-in that does *then*."""
        file = self.folder / tool
        file.write_text(f'#!/bin/sh\necho "{tool} $*" >> {self.log}\n{then}\n')
        file.chmod(0o755)

    def make_test(self, **environment: str) -> Done:
        """Run the script as `make test` does."""
        clean = {key: value for key, value in os.environ.items() if key != "CI"}
        return subprocess.run(
            [sys.executable, RUN],
            env={**clean, "PATH": str(self.folder), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def called(self) -> list[str]:
        """The calls so far, in order."""
        return self.log.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """All tools, no browser."""
    return Machine(tmp_path)


def test_all_steps_run_in_order_and_the_browser_tests_with_them(machine: Machine) -> None:
    """Format, lint, types, import contracts, tests."""
    machine.has("chromium")
    done = machine.make_test()

    assert done.returncode == 0
    assert [call.split(" -")[0] for call in machine.called] == [
        "ruff format",
        "ruff check .",
        "mypy ",
        "lint-imports ",
        "pytest",
    ]
    assert "not browser" not in machine.called[-1]
    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [
        [step, "ok"] for step in ("format", "lint", "types", "imports", "tests")
    ]
    assert all(line.endswith(" s") for line in lines)


@pytest.mark.parametrize("broken", TOOLS)
def test_a_failed_step_stops_nobody_but_fails_the_whole(machine: Machine, broken: str) -> None:
    """Everything that is wrong is known after one run."""
    machine.has("chromium")
    machine.has(broken, then="echo 'here is why'; exit 1")
    done = machine.make_test()

    assert done.returncode == 1
    assert len(machine.called) == 5
    assert "here is why" in done.stdout
    assert "FAILED" in done.stdout


def test_without_a_browser_everything_else_runs_and_the_last_line_says_so(
    machine: Machine,
) -> None:
    """Nobody takes a run without the browser for a full one."""
    done = machine.make_test()

    assert done.returncode == 0
    assert machine.called[-1].endswith("-m not browser")
    assert done.stdout.splitlines()[-1] == NOT_RUN


def test_under_ci_a_missing_browser_is_a_failure(machine: Machine) -> None:
    """There nobody reads the last line."""
    done = machine.make_test(CI="true")

    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == NOT_RUN


def test_a_missing_browser_is_installed_where_apt_may(machine: Machine) -> None:
    """As root, or with a sudo that does not ask."""
    browser = machine.folder / "chromium"
    machine.has("sudo", then='shift; exec "$@"')
    machine.has(
        "apt-get",
        then=f'case "$*" in *chromium) : > {browser}; /bin/chmod 755 {browser};; esac',
    )
    done = machine.make_test(CI="true")

    assert done.returncode == 0
    installs = [call for call in machine.called if call.startswith("apt-get")]
    assert [call.split()[2] for call in installs] == ["update", "install"]
    assert "not browser" not in machine.called[-1]
    assert NOT_RUN not in done.stdout


def test_an_installation_that_fails_leaves_the_other_tests_running(machine: Machine) -> None:
    """No right, no network: then without the browser."""
    machine.has("sudo", then="exit 1")
    machine.has("apt-get", then="exit 100")
    done = machine.make_test()

    assert done.returncode == 0
    assert machine.called[-1].endswith("-m not browser")
    assert done.stdout.splitlines()[-1] == NOT_RUN
