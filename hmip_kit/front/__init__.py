"""The little script, and the styles, that draw pictures and filter them: the same live and on a shared page."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


@cache
def part(name: str) -> str:
    """Return one file of the front: script or styles."""
    return (FOLDER / name).read_text(encoding="utf-8")


@cache
def vega() -> str:
    """Return Vega, Vega-Lite and vega-embed as script that leaves one name behind, `vegaEmbed`.

    The bundle stands in a function of its own, since its many top-level names would meet those of others.
    """
    from vl_convert import javascript_bundle

    bundle = javascript_bundle("window.__hmipVegaEmbed = vegaEmbed;").replace(
        "</script", "<\\/script"
    )
    return f"(() => {{{bundle}}})();\nconst vegaEmbed = window.__hmipVegaEmbed;\ndelete window.__hmipVegaEmbed;\n"


def script(*names: str) -> str:
    """Return several script files of the front, after Vega, as one."""
    return "\n".join([vega(), *(part(name) for name in names)])
