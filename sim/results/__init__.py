"""Aggregation of runs, tables, summary, provenance and result folders.

Modules, in the order of the work:

1. `block`: the runs that an engine returns together, as arrays.
2. `observed_runs`: observables of a block; `run_sums`: sums over the days of each run; `outcome_arrays`:
   outcomes as one number a run, by pair or over all pairs; `table_names`: the tables, of which a run may make
   a part.
3. `aggregation`: from blocks to the `Ensemble` of `ensemble_results`; `run_columns` store figures by run.
4. `daily_bands`, `band_store`: means and quantiles by day, from all runs (`quantiles`) or, for more than
   10,000 runs, from a `histogram` (`binning`); `intervals`: how far a quantile, mean or share may be off.
5. `tables`, `summary`: the ensemble as DataFrames and as plain data.
6. `csv_text`, `json_text`: deterministic text at full precision.
7. `provenance`: the manifest (versions, seed, digests) and the log.
8. `storage`: atomic writes of a result folder under a `directory_lock`; `reader`, `verification`: read and
   check one; `os_error_text` words errors of the system.
9. `result`: `Result`, the public interface to these; `notebook_hint` is the line below it in a notebook.

`trace_tables` makes tables of all entries and voyages of one run.

Importing this package imports neither pandas nor numpy.
"""
