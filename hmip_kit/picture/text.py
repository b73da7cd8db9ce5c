"""How wide text is, in a wide font, and how it wraps: so that a picture leaves room for it."""

from collections.abc import Iterable
from textwrap import wrap

SIZE, LINE = 12, 15  # points of letters, and from one line to the next
# Thousandths of the size that a letter takes in DejaVu Sans, which is wide: Arial takes less.
WIDTHS = {
    "ijl'": 280,
    "IJ .,": 320,
    "f:;/-|": 360,
    "t!()[]r": 420,
    'cszLkvxyF"': 590,
    "CABRVXZK": 720,
    "HNUDGOQ&": 790,
    "w+=M": 860,
    "%mW": 1000,
}
OF_A_LETTER = {letter: width for letters, width in WIDTHS.items() for letter in letters}
OTHERWISE, BOLDER = 640, 1.12
USUAL = {False: 6.8, True: 7.6}  # points of a letter, on average, plain and bold


def width_of(text: str, bold: bool = False) -> float:
    """Return how many points a `text` takes at most, plain or `bold`.

    >>> round(width_of("Planning")), round(width_of("Planning", bold=True))
    (53, 59)
    """
    taken = sum(OF_A_LETTER.get(letter, OTHERWISE) for letter in text) * SIZE / 1000
    return taken * (BOLDER if bold else 1)


def widest(texts: Iterable[str], bold: bool = False) -> float:
    """Return how many points the widest of `texts` takes, plain or `bold`; none takes none."""
    return max((width_of(text, bold) for text in texts), default=0)


def lines_in(text: str, points: float, bold: bool = False) -> int:
    """Return on how many lines a `text` stands within so many `points`, plain or `bold`."""
    return len(wrap(text, max(1, int(points / USUAL[bold])), break_long_words=False)) or 1


def wrapped(words: str, points: str, bold: bool = False) -> str:
    """Return the expression that wraps an expression of `words` within `points`, another.

    `bold` is whether it is.
    """
    letters = f"max(1, floor(({points}) / {USUAL[bold]}))"
    return (
        f"trim(replace('' + ({words}), regexp('(.{{1,' + {letters} + '}})(?: |$)', 'g'), '$1\\n'))"
    )
