"""HTML elements of NiceGUI by tag: escaped text, attributes and links."""

from __future__ import annotations

import json

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from sim.web_links import is_web_link


class Text(TextElement):
    """An element with text.

    Parameters
    ----------
    tag, text : str
    css : str
        Classes.
    **attributes : str
        Attributes; ``_`` becomes ``-``, and a trailing ``_`` is dropped.
    """

    def __init__(self, tag: str, text: str = "", css: str = "", **attributes: str) -> None:
        super().__init__(tag=tag, text=text)
        self.classes(css)
        set_attributes(self, **attributes)


def set_attributes(element: Element, **attributes: str | bool) -> None:
    """Set attributes of an element; see `Text`."""
    for name, value in attributes.items():
        element.props[name.rstrip("_").replace("_", "-")] = value


def set_property(element: Element, name: str, *, value: str | bool) -> None:
    """Set one attribute of an element that is shown."""
    if element.props.get(name) != value:
        element.props[name] = value
        element.update()


def set_value(element: Element, value: str) -> None:
    """Set the value of an input that is shown.

    As an attribute and by script: as a property, each new rendering would put it back.
    """
    set_property(element, "^value", value=value)
    ui.run_javascript(f"document.getElementById('{element.html_id}').value = {json.dumps(value)}")


def link(text: str, address: str) -> Text:
    """Return a link to a web page in a new window; plain text if the address is none."""
    if not is_web_link(address):
        return Text("span", text)
    return Text("a", text, href=address, target="_blank", rel="noopener noreferrer")


def unbroken(text: str) -> str:
    """Return a sentence in which no line breaks before a per cent sign."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")
