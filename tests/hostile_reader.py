"""
Reads hostile files in processes of their own, and says what each has cost: `python -m`.

Each file is read by a child that may not have more than so much memory. One line of JSON tells how
it ended: refused and why, read, or failed.
"""

import json
import os
import resource
import sys
import traceback
from pathlib import Path

from tests.builders_hostile import refusal

ALLOWED = 2_000_000_000  # bytes of address space beyond what the libraries take
_KIB = 1024


def status(name: str) -> int:
    """A figure of this process from /proc, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) * _KIB


def main() -> None:
    kind, *files = sys.argv[1:]
    warm_up(kind)
    for file in files:
        sys.stdout.flush()
        child = os.fork()
        if child:
            _, code = os.waitpid(child, 0)
            if code:
                tell(file, {"failed": f"ended with {code}"})
            continue
        tell(file, cost(kind, Path(file)))
        os._exit(0)


def tell(file: str, how: dict[str, object]) -> None:
    sys.stdout.write(json.dumps({"file": file, **how}) + "\n")
    sys.stdout.flush()


def warm_up(kind: str) -> None:
    """Import what is imported when a file comes: libraries are no cost of the file."""
    import openpyxl.reader.excel  # noqa: F401
    import pandas as pd  # noqa: F401

    if kind == "map":
        import routing.osm  # noqa: F401


def cost(kind: str, file: Path) -> dict[str, object]:
    limit = status("VmSize") + ALLOWED
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    before = status("VmRSS")
    try:
        refused = refusal(kind, file)
    except BaseException:  # noqa: BLE001  (whatever it is, it is told)
        return {"failed": traceback.format_exc()[-1_500:]}
    return {"refused": refused[:300], "grown": status("VmHWM") - before}


if __name__ == "__main__":
    main()
