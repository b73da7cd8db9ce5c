"""Run notebooks on an inspection or a case file and write their pages: all or nothing each."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hmip_kit import errors
from hmip_kit.errors import CellFailed, KitError
from hmip_kit.findings import HIDDEN
from hmip_kit.page import OWN_CASES, injected, page_of
from hmip_kit.page.exporter import html, index_page
from hmip_kit.page.kernels import Kernels
from hmip_kit.page.twins import lacks, write_twin
from hmip_kit.protect.payload import Page
from hmip_kit.settings import AT_ONCE, CELL_SECONDS, RENDER_SETTING, Level
from hmip_kit.workbook import write_whole

# Run after a notebook's own cells: nobody can tell from a bare frame whose cases it holds.
LAST_CELL = "from hmip_kit.sources.own.files import OPENED\nbool(OPENED)"


def render(
    notebooks: Sequence[Path],
    out: Path,
    level: Level,
    data: Path | None = None,
    also: Sequence[str] = (),
) -> list[Path]:
    """Run `notebooks` and write a page of each into the folder `out`, with an index.

    Returns what was written. `level` says for whom; `data` is a case file to run them on; `also`
    names twins to write beside each page: one without a picture has no PNG. Raises `CellFailed` for
    a notebook that does not run, and `NotShared` for one that shows what the level does not allow:
    its page is not written, and those before it stay.
    """
    from tqdm import tqdm

    out.mkdir(parents=True, exist_ok=True)
    secrets = secrets_of(data) if data else []
    written: list[Path] = []
    pages: list[Page] = []
    with all_run(notebooks, level, data, secrets) as runs:
        bar = tqdm(notebooks, desc="Rendering", unit="page", disable=None)
        for notebook in bar:
            bar.set_postfix_str(notebook.stem)
            page = page_of(next(runs), notebook.stem, level)
            text = html(page, secrets)
            wanted = {kind: lacks(kind, page) for kind in also}
            for said in filter(None, wanted.values()):
                tqdm.write(f"{notebook.stem}: {said}", file=sys.stderr)
            twins = {
                kind: write_twin(kind, page, text) for kind, said in wanted.items() if not said
            }
            for kind, content in {"html": text.encode(), **twins}.items():
                written.append(write_whole(out / f"{notebook.stem}.{kind}", content))
            pages.append(page)
    return [*written, write_whole(out / "index.html", index_page(pages).encode())]


@contextmanager
def all_run(
    notebooks: Sequence[Path],
    level: Level,
    data: Path | None = None,
    secrets: Sequence[str] = (),
) -> Iterator[Iterator[Any]]:
    """Give `notebooks` as each comes out of a fresh kernel, in order, some run at one time.

    `level`, `data` and `secrets` are as for `run`. Whatever ends this, no kernel is left.
    """
    kernels, pool = Kernels(), ThreadPoolExecutor(AT_ONCE)
    try:
        yield pool.map(lambda one: run(one, kernels, level, data, secrets), notebooks)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        kernels.end()
        pool.shutdown()


def run(
    notebook: Path,
    kernels: Kernels,
    level: Level,
    data: Path | None = None,
    secrets: Sequence[str] = (),
) -> Any:
    """Return a `notebook` as it comes out of one of `kernels`, under a `level`.

    `data` takes the place of its parameter `cases` or `inspection`; `secrets` are identifiers that
    no message quotes. The metadata say whether a file of own cases was read.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    prepared, at = _prepared(notebook, data), [0]
    with kernels.fresh() as manager:
        client = NotebookClient(
            prepared,
            km=manager,
            timeout=CELL_SECONDS,
            extra_arguments=["--log-level=CRITICAL"],
            on_cell_start=lambda cell, cell_index: at.append(cell_index),  # noqa: ARG005
            resources={"metadata": {"path": str(notebook.parent)}},
        )
        environment = {**os.environ, RENDER_SETTING: level}
        try:
            done = client.execute(env=environment, cleanup_kc=True)
        except CellExecutionError as error:
            said = f"{error.ename}{_said(error.ename, error.evalue, data, secrets)}"
            raise CellFailed(f"{_where(prepared, at, notebook)}: {said}") from None
        except CellTimeoutError:
            why = f"it took longer than {CELL_SECONDS} seconds (a setting, CELL_SECONDS)"
            raise CellFailed(f"{_where(prepared, at, notebook)}: {why}") from None
        except DeadKernelError:
            why = "Python ended while it ran: too little memory, or a cell ended it"
            raise CellFailed(f"{_where(prepared, at, notebook)}: {why}") from None
    done.metadata[OWN_CASES] = "True" in str(done.cells.pop().outputs)
    return done


def _where(notebook: Any, at: Sequence[int], path: Path) -> str:
    """Return which cell of a notebook's file was run last: without the one with parameters."""
    before = [cell for cell in notebook.cells[: at[-1]] if not injected(cell)]
    return f"{path.name}, cell {len(before) + 1}"


def _prepared(path: Path, data: Path | None) -> Any:
    """Return a notebook as it is run. Raises `KitError` for a file that is none."""
    import nbformat
    from nbformat.reader import NotJSONError
    from nbformat.validator import ValidationError
    from papermill import inspect_notebook
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    try:
        notebook = load_notebook_node(str(path))
    except (NotJSONError, ValidationError, UnicodeDecodeError):
        raise KitError(f"{path.name}: this is no Jupyter notebook") from None
    notebook.cells.append(nbformat.v4.new_code_cell(LAST_CELL, metadata={"tags": []}))
    if data is None:
        return notebook
    name = "cases" if "cases" in inspect_notebook(notebook) else "inspection"
    given = {name: str(data.resolve())}
    return parameterize_notebook(notebook, given, kernel_name="python3", language="python")


def _said(name: str, message: str, data: Path | None, secrets: Sequence[str]) -> str:
    """Return what an error says; on a case file only what this kit says, without identifiers."""
    if data and not hasattr(errors, name):  # any other message may quote the data
        return " (what it says may quote the data: run the notebook to read it)"
    for secret in secrets:
        message = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", HIDDEN, message)
    return f": {message}"


def secrets_of(data: Path) -> list[str]:
    """Return what of the case file `data` no page may carry: the identifiers of its cases.

    They are as the file has them and as they are called here.
    """
    from hmip_kit.sources.own import check

    checked = check(data)
    checked.accepted()
    return [*dict.fromkeys([*checked.ids.given, *checked.ids.names])]
