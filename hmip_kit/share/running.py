"""Run notebooks on an inspection or a case file and write their pages: all or nothing, page by page."""

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any

from hmip_kit import errors
from hmip_kit.errors import CellFailed, KitError
from hmip_kit.level import SETTING
from hmip_kit.share.exporter import html, index
from hmip_kit.share.page import Page, page_of
from hmip_kit.share.twins import lacks, write_twin

UNFINISHED = ".part"


def render(
    notebooks: Sequence[Path],
    out: Path,
    level: str,
    data: Path | None = None,
    also: Sequence[str] = (),
) -> list[Path]:
    """Run notebooks and write a page for each into a folder, with an index; return what was written.

    `data` is a case file to run them on; `also` names twins to write beside each page: a page without a picture has no PNG. Each file
    is written whole or not at all. Raises `CellFailed` for a notebook that does not run, and `NotShared` for one that shows what the
    level does not allow: its page is not written, and those before it stay.
    """
    from tqdm import tqdm

    out.mkdir(parents=True, exist_ok=True)
    secrets = secrets_of(data) if data else []
    written: list[Path] = []
    pages: list[Page] = []
    for notebook in tqdm(notebooks, desc="Rendering", unit="page", disable=None):
        page = page_of(run(notebook, level, data), notebook.stem, level)
        text = html(page, secrets)
        for said in filter(None, (lacks(kind, page) for kind in also)):
            tqdm.write(f"{notebook.stem}: {said}", file=sys.stderr)
        made = {"html": text.encode()} | {
            kind: write_twin(kind, page, text) for kind in also if not lacks(kind, page)
        }
        written.extend(
            write_whole(out / f"{notebook.stem}.{kind}", content) for kind, content in made.items()
        )
        pages.append(page)
    written.append(write_whole(out / "index.html", index(pages).encode()))
    return written


def run(notebook: Path, level: str, data: Path | None = None) -> Any:
    """Return a notebook as it comes out of a fresh kernel, under a disclosure level; `data` takes the place of its parameter `cases`."""
    import papermill
    from nbclient.exceptions import DeadKernelError
    from nbformat.reader import NotJSONError
    from nbformat.validator import ValidationError
    from papermill.exceptions import PapermillExecutionError

    try:
        declared = papermill.inspect_notebook(str(notebook))
    except (NotJSONError, ValidationError, UnicodeDecodeError):
        raise KitError(f"{notebook.name}: this is no Jupyter notebook") from None
    parameters = (
        {"cases" if "cases" in declared else "inspection": str(data.resolve())} if data else {}
    )
    with _under(level), own_kernel() as config:
        try:
            return papermill.execute_notebook(
                str(notebook),
                None,
                parameters=parameters,
                kernel_name="python3",
                progress_bar=False,
                cwd=str(notebook.parent),
                config=config,
            )
        except PapermillExecutionError as error:
            number = error.cell_index + (
                0 if parameters else 1
            )  # papermill puts a cell of its own before those that can fail
            raise CellFailed(
                f"{notebook.name}, cell {number}: {error.ename}{_said(error.ename, error.evalue, data)}"
            ) from None
        except DeadKernelError:
            raise CellFailed(
                f"{notebook.name}: Python ended while it ran: too little memory, or a cell ended it"
            ) from None


@contextmanager
def own_kernel() -> Iterator[Any]:
    """Give settings for a kernel that is reached through files of a folder of its own, not on the network, and keeps its log to itself."""
    from traitlets.config import Config

    with TemporaryDirectory(prefix="hmip-") as folder:
        files = (
            {"transport": "ipc", "connection_file": f"{folder}/kernel.json"}
            if os.name == "posix"
            else {}
        )
        yield Config(
            {
                "KernelManager": files,
                "NotebookClient": {"extra_arguments": ["--log-level=CRITICAL"]},
            }
        )


def _said(name: str, message: str, data: Path | None) -> str:
    """Return what an error says; on a case file only what this kit says, without identifiers: any other message may quote the data."""
    if data and not hasattr(errors, name):
        return " (what it says may quote the data: run the notebook to read it)"
    for secret in secrets_of(data) if data else []:
        message = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "[c]", message)
    return f": {message}"


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file in one step: until it is complete the old one stays."""
    with NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", suffix=UNFINISHED, delete=False
    ) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).chmod(0o644)
    return Path(file.name).replace(path)


def secrets_of(data: Path) -> list[str]:
    """Return what of a case file no page may carry: the identifiers of its cases, as the file has them and as they are called here."""
    from hmip_kit.sources.checking import check

    checked = check(data)
    checked.accepted()
    return [*dict.fromkeys([*checked.ids.places, *checked.ids.names])]


@contextmanager
def _under(level: str) -> Iterator[Mapping[str, str]]:
    before = os.environ.get(SETTING)
    os.environ[SETTING] = level
    try:
        yield os.environ
    finally:
        if before is None:
            del os.environ[SETTING]
        else:
            os.environ[SETTING] = before
