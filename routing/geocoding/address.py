"""Addresses, and the many ways to spell one."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from routing.geo import Point


class Precision(Enum):
    """How well the point of an address is known."""

    EXACT = "exact"
    INTERPOLATED = "interpolated"
    """Between two neighbouring house numbers."""
    NEAREST = "nearest"
    """The point of another house in the same street."""
    STREET = "street"
    """Somewhere in the street or hamlet."""


@dataclass(frozen=True)
class Address:
    """
    A house, a street or a named place.

    Parameters
    ----------
    label
        As people write it: "Beispielstraße 3, 32689 Talle", or the name of a place.
    street, housenumber, postcode, village
        Empty where there is none; a hamlet without street names has houses but no street.
    place_id
        Set for a place with a name of its own, which can be found by that name.
    precision
        Anything but exact is to be shown to the user.
    """

    label: str
    street: str
    housenumber: str
    postcode: str
    village: str
    point: Point
    place_id: str | None = None
    precision: Precision = Precision.EXACT


def label_of(*, street: str, housenumber: str, postcode: str, village: str) -> str:
    """
    Write an address as in Germany.

    >>> label_of(street="Beispielweg", housenumber="3", postcode="32689", village="Talle")
    'Beispielweg 3, 32689 Talle'
    """
    town = " ".join(part for part in (postcode, village) if part)
    if not street:
        return " ".join(part for part in (postcode, village, housenumber) if part)
    house = " ".join(part for part in (street, housenumber) if part)
    return ", ".join(part for part in (house, town) if part)


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe"})
_STREET = re.compile(r"str(?:\.|(?=\s|$|,|\d))")
_MISSPELT = re.compile(r"str(?:as+|az|asz)e\b")
_ABBREVIATIONS = {"pl": "platz", "st": "sankt", "skt": "sankt"}
# A number with a letter or a range: "3", "3a", "3 a", "12-14", "7/1"; "17." is a date.
_NUMBER = re.compile(
    r"(?<![\w.])(\d{1,3})\s?([a-z](?![a-z]))?((?:\s?[-/]\s?\d{1,3}\s?(?:[a-z](?![a-z]))?)?)(?![\w.])"
)
_POSTCODE = re.compile(r"(?<!\d)(?:[a-z]{1,3}-)?(\d{4,5})(?!\d)")
# What streets are called by, at the end of their names.
KINDS = (
    "strasse",
    "weg",
    "gasse",
    "platz",
    "allee",
    "ring",
    "damm",
    "pfad",
    "steig",
    "hof",
    "ufer",
    "chaussee",
    "stieg",
    "kamp",
)


def fold(text: str) -> str:
    """
    Spell a text so that equal addresses are equal: lower case, ASCII umlauts, "strasse".

    >>> fold("Rintelner Str. 3,  Hohenhausen")
    'rintelner strasse 3, hohenhausen'
    """
    text = unicodedata.normalize("NFKC", text).lower().translate(_UMLAUTS)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = _MISSPELT.sub("strasse", _STREET.sub("strasse ", text))
    return " ".join(text.split()).replace(" ,", ",")


def words(text: str) -> list[str]:
    """Split a text into folded words, hyphens and abbreviations resolved."""
    found = re.findall(r"[a-z0-9]+", fold(text))
    return [_ABBREVIATIONS.get(word, word) for word in found]


def squeeze(text: str) -> str:
    """Join the folded words: "Rintelner Straße" and "Rintelnerstr." become the same."""
    return "".join(words(text))


def core(street: str) -> str:
    """Squeeze a street's name and leave out what kind of street it is, if anything remains."""
    key = squeeze(street)
    for kind in KINDS:
        if key.endswith(kind) and len(key) > len(kind):
            return key.removesuffix(kind)
    return key


@dataclass(frozen=True)
class Question:
    """What somebody typed, taken apart."""

    words: tuple[str, ...]
    """Street and village in any order, without numbers."""
    housenumber: str
    postcode: str


def ask(text: str) -> Question:
    """
    Take an address apart.

    >>> ask("32689 Talle, Beispielstr. 3 a")
    Question(words=('talle', 'beispielstrasse'), housenumber='3a', postcode='32689')
    """
    rest = fold(text)
    postcode = ""
    if found := _POSTCODE.search(rest):
        postcode = found[1]
        rest = rest[: found.start()] + " , " + rest[found.end() :]
    housenumber = ""
    if numbers := list(_NUMBER.finditer(rest)):
        last = numbers[-1]
        housenumber = number_key(last[0])
        rest = rest[: last.start()] + " , " + rest[last.end() :]
    return Question(tuple(words(rest)), housenumber, postcode)


def number_key(housenumber: str) -> str:
    """Spell a house number without blanks: "3 A" is "3a"."""
    return re.sub(r"\s", "", fold(housenumber))
