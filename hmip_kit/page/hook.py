"""A Jupyter server extension: a notebook is saved without the widget views of this kit.

A saved view cannot be shown again ("model not found"); the picture and the words stored beside it
can. Only outputs of this kit are touched: those that carry one of its own mime types.
"""

from collections.abc import Iterator
from typing import Any

VIEW = "application/vnd.jupyter.widget-view+json"
OURS = "application/vnd.hmip."
STATE = "application/vnd.jupyter.widget-state+json"


def without_our_widgets(notebook: dict[str, Any]) -> bool:
    """Take this kit's widget views, and their models' state, out of a `notebook` in place.

    Returns whether anything was taken.

    >>> data = {VIEW: {"model_id": "a"}, OURS + "findings+json": []}
    >>> cell = {"cell_type": "code", "outputs": [{"data": data}]}
    >>> without_our_widgets({"cells": [cell], "metadata": {}}), list(data)
    (True, ['application/vnd.hmip.findings+json'])
    """
    ours = [
        data
        for data in _datas(notebook)
        if VIEW in data and any(name.startswith(OURS) for name in data)
    ]
    models = {data.pop(VIEW).get("model_id") for data in ours}
    if ours:
        _drop_state(notebook, models)
    return bool(ours)


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


def _before_saving(model: dict[str, Any], **_: object) -> None:
    if model.get("type") == "notebook" and isinstance(model.get("content"), dict):
        without_our_widgets(model["content"])


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "hmip_kit.page.hook"}]


def _load_jupyter_server_extension(app: Any) -> None:
    app.contents_manager.register_pre_save_hook(_before_saving)
