"""What an installation is set up with: the container, the units of systemd, and their limits."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from api.kinds import Exit
from api.operations import starting
from api.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
UNITS = sorted(each.name for each in DEPLOY.glob("*.*") if each.suffix in {".service", ".timer"})
# Beyond it systemd calls a service exposed; ours has to stay far below.
HIGHEST_EXPOSURE = {"fahrten.service": 1.5, "fahrten-backup.service": 3.0}


def settings_of(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / name).read_text("utf-8").splitlines():
        if match := re.fullmatch(r"(\w+)=(.*)", line):
            found.setdefault(match[1], []).append(match[2])
    return found


def lint(dockerfile: str) -> str:
    """What hadolint and, for what stands in RUN, shellcheck have against it."""
    hadolint = Path(sys.executable).with_name("hadolint")
    return subprocess.run(
        [hadolint, "-"], check=False, capture_output=True, text=True, input=dockerfile
    ).stdout


def test_the_dockerfile_has_no_fault() -> None:
    """And the linter would have found one."""
    assert lint(DOCKERFILE) == ""
    assert "DL3002" in lint(DOCKERFILE.replace("USER 10001:10001", "USER root"))


def test_the_container_needs_no_registry_by_name_and_no_root() -> None:
    """Base images by their plain name; the last user is a number, as Kubernetes asks."""
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    final = DOCKERFILE[DOCKERFILE.rindex("FROM ") :]

    assert len(images) == 2
    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+", image) for image in images)
    assert re.findall(r"^USER (\S+)", final, re.MULTILINE) == ["10001:10001"]
    assert "HEALTHCHECK" in final
    assert "--require-hashes" in DOCKERFILE
    assert not re.search(r"https?://(?!127\.0\.0\.1)", DOCKERFILE)


def test_the_container_takes_what_there_is_and_no_database() -> None:
    """Everything that is copied lies in the repository, and .dockerignore lets it through."""
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = [source for line in copied for source in line.split()]
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_through = {line[1:] for line in ignored if line.startswith("!")}

    assert sources
    assert all((ROOT / source).exists() for source in sources)
    assert {source.split("/")[0] for source in sources} == let_through
    assert "*" in ignored
    locked = {Path(source).stem for source in sources if source.startswith("requirements/")}
    assert locked == {"app", "build", "assets"}


def test_the_packages_of_the_program_are_in_the_container() -> None:
    """A new top-level package would be missing there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert packages
    assert all(f"COPY {package} {package}\n" in DOCKERFILE for package in packages)


@pytest.mark.parametrize("text", [DOCKERFILE, *((DEPLOY / name).read_text() for name in UNITS)])
def test_only_settings_that_exist_are_set(text: str) -> None:
    """A start with an unknown one would be refused."""
    names = re.findall(r"\b(FAHRTEN_[A-Z_]+)=", text)

    assert not starting.unknown(dict.fromkeys(names, ""))


def test_the_service_is_hardened() -> None:
    """The most important limits, by name."""
    found = settings_of("fahrten.service")

    for name in (
        "NoNewPrivileges",
        "ProtectHome",
        "PrivateTmp",
        "PrivateDevices",
        "LockPersonality",
    ):
        assert found[name] == ["yes"], name
    assert found["ProtectSystem"] == ["strict"]
    assert found["CapabilityBoundingSet"] == [""]
    assert (found["StateDirectory"], found["StateDirectoryMode"]) == (
        ["fahrten fahrten-key"],
        ["0700"],
    )
    assert (found["IPAddressDeny"], found["UMask"]) == (["any"], ["0077"])


def test_the_service_ends_later_than_the_program() -> None:
    """Else systemd kills what is still being finished."""
    (limit,) = settings_of("fahrten.service")["TimeoutStopSec"]

    assert int(limit) > Settings.model_fields["stop_seconds"].default


def test_a_wrong_configuration_is_not_tried_again() -> None:
    """The exit codes are those of the program."""
    (codes,) = settings_of("fahrten.service")["RestartPreventExitStatus"]

    assert codes.split() == [str(int(Exit.USAGE)), str(int(Exit.REGION_WRONG))]


needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="There is no systemd on this machine."
)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The units as they would be if the program was installed where these tests run."""
    program = tmp_path / "fahrten"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for name in UNITS:
        text = (DEPLOY / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("/opt/fahrten/.venv/bin/fahrten", str(program)))
    return tmp_path


@needs_systemd
@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_every_line(here: Path, name: str) -> None:
    """No unknown setting, no program that is not there."""
    command = ["systemd-analyze", "verify", "--man=no", str(here / name)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("name", sorted(HIGHEST_EXPOSURE))
def test_systemd_finds_the_service_safe(here: Path, name: str) -> None:
    """Its own measure, from 0 (locked away) to 10 (as root with everything)."""
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(here / name)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)

    assert found, done.stderr
    assert float(found[1]) <= HIGHEST_EXPOSURE[name]
