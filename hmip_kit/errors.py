"""Errors that a person can act on: one readable message in a notebook and at the command line."""

import sys
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
    """Data that break a rule of the schema; the message lists every problem.

    `found` is what a check of one's own file gave. A notebook would keep the message, which quotes
    values of the file: there it is shown as a finding is, and the error says how many there are.
    """

    exit_code = 10

    def __init__(self, message: str, found: object = None) -> None:
        super().__init__(message)
        self.found = found

    def __str__(self) -> str:
        """Return the message; in a notebook, which keeps it, none that quotes one's own file."""
        if self.found is None or not _in_a_notebook():
            return super().__str__()
        return f"{self.found!r}: `hk.check(file).problems` lists them"

    def _render_traceback_(self) -> list[str]:
        if self.found is not None and _in_a_notebook():
            from IPython.display import display

            display(self.found)  # type: ignore[no-untyped-call]
        return super()._render_traceback_()


def _in_a_notebook() -> bool:
    if "ipykernel" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")


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
