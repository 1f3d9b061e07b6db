"""Reports from result folders: a workbook with the tables, the inputs with their sources, and the method.

In the order of the work:

1. ``result_tables.py``: tables of the folder of any verb, checked against their digests, dates as dates.
2. ``input_tables.py``: every number of the stored scenarios with its sources, and the sources.
3. ``method_table.py``: what was computed, with which versions and inputs, and what each column means.
4. ``workbook.py``: all of these as the sheets of an Excel file.
"""

from __future__ import annotations

from sim.reporting.workbook import sheets_of, workbook_bytes

__all__ = ["sheets_of", "workbook_bytes"]
