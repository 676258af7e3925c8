"""
What can be done next with what an answer names, as links of OpenAPI.

A program, and the contract test, can follow them: a request that was taken can be read, changed,
offered and cancelled.
"""

from typing import Any, Final

_V1: Final = "/api/v1"
_REQUEST: Final = (
    "GET /requests/{request}",
    "PUT /requests/{request}",
    "POST /requests/{request}/copy",
    "POST /requests/{request}/offers",
    "POST /requests/{request}/appointments",
    "DELETE /requests/{request}/promise",
    "DELETE /requests/{request}",
)
_DAY: Final = (
    "GET /days/{date}/plan",
    "GET /days/{date}/manifests",
    "POST /days/{date}/publish",
    "GET /days/{date}/versions",
    "GET /days/{date}/changes",
)

# Operation and status of its answer -> name of a parameter, where its value stands, what takes it.
_LINKS: Final[dict[tuple[str, str], tuple[tuple[str, str, tuple[str, ...]], ...]]] = {
    ("POST /requests", "201"): (("request", "$response.body#/id", _REQUEST),),
    ("POST /requests/{request}/copy", "201"): (("request", "$response.body#/id", _REQUEST),),
    ("POST /requests/{request}/offers", "200"): (
        (
            "offer",
            "$response.body#/offers/0/id",
            ("POST /offers/{offer}/hold", "POST /offers/{offer}/accept"),
        ),
    ),
    ("POST /offers/{offer}/accept", "200"): (("request", "$response.body#/id", _REQUEST),),
    ("POST /days/{date}/plan", "200"): (("date", "$request.path.date", _DAY),),
    ("POST /days/{date}/solves", "202"): (
        (
            "solve",
            "$response.body#/id",
            ("GET /solves/{solve}", "POST /solves/{solve}/stop"),
        ),
    ),
    ("POST /people", "201"): (
        (
            "person",
            "$response.body#/id",
            ("GET /people/{person}", "PUT /people/{person}", "GET /people/{person}/usual"),
        ),
        (
            "who",
            "$response.body#/id",
            ("GET /passengers/{who}/report", "DELETE /passengers/{who}"),
        ),
    ),
    ("POST /series", "201"): (
        (
            "series_id",
            "$response.body#/series/id",
            (
                "GET /series/{series_id}",
                "PUT /series/{series_id}",
                "POST /series/{series_id}/skip",
                "POST /series/{series_id}/resume",
                "DELETE /series/{series_id}",
            ),
        ),
    ),
    ("POST /accounts", "201"): (
        (
            "account",
            "$response.body#/account/number",
            ("GET /accounts/{account}", "PUT /accounts/{account}", "DELETE /accounts/{account}"),
        ),
    ),
    ("POST /tokens", "201"): (
        ("token", "$response.body#/token/number", ("DELETE /tokens/{token}",)),
    ),
}


def add_links(openapi: dict[str, Any]) -> None:
    """
    Add the links to a description.

    Raises
    ------
    KeyError
        If a link names an operation or an answer that there is not.
    """
    for (operation, status), links in _LINKS.items():
        response = _operation(openapi, operation)["responses"][status]
        for parameter, value, targets in links:
            for target in targets:
                target_id = _operation(openapi, target)["operationId"]
                response.setdefault("links", {})[target_id] = {
                    "operationId": target_id,
                    "parameters": {parameter: value},
                }


def _operation(openapi: dict[str, Any], name: str) -> dict[str, Any]:
    method, path = name.split()
    operation: dict[str, Any] = openapi["paths"][_V1 + path][method.lower()]
    return operation
