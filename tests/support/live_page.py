"""A live page of `sim explore`, served by the command itself in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.browser import WatchedPage

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

#: A small scenario with each kind of control; its title and label are markup that must stay text.
HOSTILE = "<img src=x onerror='document.title = 1'><b>bold</b> ${7*7} {{7*7}} `x`"
SCENARIO = """\
schema: 1
title: "Title TITLE"
start: 2024-01-01
end: 2024-04-01
depots:
  south:
    label: "Depot TITLE"
    stock: {low: 100k, mode: 150k, high: 300k, note: "Note TITLE"}
production:
  works: {label: Works, rate: {value: 1k/day, note: "Note TITLE"}}
shipments:
  abroad:
    label: "Abroad TITLE"
    offered: {choices: {500/day: 1, 1k/day: 2}}
    lead_time: {low: 2 days, high: 5 days}
consumption:
  front: {rate: 4k/day}
""".replace("TITLE", HOSTILE)


@dataclass
class LivePage:
    """A page that is served.

    Attributes
    ----------
    url : str
    process : subprocess.Popen
    """

    url: str
    process: subprocess.Popen[str]

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return "/".join(self.url.split("/")[:3])


@contextmanager
def live_page(file: Path, *arguments: str) -> Iterator[LivePage]:
    """Serve a scenario until the block ends."""
    command = [sys.executable, "-m", "sim", "explore", str(file), "--no-browser", *arguments]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), url + process.stdout.read()
        yield LivePage(url, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


@contextmanager
def local_server(folder: Path) -> Iterator[str]:
    """Serve the files of a folder on this machine, as a notebook does, and yield the origin."""

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def drawn_setting(page: Page) -> str:
    """Return the setting whose findings the page shows, as the query of a link."""
    return page.locator(".findings").get_attribute("data-setting") or ""


def wait_until_drawn(page: Page, *parts: str) -> None:
    """Wait until the page shows picture and findings of a setting that has some parts, in any order."""
    page.wait_for_function(
        "parts => { const found = document.querySelector('.findings')?.dataset.setting; "
        "return found !== undefined && parts.every(part => decodeURIComponent(found).includes(part)) }",
        arg=list(parts),
        timeout=60_000,
    )


def wait_until_nothing_differs(page: Page) -> None:
    """Wait until the page shows picture and findings of the scenario as its file has it."""
    page.wait_for_function("document.querySelector('.findings').dataset.setting === ''", timeout=60_000)


def move_slider(slider: Locator, position: int) -> None:
    """Drag a slider to a position: the events that a browser sends."""
    slider.evaluate(
        "(slider, position) => { slider.value = position; "
        "slider.dispatchEvent(new Event('input', {bubbles: true})) }",
        position,
    )


def slider_of(page: Page, path: str) -> Locator:
    """Return the slider or select of a path."""
    return page.locator(f"[data-path='{path}']")


def exact_field(page: Page, path: str) -> Locator:
    """Return the field for the exact value of a slider."""
    return page.locator(f"[data-exact='{path}']")


def fan_paths(page: Page) -> Sequence[str]:
    """Return the shapes of the drawing, as path data."""
    paths: list[str] = page.eval_on_selector_all(
        ".chart path", "all => all.map(each => each.getAttribute('d'))"
    )
    return paths


def finding(watched: WatchedPage, label: str) -> str:
    """Return the sentence of a finding by its label."""
    row = watched.page.locator("tr", has=watched.page.locator(f"th:text-is('{label}')"))
    return row.locator("td").first.inner_text().replace("\N{NO-BREAK SPACE}", " ")
