"""What the commands on the literature's instances have in common: files, seconds, known values."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.formats.text import InstanceError
from benchmarks.instances import Case, read_case
from benchmarks.known import Known, read_known


def make_parser(name: str, description: str | None) -> argparse.ArgumentParser:
    """A parser of what every command takes."""
    parser = argparse.ArgumentParser(
        prog=f"benchmarks.{name}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, required=True, help="CPU seconds for each file")
    parser.add_argument("--one-depot", action="store_true", help="heterogeneous, as in Parragh")
    parser.add_argument("--known", type=Path, help="table of best known values")
    parser.add_argument("--json", type=Path, help="where to write the results")
    return parser


def read_inputs(arguments: argparse.Namespace) -> tuple[list[Case], Mapping[str, Known]] | None:
    """Instances and known values; ``None``, and a word to the user, if one of the files is bad."""
    try:
        cases = [read_case(path, one_depot=arguments.one_depot) for path in arguments.files]
        return cases, read_known(arguments.known)
    except InstanceError as error:
        print(error, file=sys.stderr)
        return None
