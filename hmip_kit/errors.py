"""Errors that a person can act on: one readable message in a notebook and at the command line."""

from collections.abc import Iterable
from difflib import get_close_matches


class KitError(Exception):
    """Something that the person using the kit can put right."""

    exit_code = 1

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


class UnknownName(KitError, ValueError):
    """A name that there is not; the message lists those that there are."""

    exit_code = 2


class UnknownAttribute(UnknownName, AttributeError):
    """A name after a dot that there is not."""


class NotInData(KitError):
    """The data lack what the question takes. A finding that meets it says so and is not raised."""

    exit_code = 3


class DataProblem(KitError):
    """Data that break a rule of the schema; the message lists every problem."""

    exit_code = 10


class NotShared(KitError):
    """An output that may not leave the notebook; nothing was written."""

    exit_code = 20


class CellFailed(KitError):
    """A notebook cell failed while a page was being made; nothing was written."""

    exit_code = 21


def unknown(kind: str, given: object, known: Iterable[object]) -> UnknownName:
    """Return the error for a name `given` of a `kind` that is not among those `known`.

    It names the nearest that is.

    >>> str(unknown("column", "sentense_type", ["sentence_type", "sex"]))
    "no column 'sentense_type': did you mean 'sentence_type'? There are: sentence_type, sex"
    """
    names = [str(name) for name in known]
    near = get_close_matches(str(given), names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    listed = f"There are: {', '.join(names)}" if names else "There are none"
    return UnknownName(f"no {kind} {str(given)!r}: {hint}{listed}")
