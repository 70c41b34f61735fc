"""The web app: ``/healthz``, ``/readyz``, ``/metrics``, and whatever platforms and the dev log mount beside them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from adapters.web.metrics import CONTENT_TYPE
from bot.ports_messenger import AsgiApp

Ready = Callable[[], Awaitable[Mapping[str, str]]]
"""Returns what stands in the way of working, by name; nothing where all is well."""
Metrics = Callable[[], Awaitable[bytes]]


def make_app(ready: Ready, metrics: Metrics, mounts: Mapping[str, AsgiApp] | None = None) -> Starlette:
    """Return the app.

    ``mounts`` are apps by path: one that ends with a slash gets everything below it, any other that very path.
    """

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def readyz(_: Request) -> Response:
        hurdles = dict(await ready())
        return JSONResponse({"ready": not hurdles, "because": hurdles}, status_code=503 if hurdles else 200)

    async def told(_: Request) -> Response:
        return Response(await metrics(), media_type=CONTENT_TYPE)

    routes: list[BaseRoute] = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", told)]
    # The longest first: a dev log at "/" must not swallow a platform's path.
    for path, app in sorted((mounts or {}).items(), key=lambda one: -len(one[0])):
        routes.append(Mount(path.rstrip("/"), _Whole(app)) if path.endswith("/") else Route(path, _Whole(app)))
    return Starlette(routes=routes)


class _Whole:
    """An ASGI app that Starlette leaves alone: a bare function would be taken for one from request to response."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._app(scope, receive, send)
