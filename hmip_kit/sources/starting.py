"""A folder to begin in: the kit's notebooks, set to one's own case file."""

import re
import shutil
from pathlib import Path

from hmip_kit.errors import DataProblem
from hmip_kit.sources.bundled import bundled_folder
from hmip_kit.sources.template import write_template

TEMPLATE = "my-audit.xlsx"
CASES = re.compile(r"^cases = .*$", re.MULTILINE)


def start(folder: Path, data: Path | None = None) -> list[str]:
    """Set up a folder and return what was done, a line each. Files that are there are kept.

    Each notebook that takes cases gets the case file as its parameter, and comes without outputs. Raises `DataProblem` where the case file
    is not there or has problems; then nothing is written.
    """
    if data is not None:
        _checked(data)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / (data.name if data else TEMPLATE)
    notebooks = sorted(bundled_folder("notebooks").glob("*.ipynb"))
    done = [
        _case_file(file, data),
        *(_notebook(one, folder / one.name, file.name) for one in notebooks),
    ]
    steps = [] if data else [f"next: fill in {file}, then `hmip check {file}`"]
    return [
        *done,
        *steps,
        f"then: `hmip lab {folder}`, or `hmip render --data {file}` for the pages",
    ]


def _checked(data: Path) -> None:
    from hmip_kit.sources.checking import check

    found = check(data)
    if found.inspection is None:
        raise DataProblem(found.message)


def _case_file(file: Path, data: Path | None) -> str:
    if file.exists():
        return f"kept {file}"
    if data is None:
        write_template(file)
    elif data.is_dir():
        shutil.copytree(data, file)
    else:
        shutil.copyfile(data, file)
    return f"wrote {file}"


def _notebook(source: Path, target: Path, data: str) -> str:
    """Copy a notebook without its outputs, its parameter `cases` set to the case file."""
    import nbformat

    if target.exists():
        return f"kept {target}"
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if "parameters" in cell.metadata.get("tags", ()):
                cell.source = CASES.sub(
                    lambda _: f"cases = {data!r}".replace("'", '"'), cell.source
                )
    nbformat.write(notebook, target)
    return f"wrote {target}"
