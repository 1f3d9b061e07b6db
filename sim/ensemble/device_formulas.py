"""Compiled form of the formulas in `sim.formulas`."""

from __future__ import annotations

from sim import formulas
from sim.ensemble.native.kernels import device_function

to_seconds = device_function(formulas.to_seconds)
whole_days = device_function(formulas.whole_days)
first_day_from = device_function(formulas.first_day_from)
arrival_second = device_function(formulas.arrival_second)
linear_value = device_function(formulas.linear_value)
growth_factor = device_function(formulas.growth_factor)
exceeds_capacity = device_function(formulas.exceeds_capacity)
admitted_share = device_function(formulas.admitted_share)
capped_share = device_function(formulas.capped_share)
replenishment = device_function(formulas.replenishment)
full_load_or_rest = device_function(formulas.full_load_or_rest)
lot_size = device_function(formulas.lot_size)
gun_ceiling = device_function(formulas.gun_ceiling)
worn_barrels = device_function(formulas.worn_barrels)
served_backlog = device_function(formulas.served_backlog)
unmet_requirement = device_function(formulas.unmet_requirement)
first_inflow_day = device_function(formulas.first_inflow_day)
inflow_share = device_function(formulas.inflow_share)
first_review = device_function(formulas.first_review)
order_size = device_function(formulas.order_size)
is_made = device_function(formulas.is_made)
still_ordered = device_function(formulas.still_ordered)
funded_shells = device_function(formulas.funded_shells)
left_in_budget = device_function(formulas.left_in_budget)
granted_budget = device_function(formulas.granted_budget)
yearly_share = device_function(formulas.yearly_share)
