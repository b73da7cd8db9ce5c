"""What `setup` changes: every Altair picture then shows without a network, live and in a notebook just opened."""

from base64 import b64encode
from importlib import import_module
from typing import Any

from hmip_kit.picture import VEGALITE, Bundle, png, rounded, with_theme

NAME = "hmip"


def setup() -> None:
    """Make pictures appear without internet: sets Altair's renderer and theme, for this session only.

    Findings show themselves with or without it; ordinary Altair charts then show alike. Importing the kit changes nothing. In a
    notebook this takes about a second, in which it loads what the first picture would else wait for.

    >>> import altair as alt
    >>> import hmip_kit as hk
    >>> hk.setup()
    >>> alt.renderers.active
    'hmip'
    """
    import altair as alt

    alt.renderers.register(NAME, _bundle)
    alt.renderers.enable(NAME)
    if _in_a_kernel():
        _load_what_is_slow()


def _in_a_kernel() -> bool:
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None


def _load_what_is_slow() -> None:
    """Load what the first picture needs: intervals, and what draws a PNG. In a thread it would hold up the next cell as long."""
    import_module("statsmodels.stats.proportion")
    png({"data": {"values": [{}]}, "mark": "point", "encoding": {}})


def _bundle(spec: dict[str, Any], **_: object) -> Bundle:
    finished = with_theme(dict(rounded(spec)))
    data = {
        VEGALITE: finished,
        "image/png": b64encode(png(finished)).decode(),
        "text/plain": str(spec.get("description", "Picture")),
    }
    return data, {}
