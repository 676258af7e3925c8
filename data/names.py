"""Finding somebody by a few letters that are typed meanwhile: "mül eri" is Erika Müller."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from data.cells import read_birth

_APART = re.compile(r"[\s,.;()'’´`/-]+")
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe", "å": "aa"})
# No accent, and still a letter that not every keyboard has.
_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ı": "i", "ø": "o", "æ": "ae"})

Spellings = tuple[str, str]


@dataclass(frozen=True)
class Sought:
    """
    What somebody typed.

    *words* are beginnings of words of a name, in both ways of spelling: "mül" and "muel" and "mul".
    *digits* stand in the phone number, or are the year of birth; *born* is a whole date.
    """

    words: tuple[Spellings, ...] = ()
    digits: tuple[str, ...] = ()
    born: str = ""

    def fits(self, name: str, born: str, phone: str) -> bool:
        """Whether somebody is meant, of whom all of it is true."""
        if not (self.words or self.digits or self.born):
            return False
        if self.born and self.born != born:
            return False
        if self.digits:
            number = digits_of(phone)
            if not all(part in number or part == born[:4] for part in self.digits):
                return False
        if not self.words:
            return True
        parts = _spelt(name)
        return all(
            any(_begins(part, word) for part in parts)  # each word, in any order
            for word in self.words
        )

    def rank(self, name: str) -> int:
        """Whose first word begins so comes before all others."""
        parts = _spelt(name)
        first = bool(self.words and parts and _begins(parts[0], self.words[0]))
        return 0 if first else 1


def read_sought(text: str, *, today: dt.date) -> Sought:
    """Read what was typed: words, digits of a phone or a year, a date of birth."""
    words: list[Spellings] = []
    digits: list[str] = []
    born = ""
    for part in text.split():
        if sum(map(str.isdigit, part)) == len(re.sub(r"[/.+()-]", "", part)) > 0:
            when = _date(part, today)
            born = when or born
            if not when and (number := digits_of(part).removeprefix("0")):
                digits.append(number)
        else:
            words += _spelt(part)
    return Sought(tuple(words), tuple(digits), born)


def words_of(name: str) -> set[str]:
    """The words of a name, in whatever order and case: "Beispiel, Erika" is "Erika Beispiel"."""
    return set(name.casefold().replace(",", " ").split())


def digits_of(phone: str) -> str:
    """The digits of a phone number as it is dialled here: +49 5264 is 05264."""
    digits = "".join(letter for letter in phone if letter.isdigit() or letter == "+")
    return re.sub(r"^(\+|00)49 ?0?", "0", digits).replace("+", "")


def _date(part: str, today: dt.date) -> str:
    try:
        return read_birth(part, today).isoformat() if len(re.split(r"[.-]", part)) == 3 else ""
    except ValueError:
        return ""


def _begins(part: Spellings, word: Spellings) -> bool:
    return any(each.startswith(begin) for each, begin in zip(part, word, strict=True))


def _spelt(text: str) -> list[Spellings]:
    """Each word of a text in both spellings: as it is written without umlauts, and without dots."""
    whole = unicodedata.normalize("NFC", text).casefold()
    return [
        (_without_marks(word.translate(_SPELT_OUT)), _without_marks(word))
        for word in _APART.split(whole)
        if word
    ]


def _without_marks(word: str) -> str:
    parts = unicodedata.normalize("NFKD", word.translate(_PLAIN))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
