"""Field for the exact value of a slider, with a message beside it where the text is no value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from sim.exploring.controls import Control
from sim.exploring.elements import Text, set_attributes, set_property, set_value

#: Most characters of a value.
_LONGEST = 200

FindProblem = Callable[[str, str], str]


class ExactField:
    """A text field, in the element that is open, for a value as in a scenario file: ``3M/year``.

    Parameters
    ----------
    control : Control
    typed : callable
        Called with a valid text; an empty one stands for the value of the file. May be async.
    find_problem : callable
        Called with the path and a text; returns in one line why it is no value, or an empty text.
    """

    def __init__(self, control: Control, typed: Callable[[str], Any], find_problem: FindProblem) -> None:
        self._control = control
        self._typed, self._find_problem = typed, find_problem
        self._shown = ""
        self._field = Element("input").classes("exact")
        set_attributes(
            self._field,
            type="text",
            placeholder="exact value",
            maxlength=str(_LONGEST),
            autocomplete="off",
            spellcheck="false",
            aria_label=f"Exact value: {control.name}",
            data_exact=control.path,
        )
        self._field.on("change", self._enter, js_handler="event => emit(event.target.value)")

    def build_message(self) -> None:
        """Build the element of the message, in the element that is open."""
        self._message = Text("p", "", css="wrong", role="alert")
        self._message.set_visibility(False)
        set_attributes(self._field, aria_describedby=self._message.html_id)

    def show(self, text: str, *, is_new: bool) -> None:
        """Show the present value; a text that the reader typed stays until then, unless `is_new`."""
        if is_new or text != self._shown:
            self._set_problem("")
            if text != self._field.props.get("^value", ""):
                set_value(self._field, text)
            self._shown = text

    def _enter(self, event: GenericEventArguments) -> Any:
        text = str(event.args).strip()[:_LONGEST]
        problem = self._find_problem(self._control.path, text) if text else ""
        self._field.props["^value"] = text
        self._set_problem(problem)
        if problem:
            return None
        self._shown = text
        return self._typed(text)

    def _set_problem(self, problem: str) -> None:
        self._message.set_text(problem)
        self._message.set_visibility(bool(problem))
        set_property(self._field, "aria-invalid", value="true" if problem else "false")
