"""HTML page of one or several reports: one self-contained file, readable without JavaScript."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import escape_control_characters
from sim.reporting.report import Report, read_report
from sim.reporting.report_charts import draw_charts

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATE, STYLE, SCRIPT = "report.html.jinja", "report.css", "report.js"
#: First word of each section's id, and its heading.
SECTIONS = (
    ("findings", "Findings"),
    ("charts", "Charts"),
    ("figures", "Figures"),
    ("inputs", "Inputs"),
    ("method", "Method"),
    ("checks", "Checks"),
    ("reproduce", "How to reproduce it"),
)
#: Places of a path or name in code where a line may break.
_BREAKS = re.compile(r"(?<=[a-z0-9])([._])(?=[a-z])")
_XML_BREAKERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_reports(folders: Sequence[Path]) -> list[Report]:
    """Return the report of each folder, without charts; see `read_report` for the exceptions."""
    return [read_report(folder) for folder in folders]


def with_charts(reports: Sequence[Report], style: Path | None = None) -> list[Report]:
    """Return reports with their charts, in a house style; ids of the drawings are their own."""
    return [
        replace(report, charts=draw_charts(report.found, f"r{place}", style))
        for place, report in enumerate(reports, 1)
    ]


def page_bytes(reports: Sequence[Report]) -> bytes:
    """Return the HTML file of reports; several have a table of contents.

    The same folders give the same bytes.
    """
    from markupsafe import Markup

    page = files("sim.reporting") / "page"
    style, script = ((page / name).read_text("utf-8") for name in (STYLE, SCRIPT))
    text = (
        _environment()
        .from_string((page / TEMPLATE).read_text("utf-8"))
        .render(
            title=reports[0].title if len(reports) == 1 else f"Report of {len(reports)} results",
            reports=reports,
            sections=SECTIONS,
            # Files of this package, and drawings that are XML already; all else is escaped.
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
            script_hash=_script_hash(script),
            drawing=Markup,
        )
    )
    return _XML_BREAKERS.sub(_escaped, text).encode("utf-8", "backslashreplace")


def _environment() -> Environment:
    from jinja2 import Environment, StrictUndefined

    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["breakable"] = _breakable
    return made


def _breakable(text: str) -> Markup:
    """Return a text as HTML in which a line may break after the dots and underscores of a path."""
    from markupsafe import Markup, escape

    # Escaped before, and all that is added is one tag.
    return Markup(_BREAKS.sub(r"\1<wbr>", str(escape(text))))  # noqa: S704


def _script_hash(script: str) -> str:
    """Return the hash by which a content security policy allows a script."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _escaped(match: re.Match[str]) -> str:
    return escape_control_characters(match.group())
