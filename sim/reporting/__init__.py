"""Reports from result folders: an HTML page for readers, and a workbook with the tables.

In the order of the work:

1. ``result_tables.py``: the result of any verb and its tables, checked against digests, dates as dates.
2. ``input_tables.py``: every number of the stored scenarios with its sources, and the sources.
3. ``method_table.py``: the computation, its versions and inputs, and the meaning of each column.
4. ``workbook.py``: all of these as the sheets of an Excel file.
5. ``report_findings.py``: the findings of a result; ``quantile_error.py``: Monte Carlo error of quantiles;
   ``balance_check.py``: balance of the saved tables.
6. ``table_view.py``: tables of a page; ``study_view.py`` has those of figures, ``input_view.py`` those of
   inputs and sources.
7. ``report_charts.py``: all charts of a result; ``inline_svg.py`` makes a drawing an element of a page.
8. ``report.py``: the report of a folder as data; ``html_page.py``: the page, from the template, style
   and script in ``page/``.
"""

from __future__ import annotations

from sim.reporting.html_page import page_bytes, read_reports, with_charts
from sim.reporting.workbook import sheets_of, workbook_bytes

__all__ = ["page_bytes", "read_reports", "sheets_of", "with_charts", "workbook_bytes"]
