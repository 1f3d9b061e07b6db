"""Content of the live page in one browser window: input panel, chart and findings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import files

from fastapi import Request
from nicegui import ui
from nicegui.element import Element

from sim import charts
from sim.errors import InputError, SimError, format_count
from sim.exploring.chart_options import axis_tops, chart_options, key_entries
from sim.exploring.chart_style import page_style
from sim.exploring.controls import ControlGroup, changes_text
from sim.exploring.elements import Text, set_attributes, unbroken
from sim.exploring.findings_panel import FindingsPanel, build_notes
from sim.exploring.input_panel import InputPanel
from sim.exploring.picture import Picture
from sim.exploring.redrawing import NewestWins
from sim.exploring.setting import Setting, from_query, to_query
from sim.exploring.simulation import Simulation
from sim.formatting import short_date

#: Time in which the event loop sends a picture.
_SENDING_SECONDS = 0.002
_BUTTONS_OF_PICTURE = (("png", "Picture (PNG)"), ("svg", "Picture (SVG)"))


@dataclass(frozen=True, slots=True)
class PageContent:
    """Content that all windows of a page share.

    Attributes
    ----------
    simulation : Simulation
    groups : sequence of ControlGroup
    without_control : int
        Inputs without a control, because they are drawn together.
    file : str
        Scenario file of the command line that repeats a setting.
    stem : str
        Name of saved files, without the extension.
    start : Setting
        Setting of an address without one.
    house : HouseStyle
        Of the picture.
    """

    simulation: Simulation
    groups: Sequence[ControlGroup]
    without_control: int
    file: str
    stem: str
    start: Setting
    house: charts.HouseStyle


def page_builder(content: PageContent) -> Callable[[Request], None]:
    """Return the function that builds the page for each window."""

    def build(request: Request) -> None:
        _Window(content, str(request.url.query), str(request.url.replace(query="")))

    return build


class _Window:
    """One window: its present setting, the held one, and the elements that show them."""

    def __init__(self, content: PageContent, query: str, address: str) -> None:
        self._content = content
        self._address = address
        self._present, self._held = _read_query(query, content.start)
        self._key_entries: list[tuple[str, str, str]] = []
        self._redraw = NewestWins(self._draw)
        ui.add_css(files("sim.exploring").joinpath("page.css").read_text("utf-8"))
        ui.add_css(page_style(content.house))
        self._build()
        self._inputs.show(self._present, moves_sliders=True)
        ui.context.client.on_connect(self._draw_newest)

    def _build(self) -> None:
        self._frame = Element("div").classes("explore")
        with self._frame:
            with Element("header"):
                Text("h1", self._content.simulation.scenario.title)
                self._period = Text("p", "", css="quiet")
                self._changes = Text("p", "", css="quiet")
            self._answer = Text("p", "Simulating…", css="answer", role="status")
            self._error = Text("p", "", css="error", role="alert")
            self._error.set_visibility(False)
            with Element("section").classes("picture") as picture:
                set_attributes(picture, aria_label="Picture")
                self._chart = ui.echart({"series": []}, renderer="svg").classes("chart")
                set_attributes(self._chart, role="img", aria_label="Stock and fire over time")
                self._key = Element("ul").classes("key")
            with Element("section").classes("inputs") as inputs:
                set_attributes(inputs, aria_labelledby="inputs-heading")
                Text("h2", "Inputs", id="inputs-heading")
                self._build_input_buttons()
                self._inputs = InputPanel(self._content.groups, self._change, self._find_problem)
                if self._content.without_control:
                    drawn = format_count(self._content.without_control, "input")
                    Text("p", f"{drawn} drawn together from a table have no slider.", css="quiet")
            with Element("section").classes("findings") as findings:
                set_attributes(findings, aria_labelledby="findings-heading")
                Text("h2", "Findings", id="findings-heading")
                self._findings, self._findings_section = FindingsPanel(), findings
                build_notes()
            self._build_saving()

    def _build_input_buttons(self) -> None:
        with Element("div").classes("buttons"):
            self._button("All as in the file", self._reset)
            self._hold_button = self._button("Hold this setting", self._hold)
            self._swap_button = self._button("Swap with held", self._swap)

    def _build_saving(self) -> None:
        with Element("section").classes("saving") as saving:
            set_attributes(saving, aria_labelledby="saving-heading")
            Text("h2", "Keep this setting", id="saving-heading")
            with Element("div").classes("buttons"):
                self._button("Scenario file", self._save_scenario)
                for form, name in _BUTTONS_OF_PICTURE:
                    self._button(name, partial(self._save_picture, form))
                self._button("Copy link", lambda: ui.clipboard.write(self._link()))
                self._button("Copy command", lambda: ui.clipboard.write(self._command()))
            Text("p", "The link works while this page is served; the command works always.", css="quiet")
            self._command_text = Text("code", "", css="command")

    def _button(self, text: str, clicked: Callable[[], object]) -> Text:
        button = Text("button", text, type="button")
        button.on("click", clicked, args=[])
        return button

    async def _change(self, path: str, text: str | None) -> None:
        self._present = self._present.changed(path, text)
        self._inputs.show(self._present, moves_sliders=text is None)
        await self._draw_newest()

    def _find_problem(self, path: str, text: str) -> str:
        """Return in one line why a text is no value of an input; empty if it is one.

        Values that contradict others are valid here: the picture says so.
        """
        try:
            Setting({path: text}).applied(self._content.simulation.scenario)
        except InputError as error:
            wrong = [fault for fault in error.faults if not fault.is_conflict]
            return str(replace(wrong[0], where=None, path="")) if wrong else ""
        return ""

    async def _reset(self) -> None:
        self._present = Setting()
        await self._show_all()

    async def _hold(self) -> None:
        self._held = None if self._held is not None else self._present
        await self._show_all()

    async def _swap(self) -> None:
        if self._held is not None:
            self._present, self._held = self._held, self._present
            await self._show_all()

    async def _show_all(self) -> None:
        self._inputs.show(self._present, moves_sliders=True)
        await self._draw_newest()

    async def _draw_newest(self) -> None:
        await self._redraw.put((self._present, self._held))

    async def _draw(self, settings: tuple[Setting, Setting | None]) -> None:
        try:
            await self._draw_chart(*settings)
            # The picture goes out before the findings take processor time.
            await asyncio.sleep(_SENDING_SECONDS)
            await self._draw_findings(*settings)
        except SimError as error:
            self._show_error(_message(error))

    async def _draw_chart(self, present: Setting, held: Setting | None) -> None:
        submit = self._content.simulation.submit_picture
        settings = (Setting(), present, *([] if held is None else [held]))
        base, picture, *others = [await asyncio.wrap_future(submit(each)) for each in settings]
        self._show_error("")
        self._show_pictures(picture, others[0] if others else None, base)
        set_attributes(self._chart, data_setting=to_query(present, held))

    async def _draw_findings(self, present: Setting, held: Setting | None) -> None:
        submit = self._content.simulation.submit_findings
        settings = (present, *([] if held is None else [held]))
        findings, *others = [await asyncio.wrap_future(submit(each)) for each in settings]
        answer, *_, headline = findings
        self._answer.set_text(unbroken(answer.sentence))
        set_attributes(self._chart, aria_label=headline.sentence)
        self._findings.show(findings, others[0] if others else None)
        self._changes.set_text(changes_text(present, self._content.groups))
        if self._redraw.is_newest_drawn:
            self._command_text.set_text(self._command())
            ui.navigate.history.replace(self._link())
        set_attributes(self._findings_section, data_setting=to_query(present, held))

    def _show_pictures(self, picture: Picture, held: Picture | None, base: Picture) -> None:
        shown = [base, picture, *([] if held is None else [held])]
        self._chart.options.clear()
        self._chart.options.update(chart_options(picture, held, axis_tops(shown), self._content.house))
        self._chart.update()
        self._show_key(picture, held)
        simulation = self._content.simulation
        start, end = short_date(picture.start), short_date(picture.end)
        runs = format_count(picture.runs, "run")
        more = format_count(picture.hidden_stocks, "more stock")
        hidden = f" · {more} not drawn" if picture.hidden_stocks else ""
        self._period.set_text(f"{start} to {end} · {runs}, seed {simulation.seed}{hidden}")
        self._hold_button.set_text("Hold this setting" if held is None else "Let go of the held setting")
        self._swap_button.set_visibility(held is not None)
        self._frame.classes(add="" if held is None else "holds", remove="holds" if held is None else "")

    def _show_key(self, picture: Picture, held: Picture | None) -> None:
        entries = key_entries(picture, held, self._content.house)
        if entries == self._key_entries:
            return
        self._key_entries = entries
        self._key.clear()
        with self._key:
            for colour, shape, text in entries:
                with Element("li"):
                    swatch = Text("span", "", css=f"swatch {shape}", aria_hidden="true")
                    swatch.style(f"--colour: {colour}")
                    Text("span", text)

    def _show_error(self, message: str) -> None:
        self._error.set_text(message)
        self._error.set_visibility(bool(message))

    def _link(self) -> str:
        query = to_query(self._present, self._held)
        return f"{self._address}?{query}" if query else self._address

    def _command(self) -> str:
        simulation = self._content.simulation
        command = self._present.command("run", self._content.file)
        return f"{command} --runs {simulation.runs} --seed {simulation.seed}"

    async def _save_scenario(self) -> None:
        try:
            text = self._present.applied(self._content.simulation.scenario).text()
        except SimError as error:
            self._show_error(_message(error))
            return
        ui.download.content(text, f"{self._content.stem}-explored.yaml", "application/yaml")

    async def _save_picture(self, form: str) -> None:
        simulation = self._content.simulation
        settings = [self._present, *([] if self._held is None else [self._held])]
        try:
            results = [await asyncio.wrap_future(simulation.submit_result(each)) for each in settings]
        except SimError as error:
            self._show_error(_message(error))
            return
        house = self._content.house
        figure = charts.drawdown(results if len(results) > 1 else results[0], style=house)
        content = charts.to_bytes(figure, form, style=house)
        ui.download.content(content, f"{self._content.stem}-explored.{form}")


def _message(error: SimError) -> str:
    """Return the message of an error, without the places of files, which the page does not show."""
    if isinstance(error, InputError):
        return "\n".join(str(replace(fault, where=None)) for fault in error.faults)
    return str(error)


def _read_query(query: str, start: Setting) -> tuple[Setting, Setting | None]:
    if not query:
        return start, None
    try:
        return from_query(query)
    except ValueError:
        return start, None
