"""
An installation with something of everything, everybody who may call it, and calls by schemathesis.

The cases come from the OpenAPI document: whatever route is added there is called as well.
"""

import datetime as dt
import os
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import schemathesis
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import HealthCheck, Phase, settings
from requests import Request
from schemathesis import Case
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from api.operations import links, tokens
from api.operations.office import Office
from tests.api.doors.test_walk import fill
from tests.api.doors.who import PATH
from tests.builders_api import BODY, make_office
from tests.builders_doors import ORIGIN, account, browser, session
from tests.builders_visits import visit

V1 = "/api/v1"
TRIES = int(os.environ.get("FAHRTEN_FUZZ", "0"))
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CALLERS = ("dispatcher", "driver", "planner", "administrator", "token", "link", "nobody")
MONDAY = dt.date(2027, 3, 1)

# What is really there, for half of the calls: nearly everything else is not found.
KNOWN: Mapping[str, tuple[str, ...]] = {
    **{name: (value,) for name, value in PATH.items()},
    "request": ("r1", "r3", "r4"),
    "date": ("2027-03-01", "2027-03-02", "2027-03-03", "2027-03-04"),
    "shift": ("vormittag", "nachmittag"),
    "who": ("p1", "r2"),
}


class Installation:
    """An application in this process, and its callers; it can begin anew."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "fahrten.sqlite3"
        filling = make_office(folder)
        with visit(filling) as client:
            fill(client)
            # A link is good from the evening before; now it is Sunday evening.
            taken = client.post(f"{V1}/requests", json={**BODY, "date": MONDAY.isoformat()})
            assert taken.status_code == 201, taken.text
            planned = client.post(f"{V1}/days/{MONDAY}/plan", json={"seconds": 1})
            assert planned.status_code == 200, planned.text
        filling.close()
        self.office: Office = make_office(folder, url=ORIGIN)
        self.schema: BaseSchema = schemathesis.openapi.from_dict(
            create_app(self.office.settings, office=self.office).openapi(),
            config=SchemathesisConfig(),
        )
        self.callers = dict(self._callers())
        self.count: Counter[str] = Counter()
        self.answered: dict[str, set[int]] = defaultdict(set)
        self._begin = folder / "begin"
        _copy(self._file, self._begin)

    @property
    def operations(self) -> Iterator[APIOperation[Any, Any, Any, Any]]:
        """All that the document describes."""
        for result in self.schema.get_all_operations():
            assert isinstance(result, Ok), result
            yield result.ok()

    def reset(self) -> None:
        """Make the database what it was in the beginning."""
        self.office.store.engine.dispose()
        _copy(self._begin, self._file)

    @property
    def one_of_all(self) -> str:
        """Somebody who may do nearly everything, so that what was made can be followed."""
        return "all"

    def call(self, case: Case[Any], caller: str) -> Response:
        """Send a case as one of the callers."""
        self.count[f"{case.method} {case.path}"] += 1
        sent = case.as_transport_kwargs(base_url=ORIGIN)
        for name in ("cookies", "headers"):
            sent[name] = dict(sent.get(name) or {})
        ready = Request(
            **{name: value for name, value in sent.items() if value is not None}
        ).prepare()
        headers = {
            name.encode("latin-1"): value if isinstance(value, bytes) else value.encode("latin-1")
            for name, value in ready.headers.items()
            if name.lower() not in {"cookie", "authorization", "content-length"}
        }
        body = ready.body
        assert body is None or isinstance(body, str | bytes), type(body)
        answer = self.callers[caller].request(
            str(ready.method), str(ready.url), headers=headers, content=body
        )
        self.answered[case.operation.label].add(answer.status_code)
        return answer

    def _callers(self) -> Iterator[tuple[str, TestClient]]:
        for role in ("dispatcher", "driver", "planner", "administrator"):
            number = account(self.office, role, f"{role}@kalletal")
            yield role, browser(self.office, session(self.office, number))
        every = ("dispatcher", "driver", "planner", "administrator")
        number = account(self.office, "all", *(f"{role}@kalletal" for role in every))
        yield "all", browser(self.office, session(self.office, number))
        roles = {"dispatcher", "planner"}
        _, secret = tokens.add(self.office, "contract", "kalletal", roles, days=30)
        yield "token", browser(self.office, headers={"Authorization": f"Bearer {secret}"})
        yield "nobody", browser(self.office)
        link = links.give(self.office, self.office.region(), MONDAY, PATH["shift"])
        assert link is not None
        driver = browser(self.office)
        opened = driver.post(link.address, data={"pin": link.pin})
        assert opened.status_code == 303, opened.text
        yield "link", driver


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


def within(examples: int, **more: Any) -> settings:
    """
    The same cases each time, and no shrinking: the first fault is clear enough.

    `FAHRTEN_FUZZ=300 pytest tests/contract` tries so many of each, other ones each time.
    """
    return settings(
        max_examples=TRIES or examples,
        derandomize=not TRIES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        **more,
    )
