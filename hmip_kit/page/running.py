"""Run notebooks on an inspection or a case file and write their pages: all or nothing each."""

import ast
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, count
from pathlib import Path
from typing import Any

from hmip_kit import errors
from hmip_kit.collection import Collection
from hmip_kit.errors import CellFailed, KitError, NotShared
from hmip_kit.findings import HIDDEN
from hmip_kit.page import OWN_CASES, SEVERAL, file_stem, injected, page_of
from hmip_kit.page.exporter import html, index_page
from hmip_kit.page.kernels import Kernels
from hmip_kit.page.on_record import OnRecord, held_against
from hmip_kit.page.twins import NO_CHROMIUM, chromium, write_twin
from hmip_kit.protect.payload import Page
from hmip_kit.settings import (
    AT_ONCE,
    CASES_SETTING,
    CELL_SECONDS,
    RENDER_SETTING,
    WITHHELD_SETTING,
    Level,
)
from hmip_kit.sources.bundled import bundled_folder, folders
from hmip_kit.sources.own import Checked, check
from hmip_kit.sources.own.files import located
from hmip_kit.workbook import write_whole

A_MOMENT = 0.2  # seconds
OURS = b'<header class="hmip-head"'  # what no other page has
# Run after a notebook's own cells: which files of own cases were opened. Nobody can tell from a
# bare frame whose cases it holds.
LAST_CELL = """from hmip_kit.sources.own.files import OPENED
print(*OPENED, sep="\\n", end="")"""


@dataclass(frozen=True)
class Wanted:
    """What pages are wanted: of which notebooks (else the kit's), on which case file, for whom.

    `separate` asks for a page a notebook in place of one with all. `against` is what the cases are
    compared with, a bundled name or a file, known to be of the same unit; without it a change is
    told only where both state one unit. `also` names twins to write
    beside each page: one without a picture has no PNG. `marking` stands on every sheet and in the
    files' names. `first` says that no page of the cases was shared before, and `replaces` which
    release is put right; `ask` asks a person. `drop_identifiers` drops columns that identify a
    person, and `force` lets files be written over that are no pages of the kit's.
    """

    notebooks: Sequence[Path] = ()
    level: Level = "sharing"
    separate: bool = False
    data: Path | str | None = None
    against: str = ""
    also: Sequence[str] = ()
    marking: str = ""
    first: bool = False
    replaces: str = ""
    drop_identifiers: bool = False
    force: bool = False
    ask: Callable[[str], bool] = lambda _: False

    @cached_property
    def names(self) -> dict[Path, str]:
        """Return what each notebook goes by: its name, or one with a number beside another's."""
        names: dict[Path, str] = {}
        for path in self.notebooks:
            each = chain([path.stem], (f"{path.stem}-{number}" for number in count(2)))
            names[path] = next(name for name in each if name not in names.values())
        return names

    @cached_property
    def labels(self) -> dict[str, str]:
        """Return what each notebook is called where parts are listed, by its name."""
        read = {name: _read(path).metadata for path, name in self.names.items()}
        return {name: str(known.get("title", name)) for name, known in read.items()}


def render(wanted: Wanted, out: Path) -> tuple[list[Path], bool]:
    """Run the notebooks that are `wanted` and write one page of all into the folder `out`.

    Where each is wanted by itself, an index is written too. Returns what was written, and whether
    any of it is for the unit only. Raises `CellFailed` for a notebook that does not run, and
    `NotShared` for one that shows what the level does not allow: its page is not written, and those
    before it stay. Pages of own cases for sharing are on record before they are written.
    """
    from tqdm import tqdm

    for warning in _ready(out, wanted):
        tqdm.write(warning, file=sys.stderr)
    data = wanted.data or _own_file(wanted.notebooks)
    checked, record, drop = None, None, wanted.drop_identifiers
    if data and wanted.level == "sharing":
        checked, record = held_against(data, drop, wanted.first, wanted.replaces, wanted.ask)
    elif data:
        checked = check(data, drop)
    for warning in checked.warnings if checked and drop else ():
        tqdm.write(warning, file=sys.stderr)
    secrets = _secrets_in(checked) if checked else []
    wanted = wanted if wanted.notebooks else _of_the_kit(wanted, checked)
    written: list[Path] = []
    pages: list[Page] = []
    in_file = checked and not checked.accepted().held
    kernels = Kernels({Path(data): checked} if data and checked and in_file else None)
    said = {
        RENDER_SETTING: wanted.level,
        WITHHELD_SETTING: json.dumps(record and record.withheld or {}),
        CASES_SETTING: checked.accepted().fingerprint if checked and not in_file else "",
    }
    with all_run(wanted, kernels, said, secrets) as runs:
        bar = tqdm(wanted.notebooks, desc="Rendering", unit="notebook", disable=None)
        done: dict[str, Any] = {}
        for notebook in bar:
            bar.set_postfix_str(wanted.names[notebook])
            done[wanted.names[notebook]] = next(runs)
            if wanted.separate or notebook == wanted.notebooks[-1]:
                pages.append(_page(done, wanted, record))
                written += _write(pages[-1], wanted, record, secrets, out)
                done = {}
    if wanted.separate:
        index = {"index.html": index_page(pages).encode()}
        _check_ours(out, index, wanted)
        written += [write_whole(out / name, content) for name, content in index.items()]
    return written, any(page["level"] == "unit" for page in pages)


def _ready(out: Path, wanted: Wanted) -> list[str]:
    """Make the folder `out` for what is `wanted`, before anything runs; return what will lack."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KitError(f"{out}: cannot be made: {error.strerror}") from None
    if not os.access(out, os.W_OK):
        raise KitError(f"{out}: may not be written to: name another folder with --out")
    return [NO_CHROMIUM] if "pdf" in wanted.also and not chromium() else []


def _of_the_kit(wanted: Wanted, checked: Checked | None) -> Wanted:
    """Return what is `wanted`, of those notebooks of the kit that are about what was `checked`."""
    several = isinstance(checked and checked.inspection, Collection)
    return replace(wanted, notebooks=notebooks_in(bundled_folder("notebooks"), several))


def _page(done: Mapping[str, Any], wanted: Wanted, record: OnRecord | None) -> Page:
    """Return the page of notebooks that were run: of one by its name, of several by its subject."""
    name = next(iter(done)) if len(done) == 1 else ""
    page = page_of(done, name, wanted.level, record.id if record else "", wanted.marking)
    if page["level"] == "sharing":
        if record is None:
            raise NotShared(
                f"{page['name']}: counts own cases, and what was shared of them before cannot be "
                "looked up: name the case file with --data"
            )
        for one in done.values():
            record.check_opened(one.metadata[OWN_CASES])
        record.check_left_out(page)
        record.note_hidden(page)
    return page


def _write(
    page: Page, wanted: Wanted, record: OnRecord | None, secrets: Sequence[str], out: Path
) -> list[Path]:
    """Write a page and its twins into the folder `out`; of own cases they are on record before."""
    written, files = [], _files(page, wanted, secrets)
    _check_ours(out, files, wanted)
    for name, content in files.items():
        if record and page["release"]:
            record.write(name, content)
        written.append(write_whole(out / name, content))
    return written


def _check_ours(out: Path, files: Mapping[str, bytes], wanted: Wanted) -> None:
    """Raise `KitError` where writing `files`, a page first, would replace what the kit did not."""
    there, page = [out / name for name in files if (out / name).exists()], out / next(iter(files))
    if there and not wanted.force and not (page.is_file() and OURS in page.read_bytes()):
        raise KitError(
            f"{there[0]} is there already and is no page of this kit: name another folder with"
            " --out, or use --force"
        )


def _files(page: Page, wanted: Wanted, secrets: Sequence[str]) -> dict[str, bytes]:
    """Return what is written of a page, by the name of the file."""
    from tqdm import tqdm

    text = html(page, secrets, _others(page, wanted))
    files = {f"{file_stem(page)}.html": text.encode()}
    for kind in wanted.also:
        try:
            files |= write_twin(kind, page, text)
        except KitError as error:
            tqdm.write(str(error), file=sys.stderr)
    return files


def _others(page: Page, wanted: Wanted) -> list[tuple[str, str]]:
    """Return the pages that are made beside a page, each with its label and its file."""
    if not wanted.separate:
        return []
    others = ((name, label) for name, label in wanted.labels.items() if name != page["name"])
    files = ((label, f"{file_stem({**page, 'name': name})}.html") for name, label in others)
    return [("All pages", "index.html"), *files]


def notebooks_in(folder: Path, several: bool) -> list[Path]:
    """Return the notebooks of a `folder` that are parts of a page on one, or `several` inspections.

    A guide is none.
    """
    left_out = {"guide", "one" if several else SEVERAL}
    there = sorted(folder.glob("*.ipynb"))
    return [path for path in there if _read(path).metadata.get("hmip") not in left_out]


def _own_file(notebooks: Sequence[Path]) -> Path | None:
    """Return the case file that notebooks name as their parameter; none where none does.

    Raises `NotShared` where they name several: pages are of one at a time.
    """
    named = {path for notebook in notebooks if (path := _named_in(notebook))}
    if len(named) > 1:
        listed = ", ".join(sorted(path.name for path in named))
        raise NotShared(f"the notebooks are on several case files, {listed}: render each by itself")
    return next(iter(named), None)


def _named_in(notebook: Path) -> Path | None:
    from papermill import inspect_notebook

    declared = inspect_notebook(_read(notebook))
    given = (declared[name]["default"] for name in ("cases", "inspection") if name in declared)
    for said in given:
        with suppress(ValueError, SyntaxError, TypeError):
            path = notebook.parent / str(ast.literal_eval(said))
            if path.exists() and path.name not in folders():
                return path.resolve()
    return None


@contextmanager
def all_run(
    wanted: Wanted, kernels: Kernels, said: Mapping[str, str], secrets: Sequence[str]
) -> Iterator[Iterator[Any]]:
    """Give the notebooks `wanted` as each comes out of one of `kernels`, in order, some at a time.

    `said` and `secrets` are as for `run`. Whatever ends this, no kernel is left.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = [pool.submit(run, one, kernels, said, wanted, secrets) for one in wanted.notebooks]
        try:
            yield (one.result() for one in runs)
        finally:
            for one in runs:
                one.cancel()
            while wait(runs, A_MOMENT).not_done:  # a kernel may be about to start
                kernels.end()


def run(
    notebook: Path,
    kernels: Kernels,
    said: Mapping[str, str],
    wanted: Wanted,
    secrets: Sequence[str] = (),
) -> Any:
    """Return a `notebook` as it comes out of one of `kernels`; its environment says what is `said`.

    What is `wanted` takes the place of its parameters: the case file that of `cases` or
    `inspection`. `secrets` are identifiers that no message quotes. The metadata say which files of
    own cases were opened.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    prepared, at = _prepared(notebook, wanted), [0]
    with kernels.fresh() as manager:
        client = NotebookClient(
            prepared,
            km=manager,
            timeout=CELL_SECONDS,
            extra_arguments=["--log-level=CRITICAL"],
            on_cell_start=lambda cell, cell_index: at.append(cell_index),  # noqa: ARG005
            resources={"metadata": {"path": str(notebook.parent)}},
        )
        try:
            done = client.execute(env={**os.environ, **said}, cleanup_kc=True)
        except CellExecutionError as error:
            own = bool(wanted.data or secrets)
            why = f"{error.ename}{_said(error.ename, error.evalue, own, secrets)}"
            raise CellFailed(f"{_where(prepared, at, notebook)}: {why}") from None
        except CellTimeoutError:
            why = f"it took longer than {CELL_SECONDS} seconds (a setting, CELL_SECONDS)"
            raise CellFailed(f"{_where(prepared, at, notebook)}: {why}") from None
        except DeadKernelError:
            why = "Python ended while it ran: too little memory, or a cell ended it"
            raise CellFailed(f"{_where(prepared, at, notebook)}: {why}") from None
    told = "".join(one.get("text", "") for one in done.cells.pop().outputs)
    done.metadata[OWN_CASES] = [located(one, notebook.parent) for one in told.split("\n") if one]
    return done


def _where(notebook: Any, at: Sequence[int], path: Path) -> str:
    """Return which cell of a notebook's file was run last: without the one with parameters."""
    before = [cell for cell in notebook.cells[: at[-1]] if not injected(cell)]
    return f"{path.name}, cell {len(before) + 1}"


def _read(path: Path) -> Any:
    """Return a notebook of a file. Raises `KitError` for a file that is none."""
    from nbformat.reader import NotJSONError
    from nbformat.validator import ValidationError
    from papermill.iorw import load_notebook_node

    try:
        return load_notebook_node(str(path))
    except (NotJSONError, ValidationError, UnicodeDecodeError):
        raise KitError(f"{path.name}: this is no Jupyter notebook") from None


def _prepared(path: Path, wanted: Wanted) -> Any:
    """Return a notebook as it is run."""
    from nbformat.v4 import new_code_cell
    from papermill import inspect_notebook
    from papermill.parameterize import parameterize_notebook

    notebook = _read(path)
    notebook.cells.append(new_code_cell(LAST_CELL, metadata={"tags": []}))
    declared, given = inspect_notebook(notebook), {}
    if wanted.data:  # what a notebook shows is of this file alone
        named = [one for one in ("inspection", "cases") if one in declared] or ["inspection"]
        given = dict.fromkeys(named, located(wanted.data))
    if wanted.against and "against" in declared:
        known = wanted.against in folders()
        given["against"] = wanted.against if known else str(Path(wanted.against).resolve())
    if not given:
        return notebook
    return parameterize_notebook(notebook, given, kernel_name="python3", language="python")


def _said(name: str, message: str, own: bool, secrets: Sequence[str]) -> str:
    """Return what an error says; on a case file only what this kit says, without identifiers."""
    if own and not hasattr(errors, name):  # any other message may quote the data
        return " (what it says may quote the data: run the notebook to read it)"
    for secret in secrets:
        message = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", HIDDEN, message)
    return f": {message}"


def _secrets_in(checked: Checked) -> list[str]:
    """Return what of a case file no page may carry: the identifiers of its cases.

    They are as the file has them and as they are called here.
    """
    checked.accepted()
    return [*dict.fromkeys([*checked.ids.given, *checked.ids.names])]
