"""How the documentation site is built: `make docs`. It asks nothing of a network.

What is reference is written anew each time, by scripts/reference.py. The Python of a page is run as
the tests run it, and the finding that a block comes to is shown below it, with its words as the
picture's alternative text.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import altair as alt
from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "scripts"))

import blocks  # noqa: E402  # of the scripts, which the line above makes known
import reference  # noqa: E402

import hmip_kit  # noqa: E402
from hmip_kit.findings import Finding  # noqa: E402
from hmip_kit.picture import png, with_rows, with_theme  # noqa: E402
from hmip_kit.protect.bundle import specification  # noqa: E402

project, author = "hmip_kit", "hmip_kit contributors"
version = release = hmip_kit.__version__
copyright = f"2026, {author}"  # noqa: A001  # Sphinx's name
language = "en-GB"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["words.md"]  # what findings say, for review: too long to read as a page
myst_heading_anchors = 3
myst_enable_extensions = ["attrs_inline"]
# what is outside the kit is named, not linked
nitpick_ignore_regex = [("py:.*", r"(?!hmip_kit\.).*")]
autodoc_typehints = "none"  # the docstrings say what each takes, in words
html_theme = "pydata_sphinx_theme"
html_title = "hmip_kit"
html_static_path = ["site"]
html_css_files = ["site.css"]
html_copy_source = html_show_sourcelink = False
html_theme_options = {
    "navigation_with_keys": False,
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": True,
}


def _picture(value: object) -> tuple[dict[str, Any], str, str] | None:
    """Return the picture that a block comes to, with its title and its words; none without one."""
    if isinstance(value, Finding) and value.draw is not None:
        spec = with_rows(specification(value) or {}, value.records)
        return spec, value.title, value.sentence
    if isinstance(value, alt.Chart):
        return with_theme({**value.to_dict(), "title": ""}), str(value.title), ""
    return None


def with_pictures(app: Sphinx, name: str, source: list[str]) -> None:
    """Run a page's Python, and put what each block shows below it."""
    text, made = source[0], list(blocks.blocks(source[0]))
    if not any(one.language == "python" for one in made):
        return
    pictures = HERE / "made" / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        reader = blocks.Reader(Path(folder))
        # a page that a command renders is not shown here: the tests make it
        quick = [one for one in made if "hmip render" not in one.code]
        shown = [(one, reader.run(one)[0]) for one in quick]
    for block, value in reversed(shown):
        picture = _picture(value)
        if picture is not None:
            spec, title, said = picture
            content = png(spec, scale=2)  # not SVG: its fonts are those that places were made for
            file = pictures / f"{name.replace('/', '-')}-{block.line}.png"
            file.write_bytes(content)
            width = int.from_bytes(content[16:20]) // 2
            lines = [f"![{title}. {said}](/made/pictures/{file.name}){{width={width}px}}", said]
            below = "".join(f"\n\n{line}" for line in lines if line)
            text = f"{text[: block.end]}\n\n**{title}**{below}\n{text[block.end :]}"
    source[0] = text


def setup(app: Sphinx) -> None:
    """Tell Sphinx what is written before it reads, and what of each page it shows."""
    reference.write(HERE / "made")
    app.connect("source-read", with_pictures)
