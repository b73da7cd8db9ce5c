"""Run notebooks on an inspection or a case file and write their pages: all or nothing each."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hmip_kit import errors
from hmip_kit.errors import CellFailed, KitError
from hmip_kit.findings import HIDDEN
from hmip_kit.page import OWN_CASES, page_of
from hmip_kit.page.exporter import html, index_page
from hmip_kit.page.twins import lacks, write_twin
from hmip_kit.protect.payload import Page
from hmip_kit.settings import LEVEL_SETTING, Level
from hmip_kit.workbook import write_whole

# Run after a notebook's own cells: nobody can tell from a bare frame whose cases it holds.
LAST_CELL = "import sys\n'hmip_kit.sources.own.files' in sys.modules"


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
    for notebook in tqdm(notebooks, desc="Rendering", unit="page", disable=None):
        page = page_of(run(notebook, level, data), notebook.stem, level)
        text = html(page, secrets)
        wanted = {kind: lacks(kind, page) for kind in also}
        for said in filter(None, wanted.values()):
            tqdm.write(f"{notebook.stem}: {said}", file=sys.stderr)
        twins = {kind: write_twin(kind, page, text) for kind, said in wanted.items() if not said}
        for kind, content in {"html": text.encode(), **twins}.items():
            written.append(write_whole(out / f"{notebook.stem}.{kind}", content))
        pages.append(page)
    return [*written, write_whole(out / "index.html", index_page(pages).encode())]


def run(notebook: Path, level: Level, data: Path | None = None) -> Any:
    """Return a `notebook` as it comes out of a fresh kernel, under a `level`.

    `data` takes the place of its parameter `cases` or `inspection`. The metadata say whether a file
    of own cases was read.
    """
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    prepared = _prepared(notebook)
    declared = papermill.inspect_notebook(prepared)
    name = "cases" if "cases" in declared else "inspection"
    parameters = {name: str(data.resolve())} if data else {}
    with _under(level), own_kernel() as config:
        try:
            done = papermill.execute_notebook(
                prepared,
                None,
                parameters=parameters,
                kernel_name="python3",
                progress_bar=False,
                cwd=str(notebook.parent),
                config=config,
            )
        except PapermillExecutionError as error:
            # papermill puts a cell of its own before those that can fail
            number = error.cell_index + (0 if parameters else 1)
            said = f"{error.ename}{_said(error.ename, error.evalue, data)}"
            raise CellFailed(f"{notebook.name}, cell {number}: {said}") from None
        except DeadKernelError:
            why = "Python ended while it ran: too little memory, or a cell ended it"
            raise CellFailed(f"{notebook.name}: {why}") from None
    done.metadata[OWN_CASES] = "True" in str(done.cells.pop().outputs)
    return done


def _prepared(path: Path) -> Any:
    """Return a notebook as it is run. Raises `KitError` for a file that is none."""
    import nbformat
    from nbformat.reader import NotJSONError
    from nbformat.validator import ValidationError

    try:
        notebook = nbformat.read(path, as_version=4)
    except (NotJSONError, ValidationError, UnicodeDecodeError):
        raise KitError(f"{path.name}: this is no Jupyter notebook") from None
    notebook.cells.append(nbformat.v4.new_code_cell(LAST_CELL))
    return notebook


@contextmanager
def own_kernel() -> Iterator[Any]:
    """Give settings for a kernel that is reached through files of a folder of its own.

    It is not on the network, and keeps its log to itself.
    """
    from traitlets.config import Config

    with TemporaryDirectory(prefix="hmip-") as folder:
        files = {"transport": "ipc", "connection_file": f"{folder}/kernel.json"}
        yield Config(
            {
                "KernelManager": files if os.name == "posix" else {},
                "NotebookClient": {"extra_arguments": ["--log-level=CRITICAL"]},
            }
        )


def _said(name: str, message: str, data: Path | None) -> str:
    """Return what an error says; on a case file only what this kit says, without identifiers."""
    if data and not hasattr(errors, name):  # any other message may quote the data
        return " (what it says may quote the data: run the notebook to read it)"
    for secret in secrets_of(data) if data else []:
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


@contextmanager
def _under(level: str) -> Iterator[None]:
    before = os.environ.get(LEVEL_SETTING)
    os.environ[LEVEL_SETTING] = level
    try:
        yield
    finally:
        del os.environ[LEVEL_SETTING]
        if before is not None:
            os.environ[LEVEL_SETTING] = before
