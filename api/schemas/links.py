"""Links of drivers, as a dispatcher passes them on."""

from typing import Annotated

from pydantic import Field

from api.operations.links import GivenLink
from api.schemas.common import Schema


class LinkView(Schema):
    """What opens the sheet of one shift on its day: the address, and the PIN that it asks for."""

    shift: Annotated[str, Field(examples=["vormittag"])]
    address: Annotated[str, Field(examples=["https://fahrten.example.org/fahrt/WyJrYWxs..."])]
    pin: Annotated[str, Field(examples=["042617"])]


def link_view(link: GivenLink) -> LinkView:
    """Show a link."""
    return LinkView(shift=link.shift, address=link.address, pin=link.pin)
