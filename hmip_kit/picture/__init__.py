"""Pictures: layers over the rows of a finding, the theme, and the same without a browser.

The rows are the value of one Vega parameter, so that a view which is drawn can be given others: a
layer's fields are `r.name`. See docs/decisions/0001.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from copy import deepcopy
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any

from hmip_kit.settings import (
    CATEGORICAL,
    FONT,
    GRID,
    INK,
    PAPER,
    QUIET,
    RULE,
    SEQUENTIAL,
    WIDTH,
    rendering,
)

if TYPE_CHECKING:
    import altair as alt

Spec = dict[str, Any]
Look = dict[str, Any]  # how a mark looks, or where it is
VEGALITE = "application/vnd.vegalite.v5+json"  # what JupyterLab draws by itself, as 5.6.1
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"  # a name: nothing fetches it
RENDERER = "hmip"
COLOURS = 32
MOST_TO_COMPLETE = 3000  # milliseconds that the Tab key may take, to say what kind a name is of
CONFIG: Spec = {
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
        "gridColor": GRID,
        "domainColor": RULE,
        "tickColor": RULE,
    },
    "text": {"fontSize": 12, "color": INK},
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "titleColor": INK},
    "range": {"category": CATEGORICAL, "ordinal": SEQUENTIAL, "heatmap": SEQUENTIAL},
}


def drawn(
    layers: "Sequence[alt.Chart]",
    height: "int | alt.Step",
    steps: Sequence[dict[str, int]] = (),
    places: Mapping[str, str] | None = None,
) -> "alt.LayerChart":
    """Return `layers` drawn over the rows of a finding, which come in through a parameter.

    Where the number of rows can change, `height` is a step per row: `alt.Step(38)`. `steps` say how
    high a row ("step"), or all ("height"), is `below` which width; `places` are expressions on the
    width, by the names under which layers use them.
    """
    import altair as alt

    return alt.LayerChart(
        layer=list(layers),
        data=values([{}]),
        transform=[
            alt.CalculateTransform(calculate="rows", **{"as": "r"}),
            alt.FlattenTransform(flatten=["r"]),
        ],
        params=[
            alt.VariableParameter(name="rows", value=[]),
            *([alt.VariableParameter(name="steps", value=[*steps])] if steps else []),
            *(alt.VariableParameter(name=one, expr=told) for one, told in (places or {}).items()),
        ],
        width=WIDTH,
        height=height,
    )


def blank() -> "alt.Chart":
    """Return a layer without data of its own: it draws the rows of the picture."""
    import altair as alt

    return alt.Chart(alt.Undefined)


def either(channel: str, test: str, on: Any, off: Any) -> Any:
    """Return a `channel` that is `on` where a `test` of the row holds, else `off`.

    Altair works long on the shorthand for this, and little on the class itself.
    """
    import altair as alt

    name = f"{channel[0].upper()}{channel[1:]}Value"
    return getattr(alt, name)(off, condition={"test": test, "value": on})


def ref(expr: str) -> Any:
    """Return what is worked out as a picture is drawn, from an expression, `expr`."""
    import altair as alt

    return alt.ExprRef(expr)


def placed(**channels: str) -> dict[str, Any]:
    """Return places by expressions: `x`, `x2`, `y`."""
    import altair as alt

    known: dict[str, Any] = {"x": alt.XValue, "x2": alt.X2Value, "y": alt.YValue}
    return {channel: known[channel](ref(expr)) for channel, expr in channels.items()}


def values(rows: list[dict[str, Any]]) -> "alt.InlineData":
    """Return a picture's own few `rows`, such as the bands' edges: the same for all findings."""
    import altair as alt

    return alt.InlineData(values=rows)


def with_theme(spec: Spec) -> Spec:
    """Return a `spec` with the kit's theme under its own configuration, floats rounded."""
    config = deepcopy(CONFIG)
    for part, given in spec.get("config", {}).items():
        config[part] = config.get(part, {}) | given if isinstance(given, dict) else given
    return {**rounded(spec), "config": config, "$schema": SCHEMA}


def with_rows(spec: Spec, rows: list[dict[str, Any]]) -> Spec:
    """Return a `spec` that draws `rows`."""
    params = [{**one, "value": rows} if one["name"] == "rows" else one for one in spec["params"]]
    return {**spec, "params": params}


def rows_in(spec: Spec) -> list[dict[str, Any]]:
    """Return the rows that a `spec` draws."""
    return next(list(one["value"]) for one in spec["params"] if one["name"] == "rows")


def rounded(value: Any) -> Any:
    """Return a `value` of plain data with each float at six decimals: always written alike.

    >>> rounded({"share": 100 / 3, "n": 3})
    {'share': 33.333333, 'n': 3}
    """
    return json.loads(json.dumps(value), parse_float=lambda text: round(float(text), 6))


MARKING_SIZE = 16  # pixels, of the letters


def png(spec: Spec, scale: float = 1) -> bytes:
    """Return a `spec` drawn as PNG, without a browser; `scale` is in pixels per point.

    In a palette of its own it has a tenth of the size, and is alike to the eye.
    """
    import vl_convert
    from PIL import Image

    content = vl_convert.vegalite_to_png(spec, vl_version=_version(), scale=scale)
    smaller = BytesIO()
    with Image.open(BytesIO(content)) as image:
        few = image.convert("RGB").quantize(
            COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        )
        few.save(smaller, "PNG", optimize=True)
    return smaller.getvalue()


def with_marking(content: bytes, marking: str) -> bytes:
    """Return the `content` of a PNG with a line above it that says its `marking`."""
    from PIL import Image, ImageDraw, ImageFont

    with Image.open(BytesIO(content)) as image:
        font = ImageFont.load_default(MARKING_SIZE)
        whole = Image.new("RGB", (image.width, image.height + 2 * MARKING_SIZE), PAPER)
        whole.paste(image.convert("RGB"), (0, 2 * MARKING_SIZE))
        middle = (image.width // 2, MARKING_SIZE)
        ImageDraw.Draw(whole).text(middle, marking, INK, font, anchor="mm")
        written = BytesIO()
        whole.save(written, "PNG", optimize=True)
    return written.getvalue()


def svg(spec: Spec) -> str:
    """Return a `spec` drawn as SVG, without a browser."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, vl_version=_version()))


def _version() -> str:
    from altair import SCHEMA_VERSION

    return ".".join(SCHEMA_VERSION.lstrip("v").split(".")[:2])


def setup() -> None:
    """Make every Altair picture appear without internet, in the kit's theme.

    Sets Altair's renderer for this session only. Findings show themselves with or without it;
    importing the kit changes nothing. In a notebook this takes about a second, in which it loads
    what the first picture would else wait for.

    Examples
    --------
    >>> import altair as alt
    >>> import hmip_kit as hk
    >>> hk.setup()
    >>> alt.renderers.active
    'hmip'
    """
    import altair as alt
    from IPython import get_ipython

    alt.renderers.register(RENDERER, _bundle)
    alt.renderers.enable(RENDERER)
    shell = get_ipython()
    if getattr(shell, "kernel", None) is not None:
        shell.Completer.jedi_compute_type_timeout = MOST_TO_COMPLETE
        # In a thread it would hold up the next cell as long.
        import_module("statsmodels.stats.proportion")
        if not rendering():
            png({"data": {"values": [{}]}, "mark": "point", "encoding": {}})


def _bundle(spec: Spec, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
    finished = with_theme(dict(spec))
    data = {
        VEGALITE: finished,
        "image/png": b64encode(png(finished)).decode(),
        "text/plain": str(spec.get("description", "Picture")),
    }
    return data, {}
