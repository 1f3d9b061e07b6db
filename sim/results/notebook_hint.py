"""The line below a result in a notebook: how to get a page with its charts, inputs and checks."""

from __future__ import annotations

#: HTML; the page is that of ``sim report``.
REPORT_HINT = (
    "<p>One page with findings, charts, inputs and checks: <code>.save(FOLDER)</code>, "
    "then <code>sim report FOLDER</code>.</p>"
)
