"""The documents are true: links lead somewhere, commands and options exist, examples run."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from api.cli import app

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")])

_LINK = re.compile(r"(?:\]\(|src=\")([^)\"#]+)")
_CODE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(document: Path) -> Iterator[list[str]]:
    """Every line of a code block that calls `fahrten`, split as the shell would."""
    for block in _CODE.findall(document.read_text("utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            if re.match(r"(\S*/)?fahrten ", line):
                yield shlex.split(line, comments=True)[1:]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    """Each relative link names a file of the repository."""
    links = [link for link in _LINK.findall(document.read_text("utf-8")) if "://" not in link]

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_in_documents_exist(document: Path) -> None:
    """Each `fahrten` line in a code block has a command and options that there are."""
    for words in commands(document):
        command = typer.main.get_command(app)
        rest = list(words)
        while isinstance(command, TyperGroup):
            assert rest, words
            assert rest[0] in command.commands, words
            command = command.commands[rest.pop(0)]
        known = {option for parameter in command.params for option in parameter.opts}
        used = {word.split("=")[0] for word in rest if word.startswith("--")} - {"--help"}

        assert used <= known, words


def test_some_commands_are_documented() -> None:
    """A test of commands that finds none would prove nothing."""
    assert sum(len(list(commands(document))) for document in DOCUMENTS) > 3


@pytest.mark.parametrize("first", ["ortools.math_opt.python.mathopt", "highspy"])
def test_both_solvers_live_in_one_process(first: str) -> None:
    """Some pairs of their wheels cannot be imported together (docs/optimizer.md, 6)."""
    second = {"highspy": "ortools.math_opt.python.mathopt"}.get(first, "highspy")
    done = subprocess.run(
        [sys.executable, "-c", f"import {first}, {second}"], check=False, capture_output=True
    )

    assert done.returncode == 0, done.stderr
