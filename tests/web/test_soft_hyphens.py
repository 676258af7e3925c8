"""Where long words may be parted on a narrow telephone."""

import pytest

from api.web.soft_hyphens import SOFT_HYPHEN, soft


@pytest.mark.parametrize(
    "parts",
    [
        "Gesundheits|wochen|ende",
        "Dorf|gemeinschafts|haus",
        "Schwerbehinderten|ausweis",
        "Langenholz|hausen",
        "Zahnarzt|praxis Dr. Beispiel",
        "am Tag der Gesundheits|zentren",
    ],
)
def test_long_compounds_are_parted_between_their_parts(parts: str) -> None:
    assert soft(parts.replace("|", "")) == parts.replace("|", SOFT_HYPHEN)


@pytest.mark.parametrize(
    "word", ["Krankenhaus", "Lüdenhausener Straße", "verkehrenden", "030 23125 000", ""]
)
def test_all_other_words_stay_whole(word: str) -> None:
    """Short ones need no hyphen, and none stands at a wrong place."""
    assert soft(word) == word
