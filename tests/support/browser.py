"""A real browser for tests of pages: Chromium of the system, driven by Playwright.

A test that takes the fixture `browser` or `open_page` is skipped where there is no Playwright or no Chromium.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

#: Names of the command, the Debian package first.
COMMANDS = ("chromium", "chromium-browser", "google-chrome")
#: A laptop, and a small phone: width and height in CSS pixels.
LAPTOP, PHONE = (1280, 900), (360, 740)


@dataclass
class WatchedPage:
    """A page, with its console messages and its requests.

    Attributes
    ----------
    page : Page
    errors : list of str
        Errors and warnings of the console, and exceptions that no script caught.
    requests : list of str
        Addresses of all requests, those of websockets included.
    """

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def watch(self) -> WatchedPage:
        """Record from now on."""
        self.page.on("console", self._record_message)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        return self

    def _record_message(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(f"{message.type}: {message.text}")

    def requests_beyond(self, *origins: str) -> list[str]:
        """Return requests to other places than these origins, such as ``http://127.0.0.1:8000``."""
        inside = tuple(
            f"{scheme}{origin.partition('://')[2]}/" for origin in origins for scheme in ("http://", "ws://")
        )
        harmless = (*inside, "data:", "blob:", "about:")
        return [address for address in self.requests if not address.startswith(harmless)]


OpenPage = Callable[..., WatchedPage]


def chromium_path() -> str | None:
    """Return the path of the browser, or None if none is installed."""
    return next((path for path in map(shutil.which, COMMANDS) if path), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start one browser for a test module: its event loop must not outlive the module."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium is installed (`apt-get install chromium`)")
    # Chromium has no sandbox for root.
    arguments = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=arguments)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Return a function that opens an address in a fresh profile and returns the watched page.

    Its parameters: `address`, `size` (width and height), and other options of a browser context, such as
    ``color_scheme="dark"`` or ``java_script_enabled=False``.
    """
    contexts = []

    def open_address(address: str, size: tuple[int, int] = LAPTOP, **options: Any) -> WatchedPage:
        watched = open_watched(browser, address, size, **options)
        contexts.append(watched.page.context)
        return watched

    yield open_address
    for context in contexts:
        context.close()


def open_watched(
    browser: Browser, address: str, size: tuple[int, int] = LAPTOP, **options: Any
) -> WatchedPage:
    """Open an address in a fresh profile, and return the watched page; the caller closes its context."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    watched = WatchedPage(context.new_page()).watch()
    watched.page.goto(address)
    return watched


def resize(page: Page, size: tuple[int, int]) -> None:
    """Give the window of a page another size: width and height in CSS pixels."""
    page.set_viewport_size({"width": size[0], "height": size[1]})


def axe_violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong with a page: rule, impact and the elements concerned."""
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run(document)")
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: "
        + "; ".join(json.dumps(node["html"][:200]) for node in each["nodes"])
        for each in found["violations"]
    ]


def horizontal_overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
