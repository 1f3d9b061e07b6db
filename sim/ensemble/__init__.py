"""Many runs: the account of `sim.model` compiled, and how runs are spread over workers.

What happens, in order: `lowering` reads a scenario once and makes plain arrays of it (`scenario_tables`, with the
`quantity_tables` as rows); `engine` asks for blocks of runs. What does not depend on what happens at home is drawn
first: inputs (`sampling`, from `philox` by the laws of `inverse_cdf`), `events`, and what comes from abroad
(`supply`, leg by leg in `fleet`). Then `block_account` goes day by day, all runs of the block side by side, in the
steps of the readable model: `landing` (at the depots of `depots`), `production`, `refurbishment`, `losses`,
`transfers`, `consumption`, and the closing in `accumulators`; courses over time are told by `daily_series`. `balance`
says how well the account closes, `failures` which worlds cannot be carried through, `sweep_kernel` what many points
of a study share. `pool` hands blocks to processes or threads and gathers them in order. What was kept of very
many runs is counted by `binning_kernels`, as the tables of a result ask. `entries` gives those of one run.

Functions are compiled, kept and called by the package `native`, of which other modules here import `kernels`.
Importing this package imports neither numba nor llvmlite.
"""
