"""An answer and its folder: how it is written, and read back as it was."""

from __future__ import annotations

import copy
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sim.errors import StorageError
from sim.results.csv_text import csv_frame
from sim.results.json_text import parse_json
from sim.results.provenance import Source
from sim.results.reader import SUMMARY_FILE
from sim.results.storage import Drawings, read_files, write_folder

if TYPE_CHECKING:
    import pandas as pd


class WritableAnswer(ABC):
    """An answer that can be written to a folder."""

    @abstractmethod
    def files(self, drawings: Mapping[str, bytes] | None = None, *, log: str = "") -> dict[str, bytes]:
        """Return the files of the result folder by name, drawings and log where they are given."""

    def save(self, folder: str | os.PathLike[str], drawings: Drawings | None = None, log: str = "") -> Path:
        """Write the result folder, whole or not at all, and return it; folders above it are made.

        Parameters
        ----------
        folder : str or path-like
        drawings : mapping of str to bytes, or callable, optional
            As for `Result.save`.
        log : str, optional

        Raises
        ------
        StorageError
            Where the folder holds something else, or the disk refuses.
        """
        path = Path(folder)
        files = self.files(None if callable(drawings) else drawings, log=log)
        write_folder(path, files, parents=True, drawings=drawings)
        return path


@dataclass(frozen=True, slots=True, eq=False)
class SavedAnswer:
    """An answer read back from its folder.

    Attributes
    ----------
    table : DataFrame
        Columns as in the file.
    manifest : dict
        As in ``manifest.json``; ``verb`` says what was asked, of a comparison excepted.
    """

    table: pd.DataFrame
    manifest: dict[str, Any]
    _summary: dict[str, Any]

    @classmethod
    def read(
        cls,
        folder: Path,
        manifest: dict[str, Any],
        file: str,
        kinds: Callable[[Mapping[str, Any], str], str],
    ) -> Self:
        """Return the answer that a folder holds.

        Parameters
        ----------
        folder : Path
        manifest : dict
            Of the folder.
        file : str
            Of the table.
        kinds : callable
            From the summary and the name of a column to its kind, as for `csv_frame`.

        Raises
        ------
        StorageError
            Where a file is missing, cannot be read, or was changed.
        """
        data = read_files(folder, manifest["files"], [SUMMARY_FILE, file])
        try:
            figures = parse_json(data[SUMMARY_FILE])
            table = csv_frame(data[file], lambda column: kinds(figures, column))
        except ValueError as error:
            raise StorageError(f"the tables of {folder} cannot be read: {error}") from error
        return cls(table, manifest, figures)

    @property
    def verb(self) -> str:
        """The command that wrote it."""
        return str(self.manifest.get("verb", ""))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The estimates that were named."""
        return tuple(Source(**source) for source in self.manifest.get("sources", ()))

    def summary(self) -> dict[str, Any]:
        """Return what ``summary.json`` holds."""
        return copy.deepcopy(self._summary)

    def missing(self, columns: Sequence[str], keys: Sequence[str] = ()) -> list[str]:
        """Return which columns of the table and which keys of the summary are not there."""
        return [name for name in columns if name not in self.table] + [
            key for key in keys if key not in self._summary
        ]
