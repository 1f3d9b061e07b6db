"""The simpy model of one run: the reference implementation of ``docs/model.md``.

Modules, in the order of a run:

1. `run`: set up one run, start its processes, and return its ledger.
2. `streams`: random numbers by seed, run, stream name and occurrence; `world`: the inputs of the run.
3. `events`: windows of events and outages.
4. `clock`: a simpy environment in whole seconds, with the order of events within a second.
5. `ledger`: daily entries by pair, origin and kind; `stock`: shells by origin; `cohorts`: shells by age;
   `origins`: origins of a depot.
6. `fleet`, `duration`, `supply`: the vehicles of a leg, the durations of voyages, and a supplier.
7. One process for each step of the day: `depots` (landing), `production`, `refurbishment`, `expiry`,
   `losses`, `transfers` (dispatch), `consumption` (fire) with `activities`, `claims`, `rationing` and
   `guns`; `run` records the closing level. Last, `orders` are reviewed, with their `money`.
"""
