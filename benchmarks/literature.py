"""What the commands on the literature's instances have in common: files and known values."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks import command
from benchmarks.formats.text import InstanceError
from benchmarks.instances import Case, read_case
from benchmarks.known import Known, read_known


def make_parser(name: str, description: str | None) -> argparse.ArgumentParser:
    """A parser of what every command on files takes."""
    parser = command.make_parser(name, description)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument(
        "--seconds", type=command.seconds, required=True, help="CPU seconds for each file"
    )
    parser.add_argument("--one-depot", action="store_true", help="heterogeneous, as in Parragh")
    parser.add_argument("--known", type=Path, help="table of best known values")
    return parser


def read_inputs(arguments: argparse.Namespace) -> tuple[list[Case], Mapping[str, Known]]:
    """
    Read instances and known values.

    Raises
    ------
    SystemExit
        If one of the files is bad, with code 2 and a word to the user.
    """
    try:
        cases = [read_case(path, one_depot=arguments.one_depot) for path in arguments.files]
        return cases, read_known(arguments.known)
    except InstanceError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
