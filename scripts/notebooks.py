"""Run notebooks in place and store what they show: the same bytes for the same numbers.

python scripts/notebooks.py notebooks/*.ipynb
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from hmip_kit.errors import KitError
from hmip_kit.page import page_of
from hmip_kit.page.hook import without_our_widgets
from hmip_kit.page.kernels import Kernels
from hmip_kit.workbook import write_whole


def store(path: Path) -> None:
    """Run one notebook and store it; where a cell fails the file stays as it was."""
    notebook = nbformat.read(path, as_version=4)
    with Kernels().fresh() as kernel:
        NotebookClient(
            notebook,
            km=kernel,
            record_timing=False,
            store_widget_state=False,
            resources={"metadata": {"path": path.parent}},
        ).execute(cleanup_kc=True)
    without_our_widgets(notebook)
    # What came from cases that somebody brought is refused, bare frames among it.
    if page_of({path.stem: notebook})["level"]:
        raise KitError("it counts own cases, which are not stored here")
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    write_whole(path, f"{nbformat.writes(notebook)}\n".encode())


def main(names: list[str]) -> None:
    """Run each notebook named, and say which."""
    for name in names:
        sys.stdout.write(f"{name}\n")
        try:
            store(Path(name))
        except KitError as error:
            sys.exit(f"{name}: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
