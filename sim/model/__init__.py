"""One run: the simpy model, which defines what is right.

What happens, in order: `run` draws the `world` (every input once) and its `events`, asks
`consumption` for what is required, finds the `origins` of each depot, fills each `depots` with its `stock`,
and starts the processes. Through
the day ships and trains move in `fleet`, each voyage for its `duration`, chained into a `supply`. When
the `clock` says that a day is over, its account is made in the order in which the processes were
started: landings (`depots`), `production`, `refurbishment`, `losses`, dispatch (`transfers`), fire
(`consumption`, by the rules of `rationing` and under the ceiling of `guns`), and the closing level
(`run`). Every change is an entry in the `ledger`; every random number comes from `streams`.
"""
