"""The flyer for everybody, set by typst: what the information page says, on A5."""

from datetime import UTC, datetime, time
from functools import lru_cache

from api.sheets.info_view import info_view
from api.sheets.pdf import set_pdf, set_pictures
from data.information import Information

_FILES = ("flyer.typ",)


# Everybody may ask for it, and setting it takes longer than anything else that everybody may.
@lru_cache(maxsize=16)
def flyer_pdf(information: Information) -> bytes:
    """Set the flyer (PDF/UA-1); of one day it is the same bytes each time."""
    made = datetime.combine(information.today, time(), tzinfo=UTC)
    return set_pdf(_FILES, {"info": info_view(information)}, made)


def flyer_pictures(information: Information, pixels_per_inch: float = 144.0) -> list[bytes]:
    """Draw the pages of the flyer as PNG files."""
    return set_pictures(_FILES, {"info": info_view(information)}, pixels_per_inch)
