"""Why a request is not in a plan and what would help, as it goes over the wire. It names nobody."""

from typing import TYPE_CHECKING, Annotated

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from api.operations.remedies import Explained
from api.schemas.common import Schema, Time
from api.schemas.plans import DetailView
from api.web.remedies import Names, make_names, remedy_text, verdict_text
from routing.units import MINUTE
from scheduler.clock import hh_mm
from scheduler.plan import Reason

if TYPE_CHECKING:
    from scheduler.remedies import Remedy

_REMEDY: JsonDict = {
    "kind": "later_appointment",
    "request": "r17",
    "step_minutes": 15,
    "at": "08:20",
    "place": None,
    "shift": None,
    "wheelchairs": False,
    "extra_driving_seconds": 660,
    "least_proven": False,
    "text": "Termin 15 Minuten später, um 08:20 Uhr (11 Minuten mehr Fahrzeit; "
    "mit weniger nichts gefunden)",
}


class RemedyView(Schema):
    """
    One change with which the request fits; a plan with it has passed the checker.

    *request* is whose request is changed, which may be somebody else's. *at* is the new time of
    appointment or way back; *stay_minutes* the new length of stay.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_REMEDY]})

    kind: Annotated[str, Field(examples=["later_appointment", "extra_shift"])]
    request: Annotated[str, Field(examples=["r17"])]
    step_minutes: int
    at: Time | None
    stay_minutes: int | None = None
    place: str | None
    shift: str | None
    wheelchairs: bool
    extra_driving_seconds: int
    least_proven: Annotated[
        bool, Field(description="Whether no smaller change of this kind would do, proven.")
    ]
    text: Annotated[str, Field(description="German, for people.")]


class ExplanationView(Schema):
    """Why the plan leaves a request out, and the smallest changes that would help."""

    request: Annotated[str, Field(examples=["r17"])]
    reason: Reason
    detail: DetailView
    verdict: Annotated[
        str,
        Field(
            pattern="^(fits|impossible|not_found)$",
            description="fits: planned anew, there is room; impossible: proven that there is none "
            "beside all who are served; not_found: neither.",
        ),
    ]
    text: Annotated[str, Field(description="The reason in German, for people.")]
    remedies: list[RemedyView]


def explanation_view(explained: Explained) -> ExplanationView:
    """Show an answer."""
    answer, names = explained.answer, make_names(explained.planned, people=False)
    told = explained.planned.document["unserved"]
    entry = next(each for each in told if each["request"] == answer.request)
    return ExplanationView(
        **entry,
        verdict=answer.verdict.value,
        text=verdict_text(answer, names),
        remedies=[_remedy_view(remedy, names) for remedy in answer.remedies],
    )


def _remedy_view(remedy: "Remedy", names: Names) -> RemedyView:
    change = remedy.change
    stays = change.kind.value in {"shorter_stay", "longer_stay"}
    at = None if change.at is None or stays else hh_mm(change.at)
    return RemedyView(
        kind=change.kind.value,
        request=change.request,
        step_minutes=change.step // MINUTE,
        at=at,
        stay_minutes=None if change.at is None or not stays else change.at // MINUTE,
        place=change.place,
        shift=change.shift,
        wheelchairs=change.wheelchairs,
        extra_driving_seconds=remedy.extra,
        least_proven=remedy.least,
        text=remedy_text(remedy, names),
    )
