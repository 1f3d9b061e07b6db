"""Base classes of study results other than sweeps: writing to a result folder and reading back."""

from __future__ import annotations

import copy
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from sim.errors import StorageError
from sim.names import Names
from sim.results.csv_text import csv_bytes, csv_frame
from sim.results.json_text import json_bytes, parse_json
from sim.results.provenance import (
    LOG,
    MANIFEST,
    VERB_KEY,
    Source,
    make_manifest,
    names_in,
    package_versions,
)
from sim.results.reader import SUMMARY_FILE
from sim.results.storage import Drawings, read_files, write_folder

if TYPE_CHECKING:
    import pandas as pd

    from sim.findings.finding import Finding


class WritableAnswer(ABC):
    """An answer that can be written to a folder."""

    #: verb, file: command that writes the answer, and the file name of its table.
    verb: ClassVar[str]
    file: ClassVar[str]
    #: Packages besides those of every result whose versions the manifest lists.
    packages: ClassVar[tuple[str, ...]] = ("scipy",)

    #: Returns the findings of the answer.
    describe: Callable[[Any], Sequence[Finding]]

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the answer says: headlines first, as `sim.findings` orders them."""
        return tuple(self.describe(self))

    @cached_property
    def table(self) -> pd.DataFrame:
        """Rows of the answer, with the columns of its CSV file."""
        return self._table()

    @property
    @abstractmethod
    def notes(self) -> tuple[str, ...]:
        """Caveats for the reader."""

    def summary(self) -> dict[str, Any]:
        """Return the content of ``summary.json``: text, integers, finite floats and None."""
        return {**self.figures(), "findings": [found.to_json() for found in self.findings]}

    @abstractmethod
    def figures(self) -> dict[str, Any]:
        """Return the content of ``summary.json`` without the findings."""

    @abstractmethod
    def _table(self) -> pd.DataFrame:
        """Return a new table: a caller may have changed an earlier one."""

    @abstractmethod
    def _origin(self) -> dict[str, Any]:
        """Return the arguments of `make_manifest` that record the origin of the answer."""

    def _marks(self) -> dict[str, Any]:
        """Return further entries of the manifest."""
        return {}

    def _texts(self) -> dict[str, bytes]:
        """Return further files besides summary and table."""
        return {}

    def files(self, drawings: Mapping[str, bytes] | None = None, *, log: str = "") -> dict[str, bytes]:
        """Return the files of the result folder by name, with the drawings and the log if given."""
        files = {
            SUMMARY_FILE: json_bytes(self.summary()),
            self.file: csv_bytes(self._table()),
            **self._texts(),
            **(drawings or {}),
        }
        if log:
            files[LOG] = log.encode("utf-8", "backslashreplace")
        versions = {**package_versions(), **{package: version(package) for package in self.packages}}
        used = dict(sorted(versions.items()))
        found = make_manifest(verb=self.verb, **self._origin(), notes=self.notes, files=files, used=used)
        files[MANIFEST] = json_bytes({**found, **self._marks()})
        return files

    def save(self, folder: str | os.PathLike[str], drawings: Drawings | None = None, log: str = "") -> Path:
        """Write the result folder atomically and return its path; create missing parent folders.

        Raise `StorageError` if the folder holds something else, or cannot be written.

        Parameters
        ----------
        folder : str or path-like
        drawings : mapping of str to bytes, or callable, optional
            As for `Result.save`.
        log : str, optional
        """
        path = Path(folder)
        files = self.files(None if callable(drawings) else drawings, log=log)
        write_folder(path, files, parents=True, drawings=drawings)
        return path


@dataclass(frozen=True, slots=True, eq=False)
class SavedAnswer:
    """An answer read from its folder."""

    #: Columns as in the file.
    table: pd.DataFrame
    #: As in ``manifest.json``; ``verb`` is the command.
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
        """Read the table `file` of a folder.

        `kinds` maps the summary and a column to the kind of the column, as for `csv_frame`.

        Raise `StorageError` if a file is missing, cannot be read, or was changed.
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
        return str(self.manifest[VERB_KEY])

    @property
    def sources(self) -> tuple[Source, ...]:
        """Published estimates that the scenario cites."""
        return tuple(Source(**source) for source in self.manifest.get("sources", ()))

    @property
    def digest(self) -> str:
        """SHA-256 of the resolved scenario."""
        return str(self.manifest.get("scenario", {}).get("digest", ""))

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
