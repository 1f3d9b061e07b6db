"""Access guard of the live page: ASGI middleware that admits requests with the token and of this origin."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Names of this machine by which a browser may address it.
LOCAL_NAMES = ("127.0.0.1", "localhost")
_FORBIDDEN, _POLICY_VIOLATION = 403, 1008
#: The page loads and connects to nothing but its own server; NiceGUI compiles its templates with eval.
_CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws://{hosts}; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors {frames}"
)


class AccessGuard:
    """ASGI middleware: refuses requests without the token, to another host, or from another origin.

    The host is checked because a name of another site can resolve to this machine (DNS rebinding), the
    origin because a page of another site can open a websocket to it.

    Parameters
    ----------
    application : callable
        The ASGI application behind it.
    token : str
        First step of every path.
    port : int
    frames : str
        Pages that may show this one in a frame, as in ``frame-ancestors`` of a content security policy.
    """

    def __init__(self, application: Application, token: str, port: int, frames: str) -> None:
        self._application = application
        self._prefix = f"/{token}/"
        self._hosts = {f"{name}:{port}" for name in LOCAL_NAMES}
        policy = _CONTENT_POLICY.format(hosts=" ws://".join(sorted(self._hosts)), frames=frames)
        self._headers = [
            (b"content-security-policy", policy.encode()),
            (b"referrer-policy", b"no-referrer"),
            (b"x-content-type-options", b"nosniff"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"cross-origin-opener-policy", b"same-origin"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or connection."""
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
        elif self._is_allowed(scope):
            await self._application(scope, receive, self._with_headers(send))
        else:
            await _refuse(scope, send)

    def _is_allowed(self, scope: Scope) -> bool:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get(b"origin")
        hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
        # A browser sends the origin of every websocket.
        is_own = origin is None if scope["type"] == "http" else False
        is_own = is_own or (origin is not None and origin.removeprefix("http://") in self._hosts)
        has_token = secrets.compare_digest(scope["path"][: len(self._prefix)].encode(), self._prefix.encode())
        return has_token and is_own and len(hosts) == 1 and headers[b"host"] in self._hosts

    def _with_headers(self, send: Send) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self._headers]
            await send(message)

        return send_with_headers


async def _refuse(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        return
    text = b"This address is not complete: open the one that `sim explore` prints, with its token."
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(text))]
    await send({"type": "http.response.start", "status": _FORBIDDEN, "headers": headers})
    await send({"type": "http.response.body", "body": text})
