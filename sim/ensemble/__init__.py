"""Many runs: the account of `sim.model` compiled, and how runs are spread over workers.

What happens, in order: `lowering` reads a scenario once and makes plain arrays of it (`lowered`, with the
`numbers` as rows); `engine` asks for blocks of runs. What does not depend on what happens at home is drawn
first: inputs (`inputs`, from `words` by the laws of `draws`), `happenings`, and what comes from abroad
(`supply`, leg by leg in `fleet`). Then `account` goes day by day, all runs of the block side by side, in the
steps of the readable model: `landing` (at the depots of `yard`), `production`, `refurbishment`, `losses`,
`transfers`, `consumption`, and the closing in `tally`; courses over time are told by `series`. `balance`
says how well the account closes, `failures` which worlds cannot be carried through, `cells` what many points
of a study share. `pool` hands blocks to processes or threads and gathers them in order. What was kept of very
many runs is counted by `counting`, as the tables of a result ask. `entries` gives those of one run.

Functions are compiled, kept and called by the package `native`, of which other modules here import `kernels`.
Importing this package imports neither numba nor llvmlite.
"""
