"""Best known values of instances, and how far an answer is from them."""

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.formats.text import InstanceError


@dataclass(frozen=True)
class Known:
    """The cost of the best known plan, and its vehicles where the table says them."""

    cost: float
    vehicles: int | None = None

    def gap(self, cost: float | None, vehicles: int) -> float | None:
        """
        How much dearer a plan is, as a share of the best known one.

        ``None`` where that says nothing: for no plan, and between plans with different numbers of
        vehicles where vehicles count.
        """
        if cost is None or (self.vehicles is not None and vehicles != self.vehicles):
            return None
        return cost / self.cost - 1


def read_known(path: Path | None) -> Mapping[str, Known]:
    """
    Read a table with the columns *instance* and *optimum* or *cost*, and maybe *vehicles*.

    Raises
    ------
    InstanceError
        If the table cannot be read, is not text, lacks a column, or has something else than
        numbers above 0.
    """
    if path is None:
        return {}
    known = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as table:
            reader = csv.DictReader(table)
            columns = set(reader.fieldnames or ())
            column = "optimum" if "optimum" in columns else "cost"
            if not {"instance", column} <= columns:
                msg = f"{path}: the columns instance and optimum (or cost) are expected."
                raise InstanceError(msg)
            for row in reader:
                try:
                    known[row["instance"]] = _known(row[column], row.get("vehicles"))
                except (TypeError, ValueError):
                    msg = (
                        f"{path}, line {reader.line_num}: not a number above 0,"
                        " or a field is missing."
                    )
                    raise InstanceError(msg) from None
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}."
        raise InstanceError(msg) from error
    except (UnicodeDecodeError, csv.Error) as error:
        msg = f"{path} is not a table in a text file."
        raise InstanceError(msg) from error
    return known


def _known(cost: str, vehicles: str | None) -> Known:
    found = Known(float(cost), int(vehicles) if vehicles else None)
    if not 0 < found.cost < math.inf or (found.vehicles is not None and found.vehicles < 1):
        raise ValueError
    return found
