"""Drawdown of an audit: the stock that follows from the inputs after the claims, with the claims over it."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.charts.audit_data import AuditData, AuditLike
from sim.charts.claimants import sources_of
from sim.charts.drawdown_chart import drawdown
from sim.charts.shown_period import Until
from sim.errors import ArgumentError, Fault

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.house_style.house_style import HouseStyle


def audit_drawdown(
    found: AuditData | AuditLike,
    size: str = "page",
    *,
    since: dt.date | None = None,
    until: Until = None,
    title: str | None = None,
    subtitle: str | None = None,
    style: HouseStyle | Path | str | None = None,
) -> Figure:
    """Draw the drawdown that follows from the inputs after the claims, with the claims on the stock over it.

    Parameters
    ----------
    found : Audit, SavedAudit or AuditData
    size : str
        ``column`` (85 mm wide), ``page`` (180 mm), ``slide`` (16:9) or ``square``.
    since, until : datetime.date, optional
        As for `sim.charts.drawdown`.
    title, subtitle, style : optional
        See `sim.charts.Appearance`.

    Returns
    -------
    matplotlib.figure.Figure
        The claims are as published, not divided by counting factors.

    Raises
    ------
    ArgumentError
        The inference of the audit was not supported, or the size is unknown.
    """
    data = AuditData.of(found)
    if data.drawdown is None:
        problem = "this audit has no drawdown: its inference was not supported"
        raise ArgumentError([Fault(problem, allowed="an audit whose inference is supported")])
    claims = data.stock_claims()
    look: dict[str, Any] = {"title": title, "subtitle": subtitle, "style": style}
    with sources_of(found):
        with suppress(ArgumentError):
            # Refused where the claims are about several stocks, or there is none: then it is drawn without
            # them.
            if len(claims):
                return drawdown(data.drawdown, size, since=since, until=until, claims=claims, **look)
        return drawdown(data.drawdown, size, since=since, until=until, **look)
