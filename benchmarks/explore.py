"""How quickly the live page answers a drag, and whether minutes of dragging leave memory flat.

    python benchmarks/explore.py --moves 60
    python benchmarks/explore.py --minutes 10

Both serve scenarios/white-house-2023.yaml with 1,000 runs by `sim explore`, and drive it in Chromium by
Playwright. The first prints, for each input, the time from the event of the slider to the next frame after
the new picture is in the page, median and 95 %; the median of the time to the new findings, which follow the
picture; and the processor time of the server, which other work on the machine changes little. The second
moves sliders at random, thirty events a second, and prints the memory of the server and of the page. Aims:
150 ms (95 %: 300 ms) for inputs of stock, production and consumption, 400 ms for those of a route.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import shutil
import signal
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
from playwright.sync_api import CDPSession, Page, sync_playwright
from start_up import SCENARIOS, SIM

INPUTS = {
    "stock": "depots.tikhoretsk.stock",
    "production": "production.russia.rate",
    "consumption": "consumption.front.rate",
    "containers": "shipments.dprk.shells_per_container",
    "route": "shipments.dprk.route.0.travel",
}
#: Moves a slider, and returns the milliseconds until the frames after the new picture and the new findings.
_MOVE = """([path, position]) => {
    const slider = document.querySelector(`[data-path='${path}']`);
    const shown = where => new Promise(resolve => {
        const observer = new MutationObserver(() => {
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
        });
        const watched = {attributes: true, attributeFilter: ['data-setting']};
        observer.observe(document.querySelector(where), watched);
    });
    slider.value = position;
    const start = performance.now();
    slider.dispatchEvent(new Event('input', {bubbles: true}));
    return Promise.all([shown('.chart'), shown('.findings')]);
}"""
_NUDGE = """([path, position]) => {
    const slider = document.querySelector(`[data-path='${path}']`);
    slider.value = position;
    slider.dispatchEvent(new Event('input', {bubbles: true}));
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=60, help="moves of each slider")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=0.0, help="minutes of random dragging instead")
    options = parser.parse_args()
    with _served(options.runs) as (page, server):
        if options.minutes:
            _drag(page, server, options.minutes)
        else:
            for name, path in INPUTS.items():
                _measure(page, server, name, path, options.moves)


@contextmanager
def _served(runs: int) -> Iterator[tuple[Page, psutil.Process]]:
    file = str(SCENARIOS / "white-house-2023.yaml")
    command = [*SIM, "explore", file, "--no-browser", "--runs", str(runs)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        url = (process.stdout or io.StringIO()).readline().strip()
        with sync_playwright() as driver:
            arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(url)
            page.wait_for_selector(".findings[data-setting]", timeout=120_000)
            yield page, psutil.Process(process.pid)
            browser.close()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _measure(page: Page, server: psutil.Process, name: str, path: str, moves: int) -> None:
    last = int(page.locator(f"[data-path='{path}']").get_attribute("max") or 0)
    taken = []
    position = last // 2
    before = _processor_time(server)
    for move in range(moves + 3):
        # Small steps back and forth, as of a hand; never the same value twice in a row.
        position += 1 if (move // (last // 3)) % 2 == 0 else -1
        taken.append(page.evaluate(_MOVE, [path, position]))
        page.wait_for_timeout(60)
    each = (_processor_time(server) - before) / len(taken) * 1e3
    pictures, findings = (sorted(times) for times in zip(*taken[3:], strict=True))
    at_95 = pictures[round(0.95 * (len(pictures) - 1))]
    print(
        f"{name:12} median {statistics.median(pictures):5.0f} ms, 95 % {at_95:5.0f} ms; findings"
        f" {statistics.median(findings):5.0f} ms; {each:4.0f} ms of the server's processors",
        flush=True,
    )


def _processor_time(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _drag(page: Page, server: psutil.Process, minutes: float) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    dice = random.Random(1)
    begin, shown = time.monotonic(), -1
    while (passed := time.monotonic() - begin) < minutes * 60:
        path = dice.choice(list(INPUTS.values()))
        last = int(page.locator(f"[data-path='{path}']").get_attribute("max") or 0)
        for _ in range(30):
            page.evaluate(_NUDGE, [path, dice.randint(0, last)])
            page.wait_for_timeout(33)
        if int(passed // 30) > shown:
            shown = int(passed // 30)
            print(f"{passed:5.0f} s  {_memory(session, server)}", flush=True)
    page.wait_for_timeout(2000)
    print(f"  end    {_memory(session, server)}", flush=True)


def _memory(session: CDPSession, server: psutil.Process) -> str:
    session.send("HeapProfiler.collectGarbage")
    metrics: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    found = {each["name"]: each["value"] for each in metrics}
    server_mb, page_mb = server.memory_info().rss / 1e6, found["JSHeapUsedSize"] / 1e6
    return f"server {server_mb:5.0f} MB, page {page_mb:5.1f} MB, {found['Nodes']:.0f} nodes"


if __name__ == "__main__":
    main()
