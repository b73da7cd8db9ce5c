"""Cases that stay in a database: how one is reached, and how it is asked.

Ibis turns what is asked into the words of the engine: DuckDB, Spark or any other that it knows.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
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

# How a table is written once and kept for as long as the connection, in what Ibis says otherwise
# or not at all.
KEPT = {
    "duckdb": "CREATE TEMP TABLE {} AS {}",
    "pyspark": "CACHE TABLE {} AS {}",
}
AS_FRAME = {"duckdb": "df", "pyspark": "toPandas"}
DROPPED = {"duckdb": "DROP TABLE {}", "pyspark": "UNCACHE TABLE {}"}


@contextmanager
def answering() -> Iterator[None]:
    """Raise `KitError` for whatever error an engine has: each has errors of its own.

    What it says of one may quote a case, and is not told: its kind is.
    """
    try:
        yield
    except KitError:
        raise
    except Exception as error:
        raise KitError(
            f"the database gave no answer ({type(error).__name__}): is its address right, is the "
            "connection open, may you read each table, and is each still as it was when opened?"
        ) from None


def connected(address: str) -> Any:
    """Return the connection to the database at an `address` that Ibis takes.

    Raises `KitError` where there is none.

    >>> connected("duckdb://").name
    'duckdb'
    """
    with answering():
        return ibis.connect(address)


def asked(expression: Any) -> list[dict[str, Any]]:
    """Return the rows that the engine answers to an `expression`, a few."""
    with answering():
        rows: list[dict[str, Any]] = expression.to_pyarrow().to_pylist()
        return rows


def frame_of(table: Any, said: str) -> "pd.DataFrame":
    """Return what the engine of a `table` answers to what is `said` in its own words."""
    import pandas as pd

    backend = table.get_backend()
    with answering():
        rows = backend.raw_sql(said)
        if backend.name in AS_FRAME:
            return pd.DataFrame(getattr(rows, AS_FRAME[backend.name])())
        return pd.DataFrame(rows.fetchall(), columns=[one[0] for one in rows.description])


def written_as(expression: Any, name: str) -> Any:
    """Return the table of an `expression` as it stands now, called `name` and written once.

    It lies in the engine and goes with the connection, or when nobody holds it.
    """
    backend = expression.get_backend()
    with answering():
        if backend.name in KEPT:
            backend.raw_sql(KEPT[backend.name].format(name, backend.compile(expression)))
        else:
            backend.create_table(name, expression, temp=True)
        table = backend.table(name)
    if backend.name in DROPPED:
        finalize(table, _dropped, backend, DROPPED[backend.name].format(name))
    return table


def _dropped(backend: Any, said: str) -> None:
    with suppress(Exception):  # the connection may be closed: the table went with it
        backend.raw_sql(said)
