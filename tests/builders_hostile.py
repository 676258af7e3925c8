"""
Files from people who mean no good, or whose disk is broken: how each is read, what a clear refusal
is, and how good bytes are spoilt.
"""

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from data.archive import unpack
from data.calendars import LARGEST_CALENDAR, read_calendar
from data.coarse_region import coarse_network
from data.errors import DataError
from data.exchange import read_requests
from data.plan_document import read_plan_file
from data.region_file import load_region
from data.region_import import import_region
from routing.errors import RoutingError
from routing.network import RoadNetwork

TODAY = dt.date(2026, 11, 22)
TUESDAY = dt.date(2027, 3, 2)
LONGEST_REFUSAL = 200_000  # characters; each mistake of a region is a line

# Words without which nobody says in German what is wrong.
_GERMAN = re.compile(
    r"\b(ist|sind|hat|muss|müssen|fehlt|fehlen|gibt|kein|keine|keinen|nicht|nur|darf|kann|liegt|"
    r"kommt|stammt|enthält|erlaubt|unbekannte|unbekannter|besteht|steht|höchstens|mindestens|möglich|"
    r"eine|einen|der|die|das|bis|wie)\b",
    re.IGNORECASE,
)


def read_table(file: Path) -> object:
    return read_requests(file, file.name, today=TODAY)


def read_ics(file: Path) -> object:
    with file.open("rb") as opened:
        content = opened.read(LARGEST_CALENDAR + 1)
    zone = ZoneInfo("Europe/Berlin")
    return read_calendar(content, file.name, zone=zone, now=dt.datetime(2027, 2, 28))  # noqa: DTZ001


def read_backup(file: Path) -> object:
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        return unpack(file, Path(folder) / "database")


def read_map(file: Path) -> object:
    with tempfile.TemporaryDirectory(dir=file.parent) as home:
        return import_region("talle", file, today=TODAY, land="NW", home=Path(home))


def read_region(folder: Path) -> object:
    region = load_region(folder)
    # Some of what stands in the files is only understood on a day.
    return region.shifts(TUESDAY), region.places_on(TUESDAY)


READERS: dict[str, Callable[[Path], object]] = {
    "table": read_table,
    "calendar": read_ics,
    "plan": read_plan_file,
    "backup": read_backup,
    "map": read_map,
    "region": read_region,
    "roads": coarse_network,
    "network": RoadNetwork.load,
}


def refusal(kind: str, file: Path) -> str:
    """
    Read a file; what was said if it was refused, "" if it was read.

    Anything but a refusal in German is an error of the program and passes through.
    """
    try:
        READERS[kind](file)
    except (DataError, RoutingError) as error:
        told = str(error)
        assert len(told) <= LONGEST_REFUSAL, (len(told), told[:200])
        # What lies below a region is named by the region.
        assert kind == "network" or _GERMAN.search(told), told[:500]
        return told
    return ""


TOKENS: Sequence[bytes] = (
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"\r", b"\n", b"\r\n\r\n"),
    *(b'"', b"'", b",", b";", b":", b"<", b">", b"&", b"]]>", b"<!--", b"{", b"}", b"[", b"]"),
    *(b"-1", b"0", b"1e400", b"-1e400", b"NaN", b"Infinity", b"9" * 30, b"9" * 5_000),
    *(b"99999-12-31", b"0000-00-00", b"9999-12-31", b"00010101T000000", b"99991231T235959Z"),
    *(b"0x" + b"f" * 5_000, b"\\ud800", b"%s%n", b"../../etc/passwd", b"=cmd|' /C calc'!A0"),
    *(b"x" * 70_000, b"[" * 3_000, b"{" * 3_000, b"<a>" * 300, b"PH +99999999 days"),
)


@st.composite
def spoilt(draw: st.DrawFn, good: bytes) -> bytes:
    """Good bytes with some of them flipped, cut out, doubled, or hostile ones put between."""
    content = bytearray(good)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(content)))
        match draw(st.sampled_from(("flip", "cut", "double", "insert", "end"))):
            case "flip" if at < len(content):
                content[at] ^= draw(st.integers(1, 255))
            case "cut":
                del content[at : at + draw(st.sampled_from((1, 2, 7, 40, 300)))]
            case "double":
                piece = content[at : at + draw(st.sampled_from((1, 10, 100)))]
                content[at:at] = piece * draw(st.sampled_from((1, 2, 50)))
            case "insert":
                content[at:at] = draw(st.sampled_from(TOKENS))
            case _:
                del content[at:]
    return bytes(content)


def replaced(text: str, *, pattern: str) -> st.SearchStrategy[str]:
    """A text in which one match of *pattern* is hostile: the structure stays, a value does not."""
    matches = list(re.finditer(pattern, text))
    values = [token.decode("utf-8", "ignore") for token in TOKENS if token]

    def put(match: re.Match[str], value: str) -> str:
        return text[: match.start()] + value + text[match.end() :]

    return st.builds(put, st.sampled_from(matches), st.sampled_from(values))


def fresh(folder: Path, source: Path) -> Path:
    """A copy of a folder in the place of an earlier one."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    return folder
