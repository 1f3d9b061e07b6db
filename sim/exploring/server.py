"""Server of the live page: NiceGUI on the loopback interface, behind the access guard.

NiceGUI has one application a process, so there is one server a process, and each page has a path of its own.
"""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Callable
from functools import cache
from itertools import count

import uvicorn
from fastapi import FastAPI
from nicegui import ui

from sim.errors import ArgumentError, Fault
from sim.exploring.access_guard import LOCAL_NAMES, AccessGuard

HOST = LOCAL_NAMES[0]
_TOKEN_BYTES = 24
#: Seconds for open connections when the server ends.
_GRACE = 1
#: Seconds after which a window that is gone loses its state.
_RECONNECT = 10.0
#: Notebooks of this machine may show the page in a frame.
_NOTEBOOKS = "http://localhost:* http://127.0.0.1:* https://localhost:* https://127.0.0.1:* vscode-webview:"
_MAX_PORT = 65535


class Server:
    """The server of this process.

    Parameters
    ----------
    port : int
        0 for a free one.

    Raises
    ------
    ArgumentError
        The port is out of range or in use.
    """

    def __init__(self, port: int) -> None:
        self._socket = _open_socket(port)
        self.port: int = self._socket.getsockname()[1]
        self.token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._numbers = count(1)
        application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        ui.run_with(
            application,
            title="munitions-sim",
            mount_path=f"/{self.token}",
            language="en-GB",
            tailwind=False,
            show_welcome_message=False,
            reconnect_timeout=_RECONNECT,
        )
        guard = AccessGuard(application, self.token, self.port, _NOTEBOOKS)
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                guard,
                log_level="error",
                access_log=False,
                timeout_graceful_shutdown=_GRACE,
                server_header=False,
            )
        )

    def add_page(self, title: str, build: Callable[..., None]) -> str:
        """Add a page and return its address; `build` makes its content for each window."""
        path = f"/{next(self._numbers)}/"
        ui.page(path, title=title)(build)
        return f"http://{HOST}:{self.port}/{self.token}{path}"

    def serve(self) -> None:
        """Serve until the process is interrupted."""
        self._uvicorn.run(sockets=[self._socket])

    def serve_in_background(self) -> None:
        """Serve in a thread of its own until the process ends."""
        threading.Thread(target=self.serve, name="explore-server", daemon=True).start()


@cache
def background_server() -> Server:
    """Return the server of notebooks, started on first use."""
    server = Server(0)
    server.serve_in_background()
    return server


def _open_socket(port: int) -> socket.socket:
    if not 0 <= port <= _MAX_PORT:
        raise ArgumentError(
            [Fault(f"there is no port {port}", allowed=f"0 to {_MAX_PORT}; 0 for a free one")]
        )
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((HOST, port))
        # A browser may come before the application is ready: it waits.
        opened.listen()
    except OSError as error:
        opened.close()
        raise ArgumentError(
            [
                Fault(
                    f"port {port} cannot be used: {error.strerror}",
                    allowed="another --port, or 0 for a free one",
                )
            ]
        ) from None
    return opened
