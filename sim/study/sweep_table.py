"""Table of a sweep: schema, and incremental writing as Parquet."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.study.point_statistics import statistic_columns
from sim.study.study_definition import Study

if TYPE_CHECKING:
    import pyarrow as pa

TABLE = "sweep.parquet"


def table_schema(study: Study) -> pa.Schema:
    """Return the schema of the table."""
    import pyarrow as pa

    paths = [
        (path, pa.float64() if study.space.is_number(path) else pa.string()) for path in study.space.paths
    ]
    figures = [(name, pa.float64()) for name in statistic_columns(study.names)]
    return pa.schema(
        [
            ("point", pa.int64()),
            *paths,
            ("runs", pa.int64()),
            ("failed", pa.int64()),
            ("reason", pa.string()),
            *figures,
        ]
    )


def table_rows(study: Study, points: range, found: pa.Table) -> pa.Table:
    """Return rows of the table from the columns of a block."""
    import pyarrow as pa

    first: dict[str, Any] = {
        "point": list(points),
        **study.space.columns(points),
        "runs": [study.runs] * len(points),
    }
    schema = table_schema(study)
    return pa.table(
        [
            pa.array(first[field.name], field.type) if field.name in first else found[field.name]
            for field in schema
        ],
        schema=schema,
    )


def write_table(study: Study, chunks: Iterator[tuple[range, pa.Table]]) -> Iterator[bytes]:
    """Yield the table as the bytes of a Parquet file, chunk by chunk."""
    import pyarrow.parquet as pq

    sink = _MemorySink()
    writer = pq.ParquetWriter(sink, table_schema(study), compression="zstd")
    for points, found in chunks:
        writer.write_table(table_rows(study, points, found))
        yield sink.drain()
    writer.close()
    yield sink.drain()


class _MemorySink(io.RawIOBase):
    """Sink whose bytes can be taken after the writer has closed it; counts the bytes written."""

    def __init__(self) -> None:
        super().__init__()
        self.data = bytearray()
        self.total = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        before = len(self.data)
        self.data += data
        self.total += len(self.data) - before
        return len(self.data) - before

    def tell(self) -> int:
        return self.total

    def drain(self) -> bytes:
        data = bytes(self.data)
        self.data.clear()
        return data
