"""The web application: JSON API, pages, and one shape of errors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.openapi.utils import get_openapi

from api import problems, routes
from api.doors.description import add_doors
from api.doors.entrance import enter
from api.links import add_links
from api.observing.requests import Observing
from api.operations.listening import Glances
from api.operations.office import Office
from api.routes import health
from api.settings import Settings
from api.web import assets, board, driver, driver_link, info, pages, provider, signing_in, stand

DESCRIPTION = """
Requests in, plans and Tourenblätter out. Texts for people (`detail`, `message`) are German.

Every error is `application/problem+json` (RFC 9457).
"""


# Ten calendars, or a table of requests, and what a form adds. Without a limit a single call could
# fill the memory or the disk.
LARGEST_BODY = 22_000_000  # bytes


@cache
def _every_route() -> APIRouter:
    """
    Every route of the API and the pages; whoever comes has to pass `enter`.

    It is the same for all applications of a process: FastAPI works out the parameters of a route
    anew for each that includes it, which for all of them takes most of a second.
    """
    router = APIRouter(dependencies=[Depends(enter)])
    for part in (
        routes.router,
        pages.home,
        pages.router,
        signing_in.router,
        stand.router,
        provider.router,
        driver_link.router,
        board.router,
        driver.router,
        info.router,
        health.root,
    ):
        router.include_router(part)
    return router


def create_app(settings: Settings, *, office: Office | None = None) -> FastAPI:
    """
    Make the application.

    Parameters
    ----------
    office
        What to work with, if it is not to be made from the settings.
    """
    working = office or Office(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        if working.runner is not None:
            working.runner.end()
            await asyncio.to_thread(working.runner.wait, settings.stop_seconds)
        working.close()

    # The stock pages under /docs and /redoc load scripts from a third party.
    app = FastAPI(
        title="gesunde Fahrten",
        version=version("gesunde-fahrten"),
        description=DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        max_body_size=LARGEST_BODY,
        routes=list(_every_route().routes),
    )
    app.state.office = working
    app.state.glances = Glances(working)
    problems.install(app)
    assets.mount(app)

    # Even outside of what answers when the program fails: middleware would not see that.
    build = app.build_middleware_stack
    app.build_middleware_stack = lambda: Observing(  # type: ignore[method-assign]
        assets.SecurityHeaders(problems.BodyLimit(build(), LARGEST_BODY))
    )

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
            )
            problems.add_schema(app.openapi_schema)
            add_doors(app.openapi_schema, app)
            problems.add_bodies(app.openapi_schema)
            add_links(app.openapi_schema)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app
