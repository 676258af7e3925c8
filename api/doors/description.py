"""What the description of the API (OpenAPI) says of the doors: how to come in, and what if not."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api.doors.entrance import is_public
from api.problems import documented

_WAYS_IN: Final = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token that an administrator has made (`fahrten token add`).",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-fahrten",
        "description": "Somebody who has signed in at /anmelden; without TLS it is `fahrten`.",
    },
}


def add_doors(openapi: dict[str, Any], app: FastAPI) -> None:
    """Say at each operation how one comes in, and which refusals there are."""
    openapi["components"]["securitySchemes"] = _WAYS_IN
    openapi["security"] = [{name: []} for name in _WAYS_IN]
    refusals = {str(status): told for status, told in documented(401, 403, 404).items()}
    for route in iter_route_contexts(app.routes):
        operations = openapi["paths"].get(route.path_format or "", {})
        for method in route.methods or ():
            operation = operations.get(method.lower())
            if operation is None:
                continue
            if is_public(route.endpoint):
                operation["security"] = []
            else:
                told = refusals | operation["responses"]
                operation["responses"] = dict(sorted(told.items()))
