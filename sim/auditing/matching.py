"""Match of published claims with observables of a scenario, row by row.

The observable of each quantity of the evidence:

- ``consumption_rate``: `fired`, the mean over the period. Fire a year within one calendar year is the year's
  total.
- ``production_rate``: `produced` and `refurbished`, the mean over the period, since claims of output seldom
  tell new from refurbished shells.
- ``refurbishment_rate``: `refurbished`.
- ``stock``: the closing level of serviceable shells on the last day of the period.
- ``shipments_cumulative_*``: `landed` and `rejected` of the supplier, from the start to the last day of the
  period. Who counts what leaves a port counts bad shells too, and counts earlier than the account: the
  account is read one median journey later. The ledger has no entry for departures.
- ``import_other``: the same within the period.

All other quantities are inputs of a scenario, or no flow of the account.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from sim.account import Kind
from sim.auditing import cargo, periods
from sim.auditing.claims import SPREADS, Match, Matching, NotComparable, Reason
from sim.auditing.figures import (
    RATIO,
    ClaimUnit,
    Figure,
    NotReadError,
    as_upper_bound,
    check_numbers,
    read_figure,
    read_unit,
    suggest_unit,
)
from sim.auditing.judgements import Counted, Family, Reading, ReadingKind, families, readings
from sim.auditing.munition_scope import munitions_counted
from sim.errors import nearest
from sim.evidence import Estimate
from sim.formatting import long_date
from sim.observables import (
    Conversion,
    Cumulative,
    Flow,
    Level,
    Measure,
    Observable,
    Selection,
    Window,
    WindowRatio,
)
from sim.scenario.scenario import Scenario
from sim.units import Unit

_ARRIVED = (Kind.LANDED, Kind.REJECTED)
_CUMULATIVE = frozenset({"shipments_cumulative_containers", "shipments_cumulative_shells"})
#: Kinds of each quantity that is a flow, and its words in a label.
_FLOWS: Mapping[str, tuple[tuple[Kind, ...], str]] = {
    "consumption_rate": ((Kind.FIRED,), "fire"),
    "production_rate": ((Kind.PRODUCED, Kind.REFURBISHED), "new and refurbished output"),
    "refurbishment_rate": ((Kind.REFURBISHED,), "refurbished output"),
    "import_other": (_ARRIVED, "arrivals"),
    **dict.fromkeys(sorted(_CUMULATIVE), (_ARRIVED, "arrivals")),
}
#: Quantities that a scenario takes as inputs.
_INPUTS = frozenset({"shells_per_container", "quality_dud_fraction", "transit_time_sea", "transit_time_rail"})


def match(table: Mapping[str, Estimate], scenario: Scenario, *, as_of: dt.date | None = None) -> Matching:
    """Return every claim of a table, matched with an observable of a scenario or not comparable.

    Parameters
    ----------
    table : mapping of str to Estimate
        Estimates by id, as `sim.evidence.load` returns them.
    scenario : Scenario
    as_of : datetime.date, optional
        Claims published later, or without a date of publication, are not comparable.
    """
    found = {name: _read(row, scenario, as_of) for name, row in table.items()}
    for name, row in table.items():
        bases = [base for base in _all_bases(row, table) if isinstance(found.get(base), Match)]
        if isinstance(found[name], Match) and bases:
            sentence = f"it derives from {', '.join(bases)}, which is comparable itself"
            found[name] = NotComparable(row, Reason.DERIVED, sentence)
    return Matching(tuple(found.values()))


class FaultyCell(NamedTuple):
    """Column of a cell that makes a claim not comparable, the allowed values, and the nearest of them."""

    column: str = ""
    allowed: str = ""
    nearest: str = ""


def faulty_cell(row: NotComparable) -> FaultyCell:
    """Return the cell of an unknown quantity or unit; empty for another reason."""
    quantity, unit = row.estimate.quantity, row.estimate.unit
    if row.reason is Reason.NO_FLOW:
        known = ["stock", *_FLOWS]
        return FaultyCell("quantity", ", ".join(known), nearest(quantity, known))
    if row.reason in (Reason.OTHER_UNIT, Reason.HOUR):
        has_rate, has_cargo = quantity != "stock", _FLOWS.get(quantity, ((),))[0] == _ARRIVED
        return FaultyCell("unit", *suggest_unit(unit, has_rate=has_rate, has_cargo=has_cargo))
    return FaultyCell()


def _all_bases(row: Estimate, table: Mapping[str, Estimate]) -> list[str]:
    """Return the rows that a row derives from, directly or through others, nearest first."""
    bases: dict[str, None] = {}
    rest = list(row.derived_from)
    while rest:
        base = rest.pop(0)
        if base not in bases and base in table:
            bases[base] = None
            rest += table[base].derived_from
    return list(bases)


def _read(row: Estimate, scenario: Scenario, as_of: dt.date | None) -> Match | NotComparable:
    try:
        _check_published(row, as_of)
        return _Claim(row, scenario).matched()
    except NotReadError as refused:
        return NotComparable(row, refused.reason, refused.sentence)


def _check_published(row: Estimate, as_of: dt.date | None) -> None:
    if as_of is None:
        return
    if row.published is None:
        raise NotReadError(Reason.LATER, f"it has no date of publication, so it may be later than {as_of}")
    if row.published > as_of:
        raise NotReadError(Reason.LATER, f"it was published on {row.published}, after {as_of}")


class _Claim:
    """State of the match of one row."""

    def __init__(self, row: Estimate, scenario: Scenario) -> None:
        self.row = row
        self.scenario = scenario
        self.reading: Reading | None = readings().get(row.id)
        self.family: Family | None = families().get(row.family)

    def matched(self) -> Match:
        """Return the match; raise `NotReadError` if there is none."""
        row = self.row
        check_numbers(row)
        refused = self._reading_of(ReadingKind.REFUSED)
        if refused is not None:
            raise NotReadError(Reason.NO_OBSERVATION, refused.reason)
        if row.quantity in _INPUTS:
            raise NotReadError(Reason.INPUT, f"{row.quantity} is an input of the scenario, not a result")
        if row.quantity != "stock" and row.quantity not in _FLOWS:
            raise NotReadError(Reason.NO_FLOW, f"{row.quantity} is no flow or stock of the account")
        if row.unit == RATIO:
            return self._match(self._ratio(), read_figure(row, 1.0), None)
        unit = read_unit(row)
        observable = self._stock(unit) if row.quantity == "stock" else self._flow(unit)
        scale = unit.scale / (unit.days if unit.days is not None and _is_rate(observable) else 1.0)
        return self._match(observable, read_figure(row, scale), self.family)

    def _match(self, observable: Observable, figure: Figure, family: Family | None) -> Match:
        if self._reading_of(ReadingKind.AT_MOST) is not None:
            figure = as_upper_bound(figure)
        note = self.reading.reason if self.reading is not None else ""
        return Match(self.row, observable, *figure, SPREADS[self.row.confidence], family, note)

    def _stock(self, unit: ClaimUnit) -> Observable:
        if unit.counted is not Unit.SHELLS or unit.days is not None:
            raise NotReadError(Reason.OTHER_UNIT, f"a stock is in shells, and not in {self.row.unit!r}")
        where = Selection(munitions=munitions_counted(self.row, self.scenario))
        date = periods.period_of(self.row).last
        periods.check_within(Window(date, date), self.scenario)
        return Level(date=date, where=where, label=f"stock{_of(where)} on {long_date(date)}")

    def _flow(self, unit: ClaimUnit) -> Observable:
        kinds, words = _FLOWS[self.row.quantity]
        munitions = munitions_counted(self.row, self.scenario)
        if kinds == _ARRIVED:
            return self._arrivals(unit, munitions)
        if unit.counted is not Unit.SHELLS:
            raise NotReadError(Reason.OTHER_UNIT, f"{words} is in shells, and not in {self.row.unit!r}")
        where = Selection(munitions=munitions)
        words += _of(where)
        window = self._period()
        if unit.days is None or self._is_total_of_year(unit):
            periods.check_within(window, self.scenario)
            return _flow_in(kinds, window, Measure.AMOUNT, where, None, words)
        return _flow_in(kinds, periods.clip(window, self.scenario), Measure.RATE, where, None, words)

    def _is_total_of_year(self, unit: ClaimUnit) -> bool:
        """Return whether fire a year is the total of a calendar year, rather than a rate."""
        window = self._period()
        return (
            self.row.quantity == "consumption_rate"
            and unit.is_a_year
            and window.first.year == window.last.year
        )

    def _arrivals(self, unit: ClaimUnit, munitions: tuple[str, ...]) -> Observable:
        scenario, named = self.scenario, self._reading_of(ReadingKind.SUPPLIERS)
        suppliers = cargo.suppliers_of(self.row, scenario, named.value.split() if named else ())
        conversion = cargo.conversion_to(unit.counted, suppliers, munitions or scenario.munitions, scenario)
        delay = cargo.days_under_way(suppliers, scenario) if self._is_shipped() else 0
        where = Selection(munitions=munitions, origins=suppliers)
        names = [scenario.shipments[name].label or name for name in suppliers]
        words = f"arrivals{_of(where)} from {' and '.join(names)}"
        window = self._period()
        if self.row.quantity in _CUMULATIVE and self._reading_of(ReadingKind.WITHIN) is None:
            date = periods.shifted(window, delay).last
            periods.check_within(Window(date, date), scenario)
            label = f"{words} up to {long_date(date)}"
            return Cumulative(kinds=_ARRIVED, date=date, where=where, conversion=conversion, label=label)
        window = periods.shifted(window, delay)
        if unit.days is not None:
            return _flow_in(_ARRIVED, periods.clip(window, scenario), Measure.RATE, where, conversion, words)
        periods.check_within(window, scenario)
        return _flow_in(_ARRIVED, window, Measure.AMOUNT, where, conversion, words)

    def _ratio(self) -> Observable:
        reading = self._reading_of(ReadingKind.BASE)
        if reading is None:
            sentence = "a ratio needs the period that it is over, and the row does not give it"
            raise NotReadError(Reason.BASE_UNCLEAR, sentence)
        where = Selection(munitions=munitions_counted(self.row, self.scenario))
        base = Window(*map(dt.date.fromisoformat, reading.value.split()))
        window = self._period()
        for each in (base, window):
            periods.check_within(each, self.scenario)
        kinds, words = _FLOWS[self.row.quantity]
        label = f"{words}{_of(where)}, {_days(window)}, over that of {_days(base)}"
        return WindowRatio(kinds=kinds, window=window, base=base, where=where, label=label)

    def _period(self) -> Window:
        window = periods.period_of(self.row)
        start = self._reading_of(ReadingKind.FROM)
        return replace(window, first=dt.date.fromisoformat(start.value)) if start else window

    def _is_shipped(self) -> bool:
        if self._reading_of(ReadingKind.RECEIVED) is not None:
            return False
        return self.family is not None and self.family.counted is Counted.SHIPPED

    def _reading_of(self, kind: ReadingKind) -> Reading | None:
        return self.reading if self.reading is not None and self.reading.kind is kind else None


def _of(where: Selection) -> str:
    return f" of {' and '.join(where.munitions)}" if where.munitions else ""


def _is_rate(observable: Observable) -> bool:
    return isinstance(observable, Flow) and observable.measure is Measure.RATE


def _flow_in(
    kinds: tuple[Kind, ...],
    window: Window,
    measure: Measure,
    where: Selection,
    conversion: Conversion | None,
    words: str,
) -> Flow:
    label = f"{'mean' if measure is Measure.RATE else 'total'} {words}, {_days(window)}"
    return Flow(kinds=kinds, window=window, measure=measure, where=where, conversion=conversion, label=label)


def _days(window: Window) -> str:
    return f"{long_date(window.first)} to {long_date(window.last)}"
