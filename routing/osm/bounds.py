"""
How much of a map is read at most, and how a map that grows when it is opened is found out.

All bounds are those of about a million inhabitants: a village's bus needs a hundredth. A kilobyte
of a map can unpack to gigabytes, so it is looked at before it is read, in one pass that keeps
nothing.
"""

from bz2 import BZ2File
from collections.abc import Iterator, Mapping
from gzip import GzipFile
from io import FileIO
from pathlib import Path
from typing import IO

from routing.errors import ExtractError

LARGEST_MAP = 1_000_000_000  # bytes of XML, unpacked
LARGEST_PBF = 300_000_000  # bytes, unpacked; the same map has three times as many in XML
LARGEST_BLOCK = 8_000_000  # bytes of a PBF, unpacked; programs write blocks of 8000 objects
MOST_OBJECTS = 20_000_000
MOST_ROAD_NODES = 600_000  # nodes along roads, each of which costs two kilobytes
MOST_THINGS = 600_000  # addresses and health places

_BLOCK = 1 << 20
_LARGEST_HEADER = 1 << 16
_OPENERS: Mapping[str, type[FileIO | GzipFile | BZ2File]] = {
    ".osm": FileIO,
    ".osm.gz": GzipFile,
    ".osm.bz2": BZ2File,
}


class Counter:
    """Counts what is read of a map, and stops when it is too much; a filter that keeps all."""

    def __init__(self) -> None:
        self._left = MOST_OBJECTS

    def node(self, _: object) -> bool:
        """Count one object of any kind."""
        self._left -= 1
        if self._left < 0:
            raise too_large(f"{MOST_OBJECTS} Objekte")
        return False

    way = relation = area = node


def too_large(allowed: str) -> ExtractError:
    """Say that a map is too large to be read."""
    return ExtractError(
        f"Die Karte ist zu groß, erlaubt sind {allowed}; bitte einen kleineren Auszug nehmen."
    )


def unreadable(path: Path) -> ExtractError:
    """Say that a file is no map."""
    return ExtractError(f"{path} ist als Karte von OpenStreetMap nicht zu lesen.")


def refuse_too_large(path: Path) -> None:
    """
    Look how large a map is when it is unpacked.

    Raises
    ------
    ExtractError
        If it is too large, or none of .osm, .osm.gz, .osm.bz2 and .pbf.
    """
    try:
        if path.name.endswith(".pbf"):
            with path.open("rb") as file:
                sizes = list(_block_sizes(file))
            if max(sizes, default=0) > LARGEST_BLOCK or sum(sizes) > LARGEST_PBF:
                raise too_large(f"{LARGEST_PBF // 1_000_000} MB")
            return
        ending = next(each for each in _OPENERS if path.name.endswith(each))
        with _OPENERS[ending](path) as unpacked:
            left = LARGEST_MAP
            while block := unpacked.read(_BLOCK):
                left -= len(block)
                if left < 0:
                    raise too_large(f"{LARGEST_MAP // 1_000_000} MB")
    except ExtractError:
        raise
    except Exception as error:  # whatever is wrong with a file from anywhere
        raise unreadable(path) from error


def _block_sizes(file: IO[bytes]) -> Iterator[int]:
    """
    Sizes that the blocks of a PBF have, or claim to unpack to.

    A block is a length of four bytes, a BlobHeader with the size of the Blob, and the Blob; see
    https://wiki.openstreetmap.org/wiki/PBF_Format#File_format. A block that lies about its size is
    refused by osmium.
    """
    while length := file.read(4):
        header = file.read(min(int.from_bytes(length, "big"), _LARGEST_HEADER))
        [size] = [value for number, value in _fields(header) if number == 3]
        if size > LARGEST_BLOCK:
            yield size
            return
        blob = file.read(size)
        yield max([size, *(value for number, value in _fields(blob) if number == 2)])


def _fields(message: bytes) -> Iterator[tuple[int, int]]:
    """Number and value of each field of a Protocol Buffer; of texts, their lengths."""
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        value, place = _varint(message, place)
        if key & 7 == 2:
            place += value
        elif key & 7 != 0:
            raise ValueError(key)
        yield key >> 3, value


def _varint(message: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    while shift < 64:
        byte = message[place]
        place += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
    return number, place
