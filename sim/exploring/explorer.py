"""Live page of a scenario, served on this machine for notebooks, scripts and the command line."""

from __future__ import annotations

import webbrowser
from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sim import simulate
from sim.charts import load_house_style
from sim.errors import EngineError
from sim.exploring.access_guard import LOCAL_NAMES
from sim.exploring.setting import Setting
from sim.simulate import ScenarioLike

if TYPE_CHECKING:
    from sim.charts import HouseStyle
    from sim.exploring.server import Server

INSTALL = "the live page needs NiceGUI: pip install 'munitions-sim[explore]'"
_FRAME_STYLE = "width: 100%; height: 860px; border: 1px solid #ccc"
_BY_ADDRESS, _BY_NAME = LOCAL_NAMES


@dataclass(frozen=True)
class Explorer:
    """A live page.

    A notebook shows it where it is the last value of a cell.

    Attributes
    ----------
    url : str
        Its address, with the token that opens it.
    """

    url: str
    title: str

    def open(self) -> None:
        """Open the page in a browser."""
        webbrowser.open(self.url)

    def __repr__(self) -> str:
        return f"<Explorer of {self.title!r}: {self.url}>"

    def _repr_html_(self) -> str:
        # A browser gives a frame of another host no storage, which the page needs: the host of the notebook.
        name = f"explore-{self.url.rstrip('/').rpartition('/')[2]}"
        source = escape(self.url.replace(_BY_ADDRESS, _BY_NAME, 1))
        title = escape(self.title)
        frame = f'<iframe id="{name}" src="{source}" title="{title}" style="{_FRAME_STYLE}"></iframe>'
        script = (
            f"if (location.hostname === '{_BY_ADDRESS}') "
            f"document.getElementById('{name}').src = '{escape(self.url)}'"
        )
        window = f'<a href="{escape(self.url)}" target="_blank">Open it in a window of its own</a>'
        return f"{frame}<script>{script}</script><p>{window}</p>"


def explore(
    scenario: ScenarioLike,
    *,
    runs: int = simulate.DEFAULT_RUNS,
    seed: int = 1,
    style: HouseStyle | Path | str | None = None,
) -> Explorer:
    """Serve a scenario as a live page on this machine, until the process ends.

    Parameters
    ----------
    scenario : Scenario, str, Path or dict
        As for `sim.run`.
    runs, seed : int
    style : HouseStyle, Path or str, optional
        House style of the picture, or its file.

    Returns
    -------
    Explorer
        Its address; a notebook shows the page itself.

    Raises
    ------
    ScenarioError
        The scenario is not valid.
    ArgumentError
        `runs` or `seed` is out of range, or the file of the house style has faults.
    EngineError
        NiceGUI is not installed.
    """
    require_framework()
    from sim.exploring.server import background_server

    return add_page(background_server(), scenario, (), runs, seed, load_house_style(style))


def add_page(
    server: Server, source: ScenarioLike, settings: tuple[str, ...], runs: int, seed: int, house: HouseStyle
) -> Explorer:
    """Add the page of a scenario to a server; `settings` are ``PATH=VALUE``, with which it starts."""
    from sim.exploring.controls import control_groups, without_controls
    from sim.exploring.page import PageContent, page_builder
    from sim.exploring.simulation import Simulation

    scenario = simulate.as_scenario(source)
    start = Setting(dict(_pair(each) for each in settings))
    start.applied(scenario)
    is_file = isinstance(source, str | Path)
    content = PageContent(
        Simulation(scenario, runs, seed),
        control_groups(scenario, simulate.evidence_of(scenario)),
        without_controls(scenario),
        str(source) if is_file else "SCENARIO.yaml",
        Path(str(source)).stem if is_file else "scenario",
        start,
        house,
    )
    return Explorer(server.add_page(scenario.title, page_builder(content)), scenario.title)


def require_framework() -> None:
    """Raise `EngineError` if the framework of the page is not installed."""
    if find_spec("nicegui") is None:
        raise EngineError(INSTALL)


def _pair(setting: str) -> tuple[str, str]:
    path, _, text = setting.partition("=")
    return path.strip(), text.strip()
