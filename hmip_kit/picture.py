"""From a finding to the forms in which a notebook keeps it: specification, PNG, words, and the finding as data."""

import textwrap
from base64 import b64encode
from collections.abc import Mapping
from copy import deepcopy
from io import BytesIO
from typing import Any

from hmip_kit.disclosure import released
from hmip_kit.finding import Finding
from hmip_kit.measures.shares import HIDDEN
from hmip_kit.sets import set_of
from hmip_kit.theme import CONFIG

Spec = dict[str, Any]
Bundle = tuple[dict[str, Any], dict[str, Any]]
FINDING = "application/vnd.hmip.finding+json"
FINDINGS = "application/vnd.hmip.findings+json"
VEGALITE = "application/vnd.vegalite.v5+json"  # the type that JupyterLab draws by itself; it draws with Vega-Lite 5.6.1
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"  # a name, not an address that anything fetches
COLOURS = 16
LINE = 100  # characters of a sentence under a picture's title


def bundle(finding: Finding) -> Bundle:
    """Return a finding's mime bundle, with its metadata: picture or table, words, and the finding as data.

    It shows live, in a notebook just opened, and where nothing draws. Where a disclosure level is set, the finding passes the gate.
    """
    data = data_of(finding)
    spec = data.pop("spec")
    shown, metadata = standing_alone(spec, data)
    kept = (
        data if spec is None else {name: value for name, value in data.items() if name != "rows"}
    )  # rows: see `rows_in`
    return {**shown, FINDING: kept}, metadata


def standing_alone(spec: Spec | None, data: Mapping[str, Any]) -> Bundle:
    """Return a finding's picture or table and its words, for a place that has nothing else to say of it."""
    said = f"{data['title']}. {data['sentence']}"
    if spec is None:
        return {"text/markdown": _markdown(data), "text/plain": said}, {}
    captioned = with_caption(spec, data)
    picture = {
        VEGALITE: captioned,
        "image/png": b64encode(png(captioned)).decode(),
        "text/plain": said,
    }
    return picture, {"image/png": {"alt": said}}


def data_of(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain data after the gate: what `Finding.to_dict` gives, `spec`, and `set`, the tallies that it follows."""
    shown = released(finding)
    return {**shown.to_dict(), "spec": specification(shown), "set": set_of([shown])}


def rows_in(spec: Spec) -> list[dict[str, Any]]:
    """Return the rows that a specification draws."""
    return next(list(param["value"]) for param in spec["params"] if param["name"] == "rows")


def specification(finding: Finding) -> Spec | None:
    """Return a finding's picture as a Vega-Lite specification with the kit's theme and without a title; none for a table.

    The rows are the value of the parameter `rows`. Floats have six decimals, so that the same numbers are always written alike.
    """
    return None if finding.drawing is None else with_theme(dict(rounded(finding.drawing)))


def with_theme(spec: Spec) -> Spec:
    """Return a specification with the kit's theme under its own configuration, under the schema that JupyterLab draws."""
    config = deepcopy(CONFIG)
    for part, values in spec.get("config", {}).items():
        config[part] = config.get(part, {}) | values if isinstance(values, dict) else values
    return {**spec, "config": config, "$schema": SCHEMA}


def with_caption(spec: Spec, data: Mapping[str, Any]) -> Spec:
    """Return a specification for a picture that stands alone: title, measure, cases and sentence above it."""
    lines = [f"{data['measure']} | {data['cases']}", *textwrap.wrap(data["sentence"], LINE)]
    return {**spec, "title": {"text": textwrap.wrap(data["title"], LINE - 25), "subtitle": lines}}


def png(spec: Spec, scale: float = 1) -> bytes:
    """Return a specification drawn as PNG, without a browser and without a network; `scale` is in pixels per point."""
    import vl_convert

    return _fewer_colours(
        vl_convert.vegalite_to_png(_plainly(spec), vl_version=_version(), scale=scale)
    )


def _fewer_colours(content: bytes) -> bytes:
    """Return a PNG in a palette of its own: a tenth of the size, and alike to the eye, since charts have few colours."""
    from PIL import Image

    smaller = BytesIO()
    with Image.open(BytesIO(content)) as image:
        image.convert("RGB").quantize(
            COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        ).save(smaller, "PNG", optimize=True)
    return smaller.getvalue()


def svg(spec: Spec) -> str:
    """Return a specification drawn as SVG, without a browser and without a network."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(_plainly(spec), vl_version=_version()))


def rounded(value: Any) -> Any:
    """Return plain data with each float at six decimals, so that the same numbers are always written alike.

    >>> rounded({"share": 100 / 3, "n": 3})
    {'share': 33.333333, 'n': 3}
    """
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return value


def _plainly(spec: Spec) -> Spec:
    return {key: value for key, value in spec.items() if key != "$schema"}


def _version() -> str:
    from altair import SCHEMA_VERSION

    return ".".join(SCHEMA_VERSION.lstrip("v").split(".")[:2])


def _markdown(data: Mapping[str, Any]) -> str:
    heads, *rows = table_of(data)
    lines = ["| " + " | ".join(_cell(text) for text in cells) + " |" for cells in (heads, *rows)]
    rule = "|" + " --- |" * len(heads)
    return "\n".join(
        [f"**{_cell(data['title'])}**", "", _cell(data["sentence"]), "", lines[0], rule, *lines[1:]]
    )


def table_of(data: Mapping[str, Any]) -> list[list[str]]:
    """Return a finding's data table as text, headings first; what is missing is blank, a count that is hidden "[c]".

    Where all counts are hidden there are no rows: the sentence says so.
    """
    counted = data.get("tallies", {})
    hidden = counted and all(row[name] is None for row in data["rows"] for name in counted)
    cells = [
        [_text(row[name], name in counted) for name in data["columns"]]
        for row in ([] if hidden else data["rows"])
    ]
    return [list(data["columns"].values()), *cells]


def _text(value: Any, counted: bool) -> str:
    return (HIDDEN if counted else "") if value is None else str(value)


def _cell(text: str) -> str:
    """Return text that Markdown shows as it is: data never become Markdown or HTML."""
    for mark in "&\\`*_{}[]<>|":
        text = text.replace(mark, f"&#{ord(mark)};")
    return text.replace("\n", " ")
