"""What others write of the same five pictures with a filter by sentence.

The others are nbconvert, Plotly, Panel, and a bare page with Vega.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from hmip_kit import front
from hmip_kit.findings import Finding
from hmip_kit.page.exporter import _json
from hmip_kit.picture import SCHEMA
from hmip_kit.protect.bundle import specification

CHOICES = ("All", "Licence")
EMBED = (
    "ast: true, actions: false, renderer: 'svg', mode: 'vega-lite', defaultStyle: false, "
    "tooltip: false, config: {aria: false}"
)


def bare(findings: list[Finding], path: Path) -> None:
    """Write the least page that draws the pictures.

    It holds Vega, their specifications with rows, and one call each.
    """
    specs: Any = {"specs": [specification(one) for one in findings]}
    places = "".join(f'<div id="p{i}"></div>' for i in range(len(findings)))
    draw = f"specs.forEach((spec, i) => vegaEmbed(`#p${{i}}`, spec, {{{EMBED}}}));"
    script = f"{front.vega()}const {{specs}} = {_json(specs)};{draw}"
    path.write_text(
        f"<!doctype html><meta charset=utf-8><body>{places}<script>{script}</script>",
        encoding="utf-8",
    )


def nbconvert(shown: Any, path: Path) -> None:
    """Write nbconvert's own HTML of a notebook: what is stored in it, and no filter."""
    from nbconvert import HTMLExporter

    exporter: Any = HTMLExporter
    path.write_text(str(exporter().from_notebook_node(shown)[0]), encoding="utf-8")


def plotly(findings: list[Finding], narrowed: list[Finding], path: Path) -> None:
    """Write Plotly bars of the same rows, each with a button per choice.

    Plotly counts nothing again.
    """
    import plotly.graph_objects as go

    parts = []
    for place, (one, other) in enumerate(zip(findings, narrowed, strict=True)):
        bars = [_bars(shown) for shown in (one, other)]
        figure = go.Figure(go.Bar(x=bars[0][0], y=bars[0][1], text=bars[0][2], orientation="h"))
        buttons = [
            {"label": name, "method": "restyle", "args": [{"x": [x], "text": [text]}]}
            for name, (x, _, text) in zip(CHOICES, bars, strict=True)
        ]
        figure.update_layout(updatemenus=[{"type": "buttons", "buttons": buttons}])
        parts.append(figure.to_html(include_plotlyjs=not place, full_html=False))
    path.write_text(f"<!doctype html><meta charset=utf-8><body>{''.join(parts)}", encoding="utf-8")


def panel(findings: list[Finding], narrowed: list[Finding], path: Path) -> None:
    """Write Vega bars of the same rows by Panel with a box group, as `save(embed=True)` does."""
    import panel as pn

    pn.extension("vega")
    choice = pn.widgets.RadioButtonGroup(options=list(CHOICES))
    pairs = [
        dict(zip(CHOICES, map(_vega_bars, pair), strict=True))
        for pair in zip(findings, narrowed, strict=True)
    ]
    shown = [
        pn.bind(lambda chosen, pair=pair: pn.pane.Vega(pair[chosen]), choice) for pair in pairs
    ]
    pn.Column(choice, *shown).save(
        str(path), embed=True, resources=import_module("bokeh.resources").INLINE, progress=False
    )


def _bars(finding: Finding) -> tuple[list[Any], list[str], list[str]]:
    rows = finding.records
    names = [
        ", ".join(str(row[name]) for name in ("label", "group_head") if row.get(name))
        for row in rows
    ]
    return [row["percent"] for row in rows], names, [row["text"] for row in rows]


def _vega_bars(finding: Finding) -> Any:
    """Return the rows as bars with their text.

    The data are in their usual place: Panel draws no others.
    """
    values = [
        {"percent": percent or 0, "name": name, "text": text}
        for percent, name, text in zip(*_bars(finding), strict=True)
    ]
    x, y = {"field": "percent", "type": "quantitative"}, {"field": "name", "type": "nominal"}
    layers = [
        {"mark": "bar", "encoding": {"x": x, "y": y}},
        {"mark": "text", "encoding": {"x": x, "y": y, "text": {"field": "text"}}},
    ]
    settings = {"embedOptions": {"renderer": "svg", "config": {"aria": False}}}
    return {"$schema": SCHEMA, "data": {"values": values}, "layer": layers, "usermeta": settings}
