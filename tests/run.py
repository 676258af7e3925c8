"""
What `make test` runs: format, lint, types, import contracts, all tests.

Every step runs, whatever became of the one before; one line for each says how it went. The
tests in the browser need Chromium: where it is missing, apt-get installs it if it may. If
it cannot, everything else runs, the last line says so, and under CI=true that is a failure.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser")
NOT_RUN = "The browser tests did not run: there is no Chromium, and it could not be installed."

STEPS: dict[str, Sequence[str]] = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "imports": ("lint-imports",),
}


def has_browser() -> bool:
    """Whether Debian's Chromium, or its like, is on the PATH."""
    return any(shutil.which(name) for name in BROWSERS)


def install_browser() -> None:
    """Let apt-get install Chromium, as root or with a sudo that asks nothing."""
    if shutil.which("apt-get") is None:
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if root and shutil.which("sudo") is None:
        return
    say("Chromium is missing; apt-get installs it ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (("update",), ("install", "--yes", "--no-install-recommends", "chromium")):
        subprocess.run(
            [*root, "apt-get", "-qq", *command],
            check=False,
            stdout=subprocess.DEVNULL,
            env=environment,
        )


def say(line: str) -> None:
    """Tell whoever waits, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run(name: str, command: Sequence[str]) -> bool:
    """Run one step; its output is shown if it fails, and always for the tests."""
    begin = time.monotonic()
    output = None if name == "tests" else subprocess.PIPE
    done = subprocess.run(
        command, cwd=ROOT, check=False, stdout=output, stderr=output and subprocess.STDOUT
    )
    good = done.returncode == 0
    if not good and done.stdout:
        say(done.stdout.decode(errors="replace").rstrip())
    say(f"{name:<8} {'ok' if good else 'FAILED':<7} {time.monotonic() - begin:6.1f} s")
    return good


def main() -> int:
    """Run every step; 0 only if all of them went well."""
    if not has_browser():
        install_browser()
    browser = has_browser()
    # In their order: else the longest files, which have few tests, come last and alone.
    tests = ["pytest", "--no-header", "-n", "4", "--dist", "loadfile", "--no-loadscope-reorder"]
    if not browser:
        tests += ["-m", "not browser"]
    results = [run(name, command) for name, command in {**STEPS, "tests": tests}.items()]
    failed = not all(results)
    if not browser:
        failed |= os.environ.get("CI") == "true"
        say(NOT_RUN)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
