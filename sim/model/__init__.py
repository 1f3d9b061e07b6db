"""One run: the simpy model, which defines what is right.

What happens, in order: `run` draws the `world` (every input once), asks `consumption` for what is
required, fills each `stock`, and starts the processes. Through the day ships and trains move in `fleet`,
each voyage for its `duration`, chained into a `supply`. When the `clock` says that a day is over, its account
is made in the order in which the processes were started: landings (`supply`), `production`, fire
(`consumption`, by the rules of `rationing`), and the closing level (`run`). Every change is an entry in the
`ledger`; every random number comes from `streams`.
"""
