"""A Jupyter server extension: a notebook is saved without the widget views of this kit.

A saved view cannot be shown again ("model not found"); the picture and the words stored beside it
can. Only outputs of this kit are touched: those that carry one of its own mime types.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from traitlets.log import get_logger

VIEW = "application/vnd.jupyter.widget-view+json"
OURS = "application/vnd.hmip."
STATE = "application/vnd.jupyter.widget-state+json"
OF_A_FILE = re.compile(r"\bload\(\s*[rf]?[\"'][^\"']*[./\\]")  # a path, not a bundled name


def without_our_widgets(notebook: dict[str, Any]) -> bool:
    """Take this kit's widget views, and their models' state, out of a `notebook` in place.

    Returns whether anything was taken.

    >>> data = {VIEW: {"model_id": "a"}, OURS + "findings+json": []}
    >>> cell = {"cell_type": "code", "outputs": [{"data": data}]}
    >>> without_our_widgets({"cells": [cell], "metadata": {}}), list(data)
    (True, ['application/vnd.hmip.findings+json'])
    """
    ours = [
        data.pop(VIEW)
        for data in _datas(notebook)
        if VIEW in data and any(name.startswith(OURS) for name in data)
    ]
    if not ours:
        return False
    models = {view.get("of", view.get("model_id")) for view in ours}
    for cell in notebook["cells"]:
        outputs = cell.get("outputs", [])
        outputs[:] = [one for one in outputs if not _is_view_of(models, one.get("data", {}))]
    _drop_state(notebook, models)
    return True


def _is_view_of(models: set[str], data: dict[str, Any]) -> bool:
    """Return whether an output's `data` are one of the `models` alone, shown before what stays."""
    return list(data) == [VIEW] and data[VIEW].get("model_id") in models


def _datas(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for cell in notebook.get("cells", []):
        for output in cell.get("outputs", []):
            yield output.get("data", {})


def _drop_state(notebook: dict[str, Any], models: set[str]) -> None:
    """Drop saved widget state: all of it when no other view is left.

    Else our models, and what only they refer to.
    """
    metadata = notebook.get("metadata", {})
    saved = metadata.get("widgets", {}).get(STATE, {}).get("state")
    others = {data[VIEW].get("model_id") for data in _datas(notebook) if VIEW in data}
    if not others:
        metadata.pop("widgets", None)
    elif saved:
        needed = _reached(saved, others)
        for model in _reached(saved, models) - needed:
            saved.pop(model, None)


def _reached(saved: dict[str, Any], models: set[str]) -> set[str]:
    """Return the models given and all that they refer to."""
    reached, ahead = set(), set(models)
    while ahead:
        model = ahead.pop()
        reached.add(model)
        text = str(saved.get(model, {}))
        ahead |= {name for name in saved if name not in reached and f"IPY_MODEL_{name}" in text}
    return reached


def bare_tables(notebook: dict[str, Any]) -> list[int]:
    """Return the numbers of a `notebook`'s cells with bare tables, where it is on own cases.

    Nobody can tell whose rows they hold: they are the analyst's.

    >>> table = {"data": {"text/html": "<table class='dataframe'>"}}
    >>> frame = {"cell_type": "code", "source": "mine.cases", "outputs": [table]}
    >>> load = {"cell_type": "code", "source": "mine = hk.load('audit.xlsx')", "outputs": []}
    >>> bare_tables({"cells": [load, frame]}), bare_tables({"cells": [frame]})
    ([2], [])
    """
    cells = notebook.get("cells", [])
    own = any(OF_A_FILE.search("".join(cell.get("source", ""))) for cell in cells)
    kept = [json.dumps(data[name]) for data in _datas(notebook) for name in data if OURS in name]
    if not own and not any('"protected": true' in one for one in kept):
        return []
    return [
        number
        for number, cell in enumerate(cells, 1)
        for data in _datas({"cells": [cell]})
        if "dataframe" in "".join(data.get("text/html", ""))
    ]


def _before_saving(model: dict[str, Any], path: str = "", **_: object) -> None:
    if model.get("type") != "notebook" or not isinstance(model.get("content"), dict):
        return
    without_our_widgets(model["content"])
    if cells := bare_tables(model["content"]):
        listed = ", ".join(map(str, cells))
        get_logger().warning(
            f"{path}: cell {listed}: a bare table, in a notebook on own cases, is saved as it is"
        )


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "hmip_kit.page.hook"}]


def _load_jupyter_server_extension(app: Any) -> None:
    app.contents_manager.register_pre_save_hook(_before_saving)
