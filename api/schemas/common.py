"""What the documents of all subjects share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Time = Annotated[
    str, Field(pattern=r"^(([01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)$", examples=["09:30"])
]
Moment = Annotated[str, Field(pattern=r"^[0-9]{2}:[0-5][0-9]:[0-5][0-9]$", examples=["09:12:30"])]
Line = Annotated[str, Field(max_length=500)]


class Schema(BaseModel):
    """What every document shares: nothing is passed over in silence."""

    model_config = ConfigDict(extra="forbid")


class Fault(Schema):
    """One thing that is wrong; *message* is German, *row* counts as a spreadsheet does."""

    row: int
    field: Annotated[str, Field(examples=["appointment"])]
    value: str = ""
    message: Annotated[str, Field(examples=["Eine Uhrzeit sieht so aus: 09:30."])]


class Problem(BaseModel):
    """RFC 9457. *title* is English and the same for each *type*; *detail* is German, for people."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:gesunde-fahrten:refused-request",
                    "title": "The request cannot be taken as it is",
                    "status": 422,
                    "detail": "Am 06.01.2027 fährt kein Bus.",
                    "instance": "/api/v1/requests",
                    "request_id": "4f6c1d0e9a8b47f2a1c3d5e7f9081726",
                    "errors": [
                        {
                            "row": 0,
                            "field": "date",
                            "value": "2027-01-01",
                            "message": "Am 01.01.2027 fährt kein Bus: Feiertag: Neujahr.",
                        }
                    ],
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: Annotated[
        str, Field(description="The answer's header X-Request-ID; it finds the lines in the log.")
    ] = ""
    errors: list[Fault] = []
