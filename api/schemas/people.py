"""Passengers, as they are told and found."""

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from api.operations.people import MOST_ADDRESSES, Merged
from api.schemas.common import Line, Problem, Schema
from data.profiles import Consent, Profile, StoredProfile
from scheduler.model import Mobility

_EXAMPLE: JsonDict = {
    "name": "Beispiel, Erika",
    "born": "1941-05-06",
    "phone": "05264 000000",
    "mobility": "walker",
    "companions": 1,
    "escort": "Tochter Anna, 05264 000001",
    "addresses": ["Beispielstraße 3, Talle"],
    "note": "hört schlecht",
    "consent": "given",
    "consent_on": "2027-02-26",
}


class SearchBody(Schema):
    """
    What was typed: beginnings of names in any order, digits of the phone, a year or date of birth.

    "mül eri" finds Erika Müller, as does "muel"; "05264 123" whoever has that number.
    """

    q: Annotated[str, StringConstraints(min_length=2, max_length=120), Field(examples=["bei eri"])]


class PersonBody(Schema):
    """Somebody, and what is usual for them; what is not told is null, "" or empty."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    name: Line
    born: dt.date | None = None
    phone: Line = ""
    mobility: Mobility = Mobility.WALKS
    companions: Annotated[int, Field(ge=0, le=7)] = 0
    escort: Annotated[Line, Field(description="Who rides along, or has to be rung.")] = ""
    addresses: Annotated[list[Line], Field(max_length=MOST_ADDRESSES)] = Field(
        default_factory=list, description="Where they are usually fetched."
    )
    note: Line = ""
    consent: Consent = Consent.UNKNOWN
    consent_on: Annotated[
        dt.date | None, Field(description="When consent was given or withdrawn; today, if null.")
    ] = None

    def profile(self) -> Profile:
        """What it is to the operation."""
        return Profile(
            name=self.name,
            born=self.born,
            phone=self.phone,
            mobility=self.mobility,
            companions=self.companions,
            escort=self.escort,
            addresses=tuple(self.addresses),
            note=self.note,
            consent=self.consent,
            consent_on=self.consent_on,
        )


class PersonView(PersonBody):
    """A passenger as they are kept."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_EXAMPLE, "id": "p12", "version": 2, "changed": None}]}
    )

    id: Annotated[str, Field(examples=["p12"])]
    version: Annotated[int, Field(description="Counts every change; also the ETag.")]
    changed: dt.datetime | None


class MergeBody(Schema):
    """The entry that is to become part of this one, and go."""

    other: Annotated[str, Field(pattern=r"^p[0-9]{1,18}$", examples=["p17"])]


class MergedView(Schema):
    """A passenger who was two entries, and how many requests came from the other one."""

    person: PersonView
    moved: int


class PersonProblem(Problem):
    """
    A change that was refused.

    With *stored* and *sent* it was meant for another version: what stands there now, and what
    would have taken its place.
    """

    stored: PersonView | None = None
    sent: PersonBody | None = None


def person_view(stored: StoredProfile) -> PersonView:
    """Show a passenger."""
    return PersonView(
        **dict(person_body(stored)),
        id=stored.id,
        version=stored.version,
        changed=stored.changed,
    )


def person_body(profile: Profile) -> PersonBody:
    """Show what is told of a passenger."""
    return PersonBody(
        name=profile.name,
        born=profile.born,
        phone=profile.phone,
        mobility=profile.mobility,
        companions=profile.companions,
        escort=profile.escort,
        addresses=list(profile.addresses),
        note=profile.note,
        consent=profile.consent,
        consent_on=profile.consent_on,
    )


def merged_view(merged: Merged) -> MergedView:
    """Show a passenger who was two entries."""
    return MergedView(person=person_view(merged.profile), moved=merged.moved)
