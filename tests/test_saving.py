"""Saving a notebook: views and state of this kit's widgets go, everybody else's stays as it is."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import hmip_kit as hk
from hmip_kit.page.hook import STATE, VIEW, _before_saving, without_our_widgets

OURS = {"application/vnd.hmip.findings+json": [], "image/png": "", "text/plain": "Lowest"}
THEIRS = {"text/plain": "IntSlider(value=0)"}


def notebook(outputs: list[dict[str, Any]], state: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a notebook with one cell of display outputs and, if given, saved widget state."""
    shown = [{"output_type": "display_data", "data": data, "metadata": {}} for data in outputs]
    cells = [
        {"cell_type": "markdown", "source": "A heading"},
        {"cell_type": "code", "source": "", "outputs": shown},
    ]
    metadata: dict[str, Any] = {"kernelspec": {"name": "python3"}}
    if state is not None:
        metadata["widgets"] = {STATE: {"version_major": 2, "version_minor": 0, "state": state}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def view(model: str) -> dict[str, Any]:
    """Return the data of a widget's view."""
    return {VIEW: {"model_id": model, "version_major": 2, "version_minor": 0}}


def saved(content: dict[str, Any], kind: str = "notebook") -> dict[str, Any]:
    """Return a notebook as the server's hook leaves it."""
    after = deepcopy(content)
    _before_saving({"type": kind, "content": after}, path="x.ipynb")
    return after


DATA = st.dictionaries(
    st.sampled_from([VIEW, "text/plain", "image/png", "application/vnd.vega.v5+json"]),
    st.just({"model_id": "a"}),
)


@given(
    st.lists(DATA, max_size=4),
    st.none() | st.dictionaries(st.text(max_size=3), st.just({"state": {}}), max_size=3),
)
def test_notebooks_without_this_kit_stay_as_they_are(
    outputs: list[dict[str, Any]], state: dict[str, Any] | None
) -> None:
    before = notebook(outputs, state)
    assert json.dumps(saved(before)) == json.dumps(before)
    assert not without_our_widgets(deepcopy(before))


def test_ours_lose_view_and_state_and_keep_picture_and_words() -> None:
    after = saved(notebook([{**view("a"), **OURS}], {"a": {"state": {}}, "b": {"state": {}}}))
    assert after == notebook([OURS])


def test_a_mixed_notebook_keeps_the_state_of_others() -> None:
    state = {
        "panel": {"state": {"children": ["IPY_MODEL_form", "IPY_MODEL_shared"]}},
        "form": {"state": {}},
        "shared": {"state": {}},
        "slider": {"state": {"layout": "IPY_MODEL_layout", "style": "IPY_MODEL_shared"}},
        "layout": {"state": {}},
    }
    after = saved(notebook([{**view("panel"), **OURS}, {**view("slider"), **THEIRS}], state))
    kept = {name: state[name] for name in ("slider", "layout", "shared")}
    assert after == notebook([OURS, {**view("slider"), **THEIRS}], kept)


def test_a_panel_is_shown_before_its_picture_is_drawn_and_saved_as_that() -> None:
    panel = hk.load("practice-cases").explore()
    InteractiveShell.instance()
    try:
        with capture_output() as shown:
            panel._ipython_display_()
    finally:
        InteractiveShell.clear_instance()
    live, stays = [dict(one.data) for one in shown.outputs]
    assert list(live) == [VIEW]
    assert (live[VIEW]["model_id"], stays[VIEW]["model_id"]) == (panel.model_id, "")
    [_, cell] = saved(notebook([live, stays]))["cells"]
    assert [one["data"] for one in cell["outputs"]] == [panel._repr_mimebundle_()[0]]


@pytest.mark.parametrize("kind", ["file", "directory"])
def test_what_is_no_notebook_is_left_alone(kind: str) -> None:
    before = notebook([{**view("a"), **OURS}])
    assert saved(before, kind) == before


def test_saving_twice_changes_nothing_more() -> None:
    once = saved(
        notebook(
            [{**view("a"), **OURS}, {**view("b"), **THEIRS}],
            {"a": {"state": {}}, "b": {"state": {}}},
        )
    )
    assert saved(once) == once
