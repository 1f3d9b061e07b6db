"""Many runs: the account of `sim.model` compiled, and how runs are spread over workers.

What happens, in order: `lowering` reads a scenario once and makes plain arrays of it (`lowered`, with the
`numbers` as rows); `engine` asks for blocks of runs. What does not depend on what happens at home is drawn
first: inputs (`inputs`, from `words` by the laws of `draws`), `happenings`, and what comes from abroad
(`supply`, leg by leg in `fleet`). Then `account` goes day by day, all runs of the block side by side, in the
steps of the readable model: `landing` (at the depots of `yard`), `production`, `refurbishment`, `losses`,
`transfers`, `consumption`, and the closing in `tally`; courses over time are told by `series`. `balance`
says how well the account closes, `failures` which worlds cannot be carried through, `cells` what many points
of a study share. `pool` hands blocks to processes or threads and gathers them in order. What was kept of very
many runs is counted by `counting`, as the tables of a result ask.

What is compiled is called through `jit`, to which arguments are `handed` as words. `machine_code` keeps and
loads it, in the `code_folder`; where it is missing, `compiling` makes it with numba, of `machine_types`, and
`linking` puts its parts together; `ahead` lets another process compile the account meanwhile. Importing this
package imports none of it.
"""
