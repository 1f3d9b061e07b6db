"""Backtest read back from its folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from sim.auditing.backtest_result import BACKTEST_VERB, COLUMNS, TABLE, TEXT_COLUMNS
from sim.study.answer_io import SavedAnswer
from sim.study.query_info import read_answer


def read_backtest(folder: str | os.PathLike[str]) -> SavedAnswer:
    """Read a backtest from its folder: ``scores.csv`` and the summary.

    Raises
    ------
    StorageError
        If the folder holds none, or a file is missing, cannot be read, or was changed.
    """
    return read_answer(folder, SavedAnswer, BACKTEST_VERB, TABLE, COLUMNS, _column_kind)


def _column_kind(_figures: Mapping[str, Any], column: str) -> str:
    return "text" if column in TEXT_COLUMNS else "number"
