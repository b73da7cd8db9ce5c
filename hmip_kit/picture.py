"""From a finding to the forms in which a notebook keeps it: specification, PNG, words, and the finding as data."""

import textwrap
from base64 import b64encode
from copy import deepcopy
from typing import Any

from hmip_kit.disclosure import released
from hmip_kit.finding import Finding
from hmip_kit.theme import CONFIG

Spec = dict[str, Any]
Bundle = tuple[dict[str, Any], dict[str, Any]]
FINDING = "application/vnd.hmip.finding+json"
VEGALITE = "application/vnd.vegalite.v5+json"  # the type that JupyterLab draws by itself; it draws with Vega-Lite 5.6.1
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"  # a name, not an address that anything fetches
PIXELS_PER_POINT = 1.5
LINE = 100  # characters of a sentence under a picture's title


def bundle(finding: Finding) -> Bundle:
    """Return a finding's mime bundle, with its metadata: picture or table, words, and the finding as data.

    It shows live, in a notebook just opened, and where nothing draws. Where a disclosure level is set, the finding passes the gate.
    """
    shown = released(finding)
    said = f"{shown.title}. {shown.sentence}"
    data: dict[str, Any] = {"text/plain": said, FINDING: shown.to_dict()}
    spec = specification(shown)
    if spec is None:
        return {"text/markdown": _markdown(shown), **data}, {}
    captioned = with_caption(spec, shown)
    return {VEGALITE: captioned, "image/png": b64encode(png(captioned)).decode(), **data}, {"image/png": {"alt": said}}


def specification(finding: Finding) -> Spec | None:
    """Return a finding's picture as a Vega-Lite specification with the kit's theme and without a title; none for a table.

    The rows are the value of the parameter `rows`. Floats have six decimals, so that the same numbers are always written alike.
    """
    chart = finding.chart
    if chart is None:
        return None
    spec = chart.to_dict()
    merged = deepcopy(CONFIG)
    for part, values in spec.get("config", {}).items():
        merged[part] = merged.get(part, {}) | values if isinstance(values, dict) else values
    return dict(rounded({**spec, "config": merged, "$schema": SCHEMA}))


def with_caption(spec: Spec, finding: Finding) -> Spec:
    """Return a specification for a picture that stands alone: title, measure, cases and sentence above it."""
    lines = [f"{finding.measure} | {finding.cases}", *textwrap.wrap(finding.sentence, LINE)]
    return {**spec, "title": {"text": textwrap.wrap(finding.title, LINE - 25), "subtitle": lines}}


def png(spec: Spec) -> bytes:
    """Return a specification drawn as PNG, without a browser and without a network."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(_plainly(spec), vl_version=_version(), scale=PIXELS_PER_POINT))


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


def _markdown(finding: Finding) -> str:
    heads, *rows = finding.table()
    lines = ["| " + " | ".join(_cell(text) for text in cells) + " |" for cells in (heads, *rows)]
    rule = "|" + " --- |" * len(heads)
    return "\n".join([f"**{_cell(finding.title)}**", "", _cell(finding.sentence), "", lines[0], rule, *lines[1:]])


def _cell(text: str) -> str:
    """Return text that Markdown shows as it is: data never become Markdown or HTML."""
    for mark in "&\\`*_{}[]<>|":
        text = text.replace(mark, f"&#{ord(mark)};")
    return text.replace("\n", " ")
