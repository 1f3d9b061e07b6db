"""Cargo of a claim: its suppliers, the delay until it lands, and its unit."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from sim.auditing.claims import Reason
from sim.auditing.figures import NotReadError
from sim.evidence import Estimate
from sim.observables import Conversion
from sim.scenario.scenario import Scenario
from sim.units import Unit


def suppliers_of(estimate: Estimate, scenario: Scenario, named: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the suppliers that a claim is about.

    Those `named`, else those whose name is a word of the id, else the only one of the scenario. Raise
    `NotReadError` if the scenario has none of them.
    """
    known = tuple(scenario.shipments)
    words = set(re.split(r"[-_.]", estimate.id.casefold()))
    found = tuple(named) or tuple(name for name in known if name.casefold() in words)
    missing = [name for name in found if name not in known]
    if missing:
        raise NotReadError(Reason.SUPPLIER, f"the scenario has no supplier {', '.join(missing)}")
    if found:
        return found
    if len(known) == 1:
        return known
    names = f"has the suppliers {', '.join(known)}" if known else "has no supplier"
    raise NotReadError(Reason.SUPPLIER, f"the id names no supplier, and the scenario {names}")


def days_under_way(suppliers: Sequence[str], scenario: Scenario) -> int:
    """Return the median days from departure to landing, the longest of several suppliers.

    Loading, travel and unloading of a route are added up; waiting is left out.
    """
    return max(math.floor(scenario.shipments[name].median_days() + 0.5) for name in suppliers)


def conversion_to(
    unit: Unit, suppliers: Sequence[str], munitions: Sequence[str], scenario: Scenario
) -> Conversion | None:
    """Return the conversion of shells to a unit; None for shells.

    Raise `NotReadError` if the scenario has no number for it.
    """
    if unit is Unit.SHELLS:
        return None
    if unit is Unit.KILOGRAMS:
        masses = {name: scenario.munition_parts[name].gross_mass for name in munitions}
        if not all(masses.values()):
            raise NotReadError(Reason.NO_MASS, "it is in tonnes, and the scenario gives no mass of a round")
        return Conversion(unit, tuple((name, mass.path) for name, mass in masses.items() if mass))
    if len(suppliers) > 1:
        raise NotReadError(Reason.NO_MASS, "containers of several suppliers hold different loads")
    loads = scenario.shipments[suppliers[0]].shells_per_container
    if any(name not in loads for name in munitions):
        raise NotReadError(
            Reason.NO_MASS, "it is in containers, and the scenario does not say what one holds"
        )
    return Conversion(unit, tuple((name, loads[name].path) for name in munitions))
