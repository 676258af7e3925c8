"""The pages, which no OpenAPI document describes: whatever is typed or linked, none fails."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.doors.who import PATH, WHO, Door
from tests.builders_contract import V1, Installation

HOSTILE = (
    "",
    " ",
    "\0",
    "0",
    "-1",
    "9" * 30,
    "1e400",
    "24:21",
    "2027-02-30",
    "0001-01-01",
    "9999-12-31",
    "12.3.99999",
    "\u202e\N{PILE OF POO}",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "../../etc/passwd",
    "{{7*7}}",
    "x" * 5_000,
)
PAGES = sorted(name for name in WHO if V1 not in name and "oidc" not in name)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = Installation(tmp_path_factory.mktemp("pages"))
    yield made
    made.office.close()


def spoilt(door: Door, template: str) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """Path and form of a call, each time with one hostile value in it."""
    path = {**PATH, **door.path}
    for value in HOSTILE:
        for name in path:
            if f"{{{name}}}" in template and value.strip("/. "):
                yield {**path, name: value.replace("/", "%2F")}, door.send
        for kind in ("data", "params"):
            for name in door.send.get(kind, {}):
                yield path, {**door.send, kind: {**door.send[kind], name: value}}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_never_fails(installation: Installation, name: str) -> None:
    """By somebody to whom every door is open."""
    method, template = name.split()
    installation.reset()
    client = installation.callers[installation.one_of_all]
    for path, send in spoilt(WHO[name], template):
        where = template.format_map(path).replace("\0", "%00")
        answer = client.request(method, where, **send)

        assert answer.status_code < 500, (where[:200], send, answer.text[:300])
