"""What `setup` changes: every Altair picture then shows without a network, live and in a notebook just opened."""

from base64 import b64encode
from typing import Any

from hmip_kit.picture import VEGALITE, Bundle, png, rounded, with_theme

NAME = "hmip"


def setup() -> None:
    """Make pictures appear without internet: sets Altair's renderer and theme, for this session only.

    Findings show themselves with or without it; ordinary Altair charts then show alike. Importing the kit changes nothing.

    >>> import altair as alt
    >>> import hmip_kit as hk
    >>> hk.setup()
    >>> alt.renderers.active
    'hmip'
    """
    import altair as alt

    alt.renderers.register(NAME, _bundle)
    alt.renderers.enable(NAME)


def _bundle(spec: dict[str, Any], **_: object) -> Bundle:
    finished = with_theme(dict(rounded(spec)))
    data = {VEGALITE: finished, "image/png": b64encode(png(finished)).decode(), "text/plain": str(spec.get("description", "Picture"))}
    return data, {}
