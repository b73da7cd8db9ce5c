"""The script, and the styles, that draw pictures and filter them, live and on a shared page."""

import json
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

from hmip_kit import settings

FOLDER = Path(__file__).resolve().parent
NAMED = ("INK", "QUIET", "RULE", "PAPER", "PALE", "GRID", "NAVY", "PLUM", "ORANGE")


@cache
def part(name: str) -> str:
    """Return the file of the front called `name`: script or styles."""
    return (FOLDER / name).read_text(encoding="utf-8")


@cache
def sentences() -> dict[str, Any]:
    """Return the patterns of what is said, live and on a page: Python and script fill the same."""
    return dict(json.loads(part("sentences.json")))


@cache
def stated() -> str:
    """Return what the scripts read: the settings, and the patterns of what is said."""
    known = {
        "fewestForABar": settings.FEWEST_FOR_A_BAR,
        "fewestForAPercentage": settings.FEWEST_FOR_A_PERCENTAGE,
        "oneIn": settings.ONE_IN,
        "mostListed": settings.MOST_LISTED,
        "confidence": settings.CONFIDENCE_TEXT,
        "z": NormalDist().inv_cdf((1 + settings.CONFIDENCE) / 2),
    }
    return f"const SETTINGS = {json.dumps(known)};\nconst SENTENCES = {json.dumps(sentences())};\n"


@cache
def vega() -> str:
    """Return Vega, Vega-Lite and vega-embed as script that leaves one name behind, `vegaEmbed`.

    The bundle stands in a function of its own: its many top-level names would meet others.
    """
    from vl_convert import javascript_bundle

    made = "window.__hmipVegaEmbed"
    bundle = javascript_bundle(f"{made} = vegaEmbed;").replace("</script", "<\\/script")
    return f"(() => {{{bundle}}})();\nconst vegaEmbed = {made};\ndelete {made};\n"


def script(*names: str) -> str:
    """Return the script files called `names` as one, after Vega and what is `stated`."""
    return "\n".join([vega(), stated(), *(part(name) for name in names)])


def styles(*names: str) -> str:
    """Return the style files of the front called `names`, after the colours they read, as one.

    On a dark screen each colour has its counterpart, in pictures too; print stays light.
    """
    read = {f"--hmip-{name.lower().replace('_', '-')}": getattr(settings, name) for name in NAMED}
    fixed = {"--hmip-head": settings.NAVY, "--hmip-on-head": settings.PAPER}
    other = dict(zip(settings.COLOURS, settings.DARK, strict=True))
    dark = {name: other[colour] for name, colour in read.items()}
    drawn = "".join(
        f'.hmip-drawn [{side}="{colour}" i]{{{side}:{dark_one}}}'
        for colour, dark_one in other.items()
        for side in ("fill", "stroke")
    )
    screen = f"@media screen and (prefers-color-scheme:dark){{:root{{{_declared(dark)}}}{drawn}}}"
    light = f":root{{{_declared(read | fixed)}}}"
    return "\n".join([light, screen, *(part(name) for name in names)])


def _declared(colours: dict[str, str]) -> str:
    return "".join(f"{name}:{colour};" for name, colour in colours.items())
