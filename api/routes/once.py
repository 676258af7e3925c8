"""
Calls that may be repeated: the same key gives the same answer, and nothing is done twice.

Whoever sends a POST with an `Idempotency-Key` can send it again when the answer got lost: on the
way, or because the service was killed (`api.operations.repeating`).
"""

import functools
import hashlib
import inspect
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.datastructures import UploadFile

from api.operations import repeating
from api.operations.office import Office
from api.problems import MEDIA_TYPE, documented
from api.routes.dependencies import OfficeHere, RegionHere
from data.answers import Answer, Keyed

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=16,
        max_length=200,
        pattern="^[!-~]+$",
        description="Chosen by the caller, at random and anew for each thing to be done, such as "
        "a UUID. Sent again with the same body, it gets the same answer, and nothing is done "
        "twice. With another body it is refused (422).",
        examples=["1f0c6a52-9d3e-4c1b-8a7f-5e2d4b6c8a90"],
    ),
]

_PIECE = 1 << 20


@dataclass(frozen=True)
class _Call:
    office: Office
    keyed: Keyed
    response: Response


_CALL: ContextVar[_Call | None] = ContextVar("call", default=None)


async def _named(
    office: OfficeHere,
    region: RegionHere,
    request: Request,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> None:
    """Note under which key a call came, for `OnceRoute`."""
    if idempotency_key is None:
        _CALL.set(None)
        return
    asked = region.name.encode() + b"\n" + await _digest(request)
    keyed = Keyed(idempotency_key, asked)
    _CALL.set(_Call(office, keyed, response))


async def _digest(request: Request) -> bytes:
    """Boil down all that is asked. Forms by their fields: the lines between them are random."""
    parts = [request.method, request.url.path, request.url.query]
    digest = hashlib.sha256("\n".join(parts).encode())
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        for name, value in (await request.form()).multi_items():
            one = hashlib.sha256()
            if isinstance(value, UploadFile):
                await value.seek(0)
                while piece := await value.read(_PIECE):
                    one.update(piece)
                await value.seek(0)
                about = f"{name}\n{value.filename}"
            else:
                one.update(value.encode("utf-8", "surrogatepass"))
                about = name
            digest.update(hashlib.sha256(about.encode("utf-8", "surrogatepass")).digest())
            digest.update(one.digest())
    else:
        digest.update(b"\n" + await request.body())
    return digest.digest()


class OnceRoute(APIRoute):
    """A route whose POST calls may be repeated; its handler is a plain function with an answer."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if "POST" in (options.get("methods") or ()):
            if inspect.iscoroutinefunction(endpoint):
                msg = f"{endpoint.__name__} must be a plain function: its answer is kept by it."
                raise TypeError(msg)
            options["responses"] = _with_erased(options.get("responses") or {})
            options["dependencies"] = [*(options.get("dependencies") or ()), Depends(_named)]
            endpoint = self._once(endpoint)
        super().__init__(path, endpoint, **options)

    def _once(self, endpoint: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(endpoint)
        def once(*args: Any, **inputs: Any) -> Any:
            call = _CALL.get()
            if call is None:
                return endpoint(*args, **inputs)

            def work() -> Answer:
                return self._answer(endpoint(*args, **inputs), call.response)

            return _response(repeating.once(call.office, call.keyed, work))

        return once

    def _answer(self, made: object, response: Response) -> Answer:
        """Write an answer as FastAPI would."""
        body = TypeAdapter(self.response_model).dump_json(
            made, by_alias=True, exclude_unset=self.response_model_exclude_unset
        )
        headers = {**response.headers, "content-type": "application/json"}
        return Answer(self.status_code or HTTPStatus.OK, headers, body)


def _with_erased(responses: Mapping[int | str, Any]) -> dict[int | str, Any]:
    """Describe that the answer to a call that was done may be deleted by now."""
    gone = HTTPStatus.GONE
    erased: dict[str, Any] = documented(gone)[gone]
    if gone in responses:
        schemas = [each["content"][MEDIA_TYPE]["schema"] for each in (responses[gone], erased)]
        erased = {**erased, "content": {MEDIA_TYPE: {"schema": {"anyOf": schemas}}}}
    return {**responses, gone: erased}


def _response(answer: Answer) -> Response:
    return Response(answer.body, status_code=answer.status, headers=dict(answer.headers))
