"""Parquet files, and Arrow columns as small whole numbers."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hmip_kit.sources.headings import Known
from hmip_kit.sources.problems import refusal
from hmip_kit.sources.table import Table, Texts, table_of

if TYPE_CHECKING:
    import pyarrow as pa


def parquet_table(path: Path, known: Known) -> Table | None:
    """Return the table of a Parquet file, or none when no column is known. Its rows are counted from 1."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        schema = parquet.read_schema(path)
        texts = [
            field.name
            for field in schema
            if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        ]
        table = parquet.read_table(path, read_dictionary=texts, partitioning=None)
    except (pa.ArrowException, OSError) as error:
        raise refusal(
            path.name, f"cannot be read as a Parquet file: {type(error).__name__}; is it cut off?"
        ) from None
    headings = [name for name in table.column_names if name != "__index_level_0__"]
    if not known.enough(headings):
        return None
    for name in headings:
        if pa.types.is_nested(table.schema.field(name).type):
            raise refusal(
                path.name, f"column {name!r} holds lists or records: a cell must hold one value"
            )
    columns = [texts_of_arrow(table.column(name)) for name in headings]
    return table_of(path.name, "", headings, columns, np.arange(table.num_rows, dtype=np.int64) + 1)


def texts_of_arrow(column: "pa.ChunkedArray[Any]") -> Texts:
    """Return an Arrow column; missing values are blank."""
    import pyarrow as pa

    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    joined = coded.unify_dictionaries().combine_chunks()
    if isinstance(joined, pa.ChunkedArray):
        joined = (
            joined.chunk(0)
            if joined.num_chunks
            else pa.DictionaryArray.from_arrays(pa.array([], pa.int32()), pa.array([], pa.string()))
        )
    values = joined.dictionary.to_pylist()
    if (
        not (
            pa.types.is_string(joined.dictionary.type)
            or pa.types.is_large_string(joined.dictionary.type)
        )
        or joined.dictionary.null_count
    ):
        values = ["" if value is None else text_of(value) for value in values]
    if joined.null_count == 0:
        codes = joined.indices.to_numpy(zero_copy_only=False)
    else:
        codes = joined.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)
        values = [*values, ""]
    return Texts(codes.astype(np.int32, copy=False), values).used()


def text_of(value: object) -> str:
    """Return a cell as text: whole numbers without a point, dates as year-month-day.

    >>> text_of(3.0), text_of(True), text_of("NA")
    ('3', 'True', 'NA')
    """
    if isinstance(value, float):
        if value != value:  # not a number: what pandas writes for missing
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    text = value if isinstance(value, str) else str(value)
    return text.removesuffix(" 00:00:00")
