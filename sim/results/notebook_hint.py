"""The line below a result in a notebook: how to get its page, and the live page of a scenario."""

from __future__ import annotations

#: HTML; the page is that of ``sim report``, the sliders are those of ``sim explore``.
REPORT_HINT = (
    "<p>One page with findings, charts, inputs and checks: <code>.save(FOLDER)</code>, "
    "then <code>sim report FOLDER</code>. Sliders for the inputs: <code>sim.explore(scenario)</code>.</p>"
)
