"""The two views of the panel: its form and its pictures. They show what they are given and know no rule."""

from typing import Any

import anywidget
import traitlets

from hmip_kit import front


class FormView(anywidget.AnyWidget):
    """A filter form; `shown` is `groups, sentence, label, code`. What a reader chooses arrives as a message."""

    _esm = "\n".join(front.part(name) for name in ("elements.js", "form.js", "panel_form.js"))
    _css = "\n".join(front.part(name) for name in ("style.css", "panel.css"))
    shown: Any = traitlets.Dict().tag(sync=True)


class PicturesView(anywidget.AnyWidget):
    """All pictures of a panel; `parts` are fixed, `specs` are drawn once, `shown` gives each open part its words and rows."""

    _esm = front.script("elements.js", "draw.js", "panel_pictures.js")
    _css = "\n".join(front.part(name) for name in ("style.css", "panel.css"))
    parts: Any = traitlets.List().tag(sync=True)
    specs: Any = traitlets.Dict().tag(sync=True)
    shown: Any = traitlets.Dict().tag(sync=True)
    opened: Any = traitlets.List().tag(sync=True)
