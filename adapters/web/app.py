"""The web app: ``/healthz``, ``/readyz``, ``/metrics``, and whatever platforms and the dev log mount beside them."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import IPv6Address, ip_address
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
_OF_PROXIES = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


def make_app(
    ready: Ready, metrics: Metrics, mounts: Mapping[str, AsgiApp] | None = None, metrics_token: str | None = None
) -> Starlette:
    """Return the app.

    ``/metrics`` is for whoever has ``metrics_token``; without one, for this machine alone: it names workspaces and
    costs, and the dev log beside it is everybody's. ``mounts`` are apps by path: one that ends with a slash gets
    everything below it, any other that very path.
    """

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def readyz(_: Request) -> Response:
        hurdles = dict(await ready())
        return JSONResponse({"ready": not hurdles, "because": hurdles}, status_code=503 if hurdles else 200)

    async def told(request: Request) -> Response:
        if not _may_measure(request, metrics_token):
            words = (
                "The token is missing or wrong.\n" if metrics_token else "Set ROAST_WEB__METRICS_TOKEN, and send it.\n"
            )
            return PlainTextResponse(words, 401, {"www-authenticate": "Bearer"})
        return Response(await metrics(), media_type=CONTENT_TYPE)

    routes: list[BaseRoute] = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", told)]
    # The longest first: a dev log at "/" must not swallow a platform's path.
    for path, app in sorted((mounts or {}).items(), key=lambda one: -len(one[0])):
        routes.append(Mount(path.rstrip("/"), _Whole(app)) if path.endswith("/") else Route(path, _Whole(app)))
    return Starlette(routes=routes)


def _may_measure(request: Request, token: str | None) -> bool:
    if token:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    # A proxy on this machine speaks for others.
    proxied = any(name in request.headers for name in _OF_PROXIES)
    return not proxied and request.client is not None and _is_here(request.client.host)


def _is_here(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


class _Whole:
    """An ASGI app that Starlette leaves alone: a bare function would be taken for one from request to response."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._app(scope, receive, send)
