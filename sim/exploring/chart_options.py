"""ECharts options for the chart of the live page: fans of stocks above the fire, on one calendar."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.exploring.chart_style import (
    HATCH_GREY,
    colours_of,
    date_script,
    hatch_picture,
    number_script,
    recoloured,
)
from sim.exploring.picture import Fan, Fire, Picture

if TYPE_CHECKING:
    from sim.charts import HouseStyle

#: Heights in per cent: top of the first plot, bottom margin, gap between plots, share of the fire.
_TOP, _BOTTOM, _GAP, _FIRE_SHARE = 7.5, 6.0, 10.5, 0.36
#: Part of the largest value that an axis covers, and intervals of its ticks.
_HEADROOM, _MOST_TICKS = 1.02, 4
HELD_COLOUR = style.MARK_ORANGE
Series = dict[str, Any]


def chart_options(
    picture: Picture, held: Picture | None, tops: Sequence[float], house: HouseStyle
) -> dict[str, Any]:
    """Return the options of ECharts.

    Parameters
    ----------
    picture : Picture
    held : Picture or None
        A setting to compare with: its median stock and its fire are lines.
    tops : sequence of float
        Least upper end of each y axis, as `axis_tops` returns: so that a fan that falls looks lower.
    house : HouseStyle
    """
    headings = [fan.heading for fan in picture.fans] + [picture.fire.heading]
    boxes = list(_boxes(len(headings)))
    series: list[Series] = []
    for position, fan in enumerate(picture.fans):
        series += _fan_series(fan, position)
        if held is not None and position < len(held.fans):
            series += _held_fan(held.fans[position], position)
    series += _fire_series(picture.fire, len(picture.fans))
    if held is not None:
        series.append(_held_fire(held.fire, len(picture.fans)))
    numbers, dates = number_script(house.language), date_script(house.language)
    options = {
        "animation": False,
        "textStyle": {"fontFamily": "inherit", "color": style.INK},
        "title": [_heading(heading, top) for heading, (top, _) in zip(headings, boxes, strict=True)],
        "legend": {"show": False},
        "grid": [
            {"left": 56, "right": 14, "top": f"{top}%", "height": f"{height}%"} for top, height in boxes
        ],
        "axisPointer": {"link": [{"xAxisIndex": "all"}]},
        "tooltip": {
            "trigger": "axis",
            "renderMode": "richText",
            ":valueFormatter": numbers,
            "textStyle": {"fontSize": 12, "color": style.INK},
        },
        "xAxis": [
            _time_axis(position, picture, dates, is_last=position == len(boxes) - 1)
            for position in range(len(boxes))
        ],
        "yAxis": [_value_axis(position, top, numbers) for position, top in enumerate(tops)],
        "series": series,
    }
    return recoloured(options, colours_of(house))  # type: ignore[no-any-return]


def axis_tops(pictures: Sequence[Picture]) -> list[float]:
    """Return the largest value of each plot over some pictures, the fire last."""
    fans = [
        max(max(picture.fans[position].levels["p95"], default=0.0) for picture in pictures)
        for position in range(min(len(picture.fans) for picture in pictures))
    ]
    fire = max(max((*picture.fire.required, *picture.fire.total), default=0.0) for picture in pictures)
    return [*fans, fire]


def _boxes(count: int) -> Iterator[tuple[float, float]]:
    """Yield top and height of each plot in per cent; the last is the fire."""
    room = 100.0 - _TOP - _BOTTOM - _GAP * (count - 1)
    share = _FIRE_SHARE if count == 2 else 1.0 / count
    heights = [room * (1.0 - share) / (count - 1)] * (count - 1) + [room * share]
    top = _TOP
    for height in heights:
        yield round(top, 2), round(height, 2)
        top += height + _GAP


def _heading(text: str, top: float) -> Series:
    return {
        "text": text,
        "left": 4,
        "top": f"{top - 7.2:.2f}%",
        "textStyle": {"fontSize": 14, "fontWeight": 600, "color": style.INK, "overflow": "truncate"},
    }


def _time_axis(position: int, picture: Picture, dates: str, *, is_last: bool) -> Series:
    return {
        "type": "time",
        "gridIndex": position,
        "min": picture.start.isoformat(),
        "max": picture.end.isoformat(),
        "splitNumber": 5,
        "axisLabel": {
            "show": is_last,
            "hideOverlap": True,
            # Labels that touch read as one.
            "textMargin": [0, 4],
            "color": style.GREY_TEXT,
            ":formatter": dates,
        },
        "axisLine": {"lineStyle": {"color": style.GREY_TEXT}},
        "axisTick": {"show": is_last},
        "splitLine": {"show": False},
    }


def _value_axis(position: int, top: float, numbers: str) -> Series:
    room = max(top, 1.0) * _HEADROOM
    interval = _tick_interval(room)
    return {
        "type": "value",
        "gridIndex": position,
        "min": 0,
        "max": interval * math.ceil(room / interval),
        "interval": interval,
        "axisLabel": {"color": style.GREY_TEXT, ":formatter": numbers},
        "splitLine": {"lineStyle": {"color": style.GRID_GREY}},
    }


def _tick_interval(top: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten of which at most four reach a value."""
    least = top / _MOST_TICKS
    power = 10.0 ** math.floor(math.log10(least))
    return next(each * power for each in (1.0, 2.0, 5.0, 10.0) if each * power >= least * (1.0 - 1e-9))


def _fan_series(fan: Fan, position: int) -> Iterator[Series]:
    """Yield bands as a stack of differences, and three lines that the tooltip reads."""
    low = fan.levels["p05"]
    yield _band(fan, position, "base", low, None)
    before = low
    for name, colour in (
        ("p25", style.BAND_90),
        ("p75", style.BAND_50),
        ("p95", style.BAND_90),
    ):
        level = fan.levels[name]
        yield _band(fan, position, name, [b - a for a, b in zip(before, level, strict=True)], colour)
        before = level
    for name, label, width in (
        ("p95", "95 % of runs below", 0.0),
        ("p50", "Median", 2.5),
        ("p05", "5 % of runs below", 0.0),
    ):
        yield _line(label, fan.days, fan.levels[name], position, style.LINE_BLUE, width)


def _band(fan: Fan, position: int, name: str, values: Sequence[float], colour: str | None) -> Series:
    area = {"opacity": 0} if colour is None else {"color": colour, "opacity": 1}
    return {
        "name": f"{name} of plot {position}",
        "type": "line",
        "xAxisIndex": position,
        "yAxisIndex": position,
        "stack": f"fan {position}",
        "stackStrategy": "all",
        "data": _pairs(fan.days, values),
        "symbol": "none",
        "silent": True,
        "lineStyle": {"width": 0},
        "areaStyle": area,
        "tooltip": {"show": False},
        "z": 1,
    }


def _line(
    label: str, days: Sequence[str], values: Sequence[float], position: int, colour: str, width: float
) -> Series:
    return {
        "name": label,
        "type": "line",
        "xAxisIndex": position,
        "yAxisIndex": position,
        "data": _pairs(days, values),
        "symbol": "none",
        "color": colour,
        "lineStyle": {"color": colour, "width": width},
        "z": 3,
    }


def _held_fan(fan: Fan, position: int) -> Iterator[Series]:
    for name, label, look in (
        ("p95", "Held, 95 % of runs below", {"width": 1, "type": "dotted"}),
        ("p50", "Held, median", {"width": 2.5, "type": "dashed"}),
        ("p05", "Held, 5 % of runs below", {"width": 1, "type": "dotted"}),
    ):
        line = _line(label, fan.days, fan.levels[name], position, HELD_COLOUR, 2.0)
        line["lineStyle"] |= look
        yield line


def _fire_series(fire: Fire, position: int) -> Iterator[Series]:
    for part in fire.parts:
        yield _step(part.label, fire.edges, part.values, position) | {
            "stack": "fire",
            "color": part.colour,
            "lineStyle": {"width": 0},
            "areaStyle": {"color": part.colour, "opacity": 1},
        }
    yield _step(f"not {fire.past}", fire.edges, fire.unmet, position) | {
        "stack": "fire",
        "color": "#BDBDBD",
        "lineStyle": {"width": 0},
        "areaStyle": {"color": {"image": hatch_picture(), "repeat": "repeat"}, "opacity": 1},
    }
    yield _step("required", fire.edges, fire.required, position) | {
        "color": style.REQUIRED,
        "lineStyle": {"color": style.REQUIRED, "width": 2},
        "z": 4,
    }


def _held_fire(fire: Fire, position: int) -> Series:
    return _step(f"Held, {fire.past}", fire.edges, fire.total, position) | {
        "color": HELD_COLOUR,
        "lineStyle": {"color": HELD_COLOUR, "width": 2.5, "type": "dashed"},
        "z": 5,
    }


def _step(label: str, edges: Sequence[str], values: Sequence[float], position: int) -> Series:
    """Return a series of months: a value holds until the next one begins."""
    return {
        "name": label,
        "type": "line",
        "step": "end",
        "xAxisIndex": position,
        "yAxisIndex": position,
        "data": _pairs(edges, [*values, values[-1]]),
        "symbol": "none",
        "z": 2,
    }


def _pairs(days: Sequence[str], values: Sequence[float]) -> list[list[str | float]]:
    return [[day, value] for day, value in zip(days, values, strict=True)]


def key_entries(picture: Picture, held: Picture | None, house: HouseStyle) -> list[tuple[str, str, str]]:
    """Return the key of the chart: colour, shape (``line``, ``area``, ``dashes``) and text of each entry."""
    fire = picture.fire
    entries = [
        (style.LINE_BLUE, "line", "median stock"),
        (style.BAND_50, "area", "half of the runs"),
        (style.BAND_90, "area", "nine runs in ten"),
        *((part.colour, "area", part.label) for part in fire.parts),
    ]
    if any(fire.unmet):
        entries.append((HATCH_GREY, "hatch", f"not {fire.past}"))
    entries.append((style.REQUIRED, "line", "required"))
    if held is not None:
        entries.append((HELD_COLOUR, "dashes", f"held setting: stock, and {fire.past} a day"))
    colours = colours_of(house)
    return [(colours.get(colour, colour), shape, text) for colour, shape, text in entries]
