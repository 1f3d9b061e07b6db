"""Base classes of study results other than sweeps: writing to a result folder and reading back."""

from __future__ import annotations

import copy
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sim.errors import StorageError
from sim.names import Names
from sim.results.csv_text import csv_frame
from sim.results.json_text import parse_json
from sim.results.provenance import Source, names_in
from sim.results.reader import SUMMARY_FILE
from sim.results.storage import Drawings, read_files, write_folder

if TYPE_CHECKING:
    import pandas as pd


class WritableAnswer(ABC):
    """An answer that can be written to a folder."""

    @abstractmethod
    def files(self, drawings: Mapping[str, bytes] | None = None, *, log: str = "") -> dict[str, bytes]:
        """Return the files of the result folder by name, with the drawings and the log if given."""

    def save(self, folder: str | os.PathLike[str], drawings: Drawings | None = None, log: str = "") -> Path:
        """Write the result folder atomically and return its path; create missing parent folders.

        Parameters
        ----------
        folder : str or path-like
        drawings : mapping of str to bytes, or callable, optional
            As for `Result.save`.
        log : str, optional

        Raises
        ------
        StorageError
            If the folder holds something else, or cannot be written.
        """
        path = Path(folder)
        files = self.files(None if callable(drawings) else drawings, log=log)
        write_folder(path, files, parents=True, drawings=drawings)
        return path


@dataclass(frozen=True, slots=True, eq=False)
class SavedAnswer:
    """An answer read from its folder.

    Attributes
    ----------
    table : DataFrame
        Columns as in the file.
    manifest : dict
        As in ``manifest.json``; ``verb`` is the command, absent in a comparison.
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
        """Read an answer from a folder.

        Parameters
        ----------
        folder : Path
        manifest : dict
            Manifest of the folder.
        file : str
            File name of the table.
        kinds : callable
            Maps the summary and a column name to the kind of the column, as for `csv_frame`.

        Raises
        ------
        StorageError
            If a file is missing, cannot be read, or was changed.
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
        """Command that wrote the folder."""
        return str(self.manifest.get("verb", ""))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Published estimates that the scenario cites."""
        return tuple(Source(**source) for source in self.manifest.get("sources", ()))

    @property
    def names(self) -> Names:
        """Names for readers of components, munitions and paths."""
        return names_in(self.manifest)

    def summary(self) -> dict[str, Any]:
        """Return the content of ``summary.json``."""
        return copy.deepcopy(self._summary)

    def missing(self, columns: Sequence[str], keys: Sequence[str] = ()) -> list[str]:
        """Return the columns missing from the table and the keys missing from the summary."""
        return [name for name in columns if name not in self.table] + [
            key for key in keys if key not in self._summary
        ]
