"""The two engines behind one interface, and the choice between them.

1. `engine`: the interface `Engine`. It simulates blocks of runs and cells of a study.
2. `simpy_engine`, `compiled_engine`: the engines; `make_engine` makes the one of an engine path.
   `ledger_outcomes` turns ledgers of the simpy model into blocks.
3. `selection`: the first path that can run on this machine, after its `self_test`.
"""
