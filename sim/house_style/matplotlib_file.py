"""Settings of a matplotlib style file (``.mplstyle``), each checked by matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.errors import Fault, Where, nearest

#: Settings that would change the size of a figure or need a backend; the sizes are those of the charts.
_REFUSED = (
    "backend",
    "figure.autolayout",
    "figure.constrained_layout.use",
    "figure.dpi",
    "figure.figsize",
    "interactive",
    "savefig.bbox",
    "savefig.dpi",
    "svg.hashsalt",
    "text.usetex",
    "toolbar",
)


def read_settings(path: Path, faults: list[Fault]) -> dict[str, Any]:
    """Return the settings of a style file; each line that is not one adds a fault."""
    from matplotlib import rcParamsDefault

    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        faults.append(Fault(f"{path} cannot be read: {reason}"))
        return {}
    found: dict[str, Any] = {}
    for number, line in enumerate(lines, 1):
        text = _without_comment(line)
        if not text:
            continue
        name, colon, value = (part.strip() for part in text.partition(":"))
        where = Where(path.as_posix(), number, line.index(name[:1]) + 1 if name else 1)
        if not colon or name not in rcParamsDefault:
            near = nearest(name, rcParamsDefault)
            faults.append(Fault(f"matplotlib has no setting {name!r}", where, nearest=near))
        elif name in _REFUSED:
            faults.append(Fault(f"{name} is fixed by the size and format of the chart", where))
        else:
            try:
                found |= _checked(name, value.strip('"'))
            except ValueError as error:
                faults.append(Fault(f"{name} cannot be {value}: {error}", where))
    return found


def _checked(name: str, value: str) -> dict[str, Any]:
    """Return a setting as matplotlib reads it; raise `ValueError` if it cannot have the value."""
    from matplotlib import RcParams

    settings: Any = RcParams({name: value})
    return {name: settings[name]}


def _without_comment(line: str) -> str:
    """Return a line without its comment; a ``#`` in double quotes starts none."""
    is_quoted = False
    for place, letter in enumerate(line):
        if letter == '"':
            is_quoted = not is_quoted
        elif letter == "#" and not is_quoted:
            return line[:place].strip()
    return line.strip()
