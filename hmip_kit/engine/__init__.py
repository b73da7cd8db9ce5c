"""Cases that stay in a database: how one is reached, and how it is asked.

Ibis turns what is asked into the words of the engine: DuckDB, Spark or any other that it knows.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from weakref import finalize

from hmip_kit.errors import KitError

if TYPE_CHECKING:
    import pandas as pd

try:
    import ibis
except ImportError:
    why = "cases in a database need hmip_kit[engine]: pip install 'hmip_kit[engine]'"
    raise KitError(why) from None

# How a table is written once and kept for as long as the connection, and how it goes: Ibis drops
# what it keeps with a traceback where the connection was closed first.
KEPT = {
    "duckdb": ("CREATE TEMP TABLE {} AS {}", "DROP TABLE {}"),
    "pyspark": ("CACHE TABLE {} AS {}", "UNCACHE TABLE {}"),
}
READ = (
    "is its address right, is the connection open, may you read each table, and is each still as "
    "it was when opened?"
)
WRITE = (
    "for sharing, the record of releases is kept there: may you write to the database, and does "
    "nobody else have it open?"
)
AS_FRAME = {"duckdb": "df", "pyspark": "toPandas"}


@contextmanager
def answering(asked: str = READ) -> Iterator[None]:
    """Raise `KitError` for whatever error an engine has: each has errors of its own.

    What it says of one may quote a case, and is not told: its kind is, and what is to be `asked`.
    """
    try:
        yield
    except KitError:
        raise
    except Exception as error:
        raise KitError(f"the database gave no answer ({type(error).__name__}): {asked}") from None


def connected(address: str, write: bool = False) -> Any:
    """Return the connection to the database at an `address` that Ibis takes.

    A file of DuckDB is only read, unless one is to `write`: several sessions can have it open, and
    none comes about where there is none. Raises `KitError` where there is no database.

    >>> connected("duckdb://").name
    'duckdb'
    """
    a_file = address.startswith("duckdb://") and address != "duckdb://"
    with answering(WRITE if write else READ):
        return ibis.connect(address, **({"read_only": True} if a_file and not write else {}))


@answering()
def asked(expression: Any) -> list[dict[str, Any]]:
    """Return the rows that the engine answers to an `expression`, a few."""
    return list(expression.to_pyarrow().to_pylist())


@answering()
def frame_of(table: Any, said: str) -> "pd.DataFrame":
    """Return what the engine of a `table` answers to what is `said` in its own words."""
    import pandas as pd

    backend = table.get_backend()
    return pd.DataFrame(getattr(backend.raw_sql(said), AS_FRAME.get(backend.name, "fetchall"))())


@answering()
def written(expression: Any) -> Any:
    """Return the table of an `expression` as it stands now, written once.

    It lies in the engine and goes with the connection, or when nobody holds it.
    """
    backend, name = expression.get_backend(), f"hmip_{token_hex(6)}"
    make, drop = KEPT.get(backend.name, KEPT["duckdb"])
    backend.raw_sql(make.format(name, backend.compile(expression)))
    table = backend.table(name)
    finalize(table, _dropped, backend, drop.format(name))
    return table


def _dropped(backend: Any, said: str) -> None:
    with suppress(Exception):  # the connection may be closed: the table went with it
        backend.raw_sql(said)
