"""House style of the chart of the live page: colours, fonts, and the language of its axes."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from sim.charts import HouseStyle
    from sim.language import Language

#: Colours of the hatch of the unmet requirement, as in the other charts, and of its ground.
HATCH_GREY = "#A8A8A8"
_GROUND = "#FFFFFF"
#: Series have thousands of points, and no colours.
_POINTS = "data"
_YEAR = 2000


def colours_of(house: HouseStyle) -> dict[str, str]:
    """Return the new colour of each default colour of the chart that a house style replaces."""
    hatch, ground = house.colours.get("hatch", HATCH_GREY), house.colours.get("background", _GROUND)
    pictures = {hatch_picture(HATCH_GREY, _GROUND): hatch_picture(hatch, ground)}
    return house.replacements() | {HATCH_GREY: hatch} | pictures


def recoloured(options: Any, colours: Mapping[str, str]) -> Any:
    """Return options of ECharts with other colours."""
    if isinstance(options, dict):
        return {
            key: value if key == _POINTS else recoloured(value, colours) for key, value in options.items()
        }
    if isinstance(options, list):
        return [recoloured(each, colours) for each in options]
    return colours.get(options, options) if isinstance(options, str) else options


def hatch_picture(line: str = HATCH_GREY, ground: str = _GROUND) -> str:
    """Return a tile of the hatch as a data address."""
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='6' height='6'><rect width='6' height='6' "
        f"fill='{ground}'/><path d='M-1 1l2-2M0 6l6-6M5 7l2-2' stroke='{line}'/></svg>"
    )
    return "data:image/svg+xml," + quote(drawing, safe="/:=' ")


def page_style(house: HouseStyle) -> str:
    """Return the style sheet of a house style: ground and text of the picture, and its font."""
    ground, text = house.colours.get("background", _GROUND), house.colours.get("text", "")
    sheet = f".picture {{ background: {ground}; {f'color: {text};' if text else ''} }}"
    faces = [
        f"@font-face {{ font-family: house; font-weight: {weight}; src: url({_data_address(file)}); }}"
        for file, weight in ((house.regular, 400), (house.bold, 600))
        if file
    ]
    font = ".picture { font-family: house, system-ui, sans-serif; }" if faces else ""
    return "\n".join([*faces, sheet, font])


def _data_address(file: str) -> str:
    kind, content = Path(file).suffix[1:].lower(), base64.b64encode(Path(file).read_bytes()).decode()
    return f"data:font/{kind};base64,{content}"


def number_script(language: Language) -> str:
    """Return the script that writes a number of the chart as the findings do: ``4.59M``, ``60k``."""
    point = json.dumps(language.number("0.5")[1:-1])
    return (
        "value => new Intl.NumberFormat('en', {notation: 'compact', maximumSignificantDigits: 3})"
        f".format(value).replace('K', 'k').replace('.', {point})"
    )


def date_script(language: Language) -> str:
    """Return the script that writes a tick of the calendar: the year, a month, a day, or a time of day."""
    firsts = [dt.date(_YEAR, month, 1) for month in range(1, 13)]
    months = [language.month_tick(first) for first in firsts]
    # Days 10 to 31 are digits of no month and year here.
    days = [language.day_tick(first.replace(day=28)).replace("28", "{d}") for first in firsts]
    return (
        "value => { const at = new Date(value), two = number => String(number).padStart(2, '0'); "
        "if (at.getHours() || at.getMinutes()) return `${two(at.getHours())}:${two(at.getMinutes())}`; "
        f"if (at.getDate() > 1) return {json.dumps(days)}[at.getMonth()].replace('{{d}}', at.getDate()); "
        f"return at.getMonth() ? {json.dumps(months)}[at.getMonth()] : String(at.getFullYear()) }}"
    )
