"""One run: the simpy model, which defines what is right.

What happens, in order: `run` draws the `world` (every input once), asks `consumption` for what is
required, fills each `stock`, and starts the processes. Through the day ships and trains move in `fleet`,
chained into a `supply`. When a day ends the `clock` lets its account be made, step by step: landings
(`supply`), `production`, fire (`consumption`, by the rules of `rationing`), and the closing level (`run`).
Every change is an entry in the `ledger`; every random number comes from `streams`.
"""
