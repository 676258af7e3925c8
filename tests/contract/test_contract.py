"""
Whatever is sent to a route of the API, and whoever sends it: the answer is one that is described.

No failure of the program, no status, type, header or body that the OpenAPI document does not tell.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import Case, GenerationMode
from schemathesis.core.transport import Response as Answered
from schemathesis.schemas import APIOperation

from api.app import LARGEST_BODY
from tests.api.doors.who import PATH, WHO
from tests.builders_contract import CALLERS, CHECKS, KNOWN, V1, Installation, within

Operation: TypeAlias = APIOperation[Any, Any, Any, Any]

AnyCase: TypeAlias = Case[Any]

LEAST = 2_100
LEAST_FOLLOWED = 100
EXAMPLES = {GenerationMode.POSITIVE: 22, GenerationMode.NEGATIVE: 6}
SHOWN = 30
SUCCEEDED = 0.8  # of all routes

# What stands in many bodies, and means something in the installation.
REAL: dict[str, Any] = {
    "date": "2027-03-03",
    "until": "2027-03-20",
    "name": "Beispiel, Erika",
    "origin": "Beispielstraße 3, Talle",
    "destination": "MVZ Kalletal",
    "appointment": "09:30",
    "way_back": "after_stay",
    "request": "r1",
    "shift": "vormittag",
    "at": "09:00",
    "person": "p1",
    "weekdays": ["We"],
    "version": 2,
    "seconds": 1,
    "prove_seconds": 1,
    "region": "kalletal",
}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = Installation(tmp_path_factory.mktemp("contract"))
    yield made
    made.office.close()


@st.composite
def likely(draw: st.DrawFn, operation: Operation, mode: GenerationMode) -> AnyCase:
    """A case that asks about something that is there, as often as not."""
    case = draw(operation.as_strategy(generation_mode=mode))
    chances = draw(st.tuples(*[st.integers(0, 3)] * 5))
    if chances[0]:
        for name in case.path_parameters or ():
            if name in KNOWN:
                case.path_parameters[name] = draw(st.sampled_from(KNOWN[name]))
    if case.headers and chances[1] > 1:
        case.headers.pop("if-match", None)
    if case.query and chances[2]:
        case.query.pop("region", None)
    if isinstance(case.body, dict) and chances[3] > 1:
        case.body = {name: REAL.get(name, value) for name, value in case.body.items()}
        if chances[4] > 1:
            case.body = {name: value for name, value in case.body.items() if name in REAL}
    return case


def faults_of(installation: Installation, operation: Operation, mode: GenerationMode) -> list[str]:
    """Let everybody call a route; what was wrong with the answers, each fault once."""
    found: dict[str, str] = {}
    turn = count()
    welcome: list[str] = []

    @within(EXAMPLES[mode])
    @given(case=likely(operation, mode), chosen=st.integers(0, len(CALLERS) - 1))
    def calls(case: AnyCase, chosen: int) -> None:
        number = next(turn)
        # Everybody once; then mostly those who are let in.
        one = number < len(CALLERS) or not welcome or number % 5 == 0
        caller = CALLERS[number % len(CALLERS)] if one else welcome[chosen % len(welcome)]
        try:
            answer = installation.call(case, caller)
            if answer.status_code not in {401, 403} and caller not in welcome:
                welcome.append(caller)
            case.validate_response(answer, checks=CHECKS)
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001  (told at the end)
            for each in getattr(error, "exceptions", [error]):
                told = f"{type(each).__name__}: {each}"
                found.setdefault(
                    told[:100], f"{operation.label} as {caller}: {told}\n{error}"[:900]
                )

    # Where nothing can be sent, nothing wrong can be.
    with suppress(Unsatisfiable):
        calls()
    return list(found.values())


def test_every_route_answers_as_it_is_described(installation: Installation) -> None:
    """All routes, all callers, good and bad input."""
    faults = []
    for operation in installation.operations:
        for mode in GenerationMode:
            installation.reset()
            faults += faults_of(installation, operation, mode)

    assert not faults, f"{len(faults)} faults\n\n" + "\n\n".join(faults[:SHOWN])
    assert installation.count.total() >= LEAST
    # What is refused at the door of a route tells little of what is behind it.
    succeeded = [name for name, answers in installation.answered.items() if min(answers) < 300]
    assert len(succeeded) >= SUCCEEDED * len(installation.answered)


def test_what_is_asked_rightly_is_answered_as_it_is_described(installation: Installation) -> None:
    """The call that the walk knows to work on each route, by somebody who may do everything."""
    faults = []
    for operation in installation.operations:
        door = WHO[f"{operation.method.upper()} {operation.path}"]
        installation.reset()
        places = {**PATH, **door.path}
        answer = installation.callers[installation.one_of_all].request(
            operation.method.upper(), operation.path.format_map(places), **door.send
        )
        try:
            if door.roles is not None and door.opens is not None:
                assert answer.status_code == door.opens, answer.text
            operation.Case(path_parameters=places).validate_response(answer, checks=CHECKS)
        except (AssertionError, BaseExceptionGroup) as error:
            faults.append(f"{operation.label}: {str(error)[:900]}")

    assert not faults, f"{len(faults)} faults\n\n" + "\n\n".join(faults[:SHOWN])


def test_what_an_answer_links_to_can_be_followed(installation: Installation) -> None:
    """Requests, offers, plans, people, series, accounts, tokens: made, then read and changed."""
    installation.reset()
    before = installation.count.total()
    machine = installation.schema.as_state_machine()

    class Following(machine):  # type: ignore[misc, valid-type]
        def setup(self) -> None:
            installation.reset()

        def call(self, case: AnyCase, **_: Any) -> Any:
            if isinstance(case.body, dict):
                case.body = {name: REAL.get(name, value) for name, value in case.body.items()}
            if case.query:
                case.query.pop("region", None)
            return Answered.from_any(installation.call(case, installation.one_of_all))

        def validate_response(self, response: Any, case: AnyCase, **_: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    run_state_machine_as_test(Following, settings=within(40, stateful_step_count=8))

    assert installation.count.total() - before >= LEAST_FOLLOWED


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 10**30])
def test_too_much_is_refused_before_it_comes(installation: Installation, size: int) -> None:
    """Whoever announces more than any call needs is answered at once."""
    headers = {"Content-Length": str(size), "Content-Type": "application/json"}
    answer = installation.callers["dispatcher"].post(f"{V1}/requests", headers=headers, content=b"")

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "Der Inhalt ist zu groß."


def test_too_much_is_stopped_on_the_way(installation: Installation) -> None:
    """Without a length, too."""
    pieces = (b" " * 1_000_000 for _ in range(LARGEST_BODY // 1_000_000 + 1))
    answer = installation.callers["dispatcher"].post(f"{V1}/requests", content=pieces)

    assert answer.status_code == 413
    assert answer.json()["detail"] == "Der Inhalt ist zu groß."
