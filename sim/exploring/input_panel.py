"""Panel of inputs of the live page: sliders, selects and switches by component."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from sim.exploring.controls import Control, ControlGroup
from sim.exploring.elements import Text, link, set_attributes, set_property, set_value
from sim.exploring.exact_field import ExactField, FindProblem
from sim.exploring.setting import OFF, Setting

#: Seconds between two events of a slider.
_THROTTLE = 0.03
#: An event of the browser, as the value of its element.
_VALUE, _CHECKED = "event => emit(event.target.value)", "event => emit(event.target.checked)"
#: Value of a select for the value of the file.
_AS_FILE = ""

Changed = Callable[[str, str | None], Any]


class InputPanel:
    """The controls of all components.

    Parameters
    ----------
    groups : sequence of ControlGroup
    changed : callable
        Called with the path and the new text of an input; None for the value of the file. May be async.
    find_problem : callable
        Called with a path and a text that the reader typed; returns why it is no value, or an empty text.
    """

    def __init__(self, groups: Sequence[ControlGroup], changed: Changed, find_problem: FindProblem) -> None:
        self._changed, self._find_problem = changed, find_problem
        self._inputs: list[_Input] = []
        self._switches: list[tuple[str, Element, Element]] = []
        for group in groups:
            self._build_group(group)

    def show(self, setting: Setting, *, moves_sliders: bool) -> None:
        """Show a setting; without `moves_sliders`, leave the thumbs where the reader has them."""
        for each in self._inputs:
            each.show(setting.values.get(each.control.path), moves_slider=moves_sliders)
        for path, switch, body in self._switches:
            is_off = setting.is_off(path)
            set_property(switch, "checked", value=not is_off)
            body.set_visibility(not is_off)

    def _build_group(self, group: ControlGroup) -> None:
        with Element("fieldset").classes("group"):
            with Element("legend"):
                switch = self._build_switch(group) if group.can_switch else Text("span", group.name)
            body = Element("div")
            with body:
                for control in group.main:
                    self._add(control)
                if group.more:
                    with Element("details"):
                        Text("summary", f"More of {group.name} ({len(group.more)})")
                        for control in group.more:
                            self._add(control)
        if group.can_switch:
            self._switches.append((group.path, switch, body))

    def _add(self, control: Control) -> None:
        self._inputs.append(_Input(control, self._changed, self._find_problem))

    def _build_switch(self, group: ControlGroup) -> Element:
        with Element("label").classes("switch"):
            switch = Element("input")
            set_attributes(switch, type="checkbox", role="switch", checked=True)
            Text("span", group.name)

        def switched(event: GenericEventArguments) -> Any:
            return self._changed(group.path, None if event.args else OFF)

        switch.on("change", switched, js_handler=_CHECKED)
        return switch


class _Input:
    """One slider with a field for its exact value, or one select; with its value, state and sources."""

    def __init__(self, control: Control, changed: Changed, find_problem: FindProblem) -> None:
        self.control = control
        self._changed = changed
        with Element("div").classes("control"):
            with Element("div").classes("name"):
                label = Text("label", control.name)
                self._value = Text("output", "")
            self._input = self._build_slider() if control.is_slider else self._build_select()
            set_attributes(label, for_=self._input.html_id)
            set_attributes(self._value, for_=self._input.html_id)
            if control.is_slider:
                with Element("div").classes("exactly"):
                    self._as_file = self._build_state()
                    self._exact = ExactField(control, self._set_exactly, find_problem)
                self._exact.build_message()
            self._build_sources()

    def show(self, text: str | None, *, moves_slider: bool) -> None:
        """Show a value; None for that of the file."""
        control = self.control
        if not control.is_slider:
            position = control.texts.index(text) if text in control.texts else -1
            self._value.set_text("")
            if moves_slider:
                set_value(self._input, str(position) if position >= 0 else _AS_FILE)
            return
        shown = control.written if text is None else self._shown(text)
        self._value.set_text(shown)
        set_property(self._input, "aria-valuetext", value=shown)
        self._input.classes(add="as-file" if text is None else "", remove="" if text is None else "as-file")
        set_property(self._as_file, "checked", value=text is None)
        self._exact.show(text or "", is_new=moves_slider)
        if moves_slider:
            set_value(self._input, str(control.position(text)))

    def _shown(self, text: str) -> str:
        control = self.control
        return control.shown[control.texts.index(text)] if text in control.texts else text

    def _build_slider(self) -> Element:
        control = self.control
        slider = Element("input").classes("slider as-file")
        set_attributes(
            slider, type="range", min="0", max=str(len(control.texts) - 1), step="1", data_path=control.path
        )
        # As an attribute, not as a property: a new rendering must not move the thumb back.
        slider.props["^value"] = str(control.start)

        def moved(event: GenericEventArguments) -> Any:
            position = int(event.args)
            if 0 <= position < len(control.texts):
                return self._changed(control.path, control.texts[position])
            return None

        slider.on("input", moved, throttle=_THROTTLE, js_handler=_VALUE)
        return slider

    def _build_select(self) -> Element:
        control = self.control
        select = Element("select")
        set_attributes(select, data_path=control.path)
        with select:
            Text("option", f"as in the file: {control.written}", value=_AS_FILE)
            for position, shown in enumerate(control.shown):
                Text("option", shown, value=str(position))

        def picked(event: GenericEventArguments) -> Any:
            is_listed = str(event.args).isdecimal() and int(event.args) < len(control.texts)
            return self._changed(control.path, control.texts[int(event.args)] if is_listed else None)

        select.on("change", picked, js_handler=_VALUE)
        return select

    def _build_state(self) -> Element:
        with Element("label").classes("state"):
            box = Element("input")
            set_attributes(box, type="checkbox", checked=True)
            drawn = self.control.drawn
            Text("span", f"{drawn}, as in the file" if drawn else "as in the file")
            Text("span", f": {self.control.name}", css="unseen")

        def ticked(event: GenericEventArguments) -> Any:
            control = self.control
            return self._changed(control.path, None if event.args else control.texts[control.start])

        box.on("change", ticked, js_handler=_CHECKED)
        return box

    def _set_exactly(self, text: str) -> Any:
        if text:
            set_value(self._input, str(self.control.position(text)))
        return self._changed(self.control.path, text or None)

    def _build_sources(self) -> None:
        if not self.control.sources:
            return
        with Element("div").classes("sources"):
            Text("span", "Source: " if len(self.control.sources) == 1 else "Sources: ")
            for position, source in enumerate(self.control.sources):
                if position:
                    Text("span", "; ")
                link(source.text, source.url)
