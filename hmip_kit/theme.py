"""Colours and type for every picture, as Vega-Lite configuration.

Source of the colours: the Government Analysis Function's palettes for charts. Colour is never the only sign of anything.
"""

from typing import Any

NAVY, TEAL, PLUM, ORANGE, DARK_GREY = "#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D"
CATEGORICAL = [NAVY, TEAL, PLUM, ORANGE]
SEQUENTIAL = ["#F2F2F2", "#ADD1F1", "#6BACE6", "#2073BC", "#12436D"]
INK, QUIET, RULE, PAPER, PALE = "#0B0C0C", "#505A5F", "#BFBFBF", "#FFFFFF", "#F2F2F2"
FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
WIDTH = 640
LIGHT_TEXT_FROM = 55  # percent: on the darker cells of a heat map white text has the contrast, on the others black

CONFIG: dict[str, Any] = {
    "background": PAPER,
    "font": FONT,
    "view": {"stroke": None},
    "title": {
        "anchor": "start",
        "frame": "group",
        "fontSize": 16,
        "fontWeight": "bold",
        "color": INK,
        "subtitleColor": QUIET,
        "subtitleFontSize": 12,
        "subtitlePadding": 6,
        "offset": 14,
    },
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": "#E6E6E6",
        "domainColor": RULE,
        "tickColor": RULE,
    },
    "text": {"fontSize": 12, "color": INK},
    "legend": {"labelFontSize": 12, "titleFontSize": 12},
    "range": {"category": CATEGORICAL, "ordinal": SEQUENTIAL, "heatmap": SEQUENTIAL},
}
