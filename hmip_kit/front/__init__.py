"""The script, and the styles, that draw pictures and filter them, live and on a shared page."""

import json
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

from hmip_kit import settings

FOLDER = Path(__file__).resolve().parent
COLOURS = ("INK", "QUIET", "RULE", "PAPER", "PALE", "NAVY", "PLUM", "ORANGE", "DARK_GREY")


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
    """Return the style files of the front called `names`, after the colours they read, as one."""
    read = {name.lower().replace("_", "-"): getattr(settings, name) for name in COLOURS}
    colours = "".join(f"--hmip-{name}:{colour};" for name, colour in read.items())
    return "\n".join([f":root{{{colours}}}", *(part(name) for name in names)])
