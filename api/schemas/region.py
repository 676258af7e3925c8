"""Places and addresses of a region, and whether the service is well."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas.common import Schema
from scheduler.model import PlaceKind


class PlaceView(Schema):
    """A practice, pharmacy ... that everybody calls by its name."""

    id: str
    name: str
    kind: PlaceKind
    address: str
    phone: str
    lat: float
    lon: float
    opening_hours: Annotated[str, Field(description="In OpenStreetMap's syntax.")]


class AddressView(Schema):
    """An address that may be meant, the likeliest first; *score* goes up to 100."""

    label: str
    lat: float
    lon: float
    place: str | None
    score: float


class Alive(Schema):
    """That the process answers."""

    status: Annotated[str, Field(examples=["ok"])]


class Health(Schema):
    """Whether the service is fit for work."""

    status: Annotated[str, Field(examples=["ok"])]
    database: Annotated[str, Field(examples=["ok"])]
    region: str
    kernels: Annotated[
        Literal["ok", "compiling", "cold", "failing"],
        Field(description="The optimizer; only when failing no plans can be made."),
    ]
    solver: Annotated[
        Literal["ok", "no_workers", "off", "failing"],
        Field(
            description="Whoever picks up days that are to be planned; no_workers: the cluster "
            "does not answer, and they wait; off while the service ends."
        ),
    ]
    regions: list[str]
    version: str
