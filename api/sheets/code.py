"""The code on a sheet that leads a telephone to the driver's page, and the PIN beside it."""

from dataclasses import dataclass
from io import BytesIO

import segno

# White around it, in modules: the standard asks for four, on white paper two will do.
_BORDER = 2


@dataclass(frozen=True)
class Code:
    """A QR code as SVG, and the PIN that is typed after it was scanned."""

    svg: str
    pin: str

    @property
    def spoken(self) -> str:
        """The PIN in two halves, as one reads it aloud."""
        half = len(self.pin) // 2
        return f"{self.pin[:half]} {self.pin[half:]}"


def draw_code(address: str, pin: str) -> Code:
    """Draw the code of an address; a tenth of it may be dirty or torn."""
    drawn = BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(
        drawn,
        kind="svg",
        border=_BORDER,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,
    )
    return Code(drawn.getvalue().decode(), pin)
