"""Audit read back from its folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.auditing.audit_tables import (
    AUDIT_VERB,
    CLAIM_COLUMNS,
    CLAIM_TEXTS,
    EXCLUSION_TEXTS,
    EXCLUSIONS,
    FACTORS,
    INPUTS,
    REPEATED,
    TABLE,
)
from sim.errors import StorageError
from sim.results.csv_text import csv_frame
from sim.results.reader import Tables, read_tables
from sim.results.storage import read_files
from sim.study.answer_io import SavedAnswer
from sim.study.query_info import read_answer

if TYPE_CHECKING:
    import pandas as pd

_TEXTS = frozenset({*CLAIM_TEXTS, *EXCLUSION_TEXTS, REPEATED, "path"})
_FURTHER = (EXCLUSIONS, FACTORS, INPUTS)


@dataclass(frozen=True, slots=True, eq=False)
class SavedAudit(SavedAnswer):
    """An audit read from its folder.

    Attributes
    ----------
    table : pandas.DataFrame
        ``claims.csv``.
    further : mapping of str to pandas.DataFrame
        Exclusions, factors and inputs, by the name of the file without its ending.
    drawdown : Tables or None
        Runs of the inputs after the claims; None if the inference was not supported.
    """

    further: Mapping[str, pd.DataFrame]
    drawdown: Tables | None


def read_audit(folder: str | os.PathLike[str]) -> SavedAudit:
    """Read an audit from its folder.

    Raises
    ------
    StorageError
        If the folder holds none, or a file is missing, cannot be read, or was changed.
    """
    path = Path(folder)
    saved = read_answer(folder, SavedAnswer, AUDIT_VERB, TABLE, CLAIM_COLUMNS, _column_kind)
    data = read_files(path, saved.manifest["files"], _FURTHER)
    try:
        further = {
            Path(name).stem: csv_frame(raw, lambda column: _column_kind({}, column))
            for name, raw in data.items()
        }
    except ValueError as error:
        raise StorageError(f"the tables of {folder} cannot be read: {error}") from error
    summary = saved.summary()
    drawdown = None
    if summary.get("drawdown"):
        drawdown = Tables(
            **read_tables(path, saved.manifest["files"]),
            manifest=saved.manifest,
            _summary=summary["drawdown"],
        )
    return SavedAudit(saved.table, saved.manifest, summary, further, drawdown)


def _column_kind(_figures: Mapping[str, Any], column: str) -> str:
    return "whole" if column == "set" else "text" if column in _TEXTS else "number"
