"""Compiled engine: the account of `sim.model`, many runs at a time.

1. `lowering`, with `age_lowering`, turns a scenario into plain arrays (`scenario_tables`; its numbers are
   rows of `quantity_tables`); `outcomes_only` drops the bookkeeping that outcomes do not need.
2. `engine` computes a block of runs. It first draws everything that does not depend on the depots: inputs,
   variation and lead times (`sampling`, with `philox` and `inverse_cdf`), `events`, `activities`, and
   arrivals from suppliers (`supply`: legs in `fleet`, with `vehicle_queue` and `heaps`, `voyages`).
   `draw_cache` keeps the draws that changed inputs do not affect.
3. `block_account` then simulates day by day, all runs side by side. The steps of a day are `landing`,
   `production`, `refurbishment`, `expiry`, `losses`, `transfers`, `consumption` (with `claims`, the account
   of each consumer), and the closing in `accumulators`; then costs are entered in `money`, and `orders`
   placed. `depots` holds stock and gates, `cohorts` stock by age; `daily_series` evaluates numbers that
   change from day to day.
4. `balance` computes the balance error of each run; `range_checks` and `failures` report runs that failed.
5. `sweep_kernel` computes many points of a sweep under the same draws, in most scenarios by
   `level_account`: each stock as a level, a day in one loop. `binning_kernels` counts values in bins.
6. `pool` distributes blocks to processes or threads; `buffer_pool` reuses large arrays between blocks;
   `arrays` has small helpers, `device_formulas` the formulas that both engines use.

The package `native` compiles, caches and calls kernels; other modules here import only its `kernels` and
`warm_up`. Importing this package imports neither numba nor llvmlite.
"""
