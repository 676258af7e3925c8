"""Who is meant by a few letters."""

import pytest

from data.names import Sought, read_sought
from tests.builders_api import TODAY

ERIKA = ("Müller-Lüdenscheidt, Erika", "1941-05-06", "05264 1234-56")
OTTO = ("Otto Mueller", "1938-11-30", "+49 5264 77")
ZUZANNA = ("Łucja Żółć", "", "")
AYSE = ("Öztürk, Ayşe", "1950-01-01", "")


def meant(text: str) -> list[str]:
    sought = read_sought(text, today=TODAY)
    return [who[0] for who in (ERIKA, OTTO, ZUZANNA, AYSE) if sought.fits(*who)]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("mül", [ERIKA, OTTO]),
        ("muel", [ERIKA, OTTO]),
        ("MUL", [ERIKA]),
        ("mül eri", [ERIKA]),
        ("eri mül", [ERIKA]),
        ("lüd", [ERIKA]),
        ("lued", [ERIKA]),
        ("otto m", [OTTO]),
        ("üller", []),
        ("luc", [ZUZANNA]),
        ("zol", [ZUZANNA]),
        ("ozt", [AYSE]),
        ("oezt ays", [AYSE]),
        ("mül 1941", [ERIKA]),
        ("1938", [OTTO]),
        ("6.5.1941", [ERIKA]),
        ("mül 30.11.1938", [OTTO]),
        ("05264", [ERIKA, OTTO]),
        ("05264 1234", [ERIKA]),
        ("05264/123456", [ERIKA]),
        ("+49 5264 77", [OTTO]),
        ("+49526477", [OTTO]),
        ("0049526477", [OTTO]),
        ("77 erika", []),
        ("", []),
        (" ,- ", []),
        ("+49", []),
    ],
)
def test_beginnings_of_names_digits_and_dates_find_somebody(
    text: str, who: list[tuple[str, str, str]]
) -> None:
    """Words in any order, umlauts in any spelling; all of it must be true."""
    assert meant(text) == [each[0] for each in who]


def test_whose_first_word_begins_so_comes_first() -> None:
    """The surname is typed more often than the first name."""
    sought = read_sought("ott", today=TODAY)

    assert sought.rank("Otto Mueller") < sought.rank("Beispiel, Otto")


def test_nobody_is_meant_by_nothing() -> None:
    """Not everybody."""
    assert not Sought().fits(*ERIKA)
