"""Latest-only redrawing while a slider moves: the newest setting is drawn next, older ones are skipped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class NewestWins(Generic[T]):
    """Calls a function with the newest of the values it is given, one call at a time.

    Parameters
    ----------
    draw : callable
        A coroutine function; it handles its own errors.
    """

    def __init__(self, draw: Callable[[T], Awaitable[None]]) -> None:
        self._draw = draw
        self._waiting: list[T] = []
        self._is_drawing = False

    @property
    def is_newest_drawn(self) -> bool:
        """Whether no value waits."""
        return not self._waiting

    async def put(self, value: T) -> None:
        """Draw a value, now, or after the current call unless a newer one arrives."""
        self._waiting = [value]
        if self._is_drawing:
            return
        self._is_drawing = True
        try:
            while self._waiting:
                await self._draw(self._waiting.pop())
                # Read the events of the page that arrived meanwhile.
                await asyncio.sleep(0)
        finally:
            self._is_drawing = False
