"""``sim explore``: serve a scenario as a live page on this machine until Ctrl-C."""

from __future__ import annotations

import contextlib
from pathlib import Path

import typer

from sim import simulate
from sim.charts import load_house_style
from sim.exploring.explorer import add_page, require_framework


def run(
    file: Path,
    settings: tuple[str, ...],
    runs: int | None,
    seed: int,
    port: int,
    style: Path | None,
    *,
    browser: bool,
) -> None:
    """Serve the page, print its address, and open it in a browser unless told otherwise.

    Raises
    ------
    ScenarioError
        The scenario is not valid.
    ArgumentError
        `runs`, `seed` or `port` is out of range, the port is in use, or the house style has faults.
    EngineError
        NiceGUI is not installed.
    """
    require_framework()
    simulate.load(file, settings)
    house = load_house_style(style)
    from sim.exploring.server import Server

    server = Server(port)
    page = add_page(server, file, settings, simulate.DEFAULT_RUNS if runs is None else runs, seed, house)
    typer.echo(f"{page.url}\nOpen this address on this machine; Ctrl-C ends it.")
    if browser:
        page.open()
    # Ctrl-C is how the page ends, not an error.
    with contextlib.suppress(KeyboardInterrupt):
        server.serve()
