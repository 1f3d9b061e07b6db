"""Content-addressed store of the finished blocks of a sweep.

The file name of a block is the SHA-256 of its content, which exposes a torn file. Each row has the key of its
point, so blocks can be reused by any sweep in the folder.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import StorageError
from sim.results.provenance import BLOCKS_KEY, digest
from sim.results.storage import publish_file, remove_part_files, storage_errors, write_file
from sim.study.point_keys import KEY_LENGTH, Keys
from sim.study.sweep_task import KILLED_REASON

if TYPE_CHECKING:
    import pyarrow as pa

Ints = NDArray[np.int64]
SUFFIX = ".parquet"
#: Largest number of blocks in memory while the table is assembled.
_MAX_OPEN_BLOCKS = 8


@dataclass
class StoredPoints:
    """Index of the points in finished blocks, sorted by key."""

    #: Shape (n,).
    keys: Keys
    #: blocks, rows: shape (n,). Block of each point, and its row in that block.
    blocks: Ints
    rows: Ints

    def locate(self, keys: Keys) -> Ints:
        """Return the positions of keys in the index; -1 if absent."""
        if not len(self.keys):
            return np.full(len(keys), -1, dtype=np.int64)
        at = np.searchsorted(self.keys, keys)
        at[at == len(self.keys)] = 0
        return np.where(self.keys[at] == keys, at, -1).astype(np.int64)


@dataclass
class BlockStore:
    """The folder of blocks of a sweep."""

    #: Folder of the sweep.
    folder: Path
    #: File names of the blocks, in order of registration.
    names: list[str] = field(default_factory=list)
    #: File names of torn blocks, which `open` deletes.
    damaged: list[str] = field(default_factory=list)
    _parts: list[tuple[Keys, Ints, Ints]] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """Folder of the block files."""
        return self.folder / BLOCKS_KEY

    def open(self) -> None:
        """Create the folder if necessary, register its blocks and delete torn ones."""
        with storage_errors(f"cannot write {self.path}"):
            self.path.mkdir(exist_ok=True)
            remove_part_files(self.folder)
            remove_part_files(self.path)
            for path in sorted(self.path.iterdir()):
                if path.suffix != SUFFIX:
                    continue
                data = path.read_bytes()
                if digest(data) != path.stem:
                    self.damaged.append(path.name)
                    path.unlink()
                else:
                    self._register(path.name, data)

    def add(self, data: bytes) -> str:
        """Store a finished block; return the first reason of a failed run, or an empty string."""
        name = f"{digest(data)}{SUFFIX}"
        write_file(self.path, name, data)
        return self._register(name, data)

    def adopt(self, part: str) -> str:
        """Store a finished block that a worker wrote to a temporary file in the folder; see `add`."""
        with storage_errors(f"cannot read {self.path / part}"):
            data = (self.path / part).read_bytes()
        name = f"{digest(data)}{SUFFIX}"
        publish_file(self.path, part, name)
        return self._register(name, data)

    def _register(self, name: str, data: bytes) -> str:
        table = _read_columns(data, ["key", "reason"])
        keys = np.frombuffer(b"".join(table["key"].to_pylist()), dtype=f"S{KEY_LENGTH}")
        reasons = table["reason"].to_pylist()
        done = np.array([reason != KILLED_REASON for reason in reasons], dtype=bool)
        self.names.append(name)
        # Complemented, so that points that killed their worker sort after computed ones.
        block = np.full(len(keys), len(self.names) - 1, dtype=np.int64)
        self._parts.append((keys, np.where(done, block, ~block), np.arange(len(keys), dtype=np.int64)))
        return next(filter(None, reasons), "")

    def index(self, *, killed: bool = False) -> StoredPoints:
        """Return the distinct points of all blocks; include those that killed their worker if `killed`."""
        if not self._parts:
            nothing = np.zeros(0, dtype=np.int64)
            return StoredPoints(np.zeros(0, dtype=f"S{KEY_LENGTH}"), nothing, nothing)
        keys, blocks, rows = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        if not killed:
            keys, blocks, rows = keys[blocks >= 0], blocks[blocks >= 0], rows[blocks >= 0]
        order = np.lexsort((blocks < 0, keys))
        keys, blocks, rows = keys[order], blocks[order], rows[order]
        first = np.ones(len(keys), dtype=bool)
        first[1:] = keys[1:] != keys[:-1]
        blocks = blocks[first]
        return StoredPoints(keys[first], np.where(blocks < 0, ~blocks, blocks), rows[first])

    def on_disk(self) -> int:
        """Return the number of blocks on disk, including one left unregistered by an interrupt."""
        return sum(1 for _ in self.path.glob(f"*{SUFFIX}"))

    def prune(self, used: Iterable[int]) -> list[str]:
        """Delete unused blocks; return the sorted names of the others."""
        kept = {self.names[block] for block in used}
        # An orphaned worker may have written a part file after `open`.
        remove_part_files(self.path)
        for name in self.names:
            if name not in kept:
                (self.path / name).unlink(missing_ok=True)
        return sorted(kept)

    def tables(self, found: StoredPoints, chunks: Iterable[Keys], used: set[int]) -> Iterator[pa.Table]:
        """Yield the rows of each chunk of keys, in order; add the blocks that were read to `used`.

        Raise `StorageError` if a block is missing or was changed.
        """
        import pyarrow as pa

        read = lru_cache(maxsize=_MAX_OPEN_BLOCKS)(self._read)
        for keys in chunks:
            at = found.locate(keys)
            blocks, rows = found.blocks[at], found.rows[at]
            order = np.argsort(blocks, kind="stable")
            pieces = []
            for block in np.unique(blocks).tolist():
                used.add(block)
                pieces.append(read(block).take(rows[order][blocks[order] == block]))
            together = pa.concat_tables(pieces)
            back = np.empty(len(order), dtype=np.int64)
            back[order] = np.arange(len(order))
            yield together.take(back).combine_chunks()

    def _read(self, block: int) -> pa.Table:
        path = self.path / self.names[block]
        with storage_errors(f"{path} cannot be read"):
            data = path.read_bytes()
        if digest(data) != path.stem:
            raise StorageError(f"{path} was changed while the sweep ran; the same command does it again")
        return _read_columns(data)


def _read_columns(data: bytes, columns: list[str] | None = None) -> pa.Table:
    import pyarrow.parquet as pq

    return pq.read_table(io.BytesIO(data), columns=columns)
