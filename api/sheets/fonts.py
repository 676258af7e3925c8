"""Where the fonts of the sheets are: in packages under .assets, so every machine prints alike."""

import struct
from functools import cache
from pathlib import Path
from unicodedata import category

ASSETS = Path(__file__).resolve().parents[2] / ".assets"
_PACKAGES = ("font_lato", "rinoh_typeface_dejavusans")


# The fallback has every letter that Lato has; a sheet needs both weights of it.
_FALLBACK = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
UNKNOWN_LETTER = "□"
# Comes along from files; no letter, and forbidden in a PDF that can be read aloud.
_BYTE_ORDER_MARK = "\ufeff"


class FontsMissingError(RuntimeError):
    """The font packages are not installed; `make setup` does that."""


def font_folders(assets: Path = ASSETS) -> list[Path]:
    """
    Folders with Lato, and with DejaVu Sans for the letters that Lato lacks.

    Lato has Western European and Polish letters. Cyrillic, Greek, Arabic and Hebrew names are set
    in DejaVu Sans, and so are single letters of Turkish, Czech and Romanian ones.
    """
    folders = [assets / package for package in _PACKAGES]
    missing = [folder.name for folder in folders if not folder.is_dir()]
    if missing:
        msg = f"No {' and no '.join(missing)} in {assets}: run `make setup`."
        raise FontsMissingError(msg)
    return folders


def printable(text: str) -> str:
    """
    Replace what no font can set: a letter by an empty box, a control character by a blank.

    Chinese, or a flag in a note: the name is then incomplete, but the sheet is printed, and
    everybody else's name with it.
    """
    letters = letters_of_fonts()
    text = text.replace(_BYTE_ORDER_MARK, "")
    return "".join(
        letter if ord(letter) in letters else " " if category(letter) == "Cc" else UNKNOWN_LETTER
        for letter in text
    )


@cache
def letters_of_fonts(assets: Path = ASSETS) -> frozenset[int]:
    """Code points that the fonts of the sheets can set in both weights."""
    fallback = font_folders(assets)[-1]
    regular, bold = (read_code_points((fallback / name).read_bytes()) for name in _FALLBACK)
    return regular & bold


def read_code_points(font: bytes) -> frozenset[int]:
    """
    List the code points of a TrueType font, from its full Unicode table.

    The format is OpenType's: the table directory, "cmap", and its subtable of format 12 for
    Windows (platform 3, encoding 10).
    """
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4s4xLL", font, 12 + 16 * at) for at in range(tables))
    cmap = next(offset for tag, offset, _ in records if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", font, cmap + 2)
    entries = (struct.unpack_from(">HHL", font, cmap + 4 + 8 * at) for at in range(subtables))
    full = cmap + next(offset for platform, kind, offset in entries if (platform, kind) == (3, 10))
    (groups,) = struct.unpack_from(">L", font, full + 12)
    found: set[int] = set()
    for at in range(groups):
        first, last, _ = struct.unpack_from(">LLL", font, full + 16 + 12 * at)
        found.update(range(first, last + 1))
    return frozenset(found)
