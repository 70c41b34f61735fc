"""The web server: uvicorn inside our own process, begun and ended by us."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn

from bot.errors import SettingsError
from bot.ports_messenger import AsgiApp


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to ``serve``."""
        yield


class WebServer:
    """Serves an app on ``host`` and ``port`` (0: any free one)."""

    def __init__(self, app: AsgiApp, host: str, port: int) -> None:
        self._app, self._host, self._port = app, host, port
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.address = ""

    async def start(self) -> None:
        """Listen. Raises ``SettingsError`` where that address cannot be had."""
        taken = self._listen()
        host, port = taken.getsockname()[:2]
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        config = uvicorn.Config(
            self._app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[taken]), name="web")
        while not (self._server.started or self._serving.done()):  # noqa: ASYNC110 - uvicorn offers nothing to wait for
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """End what is being answered, within two seconds."""
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await asyncio.gather(self._serving, return_exceptions=True)
        self._server = self._serving = None

    def _listen(self) -> socket.socket:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                self._host, self._port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            taken = socket.socket(family, kind, protocol)
            try:
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                taken.bind(address)
            except BaseException:
                taken.close()
                raise
        except OSError as error:
            raise SettingsError(
                f"The web side cannot listen on {self._host}:{self._port} ({error.strerror or error}).",
                "Set ROAST_WEB__HOST and ROAST_WEB__PORT to an address that is free here.",
            ) from None
        return taken
