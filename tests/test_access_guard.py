"""The access guard of the live page: which requests reach the page, and which are refused."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sim.exploring.access_guard import AccessGuard, Message, Receive, Scope, Send

TOKEN, PORT = "a-token", 8123
HOST = "127.0.0.1:8123"
OWN = (("host", HOST),)
PATH = f"/{TOKEN}/1/"


def answers(
    kind: str, path: str = "", headers: tuple[tuple[str, str], ...] = ()
) -> tuple[bool, list[Message]]:
    """Return whether a request reaches the page, and the messages sent back."""
    reached, sent = [], []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope)
        await send({"type": f"{scope['type']}.response.start", "status": 200})

    async def receive() -> Message:
        return {}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": kind}
    if kind != "lifespan":
        raw = [(name.encode(), value.encode()) for name, value in headers]
        scope |= {"path": path, "headers": raw}
    asyncio.run(AccessGuard(page, TOKEN, PORT, "http://localhost:*")(scope, receive, send))
    return bool(reached), sent


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("http", OWN),
        ("http", (("Host", "localhost:8123"),)),
        ("http", (*OWN, ("origin", f"http://{HOST}"))),
        ("websocket", (*OWN, ("origin", f"http://{HOST}"))),
        ("websocket", (*OWN, ("Origin", "http://localhost:8123"))),
    ],
)
def test_a_request_of_the_page_itself_is_admitted(kind: str, headers: tuple[tuple[str, str], ...]) -> None:
    assert answers(kind, PATH, headers)[0]


def test_start_and_end_of_the_server_need_no_token() -> None:
    assert answers("lifespan")[0]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", OWN),
        (f"/{TOKEN}", OWN),
        (f"/{TOKEN}x/1/", OWN),
        (f"/1/{TOKEN}/", OWN),
        ("/\N{SNOWMAN}-token/1/", OWN),
        (PATH, ()),
        (PATH, (("host", "rebound.example"),)),
        (PATH, (("host", "rebound.example:8123"),)),
        (PATH, (("host", "127.0.0.1:8124"),)),
        (PATH, (*OWN, ("host", "rebound.example"))),
        (PATH, (("host", "rebound.example"), *OWN)),
        (PATH, (*OWN, ("origin", "http://rebound.example"))),
        (PATH, (*OWN, ("origin", "http://127.0.0.1:8124"))),
        (PATH, (*OWN, ("origin", "null"))),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_other_requests_are_refused(kind: str, path: str, headers: tuple[tuple[str, str], ...]) -> None:
    # Whatever is wrong is the one thing that is: a websocket has the origin of the page.
    has_origin = kind == "http" or any(name == "origin" for name, _ in headers)
    reached, sent = answers(kind, path, headers if has_origin else (*headers, ("origin", f"http://{HOST}")))
    assert not reached
    if kind == "http":
        start, body = sent
        assert start["status"] == 403
        assert dict(start["headers"])[b"content-length"] == b"%d" % len(body["body"])
        assert TOKEN.encode() not in body["body"]
    else:
        # Code 1008 of RFC 6455: the message violates a policy.
        assert sent == [{"type": "websocket.close", "code": 1008}]


def test_a_websocket_without_an_origin_is_refused() -> None:
    assert not answers("websocket", PATH, OWN)[0]


def test_an_answer_says_what_the_browser_may_load_and_who_may_frame_it() -> None:
    _, (start,) = answers("http", PATH, OWN)
    headers = dict(start["headers"])
    policy = dict(
        part.strip().split(" ", 1) for part in headers[b"content-security-policy"].decode().split(";")
    )
    assert policy["default-src"] == "'self'"
    assert policy["connect-src"].split() == ["'self'", "ws://127.0.0.1:8123", "ws://localhost:8123"]
    assert policy["frame-ancestors"] == "http://localhost:*"
    assert headers[b"referrer-policy"] == b"no-referrer"
